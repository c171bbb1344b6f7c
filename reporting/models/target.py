"""How many municipal employments a department is to receive."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from placements.models import Employer
from reporting.periods import Period
from reporting.querysets import TargetQuerySet


@tracked()
class Target(models.Model):
    """The number of municipal employments that a department is to receive in a period, as the committee has decided.
    Entered by a manager of the whole municipality; the figures `delivered`, `stock` and `fte` are set against it."""

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("department"))
    period = models.CharField(_("period"), max_length=30)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    number = models.PositiveIntegerField(_("target"), validators=[MaxValueValidator(100_000)])
    # Counted up with every change, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["-period_end", "employer__name", "pk"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "period_start", "period_end"],
                name="target_one_per_department_and_period",
                violation_error_message=_("The department has a target for this period already."),
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="target_period"),
        ]

    def __str__(self) -> str:
        return f"{self.employer}, {Period.parse(self.period)}: {self.number}"

    @property
    def seen(self) -> str:
        """What an editor has seen of the target, its number first: another after each change and beginning anew."""
        return f"{self.number}-{self.pk}-{self.revision}"
