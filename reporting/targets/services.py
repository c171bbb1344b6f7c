"""Targets of departments: entered by a manager, and who changed them when."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from placements.models import Employer
from reporting.models import Target
from reporting.periods import Period
from vocabulary.codes import EmployerKind


@dataclass(frozen=True)
class Entered:
    """What is entered for one department: the target (None: no target), and the target that the page showed (its
    `seen`, empty for none)."""

    number: int | None
    seen: str

    @property
    def is_untouched(self) -> bool:
        """Whether the number is the one that the page showed."""
        return self.seen.partition("-")[0] == ("" if self.number is None else str(self.number))


class TargetsChanged(Exception):
    """Targets that were changed from another page since this one was opened, as they are now, by their departments'
    ids; None where there is none any more."""

    def __init__(self, now: Mapping[int, Target | None]):
        super().__init__()
        self.now = now


@transaction.atomic
def targets_save(*, period: Period, entered: Mapping[int, Entered]) -> None:
    """Set the targets of departments (by their ids) for a period; those not named, and those left as the page showed
    them, stay as they are.

    What somebody else has changed to something else since the page was opened is not overwritten: TargetsChanged, and
    nothing is stored. What both changed alike is no conflict.
    """
    # Held until the end: two who enter the first target of a department come one after the other.
    held = departments().filter(pk__in=entered).order_by("pk").select_for_update(no_key=True)
    ids = [each.pk for each in held]
    now = {each.employer_id: each for each in Target.objects.for_period(period).filter(employer__in=ids)}
    changed = {
        pk: entered[pk]
        for pk in ids
        if not entered[pk].is_untouched and entered[pk].number != (now[pk].number if pk in now else None)
    }
    overtaken = {pk: now.get(pk) for pk, each in changed.items() if each.seen != (now[pk].seen if pk in now else "")}
    if overtaken:
        raise TargetsChanged(overtaken)
    for pk, each in changed.items():
        if each.number is None:
            now[pk].delete()
            continue
        target = now.get(pk) or Target(
            employer_id=pk, period=period.name, period_start=period.start, period_end=period.end
        )
        target.revision += 1
        target.number = each.number
        target.save()


def departments():
    """The municipality's departments: only they have targets."""
    return Employer.objects.filter(kind=EmployerKind.DEPARTMENT)


@dataclass(frozen=True)
class TargetChange:
    """One change of a department's target, as the history has it; None for no target."""

    at: dt.datetime
    who: str
    employer_id: int
    department: str
    before: int | None
    after: int | None


def target_changes(period: Period) -> list[TargetChange]:
    """Who changed which target of a period when, the latest first; who is empty where it was the system itself."""
    events = Target.pgh_event_model.objects.filter(period_start=period.start, period_end=period.end)
    rows = list(events.order_by("pgh_created_at", "pgh_id"))
    names = dict(Employer.objects.filter(pk__in={row.employer_id for row in rows}).values_list("pk", "name"))
    known: dict[int, int] = {}
    changes = []
    for row in rows:
        before = known.pop(row.employer_id, None)
        after = None if row.pgh_label == "delete" else row.number
        if after is not None:
            known[row.employer_id] = after
        who = (row.pgh_context or {}).get("name", "")
        name = names.get(row.employer_id, "")
        changes.append(TargetChange(row.pgh_created_at, who, row.employer_id, name, before, after))
    return changes[::-1]
