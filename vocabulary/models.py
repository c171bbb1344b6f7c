"""Reference data of the field that comes and goes: kept in tables, loaded from shipped files after migrate."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from vocabulary.codes import ActivityKind, RequirementType


class OccupationalArea(models.Model):
    """An area of work in which the municipality offers placements (about twenty, not one list a workplace)."""

    code = models.CharField(_("code"), max_length=10, primary_key=True)
    label = models.CharField(_("label"), max_length=200)
    # Codes of SSYK 2012: who aims for one of these occupations can try it in this area.
    occupations = models.JSONField(_("occupations (SSYK)"), default=list, db_default=[], editable=False)

    class Meta:
        ordering = ["label"]
        verbose_name = _("occupational area")
        verbose_name_plural = _("occupational areas")

    def __str__(self) -> str:
        return self.label


class ActivityFormQuerySet(models.QuerySet):
    def choosable_on(self, day: dt.date):
        """The forms that may be chosen for something that begins on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


@tracked()
class ActivityForm(models.Model):
    """A form of activity or employment (insatsform), with the days on which it exists.

    An abolished form stays readable in old records and cannot be chosen for what begins after its last day.
    """

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    label = models.CharField(_("label"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind)
    requirement = models.CharField(
        _("type of activity under the activity requirement"), max_length=20, choices=RequirementType, blank=True
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # Added or changed by the municipality: the shipped file leaves it alone from then on.
    is_own = models.BooleanField(_("the municipality's own"), default=False, editable=False)

    objects = ActivityFormQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        verbose_name = _("form of activity")
        verbose_name_plural = _("forms of activity")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_form_kind_known"),
            models.CheckConstraint(
                condition=Q(requirement__in=["", *RequirementType.values]), name="activity_form_requirement_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="activity_form_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def is_choosable_on(self, day: dt.date) -> bool:
        """Whether it may be chosen for something that begins on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Occupation(models.Model):
    """A group of occupations by SSYK 2012, four digits: what a participant aims for, and what employers need."""

    code = models.CharField(_("SSYK code"), max_length=4, primary_key=True)
    label = models.CharField(_("occupation"), max_length=200)

    class Meta:
        ordering = ["label"]
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")

    def __str__(self) -> str:
        return self.label

    @property
    def told(self) -> str:
        """As it is chosen and read: the name with its code."""
        return f"{self.label} ({self.code})"
