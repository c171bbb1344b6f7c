"""Changing what is known of a person: how they are reached, who they are, and the facts of an enrolment.

The figures need some of it (gender, education, target group), which `reporting.missing` lists when it is not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.history import noted
from participants.identity import contradictions
from participants.models import Enrolment, Participant, UnitAssignment
from participants.models.employment_service import SERVICE_FACTS
from vocabulary.codes import Registration

#: The facts that belong to the enrolment, and to how its unit handles it; all others belong to the person. The first
#: day is corrected on a page of its own (participants.first_day).
CASE_FACTS = (
    "start",
    "target_group",
    "other_groups",
    "support_obstacle",
    "time_without_work",
    "case_number",
    *SERVICE_FACTS,
)
ASSIGNMENT_FACTS = ("legal_basis",)


def model_of(fact: str) -> type[Model]:
    """What a fact belongs to."""
    if fact in ASSIGNMENT_FACTS:
        return UnitAssignment
    return Enrolment if fact in CASE_FACTS else Participant


@dataclass(frozen=True)
class Changed:
    """One fact: what the page showed, and what was typed in its place."""

    shown: Any
    typed: Any


class FactsChanged(Exception):
    """Facts that somebody else has changed to something else since the page was opened, as they are now, by name."""

    def __init__(self, now: Mapping[str, Any]):
        super().__init__()
        self.now = now


@transaction.atomic
def person_change(*, enrolment: Enrolment, changes: Mapping[str, Changed], units: list[str]) -> None:
    """Change facts of the participant and of the enrolment, by their names; those not named stay as they are.

    `units` are the codes of the units for which it is done: whoever works there may know who it was. What somebody
    else has changed since the page was opened is not overwritten: FactsChanged, and nothing is stored. What both
    changed alike is no conflict. Raises ValidationError for facts that contradict each other.
    """
    case = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    # The case's own participant: the one that was read may have been merged into another meanwhile.
    person = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=case.participant_id)
    rows = {Enrolment: case, Participant: person}
    if set(ASSIGNMENT_FACTS) & set(changes):
        rows[UnitAssignment] = UnitAssignment.objects.select_for_update(of=("self",)).get(pk=case.assignment.pk)
    now = {name: getattr(rows[model_of(name)], name) for name in changes}
    overtaken = {name: now[name] for name, each in changes.items() if now[name] not in (each.shown, each.typed)}
    if overtaken:
        raise FactsChanged(overtaken)
    with noted(units=units):
        for model, row in rows.items():
            names = [name for name in changes if model_of(name) is model]
            _store(row, {name: changes[name].typed for name in names if changes[name].typed != now[name]})


def _store(row: Enrolment | Participant | UnitAssignment, values: Mapping[str, Any]) -> None:
    if not values:
        return
    before = _contradictions(row)
    for name, value in values.items():
        setattr(row, name, value)
    # Two who change different facts at once may each be right, and together wrong.
    if problems := [message for name, message in _contradictions(row).items() if name not in before]:
        raise ValidationError(problems)
    changed = [*values]
    if not isinstance(row, UnitAssignment):
        row.revision += 1
        changed.append("revision")
    row.save(update_fields=changed)


def _contradictions(row: Enrolment | Participant | UnitAssignment) -> dict:
    if isinstance(row, UnitAssignment):
        return {}
    if isinstance(row, Enrolment):
        there = row.service_registration == Registration.REGISTERED
        if not there and (row.service_since or row.service_form_id):
            return {"service_form": _("The person is not registered at the employment service. Check what is there.")}
        return {}
    return contradictions(row.identity_number, row.gender, row.birth_date, row.birth_year)
