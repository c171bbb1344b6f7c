"""What an employer has agreed to and promised, and whether its workplaces are fit to receive."""

import datetime as dt
import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from placements.models.employer import Employer, Workplace
from placements.querysets import CommitmentQuerySet, EmployerAgreementQuerySet


class AgreementKind(models.TextChoices):
    """What an agreement with an employer is about."""

    PLACES = "places", _("Places for placements")
    NETWORK = "network", _("Membership of an employers' network")
    CLAUSE = "clause", _("Employment condition in a procurement")
    OTHER = "other", pgettext_lazy("agreement", "Other")


@tracked()
class EmployerAgreement(models.Model):
    """What the municipality and an employer have agreed, from a day to a day."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="agreements", verbose_name=_("employer"))
    kind = models.CharField(_("kind"), max_length=20, choices=AgreementKind)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    terms = models.TextField(_("what is agreed"), max_length=2000, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = EmployerAgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = _("agreement with an employer")
        verbose_name_plural = _("agreements with employers")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AgreementKind.values), name="employer_agreement_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="employer_agreement_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from:%Y-%m-%d}"

    def holds_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class CommitmentKind(models.TextChoices):
    """What an employer has promised to do (Uppsala, En god investering)."""

    EMPLOY = "employ", _("Employ")
    PLACEMENT = "placement", pgettext_lazy("commitment", "Places for placements")
    VISIT = "visit", _("Study visit")
    LECTURE = "lecture", _("Lecture")
    MENTOR = "mentor", _("Mentorship")
    OTHER = "other", pgettext_lazy("commitment", "Own idea")


@tracked()
class Commitment(models.Model):
    """So many of something that an employer has promised by a day, and how many it came to."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="commitments", verbose_name=_("employer"))
    agreement = models.ForeignKey(
        EmployerAgreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("agreement"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CommitmentKind)
    about = models.CharField(_("what"), max_length=200, blank=True)
    promised = models.PositiveSmallIntegerField(_("promised"), default=1, validators=[MinValueValidator(1)])
    due = models.DateField(_("by"))
    fulfilled = models.PositiveSmallIntegerField(_("fulfilled"), default=0)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CommitmentKind.values), name="commitment_kind_known"),
            models.CheckConstraint(condition=Q(promised__gte=1), name="commitment_promises_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due:%Y-%m-%d}"

    @property
    def outstanding(self) -> int:
        """How many of what was promised have not come yet."""
        return max(0, self.promised - self.fulfilled)


class Insurance(models.TextChoices):
    """Who insures those who are at the workplace without being employed there."""

    MUNICIPALITY = "municipality", _("The municipality's insurance")
    EMPLOYER = "employer", pgettext_lazy("insurance", "The employer's insurance")
    STATE = "state", _("The state's insurance, for those whom the employment service refers")


class CheckState(models.TextChoices):
    """What the latest check of a workplace says on a day (`WorkplaceQuerySet.with_check`)."""

    PASSED = "passed", _("Checked")
    OLD = "old", _("The check is old")
    FAILED = "failed", _("Something is not in order")
    MISSING = "missing", pgettext_lazy("workplace", "Not checked")


@tracked()
class WorkplaceCheck(models.Model):
    """That somebody has looked at a workplace before anybody is placed there: the risks, the introduction, who
    insures. Unanswered is not right. The latest one counts."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="checks", verbose_name=_("workplace"))
    checked_on = models.DateField(_("checked"))
    risks_assessed = models.BooleanField(_("the risks are assessed"))
    introduction = models.BooleanField(_("there is an introduction"))
    insurance = models.CharField(_("insurance"), max_length=20, choices=Insurance, blank=True)
    note = models.TextField(_("what was seen"), max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-checked_on", "-pk"]
        verbose_name = _("check of a workplace")
        verbose_name_plural = _("checks of workplaces")
        constraints = [
            models.CheckConstraint(condition=Q(insurance__in=["", *Insurance.values]), name="check_insurance_known"),
        ]
        indexes = [
            # The latest check of each workplace: its page, and what a booking asks.
            models.Index(fields=["workplace", "-checked_on"], name="workplace_check_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.checked_on:%Y-%m-%d}"

    @property
    def is_passed(self) -> bool:
        """Whether everything that is asked was in order."""
        return self.risks_assessed and self.introduction and bool(self.insurance)
