"""On the track: beginning at a step, and moving on to another. The gates are asked again under the lock; what they
lack refuses, unless somebody makes an exception and says why."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from participants.agreements.rules import AgreementMissing, agreement_check
from participants.models import Activity, Enrolment, PlanState
from participants.plan.providers import bookings_of
from participants.plan.services.progress import activity_end, seen_of
from participants.services.activity import enrolment_note_activity
from placements.booking.rules import Refused
from placements.booking.services.book import Booked, placement_book
from placements.groups.services import GroupFull, HasSeat, NotBookable, OutsideGroup, seat_take
from placements.models import Group
from placements.services.seats import place_locked
from tracks.gates import Lack, known_of, lacks
from tracks.members.ready import ready_note
from tracks.members.services.holding import check_may_become, check_seen, in_case, saved
from tracks.models import GateException, Member, MemberState, Passage, Round, RoundState, Step, StepResult
from tracks.rounds.seats import check_seat, round_held
from vocabulary.codes import ActivityKind, ActivityOutcome

DAY = dt.timedelta(days=1)
#: What the result of a step says of the activity that it was.
OUTCOMES = {
    StepResult.PASSED: ActivityOutcome.MET,
    StepResult.PARTLY: ActivityOutcome.PARTLY,
    StepResult.NOT_PASSED: ActivityOutcome.NOT_MET,
    StepResult.SKIPPED: ActivityOutcome.MET,
}


class GatesLack(Refused):
    """Gates are not met, and nobody has said why an exception is made. `lacks` are those that are left."""

    def __init__(self, left: list[Lack]):
        super().__init__(" ".join(each.sentence for each in left))
        self.lacks = left


@dataclass(frozen=True)
class Booking:
    """What is booked at once for the step that somebody comes to: a placement, or a seat in a group. `token` belongs
    to the form, so that one which is sent twice books once."""

    placement: Booked | None = None
    group: Group | None = None
    group_start: dt.date | None = None
    token: uuid.UUID | None = None


@dataclass(frozen=True)
class Entry:
    """That somebody comes to a step: which, since when, why the steps before are skipped, by the keys of the gates
    why an exception is made, and what is booked."""

    step: Step
    day: dt.date
    skipped: str = ""
    exceptions: Mapping[int, str] = field(default_factory=dict)
    booking: Booking = field(default_factory=Booking)


@dataclass(frozen=True)
class Result:
    """How the step went that is left."""

    result: str
    note: str = ""


@transaction.atomic
def member_start(*, member: Member, actor: User, entry: Entry, seen: int) -> Passage:
    """Let a participant with an offered seat begin, at the first step or at the one that suits after an assessment;
    the steps before count as skipped. The same once more is once. Raises Refused (GatesLack for gates), Overtaken."""
    round = _held(member, entry)
    current = in_case(member)
    if current.state == MemberState.ON_TRACK and (there := _as_asked(current, entry)):
        return there
    check_seen(current, seen)
    check_may_become(current, MemberState.ON_TRACK)
    _check_day(current, entry.day)
    if entry.day < round.start:
        words = _("The round begins on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(round.start)}, "day")
    before = list(round.version.steps.filter(position__lt=entry.step.position).order_by("position"))
    _skip(current, before, entry, actor)
    current.state = MemberState.ON_TRACK
    current.enters_at = entry.step
    current.answered_on = current.answered_on or max(entry.day, current.offered_on or entry.day)
    try:
        with transaction.atomic():
            saved(current, "state", "enters_at", "answered_on")
    except IntegrityError as refused:
        if "track_one_at_a_time" not in str(refused):
            raise
        raise Refused(_("The participant is on another job track. End that first.")) from refused
    return _enter(round, current, entry, actor, before=None)


@transaction.atomic
def member_move(*, member: Member, actor: User, entry: Entry, result: Result, seen: int) -> Passage:
    """Move a participant on to another step, with the result of the one that they leave; steps in between count as
    skipped. The same once more is once. Raises Refused (GatesLack for gates), Overtaken."""
    round = _held(member, entry)
    now = Passage.objects.filter(member=member, end=None).first()
    activity = activity_held(now)
    current = in_case(member)
    if there := _as_asked(current, entry):
        return there
    check_seen(current, seen)
    if current.state != MemberState.ON_TRACK:
        raise Refused(_("The participant is not on the track."))
    leaving = current.passages.select_for_update(of=("self",)).select_related("step").get(end=None)
    _check_day(current, entry.day, leaving.start)
    end_passage(leaving, max(leaving.start, entry.day - DAY), result)
    end_activity(activity if activity and activity.pk == leaving.activity_id else None, leaving, actor)
    positions = (leaving.step.position, entry.step.position)
    between = round.version.steps.filter(position__gt=positions[0], position__lt=positions[1])
    _skip(current, list(between.order_by("position")), entry, actor)
    saved(current)
    return _enter(round, current, entry, actor, before=leaving.step)


def _held(member: Member, entry: Entry) -> Round:
    """The round, and what is to be booked, held in the order in which everybody does."""
    round = round_held(member.round_id)
    if entry.booking.placement and entry.booking.placement.place:
        place_locked(entry.booking.placement.place)
    if entry.booking.group:
        Group.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.booking.group.pk)
    return round


def activity_held(passage: Passage | None) -> Activity | None:
    """The activity of the step that is left, held before the case, as whoever closes the plan holds it."""
    if passage is None or passage.activity_id is None:
        return None
    return Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=passage.activity_id)


def _as_asked(member: Member, entry: Entry) -> Passage | None:
    """The open passage, if it is what the form asks for: it was sent twice."""
    return member.passages.filter(end=None, step=entry.step, start=entry.day).first()


def _check_day(member: Member, day: dt.date, since: dt.date | None = None) -> None:
    enrolment: Enrolment = member.enrolment
    if day > timezone.localdate():
        raise Refused(
            _("That day has not come. Note the step when it begins; what is booked may begin later."), "day"
        )
    if day < enrolment.start:
        words = _("The participant is enrolled from %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(enrolment.start)}, "day")
    if since and day < since:
        words = _("The participant came to the step before on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": date_format(since)}, "day")


def _skip(member: Member, steps: list[Step], entry: Entry, actor: User) -> None:
    """Steps that are passed by count as skipped, with the reason."""
    done = set(member.passages.values_list("step", flat=True))
    skipped = [step for step in steps if step.pk not in done]
    if not skipped:
        return
    if not entry.skipped:
        words = _("Write why these steps are skipped: %(steps)s.")
        raise Refused(words % {"steps": ", ".join(step.title for step in skipped)}, "skipped")
    for step in skipped:
        Passage.objects.create(
            member=member, step=step, start=entry.day, end=entry.day, result=StepResult.SKIPPED, note=entry.skipped,
            by=actor, by_name=actor.full_name,
        )  # fmt: skip


def end_passage(passage: Passage, day: dt.date, result: Result) -> None:
    """Write down the last day on a step whose row is held, and how it went."""
    passage.end, passage.result, passage.note = day, result.result, result.note
    passage.save(update_fields=["end", "result", "note"])


def end_activity(activity: Activity | None, passage: Passage, actor: User) -> None:
    """The activity that a step was ends with it, unless something that is booked for it goes on."""
    if activity is None or activity.is_settled:
        return
    if any(each.goes_on for each in bookings_of([activity]).get(activity.pk, [])):
        return
    activity_end(
        activity=activity, actor=actor, ended_on=passage.end, outcome=OUTCOMES[StepResult(passage.result)],
        note=passage.note, seen=seen_of(activity),
    )  # fmt: skip


def _enter(round: Round, member: Member, entry: Entry, actor: User, *, before: Step | None) -> Passage:
    """Come to the step: a free seat, the gates, what it is in the plan, and what is booked."""
    step = entry.step
    if step.version_id != round.version_id:
        raise Refused(_("The step belongs to another version of the track. Choose it again."), "step")
    if round.state != RoundState.RUNNING:
        raise Refused(_("The round is not running, so nobody comes to a step in it. Let it begin first."))
    check_seat(round, step, member=member)
    case = member.enrolment
    known = known_of([case], entry.day, members=[member])[case.pk]
    found = lacks(step, known, before=before)
    if left := [each for each in found if not entry.exceptions.get(each.gate.pk, "").strip()]:
        raise GatesLack(left)
    activity = activity_decide(case, step, entry.day) if step.form_id else None
    passage = Passage.objects.create(
        member=member, step=step, start=entry.day, activity=activity, by=actor, by_name=actor.full_name
    )
    GateException.objects.bulk_create(
        GateException(
            passage=passage, gate=each.gate, lacked=each.sentence[:300], why=entry.exceptions[each.gate.pk].strip(),
            by=actor, by_name=actor.full_name,
        )
        for each in found
    )  # fmt: skip
    if activity:
        book(activity, entry.booking)
    enrolment_note_activity(enrolment=case, day=entry.day)
    ready_note(member)
    return passage


def activity_decide(case: Enrolment, step: Step, day: dt.date) -> Activity:
    """What a step with a form is in the plan: an activity with the step's purpose. Raises Refused where there is no
    plan to stand in, and where nothing may be booked."""
    if not case.plans.filter(state=PlanState.DECIDED).exists():
        raise Refused(_("No plan is decided, and the step is an activity of it. Write the plan and decide it first."))
    if not step.form.is_choosable_on(day):
        words = _("%(form)s cannot be chosen for what begins on %(day)s. The track needs a new version.")
        raise Refused(words % {"form": step.form.label, "day": date_format(day)}, "day")
    try:
        agreement_check(case, day)
    except AgreementMissing as missing:
        raise Refused(str(missing)) from missing
    activity = activity_planned(case, step, day)
    activity.save()
    return activity


def activity_planned(case: Enrolment, step: Step, day: dt.date) -> Activity:
    """The activity that a step is, not stored: what a page books for before it is decided."""
    return Activity(
        enrolment=case, form=step.form, purpose=step.purpose or step.title, expected_outcome=step.expected_outcome,
        need=step.need, start=day,
        end=day + dt.timedelta(weeks=step.most_weeks) - DAY if step.most_weeks else None,
    )  # fmt: skip


def book(activity: Activity, booking: Booking) -> None:
    """Book what was chosen, in the rooms that book placements and seats in groups; they refuse by their own rules."""
    if booking.placement:
        placement_book(activity=activity, booked=booking.placement, token=booking.token)
    if not booking.group:
        return
    if activity.form_id != booking.group.form_id or activity.form.kind != ActivityKind.ACTIVITY:
        raise Refused(_("The step is of another form than the group. Choose a group that fits."), "group")
    start = max(booking.group_start or activity.start, booking.group.start)
    try:
        seat_take(group=booking.group, activity=activity, start=start, end=None, token=booking.token)
    except AgreementMissing as missing:
        raise Refused(str(missing), "group") from missing
    except NotBookable as refused:
        raise Refused(_("Nothing can be booked for the activity any more."), "group") from refused
    except HasSeat as refused:
        raise Refused(
            _("The participant has a seat in the group on one of these days already."), "group"
        ) from refused
    except OutsideGroup as refused:
        raise Refused(_("The group has got other days meanwhile. Look at them and try again."), "group") from refused
    except GroupFull as full:
        words = _("All %(taken)s seats of the group are taken on one of the days. Choose another, or choose later.")
        raise Refused(words % {"taken": full.taken}, "group") from full
