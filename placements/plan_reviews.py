"""The reviews of plans, kept among the follow-ups: there they are counted, exported, and asked for in Min dag.

A plan and what is said of it belongs to `participants`; what is due and filed is a follow-up of the kind plan review,
which has the public id of the review it stands for. One that came with a register stands for itself.
"""

import datetime as dt

from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment, PlanReview
from participants.plan.permissions import can_write_plan
from participants.plan.providers import join_reviews
from participants.plan.reading import SOON
from placements.models import FollowUp
from vocabulary.codes import FollowUpKind


def review_keep(review: PlanReview) -> None:
    """Keep a review of a plan as a follow-up.

    The day on which it is planned is a day on which the plan was decided or gone through. So every other plan review
    of the enrolment that was to be by then has been, and what another system planned for later is no longer wanted.
    """
    FollowUp.objects.update_or_create(
        public_id=review.public_id,
        defaults={
            "participant_id": review.enrolment.participant_id,
            "enrolment": review.enrolment,
            "kind": FollowUpKind.PLAN_REVIEW,
            "due": review.due,
            "filed": review.held_on,
            "withdrawn_on": review.withdrawn_on,
            "planned_by": review.planned_by,
            "planned_by_name": review.planned_by_name,
        },
    )
    if review.is_open:
        others = FollowUp.objects.filter(
            enrolment=review.enrolment, kind=FollowUpKind.PLAN_REVIEW, filed=None, withdrawn_on=None
        ).exclude(public_id=review.public_id)
        others.filter(due__lte=review.planned_on).update(filed=review.planned_on)
        others.update(withdrawn_on=timezone.localdate())


def kept_reviews(enrolment: Enrolment) -> QuerySet[PlanReview]:
    """The keys of the reviews to come that the plan itself ends."""
    return PlanReview.objects.filter(enrolment=enrolment, held_on=None, withdrawn_on=None).values("public_id")


# --- Min dag ------------------------------------------------------------------------------------------------------


def reviews_due(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    """Plans to go through: late, or within two weeks; those that another system planned too."""
    rows = FollowUp.objects.filter(
        enrolment__in=enrolments,
        kind=FollowUpKind.PLAN_REVIEW,
        filed=None,
        withdrawn_on=None,
        due__lte=today + SOON,
    )
    return rows.annotate(day_enrolment=F("enrolment"), day_due=F("due"), day_reference=Value(""), day_note=Value(""))


def review_words(_row: DayRow) -> str:
    return _("The plan is to be gone through")


def review_address(row: DayRow) -> str:
    return reverse("participants:plan_review", args=[row.enrolment.participant.public_id])


def join() -> None:
    join_reviews(review_keep)
    join_day_list(
        DayList(
            key="planer-att-se-over",
            label=gettext_lazy("Plans to go through"),
            order=30,
            action=gettext_lazy("Go through it"),
            rows=reviews_due,
            address=review_address,
            told=review_words,
            may_act=can_write_plan,
        )
    )
