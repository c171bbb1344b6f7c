"""Who receives: employers and their workplaces."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from placements.querysets import EmployerQuerySet, WorkplaceQuerySet
from vocabulary.codes import EmployerKind
from vocabulary.models import OccupationalArea

#: Figures group employers by code or by kind, and add a total: a code may be none of these.
RESERVED_CODES = (*EmployerKind.values, "total")


@tracked()
class Employer(models.Model):
    """A department of the municipality, one of its companies, or another organisation that receives participants."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=EmployerKind)
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("employer")
        verbose_name_plural = _("employers")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EmployerKind.values), name="employer_kind_known"),
            models.CheckConstraint(
                condition=~Q(code__in=RESERVED_CODES),
                name="employer_code_not_reserved",
                violation_error_message=_("This word is reserved: choose another code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Workplace(models.Model):
    """A place where an employer's work is done: a school kitchen, a workshop, a ward."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="workplaces", verbose_name=_("employer"))
    name = models.CharField(_("name"), max_length=200)
    street_address = models.CharField(_("street address"), max_length=200, blank=True, db_default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, db_default="")
    city = models.CharField(_("city"), max_length=100, blank=True, db_default="")
    # The last day on which anything begins there; none: it is open.
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    occupational_area = models.ForeignKey(
        OccupationalArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("occupational area"),
    )

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")

    def __str__(self) -> str:
        return self.name

    def is_closed_on(self, day: dt.date) -> bool:
        """Whether nothing begins there any more; `Workplace.objects.open_on` of one that is read already."""
        return self.closed_on is not None and self.closed_on < day


class WorkplaceClosed(Exception):
    """The workplace was closed meanwhile, so nothing and nobody new is entered there."""


@tracked()
class EmployerContact(models.Model):
    """Somebody at an employer whom the municipality turns to: about the whole, or about one of its workplaces. Who
    leads participants' work is a `Supervisor`."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="contacts", verbose_name=_("employer"))
    workplace = models.ForeignKey(
        Workplace, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("workplace")
    )
    name = models.CharField(_("name"), max_length=200)
    title = models.CharField(_("title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    # Since when the person is no longer the one to turn to.
    left_on = models.DateField(_("left"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("contact at an employer")
        verbose_name_plural = _("contacts at employers")

    def __str__(self) -> str:
        return self.name


@tracked()
class EmployerNote(models.Model):
    """What was said with an employer, or is worth knowing of one: never about a participant."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="notes", verbose_name=_("employer"))
    text = models.TextField(_("text"), max_length=4000)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    author_name = models.CharField(max_length=210, editable=False)
    at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("note about an employer")
        verbose_name_plural = _("notes about employers")

    def __str__(self) -> str:
        return f"{timezone.localdate(self.at):%Y-%m-%d}"
