"""The acts on a placement: what each page asks, and what it does with the answer. Which are offered when, `offered`
says; whether one may be done after all, its service."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models import Enrolment
from placements.booking import rules
from placements.booking.forms import acts as forms
from placements.booking.permissions import can_annul_end, can_book
from placements.booking.services import change, finish, settle
from placements.models import Placement

#: A placement is thought of as soon ending so many days before its last day.
SOON = dt.timedelta(days=14)


@dataclass(frozen=True)
class Act:
    """One act: `key` is the name of its address, `label` what it is called where it is chosen, `heading` above its
    form with `lead` below, `button` what sends it, `said` what stands on the placement's page afterwards.

    `do` is given the placement, what the form gives and, `by_actor`, who does it. `danger`: it ends something.
    """

    key: str
    label: str
    heading: str
    button: str
    said: str
    form: type[forms.ActForm]
    do: Callable[..., Placement]
    lead: str = ""
    by_actor: bool = False
    danger: bool = False
    may: Callable[[User, Enrolment], bool] = can_book
    template: str = "placements/booking/act.html"


UNION = Act(
    key="union",
    label=_("Consult the union"),
    heading=_("Consultation with the union"),
    button=_("Save the consultation"),
    said=_("The consultation is saved."),
    form=forms.UnionForm,
    do=settle.union_consult,
    lead=_("The union is consulted before the first day. It is told the workplace, the sort of placement, the period "
           "and how many; never who it is."),
)  # fmt: skip
SUPERVISOR = Act(
    key="supervisor",
    label=_("Choose the supervisor"),
    heading=_("Who leads the work"),
    button=_("Save the supervisor"),
    said=_("The supervisor is saved."),
    form=forms.SupervisorForm,
    do=settle.supervisor_settle,
    by_actor=True,
    lead=_("Links to follow-ups that somebody else was sent stop to hold, and are sent anew."),
)
CHECKLIST = Act(
    key="checklist",
    label=_("Fill in the checklist"),
    heading=_("Checklist of the working environment"),
    button=_("Save the checklist"),
    said=_("The checklist is saved."),
    form=forms.ChecklistForm,
    do=settle.checklist_fill,
    by_actor=True,
    lead=_("Tick what is in order. The placement can be agreed when everything is."),
)
AGREE = Act(
    key="agree",
    label=_("Agree"),
    heading=_("Is everybody agreed?"),
    button=_("Yes, we have agreed"),
    said=_("The placement is agreed."),
    form=forms.AgreeForm,
    do=settle.placement_agree,
)
DAYS = Act(
    key="days",
    label=_("Change the days"),
    heading=_("Change the days"),
    button=_("Save the days"),
    said=_("The days are changed."),
    form=forms.DaysForm,
    do=change.days_change,
)
FACTS = Act(
    key="facts",
    label=_("Change purpose and terms"),
    heading=_("Purpose and terms"),
    button=_("Save the changes"),
    said=_("The changes are saved."),
    form=forms.FactsForm,
    do=change.facts_change,
)
SCHEDULE = Act(
    key="schedule",
    label=_("Change the schedule"),
    heading=_("Schedule"),
    button=_("Save the schedule"),
    said=_("The schedule is saved."),
    form=forms.ScheduleDayForm,
    do=change.schedule_change,
    lead=_("The hours hold from the day that you choose until they are changed again. Leave empty rows empty."),
    template="placements/booking/schedule.html",
)
GRADE = Act(
    key="grade",
    label=_("Change the part of full time"),
    heading=_("Another part of full time"),
    button=_("Save the part of full time"),
    said=_("The part of full time is changed."),
    form=forms.GradeForm,
    do=change.grade_change,
    lead=_("It stays the same employment, and counts once."),
)
EXTEND = Act(
    key="extend",
    label=_("Extend"),
    heading=_("Extend the placement"),
    button=_("Extend the placement"),
    said=_("The placement is extended."),
    form=forms.ExtendForm,
    do=change.placement_extend,
    by_actor=True,
    lead=_("It stays the same placement, and keeps its place."),
)
END = Act(
    key="end",
    label=_("End"),
    heading=_("End the placement"),
    button=_("End the placement"),
    said=_("The placement has ended."),
    form=forms.EndForm,
    do=finish.placement_finish,
    by_actor=True,
    lead=_(
        "What value it added can be assessed now or later. Follow-ups that were to come after the last day are "
        "withdrawn, but the final one is due at once."
    ),
)
INTERRUPT = Act(
    key="interrupt",
    label=_("Interrupt"),
    heading=_("Interrupt the placement"),
    button=_("Interrupt the placement"),
    said=_("The placement is interrupted."),
    form=forms.InterruptForm,
    do=finish.placement_finish,
    by_actor=True,
    danger=True,
    lead=_(
        "When it ends before its days, or its purpose, are done. Follow-ups that were to come after the last day "
        "are withdrawn, but the final one is due at once."
    ),
)
VALUES = Act(
    key="values",
    label=_("Assess the added value"),
    heading=_("Added value"),
    button=_("Save the assessment"),
    said=_("The added value is assessed."),
    form=forms.AssessForm,
    do=finish.values_assess,
    by_actor=True,
    lead=_("For the participant and for the workplace. In figures only the answers count, never the text."),
)
CANCEL = Act(
    key="cancel",
    label=_("Cancel before it begins"),
    heading=_("Cancel the placement"),
    button=_("Cancel the placement"),
    said=_("The placement is cancelled, and the place is free."),
    form=forms.CallOffForm,
    do=finish.placement_call_off,
    danger=True,
    lead=_("It never came about and counts nowhere. Its follow-ups are withdrawn."),
)
ANNUL = Act(
    key="annul",
    label=_("Annul the end"),
    heading=_("Annul the end"),
    button=_("Annul the end"),
    said=_("The end is annulled, and the placement goes on."),
    form=forms.AnnulForm,
    do=finish.end_annul,
    by_actor=True,
    danger=True,
    may=can_annul_end,
    lead=_("The placement goes on as if it had never ended, and the live figures say so. Frozen reports stay as they "
           "are. Assessments of its added value are taken away; the history keeps them."),
)  # fmt: skip

RESTORE = Act(
    key="restore",
    label=_("Take back the cancellation"),
    heading=_("Take back the cancellation"),
    button=_("Take back the cancellation"),
    said=_("The placement is to come again."),
    form=forms.RestoreForm,
    do=finish.cancellation_annul,
    by_actor=True,
    lead=_("The placement is to come as if it had never been cancelled, with the days, the hours and the place it "
           "had. Follow-ups that somebody planned by hand are planned by hand again."),
)  # fmt: skip


def offered(placement: Placement) -> list[Act]:
    """What can be done with the placement as it stands, whoever asks."""
    if placement.cancelled_on:
        return [RESTORE] if placement.start > timezone.localdate() else []
    said_to_end = bool(placement.result or placement.why_interrupted)
    employed = [GRADE] if placement.is_employment else []
    if said_to_end:
        return [VALUES, FACTS, ANNUL]
    settling = [UNION, SUPERVISOR, CHECKLIST, *([] if placement.agreed_on else [AGREE])]
    if placement.is_to_come:
        return [*settling, DAYS, SCHEDULE, *employed, FACTS, CANCEL]
    longer = [EXTEND] if placement.end else []
    if placement.is_over:
        return [*longer, END, INTERRUPT, *employed, FACTS]
    return [*longer, END, INTERRUPT, DAYS, SCHEDULE, *employed, FACTS, *settling]


def is_settled_here(placement: Placement) -> bool:
    """Whether it is asked to be consulted about, agreed and so on: one that was booked here, or is still to come. One
    that a register brought has begun without all that."""
    return placement.activity_id is not None or placement.is_to_come


def primary(placement: Placement, lacks: list[rules.Lack], *, lacks_values: bool) -> Act | None:
    """The one act that comes next; None when there is nothing to do but wait."""
    able = offered(placement)
    by_key = {act.key: act for act in able}
    if UNION in able and is_settled_here(placement) and not placement.agreed_on:
        return by_key[lacks[0].act] if lacks else AGREE
    if END in able and placement.end and placement.end <= timezone.localdate():
        return END
    if EXTEND in able and placement.end and placement.end <= timezone.localdate() + SOON:
        return EXTEND
    return VALUES if VALUES in able and lacks_values else None
