"""The versions of a plan: the draft while it is written, the decision, the closing.

Whoever changes a plan locks its rows first: versions, then activities and reviews, then what others keep of them. The
enrolment's row comes last, as when the enrolment is closed; only a draft that begins holds it alone.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.models import Activity, Enrolment, Milestone, PlanActivity, PlanMilestone, PlanState, PlanVersion
from participants.plan.content import ActivityWords, Content, MilestoneWords, fresh
from participants.plan.services.progress import DROPPED, settle
from participants.plan.services.reviews import review_end, review_plan_next
from participants.services.activity import enrolment_note_activity


class DraftChanged(Exception):
    """The stored draft was saved from another page since this one was opened."""

    def __init__(self, draft: PlanVersion):
        super().__init__()
        self.draft = draft


class DraftGone(Exception):
    """The draft that the page showed was decided or thrown away meanwhile."""


class EnrolmentClosed(Exception):
    """The enrolment is closed: no plan is written any more."""


class PlanChanged(Exception):
    """The plan is no longer what was told: another version is decided, or other activities go on."""


def draft_of(enrolment: Enrolment) -> PlanVersion:
    """The enrolment's draft; if there is none, one that is not stored, with what still holds of the last version."""
    versions = enrolment.plans.select_related("saved_by").order_by("-number")
    latest = versions.first()
    if latest is not None and latest.state == PlanState.DRAFT:
        latest.enrolment = enrolment
        return latest
    number = latest.number + 1 if latest else 1
    return PlanVersion(enrolment=enrolment, number=number, typed=fresh(enrolment, latest))


@transaction.atomic
def plan_draft_save(*, enrolment: Enrolment, author: User, typed: dict, seen: int, window: uuid.UUID) -> PlanVersion:
    """Keep what has been typed so far, right or wrong.

    `seen` is the revision of the draft that the page showed (0: none was stored), `window` the page. What another
    page has saved meanwhile is not overwritten: DraftChanged. Raises DraftGone and EnrolmentClosed.
    """
    draft = enrolment.plans.select_for_update(of=("self",)).filter(state=PlanState.DRAFT).first()
    if draft is None:
        # Two pages begin a draft one after the other, and none begins while the enrolment is closed.
        current = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
        if current.end is not None:
            raise EnrolmentClosed
        draft = draft_of(enrolment)
        if not draft.pk and seen:
            raise DraftGone
    if draft.pk and draft.typed == typed:
        return draft
    if draft.revision != seen and draft.window != window:
        raise DraftChanged(draft)
    draft.typed, draft.window, draft.saved_by, draft.saved_at = typed, window, author, timezone.now()
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def plan_draft_discard(*, enrolment: Enrolment, seen: int) -> None:
    """Throw the draft away. Twice is once. Raises DraftChanged when it is another than the one that was seen."""
    draft = enrolment.plans.select_for_update(of=("self",)).filter(state=PlanState.DRAFT).first()
    if draft is None:
        return
    if draft.revision != seen:
        raise DraftChanged(draft)
    draft.delete()


@transaction.atomic
def plan_decide(*, enrolment: Enrolment, actor: User, number: int, seen: int, content: Content) -> PlanVersion:
    """Decide the draft: it becomes the plan that holds, word for word, and the one before it is revised.

    `content` is what the draft with that number and revision says, checked. The same once more is the same decision.
    Raises DraftChanged when it says something else now, DraftGone when it is there no more.
    """
    held = (PlanState.DRAFT, PlanState.DECIDED)
    versions = {
        each.state: each
        for each in enrolment.plans.select_for_update(of=("self",)).filter(state__in=held).order_by("pk")
    }
    draft, before = versions.get(PlanState.DRAFT), versions.get(PlanState.DECIDED)
    if draft is None or draft.number != number:
        if before is not None and (before.number, before.revision) == (number, seen):
            return before
        raise DraftGone
    if draft.revision != seen:
        raise DraftChanged(draft)
    for position, words in enumerate(content.milestones_by_day):
        _write_milestone(draft, words, position)
    for position, words in enumerate(content.activities):
        _write_activity(draft, words, position)
    if before is not None:
        _move(before, PlanState.REVISED)
    for name in ("goal", "goal_on", "view", "agreement", "agreement_way", "agreement_on", "review_on", "decided_on"):
        setattr(draft, name, getattr(content, name))
    draft.agreement_comment, draft.decided_without = content.agreement_comment, content.decided_without
    draft.decided_by, draft.decided_by_name, draft.typed = actor, actor.full_name, {}
    _move(draft, PlanState.DECIDED)
    review_plan_next(enrolment=enrolment, actor=actor, day=content.decided_on, due=content.review_on)
    enrolment_note_activity(enrolment=enrolment, day=content.decided_on)
    return draft


