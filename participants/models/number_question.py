"""What an administrator has to look into: a number that belongs to two files, it seems."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from participants.models.following import follows
from participants.models.participant import Participant


@follows("participant", "known_on")
@tracked()
class NumberQuestion(models.Model):
    """Somebody wanted to give a participant a number that stands on another one, whom they may not see.

    They were told only that the number cannot be saved; an administrator finds out whether the two are one person, or
    one of the numbers is wrong. The number itself is not kept here: `known_on` has it, or had it. A temporary number
    may stand on both, so it was saved and nothing was told; but perhaps they are one person.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="number_questions", verbose_name=_("participant")
    )
    known_on = models.ForeignKey(
        Participant, models.PROTECT, related_name="+", verbose_name=_("who has the number already")
    )
    temporary = models.BooleanField(_("about a temporary number"), default=False, db_default=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, db_default=Now(), editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    asked_by_name = models.CharField(max_length=210, editable=False)
    outcome = models.TextField(_("what was done"), max_length=500, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, editable=False)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    handled_by_name = models.CharField(max_length=210, blank=True, editable=False)
    # When who asked has taken note of the answer, in Min dag.
    seen_at = models.DateTimeField(_("read"), null=True, editable=False)

    class Meta:
        # What waits comes first, the oldest of it at the top.
        ordering = [models.F("handled_at").desc(nulls_first=True), "asked_at", "pk"]
        verbose_name = _("question about a number")
        verbose_name_plural = _("questions about numbers")
        constraints = [
            # Somebody who tries again asks nothing new.
            models.UniqueConstraint(
                fields=["participant", "known_on"],
                condition=Q(handled_at__isnull=True),
                name="number_question_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.asked_by_name}"

    def get_absolute_url(self) -> str:
        return reverse("number_questions:question", args=[self.public_id])
