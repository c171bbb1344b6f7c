"""What job tracks add to a participant's file: the part, the timeline, the plan, the day of what last happened."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.file import CaseRows, ParticipantFile
from participants.models import Activity, Enrolment
from participants.plan.providers import PartOf, join_part_of
from participants.providers import Part, TimelineEntry, join_parts, join_timeline
from participants.services.activity import join_activity
from tracks.members.permissions import can_lead
from tracks.members.told import place_in_queue
from tracks.models import GateException, Member, MemberState, Passage, StepResult

KIND = "job_track"
SLUG = "jobbspar"


# --- The part -----------------------------------------------------------------------------------------------------


def part_context(file: ParticipantFile, _params) -> dict:
    """The participant's places in rounds: those that go on first, then the latest."""
    cases = {each.pk: each for each in file.enrolments}
    rows = Member.objects.filter(enrolment__in=cases).select_related(
        "round__version__track", "round__unit", "enters_at", "hired_by"
    )
    members = list(rows.prefetch_related("passages__step", "round__unit__terms").order_by("-applied_on", "-pk"))
    for member in members:
        member.enrolment = cases[member.enrolment_id]
        member.now = next((each for each in member.passages.all() if each.end is None), None)
        member.number = place_in_queue(member)
    going_on = (MemberState.ON_TRACK, MemberState.OFFERED, MemberState.WAITING)
    members.sort(key=lambda each: going_on.index(each.state) if each.state in going_on else len(going_on))
    may_propose = any(each.end is None and can_lead(file.user, each) for each in file.enrolments)
    return {"members": members, "may_propose": may_propose}


# --- The timeline -------------------------------------------------------------------------------------------------

MEMBERS = CaseRows(
    lambda enrolments, _user: (
        Member.objects.filter(enrolment__in=enrolments)
        .select_related("round__version__track", "enrolment__participant", "hired_by")
        .order_by("pk")
    )
)
PASSAGES = CaseRows(
    lambda enrolments, _user: (
        Passage.objects.filter(member__enrolment__in=enrolments)
        .select_related("step", "member__enrolment__participant")
        .order_by("start", "pk")
    )
)
EXCEPTIONS = CaseRows(
    lambda enrolments, _user: (
        GateException.objects.filter(passage__member__enrolment__in=enrolments)
        .select_related("passage__step", "passage__member__enrolment__participant")
        .order_by("pk")
    )
)


def track_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Applications, offers, answers, each step, exceptions, and how it ended."""
    members = {each.pk: each for each in file.rows(MEMBERS)}
    for member in members.values():
        yield from _of_member(member)
    for passage in file.rows(PASSAGES):
        yield from _of_passage(passage, members[passage.member_id])
    for exception in file.rows(EXCEPTIONS):
        passage = exception.passage
        yield TimelineEntry(
            date=passage.start,
            kind=KIND,
            title=_("Exception from a gate of “%(step)s”") % {"step": passage.step.title},
            text=f"{exception.lacked}\n{exception.why}",
            by=exception.by_name,
            link=_link(members[passage.member_id]),
            quiet=False,
            order=4.2,
        )


def _link(member: Member) -> str:
    return reverse("track_members:member", args=[member.enrolment.participant.public_id, member.public_id])


def _of_member(member: Member) -> Iterator[TimelineEntry]:
    track, link = member.round.version.track.name, _link(member)

    def entry(date: dt.date, title: str, order: float, text: str = "", by: str = "") -> TimelineEntry:
        return TimelineEntry(
            date=date, kind=KIND, title=title % {"track": track}, text=text, by=by, link=link, quiet=not text,
            order=order,
        )  # fmt: skip

    yield entry(member.applied_on, _("Proposed for the job track %(track)s"), 4.0, member.why, member.applied_by_name)
    if member.offered_on:
        title = _("Offered a seat on the job track %(track)s")
        yield entry(member.offered_on, title, 4.05, member.deviation, member.offered_by_name)
    if member.answered_on and member.state == MemberState.DECLINED:
        yield entry(member.answered_on, _("Declined a seat on the job track %(track)s"), 4.08)
    if member.state == MemberState.NO_SEAT:
        yield entry(member.finished_on, _("Got no seat on the job track %(track)s: the round ended"), 4.8)
    if member.state == MemberState.LEFT:
        text = "\n".join(filter(None, [member.get_left_why_display(), member.left_note]))
        yield entry(member.finished_on, _("Left the job track %(track)s"), 4.8, text)
    if member.state == MemberState.COMPLETED:
        yield entry(member.finished_on, _("Completed the job track %(track)s"), 4.8, _hired(member))


def _hired(member: Member) -> str:
    if member.hired_on is None:
        return ""
    if member.hired_by:
        words = _("Hired by %(employer)s from %(day)s.")
        return words % {"employer": member.hired_by.name, "day": f"{member.hired_on:%Y-%m-%d}"}
    return _("Hired from %(day)s.") % {"day": f"{member.hired_on:%Y-%m-%d}"}


def _of_passage(passage: Passage, member: Member) -> Iterator[TimelineEntry]:
    step, link = {"step": passage.step.title}, _link(member)
    if passage.result == StepResult.SKIPPED:
        yield TimelineEntry(
            date=passage.start, kind=KIND, title=_("The step “%(step)s” was skipped") % step, text=passage.note,
            by=passage.by_name, link=link, quiet=True, order=4.1,
        )  # fmt: skip
        return
    track = member.round.version.track.name
    yield TimelineEntry(
        date=passage.start, kind=KIND, title=_("Came to the step “%(step)s”") % step, text=track,
        by=passage.by_name, link=link, quiet=True, order=4.15,
    )  # fmt: skip
    if passage.end:
        text = "\n".join(filter(None, [passage.get_result_display(), passage.note]))
        yield TimelineEntry(
            date=passage.end, kind=KIND, title=_("Left the step “%(step)s”") % step, text=text, link=link,
            quiet=not passage.note, order=4.5,
        )  # fmt: skip


def track_activity(enrolment: Enrolment) -> dt.date | None:
    """The latest day on which something was done on a job track."""
    passages = Passage.objects.filter(member__enrolment=enrolment).aggregate(a=Max("start"), b=Max("end"))
    members = enrolment.track_members.aggregate(c=Max("applied_on"), d=Max("answered_on"))
    days = [each for each in (*passages.values(), *members.values()) if each and each <= timezone.localdate()]
    return max(days, default=None)


# --- The plan -----------------------------------------------------------------------------------------------------


def steps_of_activities(activities: list[Activity]) -> dict[int, PartOf]:
    """Which step of which track each activity is."""
    rows = Passage.objects.filter(activity__in=activities).select_related(
        "step", "member__round__version__track", "member__enrolment__participant"
    )
    return {
        each.activity_id: PartOf(
            title=_("%(track)s, step %(number)s: %(step)s") % {
                "track": each.member.round.version.track.name,
                "number": each.step.position,
                "step": each.step.title,
            },
            address=_link(each.member),
        )
        for each in rows
    }  # fmt: skip


def join() -> None:
    join_timeline(track_entries, kinds={KIND: gettext_lazy("Job tracks")}, rows=[MEMBERS, PASSAGES, EXCEPTIONS])
    join_activity(track_activity)
    join_part_of(steps_of_activities)
    join_parts(
        Part(
            slug=SLUG,
            label=gettext_lazy("Job tracks"),
            template="tracks/members/part.html",
            order=25,
            context=part_context,
        )
    )
