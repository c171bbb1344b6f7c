"""What holds for every placement, whoever books or changes it. Each rule refuses with a sentence that says what to
do.

Sources: Södertälje (purpose and expected outcome before matching; the unions consulted; the employment service's
agreement; trained supervisors), MBL (consulted before the decision is carried out), AFS (working environment,
minors).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.models import Activity, Enrolment, PlanState
from participants.plan.booking import activities_to_book
from placements.models import AddedValue, Place, Placement, PlacementChecklist, Supervisor, Workplace
from placements.models.place import PlaceState
from placements.models.placement import EMPLOYMENTS, ValueFor
from vocabulary.codes import ActivityKind, EmployerKind, PlacementForm
from vocabulary.models import ActivityForm

#: Days further away are a slip of the finger.
FURTHEST = dt.timedelta(days=3 * 366)
#: Of age (FB 9 kap. 1 §): below it the rules for minors' work hold.
OF_AGE = 18
PUBLIC_EMPLOYERS = (EmployerKind.DEPARTMENT, EmployerKind.MUNICIPAL_COMPANY, EmployerKind.OTHER_PUBLIC)
#: The forms of activity that are internships: who receives decides which it is.
INTERNSHIPS = ("internship_public", "internship_private")
#: What is added to the list while it can still be done: what ended earlier is not assessed any more.
VALUES_ASKED_DAYS = 365


class Refused(Exception):
    """It may not be done: `str` says why and what to do, `field` which field of a form it is about."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field


# --- For what, in which form --------------------------------------------------------------------------------------


def workplace_activities(enrolment: Enrolment) -> list[Activity]:
    """The activities of the plan for which a placement can be booked: decided, and at a workplace or a job with
    support."""
    kinds = (ActivityKind.WORKPLACE, ActivityKind.SUBSIDISED)
    return list(activities_to_book(enrolment).filter(form__kind__in=kinds).order_by("created_at", "pk"))


def why_nothing_to_book(enrolment: Enrolment) -> str:
    """What to do when the plan holds no activity for which a placement can be booked."""
    draft = enrolment.plans.filter(state=PlanState.DRAFT).order_by("-number").first()
    rows = (draft.typed or {}).get("activities", []) if draft else []
    labels = dict(ActivityForm.objects.exclude(kind=ActivityKind.EXTERNAL).values_list("code", "label"))
    for row in rows:
        if row.get("form") not in labels:
            continue
        names = {"form": labels[row["form"]]}
        if not row.get("purpose"):
            return (
                _(
                    "The draft of the plan has no purpose for the activity %(form)s. Write it and decide the plan. "
                    "Then a placement can be booked."
                )
                % names
            )
        if not row.get("expected_outcome"):
            return (
                _(
                    "The draft of the plan does not say what is expected of the activity %(form)s. Write it and "
                    "decide the plan. Then a placement can be booked."
                )
                % names
            )
    return _(
        "A placement is booked for an activity at a workplace that is decided in the plan, with its purpose and what "
        "is expected of it. Decide it in the plan first."
    )


def forms_of(activity: Activity) -> list[PlacementForm]:
    """The forms of placement that an activity may be booked as: its own, one as an employee for a job with support,
    any for a form of the municipality's own."""
    if activity.form_id in INTERNSHIPS:
        return [PlacementForm.INTERNSHIP]
    if activity.form_id in PlacementForm.values:
        return [PlacementForm(activity.form_id)]
    if activity.form.kind == ActivityKind.SUBSIDISED:
        return [PlacementForm.MUNICIPAL_EMPLOYMENT, PlacementForm.SUPPORTED_EMPLOYMENT]
    return list(PlacementForm)


def form_codes(form: str, workplace: Workplace) -> tuple[str, ...]:
    """The forms of activity of which one must be in force for a placement of that form."""
    if form == PlacementForm.INTERNSHIP:
        return INTERNSHIPS[:1] if workplace.employer.kind in PUBLIC_EMPLOYERS else INTERNSHIPS[1:]
    return (form,)


