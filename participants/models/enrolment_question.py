"""What an administrator has to look into: somebody whom two units want to answer for on the same days."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit, User
from participants.models.following import follows
from participants.models.participant import Participant


@follows("participant")
@tracked()
class EnrolmentQuestion(models.Model):
    """A unit wanted to enrol somebody who is enrolled in another one, which it may not know.

    It was told only that the enrolment cannot be saved; an administrator finds out with the units who is to answer
    for the person.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="enrolment_questions", verbose_name=_("participant")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("the unit that wanted to enrol"))
    start = models.DateField(_("from"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, db_default=Now(), editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    asked_by_name = models.CharField(max_length=210, editable=False)
    outcome = models.TextField(_("what was done"), max_length=500, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, editable=False)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    handled_by_name = models.CharField(max_length=210, blank=True, editable=False)

    class Meta:
        # What waits comes first, the oldest of it at the top.
        ordering = [models.F("handled_at").desc(nulls_first=True), "asked_at", "pk"]
        verbose_name = _("question about an enrolment")
        verbose_name_plural = _("questions about enrolments")
        constraints = [
            # Somebody who tries again asks nothing new.
            models.UniqueConstraint(
                fields=["participant", "unit"],
                condition=Q(handled_at__isnull=True),
                name="enrolment_question_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.asked_by_name}"

    def get_absolute_url(self) -> str:
        return reverse("enrolment_questions:question", args=[self.public_id])
