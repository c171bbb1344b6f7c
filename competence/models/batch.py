"""Issuing many certificates at once: one round, and what became of each placement in it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import Unit, User
from competence.models.certificate import CertificateVersion
from competence.querysets import IssueBatchQuerySet
from delivery.models import Job
from placements.models import Placement


class ItemState(models.TextChoices):
    """How far a placement of a round has come."""

    WAITING = "waiting", pgettext_lazy("round of certificates", "Waiting")
    ISSUED = "issued", pgettext_lazy("round of certificates", "Issued")
    REFUSED = "refused", pgettext_lazy("round of certificates", "Not issued")


@tracked(exclude=("job",))
class IssueBatch(models.Model):
    """A round in which certificates are issued for all that are ready, of a unit or of all, whose placements ended in
    a period. One job works through it, and goes on where it stopped."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    # Empty: all units that the issuer may issue for.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    start = models.DateField(_("ended from"))
    end = models.DateField(_("ended until"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("issuer"))
    by_name = models.CharField(max_length=210, editable=False)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    objects = IssueBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("round of certificates")
        verbose_name_plural = _("rounds of certificates")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="issue_batch_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d} – {self.end:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("rounds:round", args=[self.public_id])


class IssueBatchItem(models.Model):
    """One placement of a round: waiting, issued, or why it was not."""

    batch = models.ForeignKey(IssueBatch, models.CASCADE, related_name="items", db_index=False)
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.WAITING)
    why = models.CharField(_("why not"), max_length=500, blank=True)
    version = models.OneToOneField(
        CertificateVersion, models.PROTECT, null=True, blank=True, related_name="batch_item"
    )

    class Meta:
        ordering = ["batch", "pk"]
        verbose_name = _("certificate of a round")
        verbose_name_plural = _("certificates of a round")
        constraints = [
            models.UniqueConstraint(fields=["batch", "placement"], name="issue_batch_item_once"),
            # Two who start a round at once: each placement waits in one of them.
            models.UniqueConstraint(
                fields=["placement"], condition=Q(state=ItemState.WAITING), name="issue_batch_item_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.WAITING, why="", version=None)
                | Q(state=ItemState.ISSUED, why="", version__isnull=False)
                | Q(state=ItemState.REFUSED, version=None) & ~Q(why=""),
                name="issue_batch_item_says_what_became_of_it",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
