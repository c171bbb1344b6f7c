"""Planning a joint review, and writing down what came of it."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from participants.models import Enrolment, JointReview
from participants.services.activity import enrolment_note_activity


class ReviewEnded(Exception):
    """Somebody has written down already what came of the review."""


@transaction.atomic
def joint_review_plan(*, enrolment: Enrolment, due: dt.date, actor: User) -> JointReview:
    """Plan a joint review for `due`, or move the one that is planned."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    planned = JointReview.objects.filter(enrolment=enrolment, held_on=None, called_off_on=None).first()
    if planned is None:
        return JointReview.objects.create(enrolment=enrolment, due=due, by=actor, by_name=actor.full_name)
    if planned.due != due:
        planned.due = due
        planned.save(update_fields=["due"])
    return planned


@transaction.atomic
def joint_review_end(*, review: JointReview, day: dt.date, held: bool, outcome: str, actor: User) -> JointReview:
    """Write down that it was held, or called off, on `day`, and what came of it. The same once more changes nothing.
    Raises ReviewEnded."""
    current = JointReview.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=review.pk)
    said = (day if held else None, None if held else day, outcome)
    if not current.is_planned:
        if (current.held_on, current.called_off_on, current.outcome) == said:
            return current
        raise ReviewEnded
    current.held_on, current.called_off_on, current.outcome = said
    current.ended_by_name = actor.full_name
    current.save(update_fields=["held_on", "called_off_on", "outcome", "ended_by_name"])
    if held:
        enrolment_note_activity(enrolment=current.enrolment, day=day)
    return current
