"""Groups: theirs who work with cases in the unit."""

from tests.cast import Cast
from tests.factories import days_ago
from tests.permissions.rows import CASE_WORK, WRITERS, Row, in_unit, only, person
from tests.placements.groups.conftest import activity_of, group_of, seat_form, seat_of, session_of


def a_group(cast: Cast, _user) -> list:
    return [group_of(cast.centrum).public_id]


def a_session(cast: Cast, _user) -> list:
    """A session of yesterday at which Åsa was to be."""
    group = group_of(cast.centrum)
    seat_of(group, cast.asa)
    return [group.public_id, session_of(group, days_ago(1)).public_id]


def a_seat(cast: Cast, _user) -> list:
    group = group_of(cast.centrum)
    return [group.public_id, seat_of(group, cast.asa).public_id]


def seat(cast: Cast, _user) -> dict:
    """What the form for a seat of Åsa's sends."""
    return seat_form(group_of(cast.centrum), activity_of(cast.asa))


GROUPS = (
    Row("groups:list", "The groups", get=only(CASE_WORK)),
    Row("groups:create", "Start a group", get=only(CASE_WORK), post=only(CASE_WORK, 422)),
    Row("groups:group", "A group, its sessions and who is in it", a_group, get=in_unit()),
    Row("groups:change", "Change a group", a_group, get=in_unit(), post=in_unit(422)),
    Row("groups:end", "End a group", a_group, get=in_unit(), post=in_unit(422)),
    Row("groups:sessions", "Plan a group's sessions", a_group, get=in_unit(), post=in_unit(422)),
    Row("groups:attendance", "Mark who came", a_session, get=in_unit(), post=in_unit(302)),
    Row("groups:session_cancel", "Cancel a session", a_session, get=in_unit(), post=in_unit(422)),
    Row("groups:session_restore", "Take a cancellation back", a_session, post=in_unit(302)),
    Row("groups:seat", "Give a seat in a group", a_group, get=in_unit(200, WRITERS), post=in_unit(422, WRITERS)),
    Row("groups:seat_leave", "End a seat", a_seat, get=in_unit(200, WRITERS), post=in_unit(422, WRITERS)),
    Row("groups:seat_give_back", "Take a seat away", a_seat, post=in_unit(302, WRITERS)),
    Row(
        "groups:seat_from_file",
        "Give the participant a seat",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=seat,
    ),
)
