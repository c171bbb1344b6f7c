"""Min dag, the unit's view, and what is done from them."""

from participants.models import Handover
from tests.cast import Cast
from tests.permissions.rows import CASE_WORK, Row, only


def handed_over(cast: Cast, user) -> dict:
    """Åsa, who was given to the coach by the colleague."""
    row = Handover.objects.create(
        enrolment=cast.asa, from_coach=cast.colleague, from_name="Bo Berg", to_coach=cast.coach, to_name="Alma Alm"
    )
    return {"reference": row.pk}


DAY = (
    Row("day:day", "Min dag", get=only(CASE_WORK)),
    Row("day:list", "One list of Min dag", lambda cast, user: ["overlamningar"], get=only(CASE_WORK)),
    Row(
        "day:note",
        "Take note of a participant who was handed over to oneself",
        lambda cast, user: ["overlamningar"],
        post=only(frozenset({"coach"}), 302, 404, analyst=403, administrator=403),
        data=handed_over,
    ),
)
