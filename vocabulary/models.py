"""Reference data of the field that comes and goes: kept in tables, loaded from shipped files after migrate."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccupationalArea(models.Model):
    """An area of work in which the municipality offers placements (about twenty, not one list a workplace)."""

    code = models.CharField(_("code"), max_length=10, primary_key=True)
    label = models.CharField(_("label"), max_length=200)

    class Meta:
        ordering = ["label"]
        verbose_name = _("occupational area")
        verbose_name_plural = _("occupational areas")

    def __str__(self) -> str:
        return self.label
