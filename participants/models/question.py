"""What administrators are asked, because whoever works with persons may not know the answer."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AdministratorsQuestion(models.Model):
    """Somebody was told only that something cannot be saved; an administrator finds out why, by case number and unit,
    and writes down what was done."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
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
        abstract = True
        # What waits comes first, the oldest of it at the top.
        ordering = [models.F("handled_at").desc(nulls_first=True), "asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.asked_by_name}"
