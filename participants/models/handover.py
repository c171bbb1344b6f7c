"""Who took whom over: the participants that pass from one job coach to another."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment


@tracked()
class Handover(models.Model):
    """A participant was given to a job coach, from another or from nobody, with a note for who takes over.

    The coach of today stands on the enrolment (`Enrolment.coach`); these rows say how it came to be. Whom a register
    gave to its first coach has none; a change that came with one was done by nobody (`by` is empty).
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="handovers", verbose_name=_("enrolment"))
    from_coach = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("from")
    )
    from_name = models.CharField(max_length=210, blank=True, editable=False)
    to_coach = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("to"))
    to_name = models.CharField(max_length=210, editable=False)
    note = models.TextField(_("note to who takes over"), max_length=2000, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, blank=True, editable=False)
    seen_at = models.DateTimeField(_("read"), null=True, editable=False)

    class Meta:
        ordering = ["enrolment", "-at", "-pk"]
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_coach__isnull=True) | ~Q(from_coach=F("to_coach")),
                name="handover_to_somebody_else",
                violation_error_message=_("The participant has this job coach already."),
            ),
        ]
        indexes = [
            # Min dag: what has been handed over to me that I have not read.
            models.Index(fields=["to_coach"], name="handover_unread", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.to_name}"
