"""Rounds of the shipped tracks, people in them as they stand, and what gates ask for."""

from django.urls import reverse

from competence.models import LanguageGrade
from participants.models import Activity
from tests.factories import PlanFactory, days_ago
from tracks.members.services.moving import activity_planned
from tracks.models import Member, MemberState, Passage, Round, RoundState, Step, TrackVersion
from vocabulary.codes import LanguageSkill

CARE, KITCHEN, GREEN = "vard-och-omsorg", "koksbitrade", "gron-service-unga"
EXTRACT = "Utdrag ur belastningsregistret"


def round_in(unit, track=CARE, *, seats=None, **fields) -> Round:
    """A running round of a shipped track; `seats` by the keys of its steps."""
    version = TrackVersion.objects.get(track__code=track)
    options = {"name": "Våren", "state": RoundState.RUNNING, "start": days_ago(30)}
    made = Round.objects.create(version=version, unit=unit, **options | fields)
    for key, number in (seats or {}).items():
        made.seats.create(step=step_of(made, key), seats=number)
    return made


def step_of(round: Round, key: str) -> Step:
    return round.version.steps.get(key=key)


def member_of(round: Round, enrolment, by, state=MemberState.WAITING, **fields) -> Member:
    options = {"applied_on": days_ago(20), "applied_by": by, "applied_by_name": by.full_name, "state": state}
    if state != MemberState.WAITING:
        options |= {"offered_on": days_ago(15)}
    return Member.objects.create(round=round, enrolment=enrolment, **options | fields)


def on_step(round: Round, enrolment, by, key: str, *, since=10, planned=False, **fields) -> Member:
    """Somebody who is on a step; `planned`: with the activity of their plan that it is."""
    step = step_of(round, key)
    member = member_of(round, enrolment, by, MemberState.ON_TRACK, enters_at=step, **fields)
    activity: Activity | None = None
    if planned:
        planned_for(enrolment)
        activity = activity_planned(enrolment, step, days_ago(since))
        activity.save()
    Passage.objects.create(
        member=member, step=step, start=days_ago(since), activity=activity, by=by, by_name=by.full_name
    )
    return member


def planned_for(enrolment) -> None:
    """A plan that holds, in which a step can stand."""
    if not enrolment.plans.exists():
        PlanFactory(enrolment=enrolment)


def speaks(enrolment, level: str, skill=LanguageSkill.INTERACTION, day=5) -> LanguageGrade:
    return LanguageGrade.objects.create(
        enrolment=enrolment, skill=skill, level=level, graded_on=days_ago(day), assessor="SFI", how="test",
        by=enrolment.coach, by_name="Alma Alm",
    )  # fmt: skip


def of_round(name: str, round: Round, *args) -> str:
    return reverse(f"track_rounds:{name}", args=[round.public_id, *args])


def of_member(name: str, member: Member, *args) -> str:
    return reverse(f"track_members:{name}", args=[member.enrolment.participant.public_id, member.public_id, *args])


def in_round(name: str, member: Member) -> str:
    return reverse(f"track_members:{name}", args=[member.round.public_id, member.public_id])


def entry_form(member: Member, **fields) -> dict:
    """What is sent to begin or to move on, today, the step before passed."""
    member.refresh_from_db()
    data = {"day": days_ago(0).isoformat(), "result": "passed", "note": "", "seen": member.revision}
    return data | fields