def check_form(activity: Activity, form: str, workplace: Workplace, start: dt.date) -> None:
    """Raises Refused for a form that the activity is not of, or that may not be chosen on the first day."""
    if form not in forms_of(activity):
        raise Refused(_("The activity of the plan is of another form. Choose a form that fits."), "form")
    codes = {activity.form_id, *form_codes(form, workplace)}
    for each in ActivityForm.objects.filter(code__in=codes).order_by("code"):
        if not each.is_choosable_on(start):
            words = _("%(form)s cannot be chosen for a placement that begins on %(day)s.")
            raise Refused(words % {"form": each.label, "day": date_format(start)}, "form")


def check_activity(activity: Activity | None) -> None:
    """Raises Refused for an activity that the plan does not hold any more. A placement that a register brought has
    none."""
    if activity and not activity.can_be_booked:
        raise Refused(_("The activity is no longer decided in the plan, so nothing can be booked for it."))


def check_purpose(purpose: str, expected_outcome: str) -> None:
    """Raises Refused when nobody has said what it is for, or what is expected of it."""
    if not purpose.strip():
        raise Refused(_("Write the purpose of the placement. Nothing is booked without one."), "purpose")
    if not expected_outcome.strip():
        raise Refused(_("Write what is expected of the placement. Nothing is booked without it."), "expected_outcome")


# --- When, where --------------------------------------------------------------------------------------------------


