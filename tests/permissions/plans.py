"""The plan of a participant: written, decided, gone through, closed."""

from django.utils import timezone

from tests.cast import Cast
from tests.participants.plan.plans import activity, decided, drafted, milestone, typed
from tests.permissions.rows import WRITERS, Row, in_unit, person


def with_plan(cast: Cast, _user) -> list:
    """Åsa, whose plan holds, with a milestone and an activity."""
    decided(cast.asa, cast.coach, [milestone()], [activity()])
    return person(cast, None)


def with_draft(cast: Cast, _user) -> list:
    drafted(cast.asa, cast.coach, typed([milestone()]))
    return person(cast, None)


def the_version(cast: Cast, _user) -> list:
    return [*with_plan(cast, None), 1]


def the_milestone(cast: Cast, _user) -> list:
    return [*with_plan(cast, None), cast.asa.milestones.get().public_id]


def the_activity(cast: Cast, _user) -> list:
    return [*with_plan(cast, None), cast.asa.activities.get().public_id]


PLANS = (
    Row("participants:plan_write", "Write a plan", person, get=in_unit(200, WRITERS), post=in_unit(302, WRITERS)),
    Row(
        "participants:plan_discard",
        "Throw the draft of a plan away",
        with_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(409, WRITERS),  # not without having seen it
    ),
    Row(
        "participants:plan_decide",
        "Decide a plan",
        with_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"seen": 1, "number": 1},
    ),
    Row("participants:plan_version", "A version of a plan", the_version, get=in_unit()),
    Row("participants:plan_print", "A plan on paper", the_version, get=in_unit()),
    Row(
        "participants:plan_review",
        "Write down that a plan was gone through",
        with_plan,
        get=in_unit(200, WRITERS),
        post=in_unit(409, WRITERS),  # it says which review
    ),
    Row(
        "participants:plan_close",
        "Close a plan",
        with_plan,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),  # not without a reason
    ),
    Row(
        "participants:milestone_done",
        "A milestone is reached",
        the_milestone,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row("participants:milestone_undo", "A milestone is not reached", the_milestone, post=in_unit(302, WRITERS)),
    Row(
        "participants:activity_end",
        "End an activity with its outcome",
        the_activity,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"ended_on": timezone.localdate().isoformat(), "outcome": "met", "seen": ""},
    ),
    Row(
        "participants:activity_drop",
        "Drop an activity that never began",
        the_activity,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"why": "Kursen ställdes in"},
    ),
    Row("participants:activity_reopen", "Take back that an activity ended", the_activity, post=in_unit(302, WRITERS)),
)
