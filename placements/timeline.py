"""What placements and follow-ups add to a participant's file: the timeline, the step, the part."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.file import CaseRows, ParticipantFile
from participants.models import Enrolment
from participants.plan.file import REVIEWS
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline
from participants.services.activity import join_activity
from placements.models import (
    AnnulledEnd,
    FollowUp,
    FollowUpAnswer,
    FollowUpLink,
    ParticipantOpinion,
    Placement,
    PlacementExtension,
)
from placements.models.followup import FollowUpState
from placements.models.placement import GOING_ON, TO_COME
from placements.permissions import can_follow_up
from placements.services.answers import hours_in_words
from placements.services.links import mails_about
from vocabulary.codes import FollowUpKind


def _every_placement(enrolments):
    """The cancelled ones too: the file tells what became of what was planned."""
    return Placement.every.filter(enrolment__in=enrolments).select_related("workplace__employer")


PLACEMENTS = CaseRows(lambda enrolments, _user: _every_placement(enrolments))
EXTENSIONS = CaseRows(
    lambda enrolments, _user: PlacementExtension.objects.filter(placement__enrolment__in=enrolments)
)
ANNULLED = CaseRows(lambda enrolments, _user: AnnulledEnd.objects.filter(placement__enrolment__in=enrolments))
FOLLOWUPS = CaseRows(
    lambda enrolments, _user: (
        FollowUp.objects.wanted().filter(enrolment__in=enrolments).select_related("answer", "opinion")
    )
)


def placement_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """What became of each placement, follow-ups that were filed, and those that are late."""
    today = timezone.localdate()
    placements = {placement.pk: placement for placement in file.rows(PLACEMENTS)}
    for placement in placements.values():
        yield from _of_placement(file, placement, today)
    for extension in file.rows(EXTENSIONS):
        placement = placements[extension.placement_id]
        title = _("Placement extended: %(form)s") % {"form": placement.get_form_display()}
        until = extension.end_after
        words = _("Until %(day)s. %(why)s") if until else _("Until further notice. %(why)s")
        text = words % {"day": until and date_format(until), "why": extension.why}
        yield _entry(file, placement, extension.decided_on, title, text, by=extension.by_name, order=2)
    for annulled in file.rows(ANNULLED):
        placement = placements[annulled.placement_id]
        words = _("End of a placement annulled: %(form)s")
        if annulled.why_cancelled:
            words = _("Cancellation of a placement taken back: %(form)s")
        title = words % {"form": placement.get_form_display()}
        day = timezone.localdate(annulled.annulled_at)
        yield _entry(file, placement, day, title, annulled.why, by=annulled.annulled_by_name, order=4)
    yield from _of_followups(file, today)


def _entry(file: ParticipantFile, placement: Placement, day: dt.date, title: str, text: str, **more) -> TimelineEntry:
    link = reverse("booking:placement", args=[file.public_id, placement.public_id])
    return TimelineEntry(date=day, kind="placement", title=title, text=text, link=link, **more)


def _of_placement(file: ParticipantFile, placement: Placement, today: dt.date) -> Iterator[TimelineEntry]:
    """That it was agreed, began, ended or was interrupted; or that it was cancelled and never began."""
    where = f"{placement.workplace.name}, {placement.workplace.employer.name}"
    form = {"form": placement.get_form_display()}
    if placement.cancelled_on:
        title = _("Placement cancelled: %(form)s") % form
        yield _entry(file, placement, placement.cancelled_on, title, f"{where}. {placement.why_cancelled}", order=1)
        return
    if placement.agreed_on:
        yield _entry(file, placement, placement.agreed_on, _("Placement agreed: %(form)s") % form, where, order=0.5)
    if placement.start <= today:
        yield _entry(file, placement, placement.start, _("Placement began: %(form)s") % form, where, order=1)
    if not placement.end or placement.end >= today:
        return
    parts = [where, placement.why_interrupted.rstrip(".")]
    if placement.result:
        parts.append(_("Purpose: %(result)s") % {"result": placement.get_result_display().lower()})
    words = _("Placement interrupted: %(form)s") if placement.why_interrupted else _("Placement ended: %(form)s")
    yield _entry(file, placement, placement.end, words % form, ". ".join(filter(None, parts)), order=3)


def _of_followups(file: ParticipantFile, today: dt.date) -> Iterator[TimelineEntry]:
    # That a plan was gone through is told with the plan.
    told = {review.public_id for review in file.rows(REVIEWS) if review.held_on}
    for followup in (each for each in file.rows(FOLLOWUPS) if each.public_id not in told):
        kind = followup.get_kind_display()
        if answer := getattr(followup, "answer", None):
            yield _answered(file, followup, answer)
        elif followup.filed:
            title = _("Followed up: %(kind)s") % {"kind": kind}
            yield TimelineEntry(date=followup.filed, kind="followup", title=title, order=2)
        elif followup.due < today:
            title = _("Follow-up not filed: %(kind)s") % {"kind": kind}
            yield TimelineEntry(date=followup.due, kind="followup", title=title, order=2)


def _answered(file: ParticipantFile, followup: FollowUp, answer: FollowUpAnswer) -> TimelineEntry:
    """What the supervisor said, in short; the rest stands on the follow-up's own page."""
    if answer.no_show:
        said = [_("Never came to the workplace.")]
    else:
        said = [f"{answer.get_going_display()}."]
        if answer.hours is not None:
            said.append(_("%(hours)s hours.") % {"hours": hours_in_words(answer.hours)})
    opinion = _opinion_words(getattr(followup, "opinion", None))
    return TimelineEntry(
        date=followup.filed,
        kind="followup",
        title=_("Followed up: %(kind)s") % {"kind": followup.get_kind_display()},
        text="\n".join(filter(None, (" ".join(said), answer.works_well, answer.needs, answer.wishes, opinion))),
        by=answer.by_name,
        link=reverse("placements:followup", args=[file.public_id, followup.public_id]),
        quiet=False,
        order=2,
    )


