"""The columns that the case itself gives the list of participants and its files. Other concepts join theirs."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from participants.listing.providers import Column, Tag, always, columns, join_column
from participants.listing.question import ALL, ListQuestion
from participants.models import Enrolment
from vocabulary.codes import TargetGroup
from vocabulary.languages import language_name

NAME_HEADING = _("Name")


def listed_columns(question: ListQuestion) -> list[Column]:
    """The columns that the page has for this list, beside the name."""
    return [column for column in columns() if column.listed(question)]


def status_on(enrolment: Enrolment, day: dt.date, *, paused: bool) -> Tag:
    """Where an enrolment stands."""
    if enrolment.end and enrolment.end < day:
        return Tag(pgettext("people", "Closed"))
    if enrolment.start > day:
        return Tag(gettext("Begins later"), "info")
    if paused:
        return Tag(pgettext("people", "Paused"), "warn")
    return Tag(pgettext("people", "Enrolled"), "ok")


def _each(value: Callable[[Enrolment], Any]) -> Callable[[list[Enrolment]], Mapping[int, Any]]:
    """Cells that are read off the rows one by one."""
    return lambda rows: {row.pk: value(row) for row in rows}


def _statuses(rows: list[Enrolment]) -> Mapping[int, Any]:
    today = timezone.localdate()
    return {row.pk: status_on(row, today, paused=row.rests) for row in rows}


def _target_groups(rows: list[Enrolment]) -> Mapping[int, Any]:
    labels = {code: str(label) for code, label in TargetGroup.choices}  # translated once, not once a row
    return {row.pk: labels.get(row.target_group, "") for row in rows}


def _in_many_units(question: ListQuestion) -> bool:
    return len(question.units) > 1


def _in_the_whole_list(question: ListQuestion) -> bool:
    return question.shown == ALL


def join() -> None:
    for column in (
        Column("name", NAME_HEADING, 0, _each(lambda row: row.participant.full_name), width=30),
        Column("born", _("Born"), 10, _each(lambda row: row.participant.birth_year), listed=always, width=8),
        Column("status", pgettext_lazy("of an enrolment", "Status"), 20, _statuses, listed=always),
        Column("unit", _("Unit"), 30, _each(lambda row: row.unit.name), listed=_in_many_units, width=28),
        Column(
            "coach",
            _("Job coach"),
            40,
            _each(lambda row: row.coach.full_name if row.coach else ""),
            sort=True,
            listed=_in_the_whole_list,
            width=24,
        ),
        Column("target_group", _("Target group"), 50, _target_groups, sort=True, listed=always, width=24),
        Column("start", _("Enrolled since"), 60, _each(lambda row: row.start), sort=True, listed=always),
        Column("activity", _("Last activity"), 70, _each(lambda row: row.last_activity_on), sort=True, listed=always),
        Column("case_number", _("Case number"), 200, _each(lambda row: row.case_number), width=20),
        Column("end", _("Closed on"), 210, _each(lambda row: row.end)),
        Column("reason", _("Closure reason"), 220, _each(lambda row: row.get_closure_reason_display()), width=24),
        Column("phone", _("Phone"), 300, _each(lambda row: row.participant.phone), width=18),
        Column("email", _("E-mail address"), 310, _each(lambda row: row.participant.email), width=30),
        Column("address", _("Address"), 320, _each(_address), width=40),
        Column("way", _("Wants to be reached"), 330, _each(_wants_to_be_reached), width=24),
        Column("language", _("Language needing an interpreter"), 340, _each(_language), width=20),
    ):
        join_column(column)


#: Only in files, and only when it is asked for by itself: whoever takes it out has seen every number.
NUMBER = Column(
    "number", _("Personal identity number"), 0, _each(lambda row: row.participant.written_number), width=16
)


def _address(row: Enrolment) -> str:
    person = row.participant
    place = f"{person.postal_code} {person.city}".strip()
    return ", ".join(part for part in (person.street_address, place) if part)


def _wants_to_be_reached(row: Enrolment) -> str:
    return row.participant.get_contact_way_display()


def _language(row: Enrolment) -> str:
    return language_name(row.participant.language)
