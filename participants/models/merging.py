"""Two participants who are one person: the proposal, the decision, and everything that was moved by it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.participant import Participant
from participants.querysets import MergeQuerySet


class MergeState(models.TextChoices):
    """Where a merge stands. Waiting: somebody has proposed it. Undone: the two are two again."""

    WAITING = "waiting", pgettext_lazy("merge", "Waits for a decision")
    MERGED = "merged", pgettext_lazy("merge", "Merged")
    DECLINED = "declined", pgettext_lazy("merge", "Declined")
    UNDONE = "undone", pgettext_lazy("merge", "Undone")


@tracked()
class Merge(models.Model):
    """Two participants who are one person: `loser` goes into `winner`, whose file goes on.

    Whoever sees both proposes it and says why; a manager of both, or an administrator, decides. When a decision would
    tell the manager what another unit knows, it is the administrator's (`for_administrator`). `choices` says of which
    of the two each fact stays.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    winner = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name=_("who goes on"))
    loser = models.ForeignKey(
        Participant, models.PROTECT, related_name="+", verbose_name=_("who goes into the other")
    )
    # The units that knew each of them: by these the two sides are told apart once they are one, and who knew only one
    # side does not learn of the other.
    winner_units = ArrayField(models.BigIntegerField(), default=list, editable=False)
    loser_units = ArrayField(models.BigIntegerField(), default=list, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=MergeState, default=MergeState.WAITING)
    for_administrator = models.BooleanField(_("for the administrator"), default=False)
    choices = models.JSONField(_("which facts stay"), default=dict)
    why = models.TextField(_("why they are one person"), max_length=500)
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    proposed_by_name = models.CharField(max_length=210, editable=False)
    # The decision: merged or declined.
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    decided_by_name = models.CharField(max_length=210, blank=True, editable=False)
    decision_note = models.TextField(_("why it was declined"), max_length=500, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    undone_by_name = models.CharField(max_length=210, blank=True, editable=False)
    undone_why = models.TextField(_("why it was undone"), max_length=500, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(condition=~Q(winner=F("loser")), name="merge_of_two"),
            models.CheckConstraint(condition=Q(state__in=MergeState.values), name="merge_state_known"),
            models.CheckConstraint(
                condition=Q(state=MergeState.WAITING, decided_at__isnull=True)
                | ~Q(state=MergeState.WAITING) & Q(decided_at__isnull=False),
                name="merge_decided_iff_not_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state=MergeState.UNDONE, undone_at__isnull=False)
                | ~Q(state=MergeState.UNDONE) & Q(undone_at__isnull=True),
                name="merge_undone_has_a_time",
            ),
            # One proposal of two people at a time, whichever is to go on.
            models.UniqueConstraint(
                Least("winner", "loser"),
                Greatest("winner", "loser"),
                condition=Q(state=MergeState.WAITING),
                name="merge_waits_once",
            ),
            # Nobody goes into two at once.
            models.UniqueConstraint(
                fields=["loser"], condition=Q(state=MergeState.MERGED), name="merge_in_force_once"
            ),
        ]
        indexes = [
            # What waits for a decision; the merges of a file.
            models.Index(fields=["state", "proposed_at"], name="merge_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.proposed_at:%Y-%m-%d} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("merges:merge", args=[self.public_id])


class MergeStep(models.Model):
    """One row that a merge changed: which fields, from what to what. A row that it made (`made`) had nothing before.

    Undoing takes the steps back, the last first. Written once with the merge; the rows' own histories tell the rest.
    """

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="steps", verbose_name=_("merge"))
    model = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made = models.BooleanField(default=False)

    class Meta:
        ordering = ["merge", "pk"]
        verbose_name = _("step of a merge")
        verbose_name_plural = _("steps of merges")
        indexes = [
            # Did this enrolment, this referral come to the participant by a merge, and when?
            models.Index(fields=["model", "object_id"], name="merge_step_of_row")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
