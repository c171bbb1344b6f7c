"""Which reports exist for whom."""

from django.db import models

from delivery.states import JobState
from reporting.permissions import can_open_reports, figures_scope


class FiguresReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The reports of what the user may see the internal figures of, whoever had them made."""
        scope = figures_scope(user)
        return self if scope.everything else self.filter(unit__in=scope.unit_ids)

    def of_question(self, question):
        """Those that answer exactly this question."""
        return self.filter(period=question.period.name, as_of=question.as_of, unit=question.unit)

    def under_way(self):
        """Those that a job is to make, or is making."""
        return self.filter(document__job__state__in=(JobState.QUEUED, JobState.RUNNING), document__made_at=None)


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts and frozen reports of what the user may see the internal figures of, whoever writes them."""
        scope = figures_scope(user)
        return self if scope.everything else self.filter(unit__in=scope.unit_ids)


class PublicationQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def visible_to(self, user):
        """What is published, for whoever may open reports; what is being prepared only for those who lead the whole
        municipality."""
        if figures_scope(user).everything:
            return self
        return self.published() if can_open_reports(user) else self.none()


class TargetQuerySet(models.QuerySet):
    def for_period(self, period):
        """Those of exactly these days, with their departments."""
        return self.filter(period_start=period.start, period_end=period.end).select_related("employer")

    def periods(self):
        """The names of the periods that have targets, the latest first."""
        return self.order_by("-period_end", "-period_start").values_list("period", flat=True).distinct()
