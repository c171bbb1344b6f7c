"""What an administrator has to look into: somebody whom two units want to answer for on the same days."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import Unit
from participants.models.following import follows
from participants.models.participant import Participant
from participants.models.question import AdministratorsQuestion


@follows("participant")
@tracked()
class EnrolmentQuestion(AdministratorsQuestion):
    """A unit wanted to enrol somebody who is enrolled in another one, which it may not know.

    It was told only that the enrolment cannot be saved; an administrator finds out with the units who is to answer
    for the person.
    """

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="enrolment_questions", verbose_name=_("participant")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("the unit that wanted to enrol"))
    start = models.DateField(_("from"))

    class Meta(AdministratorsQuestion.Meta):
        abstract = False
        verbose_name = _("question about an enrolment")
        verbose_name_plural = _("questions about enrolments")
        constraints = [
            # Somebody who tries again asks nothing new.
            models.UniqueConstraint(
                fields=["participant", "unit"],
                condition=Q(handled_at__isnull=True),
                name="enrolment_question_waits_once",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("enrolment_questions:question", args=[self.public_id])
