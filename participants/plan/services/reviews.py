"""Going through a plan: planned when it is decided, held on a day, planned anew."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from participants.models import Enrolment, PlanReview
from participants.plan.providers import review_changed
from participants.services.activity import enrolment_note_activity


class ReviewChanged(Exception):
    """The review was held, moved or withdrawn since the page was opened."""

    def __init__(self, review: PlanReview):
        super().__init__()
        self.review = review


def open_review(enrolment: Enrolment) -> PlanReview | None:
    """The review that is to come."""
    return enrolment.plan_reviews.filter(held_on=None, withdrawn_on=None).first()


@transaction.atomic
def plan_review_hold(
    *, review: PlanReview, actor: User, held_on: dt.date, said: str, next_due: dt.date
) -> PlanReview:
    """Write down that the plan was gone through, and plan the next time. The same once more changes nothing.

    Raises ReviewChanged when it was held with something else, or is no longer to be held.
    """
    current = PlanReview.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=review.pk)
    if not current.is_open:
        if (current.held_on, current.said) == (held_on, said):
            return current
        raise ReviewChanged(current)
    _hold(current, actor=actor, day=held_on, said=said)
    _plan(current.enrolment, actor=actor, day=held_on, due=next_due)
    enrolment_note_activity(enrolment=current.enrolment, day=held_on)
    return current


def review_plan_next(*, enrolment: Enrolment, actor: User, day: dt.date, due: dt.date) -> None:
    """A version is decided on `day` and is gone through by `due`. A review that was due by then has been held with
    it; one that was to come is moved."""
    current = _locked(enrolment)
    if current is not None and current.due > day:
        current.due, current.planned_on = due, day
        current.planned_by, current.planned_by_name = actor, actor.full_name
        current.save(update_fields=["due", "planned_on", "planned_by", "planned_by_name"])
        review_changed(current)
        return
    if current is not None:
        _hold(current, actor=actor, day=day, said="")
    _plan(enrolment, actor=actor, day=day, due=due)


def review_end(*, enrolment: Enrolment, actor: User, day: dt.date) -> None:
    """The plan is closed on `day`: a review that was due by then has been held with it, one to come is withdrawn."""
    current = _locked(enrolment)
    if current is None:
        return
    if current.due <= day:
        _hold(current, actor=actor, day=day, said="")
        return
    current.withdrawn_on = timezone.localdate()
    current.save(update_fields=["withdrawn_on"])
    review_changed(current)


def _locked(enrolment: Enrolment) -> PlanReview | None:
    rows = enrolment.plan_reviews.select_for_update(of=("self",))
    return rows.filter(held_on=None, withdrawn_on=None).first()


def _hold(review: PlanReview, *, actor: User, day: dt.date, said: str) -> None:
    review.held_on, review.said = day, said
    review.held_by, review.held_by_name = actor, actor.full_name
    review.save(update_fields=["held_on", "said", "held_by", "held_by_name"])
    review_changed(review)


def _plan(enrolment: Enrolment, *, actor: User, day: dt.date, due: dt.date) -> None:
    review = PlanReview.objects.create(
        enrolment=enrolment, due=due, planned_on=day, planned_by=actor, planned_by_name=actor.full_name
    )
    review_changed(review)
