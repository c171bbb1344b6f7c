"""What is planned when somebody goes round: everybody concerned sits down together."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment


@tracked()
class JointReview(models.Model):
    """A joint review (gemensam genomgång) of what has been tried with a participant and what has not: planned for a
    day, then held or called off, with what came of it."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="joint_reviews", verbose_name=_("enrolment")
    )
    due = models.DateField(_("planned for"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    called_off_on = models.DateField(_("called off on"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    ended_by_name = models.CharField(max_length=210, blank=True, editable=False)

    class Meta:
        ordering = ["enrolment", "due", "pk"]
        verbose_name = _("joint review")
        verbose_name_plural = _("joint reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(held_on__isnull=True, called_off_on__isnull=True),
                name="joint_review_planned_once",
                violation_error_message=_("A joint review is planned already."),
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(called_off_on__isnull=True),
                name="joint_review_held_or_called_off",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, called_off_on__isnull=True, outcome="")
                | ~Q(outcome="") & (Q(held_on__isnull=False) | Q(called_off_on__isnull=False)),
                name="joint_review_outcome_iff_ended",
                violation_error_message=_("Write what came of it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due:%Y-%m-%d}"

    @property
    def is_planned(self) -> bool:
        return self.held_on is None and self.called_off_on is None
