"""Who wants a mail in the morning with what waits in Min dag, and which days have been decided."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User


@tracked()
class DigestWish(models.Model):
    """A user who wants the daily digest; without a row there is none."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["user"]
        verbose_name = _("wish for a daily digest")
        verbose_name_plural = _("wishes for a daily digest")

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"


class DigestDay(models.Model):
    """A day on which it was decided whether a user gets a digest: once a day, however often the schedule runs.

    Its public id is what the mail refers to. The text is not kept: it is counted when the mail is written.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False, verbose_name=_("user"))
    day = models.DateField(_("day"))
    mailed = models.BooleanField(_("there was something to tell"))

    class Meta:
        ordering = ["-day", "user"]
        verbose_name = _("day of the digest")
        verbose_name_plural = _("days of the digest")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
