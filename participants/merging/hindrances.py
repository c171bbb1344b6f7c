"""What stands in the way of a merge: enrolments on the same days."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from participants.models import Enrolment, Participant


class MergeHindered(Exception):
    """The two cannot be merged now; `reasons` in words for whoever may know."""

    def __init__(self, reasons: list[str]):
        super().__init__()
        self.reasons = reasons


class MergeNotTold(Exception):
    """They cannot be merged, for a reason that the actor may not know: the administrator has to look."""


class MergeDecided(Exception):
    """Somebody has decided already, or one of the two is no longer a participant of its own."""


@dataclass(frozen=True)
class Overlap:
    """Two enrolments, one of each participant, that have days in common. A person has one at a time."""

    first: Enrolment
    second: Enrolment


def overlaps(first: Participant, second: Participant) -> list[Overlap]:
    """The enrolments that cannot stand in one file, whoever may see them."""
    rows = Enrolment.objects.filter(participant__in=[first, second]).order_by("start", "pk")
    rows = list(rows.prefetch_related(Prefetch("unit", queryset=Unit.objects.named())))
    sides = [[row for row in rows if row.participant_id == person.pk] for person in (first, second)]
    return [Overlap(a, b) for a, b in product(*sides) if _meet(a, b)]


def _meet(a: Enrolment, b: Enrolment) -> bool:
    return (a.end is None or b.start <= a.end) and (b.end is None or a.start <= b.end)


def told(found: Iterable[Overlap], user: User | None) -> list[str]:
    """In words: which enrolments meet, and what to do first. `user` None: for the administrator, who sees units and
    case numbers. Raises MergeNotTold if all that is in the way is enrolments that the user may not see."""
    found = list(found)
    if user:
        keys = [row.pk for each in found for row in (each.first, each.second)]
        seen = set(Enrolment.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
        may_know = [each for each in found if {each.first.pk, each.second.pk} <= seen]
        if found and not may_know:
            raise MergeNotTold
        found = may_know
    return [
        _(
            "The enrolments %(first)s and %(second)s have days in common. Close one of them before the other begins, "
            "or correct a first day that is wrong in the personal details, and merge the files then."
        )
        % {"first": _called(each.first), "second": _called(each.second)}
        for each in found
    ]


def _called(row: Enrolment) -> str:
    words = {"unit": row.unit.name, "start": date_format(row.start, "Y-m-d")}
    if row.end:
        return _("at %(unit)s %(start)s – %(end)s") % (words | {"end": date_format(row.end, "Y-m-d")})
    return _("at %(unit)s since %(start)s") % words
