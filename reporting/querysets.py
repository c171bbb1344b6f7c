"""Which reports exist for whom."""

from django.db import models
from django.db.models import Q

from delivery.states import JobState
from reporting.permissions import figures_scope


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
        return self.filter(Q(job__state=JobState.QUEUED) | Q(job__state=JobState.RUNNING), document__made_at=None)
