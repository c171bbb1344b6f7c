"""Job tracks and what steers them: read by whoever works with participants and by administrators, written by managers
of any unit and by administrators."""

from tests.cast import Cast
from tests.factories import EmployerFactory, days_ago
from tests.permissions.rows import ADMINISTRATORS, ALL_MANAGERS, CASE_WORK, Row, only
from tests.tracks.designing.conftest import draft_of, shipped
from tests.tracks.steering.conftest import action_of, group_of, meeting_of

READERS = CASE_WORK | ADMINISTRATORS
KEEPERS = ALL_MANAGERS | ADMINISTRATORS
FORM = {"get": only(KEEPERS), "post": only(KEEPERS, 422)}
ASK = {"get": only(KEEPERS), "post": only(KEEPERS, 302)}


def a_track(_cast: Cast, _user) -> list:
    return [shipped().public_id]


def its_version(_cast: Cast, _user) -> list:
    return [shipped().public_id, 1]


def a_draft(_cast: Cast, _user) -> list:
    return [draft_of().track.public_id]


def its_step(_cast: Cast, _user) -> list:
    return [draft_of().track.public_id, "praktik"]


def an_employer(_cast: Cast, _user) -> dict:
    return {"arbetsgivare": EmployerFactory().public_id}


def read_before(_cast: Cast, _user) -> dict:
    return {"seen": shipped().versions.drafts().get().revision}


JOB_TRACKS = (
    Row("tracks:list", "The job tracks", get=only(READERS)),
    Row("tracks:new", "Create a job track", **FORM),
    Row("tracks:track", "A job track", a_track, get=only(READERS)),
    Row("tracks:version", "One of its versions", its_version, get=only(READERS)),
    Row("tracks:compare", "What differs between two", a_track, get=only(READERS)),
    Row("tracks:copy", "Copy a job track", a_track, **FORM),
    Row("tracks:change", "Its name and owner", a_track, **FORM),
    Row("tracks:close", "Close a job track", a_track, **FORM),
    Row("tracks:reopen", "Open it again", a_track, post=only(KEEPERS, 302)),
    Row("tracks:draft_begin", "Begin a new version", a_track, post=only(KEEPERS, 302)),
    Row("tracks:draft", "The version that is being written", a_draft, get=only(KEEPERS)),
    Row("tracks:facts", "What it says of the track", a_draft, **FORM),
    Row("tracks:partners", "Its partners", a_draft, get=only(KEEPERS), post=only(KEEPERS, 302), data=an_employer),
    Row("tracks:step_new", "Add a step", a_draft, **FORM),
    Row("tracks:step", "A step of it", its_step, **FORM),
    Row("tracks:step_move", "Move a step", its_step, post=only(KEEPERS, 302)),
    Row("tracks:step_remove", "Take a step out", its_step, **ASK),
    Row("tracks:publish", "Publish it", a_draft, **ASK, data=read_before),
    Row("tracks:discard", "Throw it away", a_draft, **ASK),
)


def a_group(_cast: Cast, _user) -> list:
    return [group_of().public_id]


def a_meeting(_cast: Cast, _user) -> list:
    return [meeting_of(group_of(), days_ago(3)).public_id]


def a_decision(cast: Cast, _user) -> list:
    return [_an_action(cast).decision.public_id]


def _an_action(cast: Cast):
    """What the coach is to do."""
    return action_of(meeting_of(group_of(), days_ago(3)), days_ago(1), owner=cast.coach)


def an_action(cast: Cast, _user) -> list:
    return [_an_action(cast).public_id]


STEERING = (
    Row("steering:list", "Steering groups and audits", get=only(READERS)),
    Row("steering:new", "Begin one", **FORM),
    Row("steering:group", "One of them", a_group, get=only(READERS)),
    Row("steering:change", "Change it", a_group, **FORM),
    Row("steering:close", "Close it", a_group, **ASK),
    Row("steering:reopen", "Open it again", a_group, post=only(KEEPERS, 302)),
    Row("steering:meeting_new", "Enter a meeting", a_group, **FORM),
    Row("steering:meeting", "A meeting", a_meeting, get=only(READERS)),
    Row("steering:meeting_change", "Change a meeting", a_meeting, **FORM),
    Row("steering:decision_new", "Enter a decision", a_meeting, **FORM),
    Row("steering:decision_change", "Change a decision", a_decision, **FORM),
    Row("steering:decision_remove", "Take a decision away", a_decision, **ASK),
    Row("steering:action_new", "Enter an action", a_decision, **FORM),
    Row(
        "steering:action",
        "An action that the coach is to do; how it goes",
        an_action,
        get=only(READERS),
        post=only(KEEPERS | {"coach"}, 302),
        data=lambda cast, user: {"state": "done", "evidence": "Dnr 2026/14", "seen": "0"},
    ),
    Row("steering:action_change", "Change an action", an_action, **FORM),
)
