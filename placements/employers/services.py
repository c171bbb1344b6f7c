"""Entering and changing employers, workplaces and contacts; closing a workplace; notes; checks.

What is typed twice is stored once: the token of a form becomes the public id of what it makes.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from placements.changing import row_change
from placements.models import (
    Employer,
    EmployerContact,
    EmployerNote,
    Place,
    Placement,
    Workplace,
    WorkplaceCheck,
)
from placements.models.place import PlaceState
from vocabulary.codes import EmployerKind

#: "ORG": our own space of advisory locks. One at a time writes an organisation number.
_LOCK_SPACE = 0x4F5247


class NumberTaken(Exception):
    """Another employer has the organisation number: `employer`."""

    def __init__(self, employer: Employer):
        super().__init__()
        self.employer = employer


class CodeTaken(Exception):
    """Another employer has the code."""


class WorkplaceThere(Exception):
    """The employer has an open workplace of that name: `workplace`."""

    def __init__(self, workplace: Workplace):
        super().__init__()
        self.workplace = workplace


class WorkplaceInUse(Exception):
    """After the day that was asked for somebody is placed at the workplace (`placed`), or a place there is not
    closed (`places`)."""

    def __init__(self, placed: int, places: int):
        super().__init__()
        self.placed, self.places = placed, places


# --- Employers ----------------------------------------------------------------------------------------------------


@transaction.atomic
def employer_create(*, token: uuid.UUID, facts: Mapping[str, Any]) -> Employer:
    """Enter an employer; without a code it gets one of its own. Raises NumberTaken and CodeTaken."""
    _number_held(facts["organisation_number"])
    if entered := Employer.objects.filter(public_id=token).first():
        return entered
    _number_is_free(facts)
    code = facts["code"] or f"AG-{token.hex[:8].upper()}"
    try:
        with transaction.atomic():
            return Employer.objects.create(public_id=token, **{**facts, "code": code})
    except IntegrityError as error:
        raise CodeTaken from error


@transaction.atomic
def employer_change(*, employer: Employer, facts: Mapping[str, Any], seen: str) -> Employer:
    """Change what an employer is. Raises Overtaken and NumberTaken."""
    _number_held(facts["organisation_number"])
    _number_is_free(facts, but=employer)
    return row_change(row=employer, facts=facts, seen=seen)


def same_number(employer: Employer):
    """The others with the same organisation number: the departments of one municipality share theirs."""
    if not employer.organisation_number:
        return Employer.objects.none()
    return Employer.objects.with_number(employer.organisation_number).exclude(pk=employer.pk).in_swedish_order()


def _number_held(number: str) -> None:
    """Two who enter the same employer at once do so one after the other."""
    if number:
        digits = int("".join(filter(str.isdigit, number)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, digits % 2**31])


def _number_is_free(facts: Mapping[str, Any], but: Employer | None = None) -> None:
    if not facts["organisation_number"]:
        return
    others = Employer.objects.with_number(facts["organisation_number"])
    if facts["kind"] == EmployerKind.DEPARTMENT:
        others = others.exclude(kind=EmployerKind.DEPARTMENT)
    if there := others.exclude(pk=but.pk if but else None).order_by("pk").first():
        raise NumberTaken(there)


# --- Contacts and notes -------------------------------------------------------------------------------------------


@transaction.atomic
def contact_create(*, employer: Employer, token: uuid.UUID, facts: Mapping[str, Any]) -> EmployerContact:
    """Enter somebody to turn to at an employer."""
    entered, _new = EmployerContact.objects.get_or_create(public_id=token, defaults={"employer": employer, **facts})
    return entered


@transaction.atomic
def note_write(*, employer: Employer, token: uuid.UUID, text: str, actor: User) -> EmployerNote:
    """Write down what was said with an employer."""
    told = {"employer": employer, "text": text, "author": actor, "author_name": actor.full_name}
    note, _new = EmployerNote.objects.get_or_create(public_id=token, defaults=told)
    return note


@transaction.atomic
def note_remove(*, note: EmployerNote) -> None:
    """Take away a note that should not have been written; the history keeps it. Twice is once."""
    EmployerNote.objects.filter(pk=note.pk).delete()


# --- Workplaces ---------------------------------------------------------------------------------------------------


@transaction.atomic
def workplace_create(*, employer: Employer, token: uuid.UUID, facts: Mapping[str, Any]) -> Workplace:
    """Enter a workplace of an employer. Raises WorkplaceThere when an open one of its workplaces is called so: places
    and supervisors of one kitchen would be spread over two."""
    Employer.objects.select_for_update(of=("self",), no_key=True).get(pk=employer.pk)
    if known := Workplace.objects.filter(public_id=token).first():
        return known
    if there := employer.workplaces.filter(name__iexact=facts["name"], closed_on=None).order_by("pk").first():
        raise WorkplaceThere(there)
    return Workplace.objects.create(public_id=token, employer=employer, **facts)


@transaction.atomic
def workplace_close(*, workplace: Workplace, day: dt.date) -> Workplace:
    """Close a workplace, `day` being the last on which anything begins there. Raises WorkplaceInUse."""
    # The whole row: whoever books or enters something there holds its key, and is waited for.
    current = Workplace.objects.select_for_update(of=("self",)).get(pk=workplace.pk)
    if current.closed_on == day:
        return current
    after = Q(end=None) | Q(end__gt=day)
    placed = Placement.objects.filter(after, workplace=current).count()
    places = Place.objects.filter(after, workplace=current).exclude(state=PlaceState.CLOSED).count()
    if placed or places:
        raise WorkplaceInUse(placed, places)
    current.closed_on = day
    current.revision += 1
    current.save(update_fields=["closed_on", "revision"])
    return current


@transaction.atomic
def workplace_reopen(*, workplace: Workplace) -> Workplace:
    """The workplace receives again. Twice is once."""
    current = Workplace.objects.select_for_update(of=("self",)).get(pk=workplace.pk)
    if current.closed_on is not None:
        current.closed_on = None
        current.revision += 1
        current.save(update_fields=["closed_on", "revision"])
    return current


@transaction.atomic
def check_record(*, workplace: Workplace, token: uuid.UUID, facts: Mapping[str, Any], actor: User) -> WorkplaceCheck:
    """Write down what was seen at a workplace. A check is never changed: the next one counts."""
    told = {"workplace": workplace, "by": actor, "by_name": actor.full_name, "made_at": timezone.now(), **facts}
    check, _new = WorkplaceCheck.objects.get_or_create(public_id=token, defaults=told)
    return check
