"""Rounds of certificates: those who issue, and managers."""

from competence.batches.services import candidates, round_start, seen_of_ready
from competence.models import IssueBatch
from tests.cast import Cast
from tests.competence.certificates import drafted, ended_placement, kept, work
from tests.factories import days_ago
from tests.permissions.rows import CASE_WORK, IN_UNIT, Row, in_unit, only

PERIOD = {"start": days_ago(30), "end": days_ago(1)}


def started(cast: Cast) -> IssueBatch:
    """A round of Centrum that Alma has started, for Åsa."""
    drafted(ended_placement(cast.asa), cast.coach)
    terms = {"unit": cast.centrum, **PERIOD}
    seen = seen_of_ready(candidates(cast.coach, **terms))
    return round_start(actor=cast.coach, seen=seen, **terms)


def waiting(cast: Cast, _user) -> list:
    return [started(cast).public_id]


def finished(cast: Cast, _user) -> list:
    batch = started(cast)
    work()
    kept(batch.items.get().version, content=b"%PDF")
    return [batch.public_id]


STOPPERS = frozenset({"coach", "manager", "head"})

ROUNDS = (
    Row("rounds:list", "Rounds of certificates", get=only(CASE_WORK)),
    Row(
        "rounds:new",
        "Who is ready; issue for all of them",
        get=only(CASE_WORK),
        post=only(CASE_WORK, 422),
        data=lambda cast, user: {"fran": str(days_ago(30)), "till": str(days_ago(1)), "seen": ""},
    ),
    Row("rounds:round", "A round", waiting, get=in_unit()),
    Row("rounds:progress", "How far it has come", waiting, get=in_unit(302)),
    Row("rounds:resume", "Let it go on after it broke off", waiting, post=in_unit(302, frozenset({"coach"}))),
    Row("rounds:stop", "Stop it", waiting, get=in_unit(200, STOPPERS), post=in_unit(302, STOPPERS)),
    Row("rounds:zip", "Its documents for printing", finished, get=in_unit(who=IN_UNIT)),
)
