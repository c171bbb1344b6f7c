"""Beginning and changing rounds: what they are, their seats, who takes people on, and how far they have come."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Unit
from participants.models import Enrolment
from placements.booking.rules import Refused
from placements.changing import Overtaken, differs, row_change
from placements.models import Employer
from tracks.models import (
    MemberState,
    Passage,
    Round,
    RoundPartner,
    RoundState,
    Step,
    StepSeats,
    Track,
    TrackVersion,
)
from tracks.rounds.seats import round_held, too_few

OVER = (RoundState.CLOSED, RoundState.CANCELLED)
#: A day further away than so many years is a slip of the finger.
MOST_YEARS = 10
#: Who still waits for an answer when a round ends.
WAITING = (MemberState.WAITING, MemberState.OFFERED)


@transaction.atomic
def round_create(*, version: TrackVersion, token: uuid.UUID, facts: Mapping[str, Any]) -> Round:
    """Begin a round on a published version of a track, with the employers that take part in that. `token` belongs to
    the form and becomes the public id: a form that is sent twice begins one. Raises Refused."""
    # Whoever closes the track waits, or was quicker; so does the same form that is sent twice.
    Track.objects.select_for_update(of=("self",), no_key=True).get(pk=version.track_id)
    if known := Round.objects.filter(public_id=token).first():
        return known
    _check_track(TrackVersion.objects.select_related("track").get(pk=version.pk))
    _check_days(facts)
    round = Round.objects.create(public_id=token, version=version, **facts)
    RoundPartner.objects.bulk_create(
        RoundPartner(round=round, employer_id=employer)
        for employer in version.partners.order_by("pk").values_list("employer", flat=True)
    )
    return round


@transaction.atomic
def round_change(*, round: Round, facts: Mapping[str, Any], seen: str) -> Round:
    """Change what a round is called, whose it is, and its days. Raises Refused, and Overtaken."""
    current = round_held(round.pk)
    if not differs(current, facts):
        return current
    if str(current.revision) != seen:
        raise Overtaken(current)
    _check_living(current)
    _check_days(facts)
    begun = Passage.objects.filter(member__round=current).order_by("start").values_list("start", flat=True).first()
    if begun and facts["start"] > begun:
        words = _("Somebody has been on the track since %(day)s. The round cannot begin later.")
        raise Refused(words % {"day": date_format(begun)}, "start")
    return row_change(row=current, facts=facts, seen=seen)


def _check_track(version: TrackVersion) -> None:
    if not version.is_published:
        raise Refused(_("The version of the track is not published. Publish it first."))
    track, today = version.track, timezone.localdate()
    if track.closed_on and track.closed_on <= today:
        words = _("The track is closed since %(day)s. No round begins on it.")
        raise Refused(words % {"day": date_format(track.closed_on)})


def _check_days(facts: Mapping[str, Any]) -> None:
    start, end, apply_by = facts["start"], facts["end"], facts["apply_by"]
    this_year = timezone.localdate().year
    for name in ("start", "end", "apply_by"):
        if facts[name] and abs(facts[name].year - this_year) > MOST_YEARS:
            raise Refused(_("That is more than ten years away. Check the year."), name)
    if end and end < start:
        raise Refused(_("The last day is before the first."), "end")
    if apply_by and end and apply_by > end:
        raise Refused(_("The applications end after the round does. Choose an earlier day."), "apply_by")


def _check_living(round: Round) -> None:
    if round.state in OVER:
        words = _("The round is “%(state)s”, so nothing of it is changed.")
        raise Refused(words % {"state": round.get_state_display()})


# --- Seats --------------------------------------------------------------------------------------------------------


@transaction.atomic
def seats_set(*, round: Round, seats: Mapping[Step, int | None], seen: str) -> Round:
    """Say how many seats each step has (None: no limit). Raises Refused for fewer than are taken (`field` is the
    step's key), and Overtaken."""
    current = round_held(round.pk)
    rows = {each.step_id: each for each in current.seats.all()}
    if all((rows[step.pk].seats if step.pk in rows else None) == number for step, number in seats.items()):
        return current
    if str(current.revision) != seen:
        raise Overtaken(current)
    _check_living(current)
    for step, taken in too_few(current, seats.items()):
        words = ngettext(
            "%(taken)s seat is taken or offered. There cannot be fewer.",
            "%(taken)s seats are taken or offered. There cannot be fewer.",
            taken,
        )
        raise Refused(words % {"taken": taken}, step.key)
    for step, number in seats.items():
        row = rows.get(step.pk)
        if number is None and row:
            row.delete()
        elif number is not None and row is None:
            StepSeats.objects.create(round=current, step=step, seats=number)
        elif number is not None and row.seats != number:
            row.seats = number
            row.save(update_fields=["seats"])
    return _counted(current)


def _counted(round: Round, *names: str) -> Round:
    round.revision += 1
    round.save(update_fields=[*names, "revision"])
    return round


# --- Who takes people on ------------------------------------------------------------------------------------------


@transaction.atomic
def partner_add(*, round: Round, employer: Employer, takes: int, hires: int) -> RoundPartner:
    """Write down what an employer has promised the round. The same once more is once; raises Refused when the
    employer is there already with something else."""
    _check_living(round_held(round.pk))
    try:
        with transaction.atomic():
            return RoundPartner.objects.create(round=round, employer=employer, takes=takes, hires=hires)
    except IntegrityError as refused:
        there = RoundPartner.objects.get(round=round, employer=employer)
        if (there.takes, there.hires) == (takes, hires):
            return there
        raise Refused(_("The employer takes part already. Change what it has promised."), "employer") from refused


@transaction.atomic
def partner_change(*, partner: RoundPartner, facts: Mapping[str, Any], seen: str) -> RoundPartner:
    """Change what an employer has promised. Raises Refused, and Overtaken."""
    _check_living(round_held(partner.round_id))
    return row_change(row=partner, facts=facts, seen=seen)


@transaction.atomic
def partner_remove(*, partner: RoundPartner) -> None:
    """Take away an employer that does not take part after all; the history keeps it. Twice is once. Raises
    Refused."""
    _check_living(round_held(partner.round_id))
    RoundPartner.objects.filter(pk=partner.pk).delete()


# --- How far it has come ------------------------------------------------------------------------------------------


@transaction.atomic
def round_move(*, round: Round, state: RoundState, seen: str) -> Round:
    """Open a round for applications, let it run, close or cancel it, or take that back, as TRANSITIONS allows.
    Whoever waits for a seat when it is closed or cancelled has got none, which Min dag tells their job coach; they
    wait again when that is taken back. Raises Refused, and Overtaken."""
    current = round_held(round.pk)
    if current.state == state:
        return current
    if str(current.revision) != seen:
        raise Overtaken(current)
    if why := why_not(current, state):
        raise Refused(why)
    names = ["state"]
    if state in OVER:
        _get_no_seat(current)
    elif current.state == RoundState.CLOSED:
        _wait_again(current)
    if state == RoundState.CLOSED and current.end is None:
        current.end = max(timezone.localdate(), current.start)
        names.append("end")
    current.state = state
    return _counted(current, *names)


def _get_no_seat(round: Round) -> None:
    for member in round.members.select_for_update(of=("self",), no_key=True).filter(state__in=WAITING).order_by("pk"):
        member.state, member.finished_on = MemberState.NO_SEAT, timezone.localdate()
        member.revision += 1
        member.save(update_fields=["state", "finished_on", "revision"])


def _wait_again(round: Round) -> None:
    """Those who got no seat, unless something else was said of them since. Their cases are held before them: nobody
    waits whose enrolment is closed."""
    without = round.members.filter(state=MemberState.NO_SEAT)
    cases = Enrolment.objects.filter(pk__in=without.values("enrolment"), end=None).order_by("pk")
    held = [case.pk for case in cases.select_for_update(of=("self",), no_key=True)]
    for member in without.filter(enrolment__in=held).select_for_update(of=("self",), no_key=True).order_by("pk"):
        member.state, member.finished_on = MemberState.WAITING, None
        member.offered_on, member.offered_by_name, member.answered_on, member.deviation = None, "", None, ""
        member.revision += 1
        member.save()


def why_not(round: Round, state: RoundState) -> str:
    """Why the round cannot become that: the sentence. Empty: it can."""
    if not round.may_become(state):
        words = _("A round that is “%(now)s” cannot become “%(then)s”.")
        return words % {"now": round.get_state_display(), "then": RoundState(state).label}
    return {
        RoundState.OPEN: _why_not_open,
        RoundState.PLANNED: _why_not_planned,
        RoundState.RUNNING: _why_not_running,
        RoundState.CLOSED: _why_not_closed,
    }.get(state, lambda _round: "")(round)


def _why_not_open(round: Round) -> str:
    try:
        _check_track(round.version)
    except Refused as refused:
        return str(refused)
    return ""


def _why_not_planned(round: Round) -> str:
    applied = round.members.filter(state__in=WAITING).count()
    words = ngettext(
        "%(count)s has applied and waits for an answer. Cancel the round, or let it stay open.",
        "%(count)s have applied and wait for an answer. Cancel the round, or let it stay open.",
        applied,
    )
    return words % {"count": applied} if applied else ""


def _why_not_running(round: Round) -> str:
    if round.state == RoundState.OPEN and round.start > timezone.localdate():
        words = _("The round begins on %(day)s. Change its first day if it begins earlier.")
        return words % {"day": date_format(round.start)}
    return ""


def _why_not_closed(round: Round) -> str:
    on_track = round.members.on_track().count()
    words = ngettext(
        "%(count)s is still on the track. Say first that they have completed it, or have left.",
        "%(count)s are still on the track. Say first that they have completed it, or have left.",
        on_track,
    )
    return words % {"count": on_track} if on_track else ""


def units_of(scope) -> list[Unit]:
    """The units in which somebody may begin or keep a round."""
    return Unit.objects.in_scope(scope).by_name()
