"""What an administrator has to look into: a number that belongs to two files, it seems."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from participants.models.following import follows
from participants.models.participant import Participant
from participants.models.question import AdministratorsQuestion


@follows("participant", "known_on")
@tracked()
class NumberQuestion(AdministratorsQuestion):
    """Somebody wanted to give a participant a number that stands on another one, whom they may not see.

    They were told only that the number cannot be saved; an administrator finds out whether the two are one person, or
    one of the numbers is wrong. The number itself is not kept here: `known_on` has it, or had it. A temporary number
    may stand on both, so it was saved and nothing was told; but perhaps they are one person.
    """

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="number_questions", verbose_name=_("participant")
    )
    known_on = models.ForeignKey(
        Participant, models.PROTECT, related_name="+", verbose_name=_("who has the number already")
    )
    temporary = models.BooleanField(_("about a temporary number"), default=False, db_default=False)

    class Meta(AdministratorsQuestion.Meta):
        abstract = False
        verbose_name = _("question about a number")
        verbose_name_plural = _("questions about numbers")
        constraints = [
            # Somebody who tries again asks nothing new.
            models.UniqueConstraint(
                fields=["participant", "known_on"],
                condition=Q(handled_at__isnull=True),
                name="number_question_waits_once",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("number_questions:question", args=[self.public_id])
