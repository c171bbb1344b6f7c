"""The live figures of a period, kept as a PDF."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit
from delivery.models import Document
from reporting.periods import Period
from reporting.querysets import FiguresReportQuerySet
from reporting.question import Question


@tracked(exclude=("statements",))  # written once with the row
class FiguresReport(models.Model):
    """The figures of a period as a numbered PDF: what was asked, and the document it became.

    The figures are those known when it was asked for; what is registered later does not change it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+", verbose_name=_("document"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    period = models.CharField(_("period"), max_length=30)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    as_of = models.DateField(_("as known on"))
    # The stored statements (`reporting.statement`) of the period and of those it is compared with.
    statements = models.JSONField(default=list, editable=False)

    objects = FiguresReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("report of figures")
        verbose_name_plural = _("reports of figures")
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="figures_report_period"),
            models.CheckConstraint(condition=Q(as_of__gte=F("period_start")), name="figures_report_as_of"),
        ]

    def __str__(self) -> str:
        return self.document.number

    def get_absolute_url(self) -> str:
        return reverse("reporting:pdf_file", args=[self.public_id])

    @property
    def question(self) -> Question:
        """What was asked."""
        return Question(Period.parse(self.period), self.as_of, self.unit)