@transaction.atomic
def plan_close(
    *, version: PlanVersion, actor: User, closed_on: dt.date, note: str, outcomes: Mapping[str, str]
) -> PlanVersion:
    """Close the plan that holds: its activities end with an outcome each (`outcomes`: by key, or DROPPED for one that
    never began), and no review is to come.

    The same once more is the same closing. Raises PlanChanged when something else goes on than what was told.
    """
    current = PlanVersion.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=version.pk)
    if current.state == PlanState.CLOSED:
        return current
    if not current.may_become(PlanState.CLOSED):
        raise PlanChanged
    going_on = current.enrolment.activities.filter(state="decided")
    activities = list(going_on.select_for_update(of=("self",)).order_by("pk"))
    if {str(each.public_id) for each in activities} != set(outcomes):
        raise PlanChanged
    for activity in activities:
        outcome = outcomes[str(activity.public_id)]
        settle(activity, actor=actor, ended_on=None if outcome == DROPPED else closed_on, outcome=outcome, note="")
    current.closed_on, current.closed_note = closed_on, note
    current.closed_by, current.closed_by_name = actor, actor.full_name
    _move(current, PlanState.CLOSED)
    review_end(enrolment=current.enrolment, actor=actor, day=closed_on)
    enrolment_note_activity(enrolment=current.enrolment, day=closed_on)
    return current


def _move(version: PlanVersion, state: str) -> None:
    """To another state; the database refuses what TRANSITIONS does not allow."""
    version.state = state
    version.save()


def _write_milestone(draft: PlanVersion, words: MilestoneWords, position: int) -> None:
    milestone = words.row or Milestone.objects.filter(public_id=words.key, enrolment=draft.enrolment).first()
    if milestone is None:
        milestone = Milestone.objects.create(public_id=_free_key(Milestone, words.key), enrolment=draft.enrolment)
    PlanMilestone.objects.create(
        version=draft,
        milestone=milestone,
        position=position,
        text=words.text,
        due=words.due,
        responsible=words.responsible,
        responsible_name=words.responsible_name,
    )


def _write_activity(draft: PlanVersion, words: ActivityWords, position: int) -> None:
    """The activity as it was decided, and as it holds from now on. One that has ended meanwhile is left out."""
    rows = Activity.objects.select_for_update(of=("self",)).filter(public_id=words.key, enrolment=draft.enrolment)
    activity = rows.first()
    if activity is not None and activity.is_settled:
        return
    if activity is None:
        key = _free_key(Activity, words.key)
        activity = Activity(public_id=key, enrolment=draft.enrolment, form=words.form)
    said = {
        "purpose": words.purpose,
        "expected_outcome": words.expected_outcome,
        "need": words.need,
        "start": words.start,
        "end": words.end,
    }
    for name, value in said.items():
        setattr(activity, name, value)
    activity.save()
    PlanActivity.objects.create(version=draft, activity=activity, position=position, **said)


def _free_key(model, key: str) -> uuid.UUID:
    """The key that a page gave a new row; another if somebody has it, which no page of ours brings about."""
    return uuid.uuid4() if model.objects.filter(public_id=key).exists() else uuid.UUID(key)
