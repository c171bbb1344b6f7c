"""Who stands in for whom while somebody is away."""

import datetime as dt
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit, User
from participants.models.enrolment import Days
from participants.querysets import DeputyQuerySet


@tracked()
class Deputy(models.Model):
    """Somebody who stands in for a colleague of the same unit, from a day to a day, both included.

    Until then the colleague's rows stand in the deputy's Min dag. The participants keep their job coach, and the
    deputy sees nobody whom a role in the unit, or an access list, does not let them see.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    absent = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who is away"))
    deputy = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("who stands in")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    made_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    made_by_name = models.CharField(max_length=210, editable=False)
    # Taken back, or ended before its last day.
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by_name = models.CharField(max_length=210, blank=True, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "-pk"]
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            ExclusionConstraint(
                name="deputy_one_at_a_time",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (Days("start", "end"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("Somebody stands in already on one of these days."),
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="deputy_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message=_("Nobody stands in for themselves."),
            ),
        ]
        indexes = [
            # Min dag: for whom does this user stand in today? The constraint's own index serves the absent.
            models.Index(fields=["deputy", "end"], name="deputy_for", condition=Q(ended_at__isnull=True)),
            # The unit's page.
            models.Index(fields=["unit", "-start"], name="deputy_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}–{self.end:%Y-%m-%d}"

    def holds_on(self, day: dt.date) -> bool:
        return self.ended_at is None and self.start <= day <= self.end

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.end < timezone.localdate()

    @property
    def is_now(self) -> bool:
        return self.holds_on(timezone.localdate())
