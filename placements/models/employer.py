"""Who receives: employers and their workplaces."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from vocabulary.codes import EmployerKind
from vocabulary.models import OccupationalArea

#: Figures group employers by code or by kind, and add a total: a code may be none of these.
RESERVED_CODES = (*EmployerKind.values, "total")


@tracked()
class Employer(models.Model):
    """A department of the municipality, one of its companies, or another organisation that receives participants."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=EmployerKind)
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)

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

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="workplaces", verbose_name=_("employer"))
    name = models.CharField(_("name"), max_length=200)
    occupational_area = models.ForeignKey(
        OccupationalArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("occupational area"),
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("workplace")
        verbose_name_plural = _("workplaces")

    def __str__(self) -> str:
        return self.name
