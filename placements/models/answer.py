"""What the supervisor said when a placement was followed up."""

import datetime as dt
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from placements.models.followup import FollowUp
from placements.models.supervisor import Supervisor
from placements.querysets import FollowUpAnswerQuerySet


class Going(models.TextChoices):
    """How it goes at the workplace, in the supervisor's own view."""

    VERY_WELL = "very_well", _("Very well")
    WELL = "well", _("Well")
    MIXED = "mixed", _("Both well and less well")
    NOT_WELL = "not_well", _("Not well")


@tracked()
class FollowUpAnswer(models.Model):
    """The one answer to a follow-up: whether the participant came, how it goes, and what is needed.

    Given by the supervisor through a link, or written by staff after a call. The supervisor may change it until a
    member of staff has marked it as read; after that it stands. `version` counts its wordings, so that two windows
    do not overwrite each other.
    """

    followup = models.OneToOneField(FollowUp, models.PROTECT, related_name="answer", verbose_name=_("follow-up"))
    # Who answered: the supervisor, or a member of staff for them. The name outlives the account.
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supervisor")
    )
    author = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    by_name = models.CharField(_("answered by"), max_length=210)
    # The days that were asked about, as they stood on the page.
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    no_show = models.BooleanField(_("never came"))
    going = models.CharField(_("how it goes"), max_length=20, choices=Going, blank=True)
    hours = models.DecimalField(
        _("hours present"), max_digits=6, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    works_well = models.TextField(_("what works well"), blank=True)
    needs = models.TextField(_("what is needed"), blank=True)
    wishes = models.TextField(_("wishes"), blank=True)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    filed_at = models.DateTimeField(_("filed"), default=timezone.now, editable=False)
    amended_at = models.DateTimeField(_("changed"), null=True, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    read_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("read by")
    )
    read_by_name = models.CharField(_("read by"), max_length=210, blank=True, editable=False)

    objects = FollowUpAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at", "-pk"]
        verbose_name = _("answer to a follow-up")
        verbose_name_plural = _("answers to follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) ^ Q(author__isnull=True), name="followup_answer_by_one"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="followup_answer_period_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(no_show=True, going="", hours__isnull=True, works_well="", needs="", wishes="")
                | Q(no_show=False, going__in=Going.values),
                name="followup_answer_no_show_or_how_it_goes",
                violation_error_message=_("Say how it goes, unless the person never came."),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0),
                name="followup_answer_hours_not_negative",
                violation_error_message=_("Hours cannot be less than 0."),
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True, read_by_name="")
                | Q(read_at__isnull=False, read_by__isnull=False) & ~Q(read_by_name=""),
                name="followup_answer_read_by_somebody",
            ),
        ]
        indexes = [
            # Min dag: the few answers that nobody has read.
            models.Index(fields=["followup"], name="followup_answer_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.filed_at):%Y-%m-%d}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The days the answer is about, first and last."""
        return self.period_start, self.period_end


@tracked()
class AnswerReply(models.Model):
    """What the job coach answers the supervisor, which the supervisor reads on the page of the link. It is mailed as
    a link, never as text."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(FollowUpAnswer, models.PROTECT, related_name="replies", verbose_name=_("answer"))
    text = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    mail = models.ForeignKey("delivery.Mail", models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["answer", "written_at"]
        verbose_name = _("reply to an answer")
        verbose_name_plural = _("replies to answers")

    def __str__(self) -> str:
        return f"{timezone.localdate(self.written_at):%Y-%m-%d}"