def _opinion_words(opinion: ParticipantOpinion | None) -> str:
    """What the participant says of the answer."""
    if opinion is None:
        return ""
    if not opinion.comment:
        return _("The participant agrees.")
    words = _("The participant agrees: %(why)s") if opinion.agrees else _("The participant does not agree: %(why)s")
    return words % {"why": opinion.comment}


def placement_step(file: ParticipantFile) -> Step:
    """Where the latest placement of the enrolment stands. A late follow-up is the next step, and urgent; then an
    answer that nobody has read."""
    today, case = timezone.localdate(), file.latest.pk
    followups = [
        followup
        for followup in file.rows(FOLLOWUPS)
        if followup.enrolment_id == case and followup.kind != FollowUpKind.PLAN_REVIEW  # the plan's step says so
    ]
    unread = next((each.answer for each in followups if each.filed and _is_unread(each)), None)
    followup = next((each for each in followups if not each.filed), None)
    placements = [each for each in file.rows(PLACEMENTS) if each.enrolment_id == case and not each.cancelled_on]
    placement = placements[-1] if placements else None
    next_step, urgent = _follow_up_words(followup, today)
    asked = _page("placements:followup", file, followup if followup and followup.placement_id else None)
    if unread and not urgent:
        next_step = _("Read what %(name)s has answered.") % {"name": unread.by_name}
        asked = _page("placements:followup", file, unread.followup)
    if placement is None:
        where = asked if next_step else reverse("matching:places", args=[file.public_id])
        return Step(StepState.TODO, "", next_step or _("Find a placement that fits."), urgent, where)
    page = _page("booking:placement", file, placement)
    where = placement.workplace.name
    state = placement.state_on(today)
    if state in TO_COME:
        words = _("The placement at %(where)s begins on %(day)s.")
        if placement.activity_id and not placement.agreed_on:
            words = _("See to what is left before the placement at %(where)s begins on %(day)s.")
        words %= {"where": where, "day": date_format(placement.start)}
        note = _("begins %(day)s") % {"day": placement.start}
        told = bool(urgent or unread)
        return Step(StepState.NOW, note, next_step if told else words, urgent, asked if told else page)
    if state in GOING_ON:
        ends_first = followup is None or (placement.end is not None and placement.end < followup.due)
        told = not ends_first or bool(urgent or unread)
        words = next_step if told else _ongoing_words(placement)
        return Step(StepState.NOW, where, words, urgent, asked if told else page)
    return Step(StepState.DONE, _("ended %(day)s") % {"day": placement.end}, next_step, urgent, asked)


def _page(name: str, file: ParticipantFile, row: Placement | FollowUp | None) -> str:
    return reverse(name, args=[file.public_id, row.public_id]) if row else ""


def _follow_up_words(followup: FollowUp | None, today: dt.date) -> tuple[str, bool]:
    if followup is None:
        return "", False
    names = {"kind": followup.get_kind_display(), "day": date_format(followup.due)}
    if followup.state_on(today) == FollowUpState.LATE:
        return _("%(kind)s was to be filed by %(day)s.") % names, True
    return _("%(kind)s, due on %(day)s.") % names, False


def _ongoing_words(placement: Placement) -> str:
    if placement.end is None:
        return _("The placement at %(where)s goes on.") % {"where": placement.workplace.name}
    return _("The placement at %(where)s ends on %(day)s.") % {
        "where": placement.workplace.name, "day": date_format(placement.end)
    }  # fmt: skip


def part_context(file: ParticipantFile, _params) -> dict:
    """Placements with their grades, latest first; follow-ups, those that are waiting or unread first, each with what
    became of its link."""
    followups = FollowUp.objects.filter(enrolment__in=file.enrolments).select_related(
        "placement__workplace", "answer"
    )
    followups = list(followups.order_by("-due", "-pk"))
    links = FollowUpLink.objects.filter(followup__in=followups, withdrawn_at=None).order_by("created_at", "pk")
    latest = {link.followup_id: link for link in links}
    mails = mails_about(list(latest.values()))
    for followup in followups:
        followup.latest_mail = mails.get(latest[followup.pk].public_id) if followup.pk in latest else None
        followup.is_unread = followup.filed is not None and _is_unread(followup)
    return {
        "placements": _every_placement(file.enrolments).prefetch_related("grades").order_by("-start", "-pk"),
        "followups": sorted(followups, key=lambda followup: not (followup.is_open or followup.is_unread)),
        "may_book": any(each.end is None and can_follow_up(file.user, each) for each in file.enrolments),
        "may_follow_up": any(can_follow_up(file.user, enrolment) for enrolment in file.enrolments),
    }


def _is_unread(followup: FollowUp) -> bool:
    answer = getattr(followup, "answer", None)
    return answer is not None and not answer.is_read


def followup_activity(enrolment: Enrolment) -> dt.date | None:
    """The day of the latest follow-up that was filed."""
    return FollowUp.objects.filter(enrolment=enrolment).aggregate(day=Max("filed"))["day"]


def join() -> None:
    join_timeline(
        placement_entries,
        kinds={"placement": gettext_lazy("Placements"), "followup": gettext_lazy("Follow-ups")},
        rows=[PLACEMENTS, EXTENSIONS, ANNULLED, FOLLOWUPS, REVIEWS],
    )
    join_activity(followup_activity)
    join_steps("placement", placement_step)
    join_parts(
        Part(
            slug="placeringar",
            label=gettext_lazy("Placements"),
            template="placements/part.html",
            order=30,
            context=part_context,
        )
    )