def check_days(enrolment: Enrolment, start: dt.date, end: dt.date | None) -> None:
    """Raises Refused for days that are not within the enrolment, or that nobody means."""
    if end and end < start:
        raise Refused(_("The last day is before the first."), "end")
    if start < enrolment.start:
        words = _("The participant is enrolled from %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(enrolment.start)}, "start")
    if enrolment.end and (end is None or end > enrolment.end):
        words = _("The enrolment ends on %(day)s. The placement cannot go on longer.")
        raise Refused(words % {"day": date_format(enrolment.end)}, "end")
    latest = timezone.localdate() + FURTHEST
    if start > latest or (end and end > latest):
        raise Refused(_("That is more than three years ahead. Check the year."), "start" if start > latest else "end")


def check_open(enrolment: Enrolment) -> None:
    """Raises Refused when the enrolment is closed: nothing is booked in it."""
    if enrolment.is_closed:
        raise Refused(_("The enrolment is closed, so nothing can be booked or go on in it."))


def check_workplace(workplace: Workplace, start: dt.date, end: dt.date | None) -> None:
    """Raises Refused for a workplace at which nothing begins any more, or that closes before the last day."""
    if workplace.is_closed_on(start):
        words = _("%(workplace)s is closed since %(day)s. Choose another workplace.")
        raise Refused(words % {"workplace": workplace.name, "day": date_format(workplace.closed_on)}, "start")
    if workplace.closed_on and (end is None or end > workplace.closed_on):
        words = _("%(workplace)s closes on %(day)s. The placement cannot go on longer.")
        raise Refused(words % {"workplace": workplace.name, "day": date_format(workplace.closed_on)}, "end")


def check_supervisor(supervisor: Supervisor, workplace_id: int) -> None:
    """Raises Refused for a supervisor of another workplace, and for one who leads nobody any more."""
    if supervisor.workplace_id != workplace_id:
        raise Refused(_("The supervisor is at another workplace. Choose one of this workplace."), "supervisor")
    if not supervisor.is_here_on(timezone.localdate()):
        words = _("%(name)s does not lead anybody there any more. Choose another supervisor.")
        raise Refused(words % {"name": supervisor.name}, "supervisor")


def check_place(place: Place, start: dt.date, end: dt.date | None, *, begins: bool = True) -> None:
    """Raises Refused for a place that is not offered on these days. `begins`: somebody new comes there."""
    if begins and place.state != PlaceState.OPEN:
        raise Refused(_("The place is not open for anybody new. Choose another place."), "start")
    if start < place.start:
        words = _("The place is there from %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(place.start)}, "start")
    if place.end and (end is None or end > place.end):
        words = _("The place is there until %(day)s. Choose that last day or an earlier one.")
        raise Refused(words % {"day": date_format(place.end)}, "end")


def seat_refused(place: Place) -> Refused:
    """What is said when no seat is free on all of the days."""
    if place.capacity == 1:
        return Refused(
            _("Somebody else has the place on one of these days. Choose other days, or another place."), "start"
        )
    words = _("All %(seats)s seats are taken on one of these days. Choose other days, or another place.")
    return Refused(words % {"seats": place.capacity}, "start")


# --- What must be settled before it begins ------------------------------------------------------------------------


@dataclass(frozen=True)
class Lack:
    """Something that must be settled before a placement is agreed: `act` is what settles it."""

    act: str
    sentence: str


def union_lack(placement: Placement) -> Lack | None:
    """The union is consulted by the first day, or somebody has said why not (MBL 11 §)."""
    if placement.union_exception or (placement.union_consulted and placement.union_consulted <= placement.start):
        return None
    if placement.union_consulted:
        words = _(
            "The union was consulted on %(consulted)s, after the first day, %(day)s. Write why it was not done "
            "before."
        )
        return Lack("union", words % {
            "consulted": date_format(placement.union_consulted), "day": date_format(placement.start)
        })  # fmt: skip
    words = _("The union is not consulted. Consult it before %(day)s, or write why it is not done.")
    return Lack("union", words % {"day": date_format(placement.start)})


def is_trained(supervisor: Supervisor, day: dt.date) -> bool:
    """As `Supervisor.objects.trained_on` has it, of a supervisor that is read already: `trainings` may have been
    prefetched."""
    return supervisor.is_here_on(day) and any(training.holds_on(day) for training in supervisor.trainings.all())


def supervisor_lack(placement: Placement) -> Lack | None:
    """Somebody trained leads the work on the first day, or somebody has said why not."""
    if placement.supervisor_exception:
        return None
    if placement.supervisor is None:
        return Lack("supervisor", _("No supervisor is chosen. Choose a trained one, or write why nobody is."))
    if is_trained(placement.supervisor, placement.start):
        return None
    return Lack("supervisor", untrained_words(placement.supervisor, placement.start))


def untrained_words(supervisor: Supervisor, day: dt.date) -> str:
    words = _(
        "%(name)s has no supervisor's training that is valid on %(day)s. Choose somebody trained, or write why the "
        "placement begins all the same."
    )
    return words % {"name": supervisor.name, "day": date_format(day)}


def is_minor(placement: Placement) -> bool:
    """Whether the participant is under 18 on the first day."""
    return placement.enrolment.participant.age_on(placement.start) < OF_AGE


def checklist_of(placement: Placement) -> PlacementChecklist | None:
    return getattr(placement, "checklist", None)


def checks_of(placement: Placement) -> list[tuple[str, bool]]:
    """What is asked about the working environment, and whether it is in order; of those under 18 one thing more."""
    done = checklist_of(placement) or PlacementChecklist()
    asked = [
        (_("the risks"), done.risks_assessed),
        (_("the introduction"), done.introduction_planned),
        (_("the working hours"), done.hours_agreed),
        (_("the insurance"), bool(done.insurance)),
    ]
    return [*asked, (_("the rules for minors"), done.minor_checked)] if is_minor(placement) else asked


def checklist_lack(placement: Placement) -> Lack | None:
    """The checklist of the working environment is complete."""
    left = [label for label, done in checks_of(placement) if not done]
    if not left:
        return None
    words = _("The checklist of the working environment is not complete: %(left)s.")
    return Lack("checklist", words % {"left": ", ".join(left)})


def lacks_of(placement: Placement) -> list[Lack]:
    """What must be settled before the placement is agreed, in the order in which it is done."""
    found = (union_lack(placement), supervisor_lack(placement), checklist_lack(placement))
    return [each for each in found if each]


# --- Added value --------------------------------------------------------------------------------------------------


def lacking_values(today: dt.date) -> Q:
    """Of a placement: an employment that has ended, within the time in which it is asked for, and whose added value
    is not assessed for both, the person and the workplace (Malmö)."""
    assessed = [
        Exists(AddedValue.objects.filter(placement=OuterRef("pk"), side=side).exclude(assessed=""))
        for side in ValueFor.values
    ]
    since = today - dt.timedelta(days=VALUES_ASKED_DAYS)
    return Q(form__in=EMPLOYMENTS, end__gte=since, end__lt=today) & ~(Q(assessed[0]) & Q(assessed[1]))


def lacks_values(placement: Placement, values: Iterable[AddedValue]) -> bool:
    """The same of one placement, whenever it ended."""
    assessed = {each.side for each in values if each.assessed}
    return placement.is_employment and placement.is_over and assessed != set(ValueFor.values)
