"""The list of participants as a file, and one's own saved filters."""

from participants.models import SavedFilter
from tests.cast import Cast
from tests.permissions.rows import ALL_MANAGERS, CASE_WORK, Row, only

EXPORTERS = ALL_MANAGERS | {"coordinator"}


def own_filter(cast: Cast, user) -> list:
    """A filter of the user's own (the coach's, for who is not signed in)."""
    saved = SavedFilter.objects.create(user=user or cast.coach, name="Utan kontakt", choices={"flag": ["no_contact"]})
    return [saved.public_id]


LISTS = (
    Row(
        "participants:list_file",
        "Take the list of participants out as a file",
        get=only(EXPORTERS),
        post=only(EXPORTERS),
        data=lambda cast, user: {"columns": ["name"], "form": "csv"},
    ),
    Row("participants:saved_list", "One's own saved filters", get=only(CASE_WORK)),
    Row(
        "participants:saved_new",
        "Save what the list shows",
        get=only(CASE_WORK),
        post=only(CASE_WORK, 302),
        data=lambda cast, user: {"name": "Inskrivna"},
    ),
    Row("participants:saved_open", "Open a saved filter", own_filter, get=only(CASE_WORK, 302)),
    Row(
        "participants:saved_change",
        "Rename it",
        own_filter,
        get=only(CASE_WORK),
        post=only(CASE_WORK, 302),
        data=lambda cast, user: {"name": "Inskrivna"},
    ),
    Row(
        "participants:saved_delete",
        "Throw it away",
        own_filter,
        get=only(CASE_WORK),
        post=only(CASE_WORK, 302),
    ),
)
