"""What became of the person after the closure."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from participants.models.enrolment import Enrolment
from vocabulary.codes import AftercareStatus

#: The points of time at which the aftercare asks, in days after the closure.
AFTERCARE_DAYS = (90, 180, 365)


@tracked()
class Aftercare(models.Model):
    """The answer to "what are you doing now?" at a set time after a closure (efteruppföljning)."""

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="aftercare", db_index=False, verbose_name=_("enrolment")
    )
    days_after = models.PositiveSmallIntegerField(
        _("days after the closure"), choices=[(days, str(days)) for days in AFTERCARE_DAYS]
    )
    status = models.CharField(_("status"), max_length=20, choices=AftercareStatus)
    checked = models.DateField(_("checked"))
    # Answered by a link (AftercareLink), and when staff first took note of it; until then the person can change it.
    by_person = models.BooleanField(_("answered by the person"), default=False, db_default=False)
    seen_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "days_after"]
        verbose_name = _("aftercare")
        verbose_name_plural = _("aftercare")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "days_after"], name="aftercare_once_each_time"),
            models.CheckConstraint(condition=Q(days_after__in=AFTERCARE_DAYS), name="aftercare_at_known_times"),
            models.CheckConstraint(condition=Q(status__in=AftercareStatus.values), name="aftercare_status_known"),
            models.CheckConstraint(
                condition=Q(by_person=False, seen_at__isnull=True)
                | Q(by_person=True) & ~Q(status=AftercareStatus.NOT_REACHED),
                name="aftercare_by_person_is_an_answer",
            ),
        ]
        indexes = [
            # What persons have answered and nobody has read: a list of Min dag.
            models.Index(
                fields=["enrolment"], name="aftercare_unread", condition=Q(by_person=True, seen_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.days_after}"
