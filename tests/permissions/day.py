"""Min dag, the unit's view, and what is done from them."""

from django.utils import timezone

from participants.models import Deputy, Handover
from tests.cast import Cast
from tests.permissions.rows import ALL_MANAGERS, CASE_WORK, MANAGERS, WRITERS, Row, in_unit, only, person


def handed_over(cast: Cast, user) -> dict:
    """Åsa, who was given to the coach by the colleague."""
    row = Handover.objects.create(
        enrolment=cast.asa, from_coach=cast.colleague, from_name="Bo Berg", to_coach=cast.coach, to_name="Alma Alm"
    )
    return {"reference": row.pk}


def protected_person(cast: Cast, _user) -> list:
    return [cast.protected_centrum.participant.public_id]


def taker(cast: Cast, _user) -> dict:
    return {"coach": cast.colleague.public_id, "seen": cast.coach.public_id}


def standing_in(cast: Cast, _user) -> list:
    row = Deputy.objects.create(
        absent=cast.coach,
        deputy=cast.colleague,
        unit=cast.centrum,
        start=timezone.localdate(),
        end=timezone.localdate(),
        made_by=cast.coach,
        made_by_name="Alma Alm",
    )
    return [row.public_id]


#: Whoever never sees a person.
NEVER = dict.fromkeys(("analyst", "union_representative", "administrator"), 403)
CASE_WRITERS = WRITERS | {"outsider"}

DAY = (
    Row("day:day", "Min dag", get=only(CASE_WORK)),
    Row("day:list", "One list of Min dag", lambda cast, user: ["overlamningar"], get=only(CASE_WORK)),
    Row(
        "day:note",
        "Take note of a participant who was handed over to oneself",
        lambda cast, user: ["overlamningar"],
        post=only(frozenset({"coach"}), 302, 404, **NEVER),
        data=handed_over,
    ),
    Row("unit:unit", "The unit's view", get=only(ALL_MANAGERS)),
    Row("unit:number", "Those whom a number of it counts", lambda cast, user: ["oppna"], get=only(ALL_MANAGERS)),
    Row(
        "unit:hand_over",
        "Hand over many participants (without saying whose)",
        get=only(ALL_MANAGERS, 404),
        post=only(ALL_MANAGERS, 404),
    ),
    Row("participants:coach_change", "Change job coach", person, get=in_unit(), post=in_unit(302), data=taker),
    Row(
        "participants:protected_coach",
        "Change the job coach of a protected person, by case number",
        protected_person,
        post=only(MANAGERS, 302, 403, other_manager=404),
        data=lambda cast, user: {
            f"coach-{cast.protected_centrum.participant.public_id}-{name}": value
            for name, value in taker(cast, user).items()
        },
    ),
    Row("day:digest", "Ask for the daily mail", get=only(CASE_WRITERS), post=only(CASE_WRITERS, 302)),
    Row(
        "deputies:deputies",
        "Name a deputy",
        get=only(CASE_WORK),
        post=only(CASE_WORK, 422, outsider=200, other_manager=200),
    ),
    Row(
        "deputies:end",
        "End that the colleague stands in for the coach",
        standing_in,
        post=only(
            frozenset({"coach", "manager", "head"}),
            302,
            404,
            colleague=403,
            analyst=403,
            union_representative=403,
            administrator=403,
        ),
    ),
)
