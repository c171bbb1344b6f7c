"""What has been changed of a person's facts and of an enrolment's: what, when, by whom, from the history."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format

from participants.file import ParticipantFile
from participants.journal import known_since
from participants.models import Enrolment, Participant, UnitAssignment
from participants.person.rows import known_rows
from participants.person.services import ASSIGNMENT_FACTS, CASE_FACTS
from vocabulary.languages import language_name

CONTACT_FACTS = (
    "phone",
    "email",
    "street_address",
    "postal_code",
    "city",
    "contact_way",
    "contact_note",
    "language",
)
IDENTITY_FACTS = (
    "identity_number",
    "temporary_number",
    "given_name",
    "family_name",
    "birth_date",
    "birth_year",
    "gender",
    "education",
    "protection",
)
#: How many changes are told; nobody has more but by a mistake of a program.
MOST_CHANGES = 100


@dataclass(frozen=True)
class PastChange:
    """One fact that was changed: what it was called, before and after as they are read (empty: nothing).

    Only what was changed since the person is known within the reader's scope: an earlier change would tell that
    another unit knew the person, and where they lived then.

    `by` is empty when it came with a register, or was not done for a unit whose files the reader may open: that
    another unit knows the person must not show. So with `why`, which only some changes have.
    """

    at: dt.datetime
    by: str
    label: str
    before: str
    after: str
    why: str = ""


def changes_of_person(file: ParticipantFile, facts: Iterable[str]) -> list[PastChange]:
    """The changes of the person's facts, the latest first; of a file that was merged into this one too."""
    return _latest_first(_changes_of_rows(file, facts))


def changes_of_case(file: ParticipantFile, enrolment: Enrolment, facts: Iterable[str]) -> list[PastChange]:
    """The changes of the person's facts and of those of one enrolment of the file, the latest first."""
    since = known_since(file)
    case = _changes(file, Enrolment, enrolment.pk, CASE_FACTS, since)
    law = _changes(file, UnitAssignment, enrolment.assignment.pk, ASSIGNMENT_FACTS, since)
    return _latest_first([*_changes_of_rows(file, facts), *case, *law])


def _changes_of_rows(file: ParticipantFile, facts: Iterable[str]) -> Iterator[PastChange]:
    """Of each row that the person had: what was changed from when on it was known within the reader's scope."""
    for participant_id, since in known_rows(file).items():
        yield from _changes(file, Participant, participant_id, facts, since)


def _latest_first(changes: Iterable[PastChange]) -> list[PastChange]:
    return sorted(changes, key=lambda change: change.at, reverse=True)


def _changes(
    file: ParticipantFile, model: type[Model], key: int, facts: Iterable[str], since: dt.date
) -> Iterator[PastChange]:
    events = model.pgh_event_model.objects.filter(pgh_obj_id=key).order_by("-pgh_id")
    rows = list(events.values("pgh_created_at", "pgh_context", *facts)[:MOST_CHANGES])
    for after, before in pairwise(rows):
        if timezone.localdate(after["pgh_created_at"]) < since:
            return
        for name in facts:
            if before[name] != after[name]:
                yield PastChange(
                    at=after["pgh_created_at"],
                    by=_by(file, after["pgh_context"] or {}),
                    label=model._meta.get_field(name).verbose_name,
                    before=told(model, name, before[name]),
                    after=told(model, name, after[name]),
                    why=_why(file, after["pgh_context"] or {}),
                )


def _by(file: ParticipantFile, context: dict[str, Any]) -> str:
    return context.get("name", "") if _was_done_here(file, context) else ""


def _why(file: ParticipantFile, context: dict[str, Any]) -> str:
    return context.get("why", "") if _was_done_here(file, context) else ""


def _was_done_here(file: ParticipantFile, context: dict[str, Any]) -> bool:
    return bool(set(context.get("units", ())) & set(file.unit_codes))


def told(model: type[Model], name: str, value: Any) -> str:
    """A fact as it is read; an identity number masked, as elsewhere until somebody asks for it."""
    if value in (None, "", []):
        return ""
    if name == "language":
        return language_name(value)
    if name == "identity_number":
        return f"{value[:4]}••••-••••"
    field = model._meta.get_field(name)
    if isinstance(value, list):
        return ", ".join(str(dict(field.base_field.flatchoices).get(each, each)) for each in value)
    if isinstance(value, dt.date):
        return date_format(value, "Y-m-d")
    if field.is_relation:
        return str(
            value if isinstance(value, Model) else field.related_model.objects.filter(pk=value).first() or value
        )
    return str(dict(field.flatchoices).get(value, value))
