"""Who may do what: users, units, memberships, the access log and the municipality's settings."""

import datetime as dt
import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.querysets import UnitQuerySet, UserManager
from accounts.scope import Memberships


class Role(models.TextChoices):
    """What a member may do; where, is said by the membership's unit."""

    JOB_COACH = "job_coach", _("Job coach")
    PLACEMENT_COORDINATOR = "placement_coordinator", _("Placement coordinator")
    MANAGER = "manager", _("Manager")
    ANALYST = "analyst", _("Analyst")
    UNION_REPRESENTATIVE = "union_representative", _("Union representative")
    ADMINISTRATOR = "administrator", _("Administrator")


class LegalBasis(models.TextChoices):
    """The law a unit works under; it decides the secrecy ground and the retention of its cases."""

    SOCIAL_SERVICES = "social_services", _("Social services")
    LABOUR_MARKET = "labour_market", _("Labour-market work")


@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser):
    """A person employed by the municipality who logs in. Never deleted: deactivated, so that the logs stay whole."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    class Meta:
        ordering = ["family_name", "given_name", "pk"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="user_email_unique_whatever_case",
                violation_error_message=_("There is already a user with this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.given_name

    @property
    def reach(self) -> Memberships:
        """The user's memberships, read once per user object: what every permission and every scope asks."""
        if not hasattr(self, "_reach"):
            rows = self.memberships.values_list("role", "unit_id", "may_export") if self.is_active and self.pk else ()
            self._reach = Memberships(rows)
        return self._reach


@tracked()
class Unit(models.Model):
    """A unit that works with participants. Secrecy boundaries run between units.

    Its name and legal basis are dated terms, so a renamed unit keeps its figures and its history.
    """

    code = models.CharField(_("code"), max_length=100, unique=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def term_on(self, day: dt.date) -> "UnitTerm":
        """The name and legal basis valid on `day`; before the first term, the first one."""
        terms = sorted(self.terms.all(), key=lambda term: term.valid_from)
        return next((term for term in reversed(terms) if term.valid_from <= day), terms[0])

    @property
    def name(self) -> str:
        return self.term_on(timezone.localdate()).name

    @property
    def legal_basis(self) -> str:
        return self.term_on(timezone.localdate()).legal_basis

    @property
    def legal_basis_label(self) -> str:
        return self.term_on(timezone.localdate()).get_legal_basis_display()


@tracked()
class UnitTerm(models.Model):
    """What a unit is called, and the law it works under, from a day until the next term begins."""

    #: The first term of a unit whose beginning nobody knows.
    SINCE_EVER = dt.date(1900, 1, 1)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="terms", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    valid_from = models.DateField(_("valid from"), default=SINCE_EVER)

    class Meta:
        ordering = ["unit", "valid_from"]
        verbose_name = _("unit name")
        verbose_name_plural = _("unit names")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                name="unit_term_one_a_day",
                violation_error_message=_("The unit already has a name from this date."),
            ),
            models.CheckConstraint(
                condition=Q(legal_basis__in=LegalBasis.values), name="unit_term_legal_basis_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_first(self) -> bool:
        """Whether it has held since ever, so that its first day says nothing."""
        return self.valid_from == self.SINCE_EVER


@tracked()
class Membership(models.Model):
    """A user's role in one unit, or in the whole municipality (no unit)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("user"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    # Managers and placement coordinators may by their role; a job coach when an administrator says so.
    may_export = models.BooleanField(_("may take lists out"), default=False, db_default=False)

    class Meta:
        ordering = ["user", "pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message=_("The user already has this role in this unit."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            # Users, settings and reference data belong to the municipality, not to a unit.
            models.CheckConstraint(
                condition=~Q(role=Role.ADMINISTRATOR) | Q(unit__isnull=True),
                name="membership_administrator_of_whole_municipality",
                violation_error_message=_("An administrator belongs to the whole municipality, not to a unit."),
            ),
            models.CheckConstraint(
                condition=Q(may_export=False) | Q(role=Role.JOB_COACH),
                name="membership_export_is_granted_to_coaches",
                violation_error_message=_("The right to take lists out is given to job coaches."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


class AccessLogEntry(models.Model):
    """One look at a person's file, or another act that shows who learnt what: lag 2001:454 10 §.

    Also each sign-in, and each attempt at one: there nobody is the actor, and the account that was tried the subject.

    Append-only for the application's database role. `subject` is the public id of what was looked at, no foreign key,
    and the actor's name is kept beside the key: the log outlives both the account and the case.
    """

    class Act(models.TextChoices):
        OPENED = "opened", _("Opened the file")
        SEARCHED = "searched", _("Searched")
        EXPORTED = "exported", _("Exported")
        DOWNLOADED = "downloaded", _("Downloaded")
        UNMASKED = "unmasked", _("Saw the identity number")
        DENIED = "denied", _("Was denied")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("Failed to sign in")

    append_only = True

    at = models.DateTimeField(_("when"), default=timezone.now, db_default=Now())
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("who")
    )
    actor_name = models.CharField(_("name"), max_length=210)
    act = models.CharField(_("what"), max_length=20, choices=Act)
    subject_kind = models.CharField(_("kind of subject"), max_length=40, blank=True)
    subject = models.UUIDField(_("subject"), null=True)
    detail = models.JSONField(_("detail"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        indexes = [
            # "Who has looked at this person's file?"
            models.Index(fields=["subject", "-at"], name="access_log_by_subject"),
            # "What has this user looked at?" and the log page, newest first.
            models.Index(fields=["actor", "-at"], name="access_log_by_actor"),
            models.Index(fields=["-at"], name="access_log_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.act}"


@tracked()
class MunicipalSetting(models.Model):
    """A value that this municipality has changed from its documented default (`accounts.municipal`)."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    value = models.JSONField(_("value"))

    class Meta:
        ordering = ["key"]
        verbose_name = _("setting")
        verbose_name_plural = _("settings")

    def __str__(self) -> str:
        return self.key
