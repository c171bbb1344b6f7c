"""What is typed into the yearly answer to the national survey."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked


@tracked()
class KoladaAnswer(models.Model):
    """A value of the yearly answer to the national survey (Kommunal arbetsmarknadsstatistik) that the product does
    not hold itself, typed by a manager; or one that is to stand in place of what it holds."""

    class Gender(models.TextChoices):
        WOMEN = "women", _("Women")
        MEN = "men", _("Men")
        TOTAL = "total", _("Total")

    year = models.PositiveSmallIntegerField(_("year"))
    # The id of the indicator in Kolada, such as U40000.
    indicator = models.CharField(max_length=10)
    gender = models.CharField(max_length=5, choices=Gender)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3)
    edited_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    edited_by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["-year", "indicator", "gender"]
        verbose_name = _("answer to the national survey")
        verbose_name_plural = _("answers to the national survey")
        constraints = [
            models.UniqueConstraint(fields=["year", "indicator", "gender"], name="kolada_answer_once"),
            models.CheckConstraint(condition=Q(gender__in=["women", "men", "total"]), name="kolada_gender_known"),
            models.CheckConstraint(condition=Q(value__gte=0), name="kolada_value_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.indicator} {self.gender}"
