"""What somebody has shown in Swedish: one level of CEFR for each skill, by whom and when."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from competence.models.assessment import Assessment
from competence.querysets import LanguageGradeQuerySet
from participants.models import Enrolment
from vocabulary.codes import LanguageLevel, LanguageSkill


class GradedBy(models.TextChoices):
    """What a level builds on."""

    TEST = "test", pgettext_lazy("level of language", "A test")
    EDUCATION = "education", pgettext_lazy("level of language", "Completed education, such as SFI")
    CONVERSATION = "conversation", pgettext_lazy("level of language", "A structured conversation")
    WORK = "work", pgettext_lazy("level of language", "Seen at work")


@tracked()
class LanguageGrade(models.Model):
    """The level of one language skill (CEFR) on a day, with its assessor: what gates of job tracks ask for.

    Later ones hold before earlier ones; one that was wrong is withdrawn with a reason, never changed.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="language_grades", db_index=False, verbose_name=_("enrolment")
    )
    skill = models.CharField(_("skill"), max_length=20, choices=LanguageSkill)
    level = models.CharField(_("level"), max_length=10, choices=LanguageLevel)
    graded_on = models.DateField(_("assessed"))
    assessor = models.CharField(_("assessor"), max_length=200)
    how = models.CharField(_("builds on"), max_length=20, choices=GradedBy)
    # The assessment it was graded in; empty for one that is entered by itself.
    assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="language_grades",
        verbose_name=_("assessment"),
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = LanguageGradeQuerySet.as_manager()

    class Meta:
        ordering = ["-graded_on", "-pk"]
        verbose_name = _("graded language skill")
        verbose_name_plural = _("graded language skills")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_why="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_why=""),
                name="language_grade_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]
        indexes = [
            # The latest of each skill of a case: gates, the certificate, the file.
            models.Index(
                fields=["enrolment", "skill", "-graded_on"],
                name="language_grade_latest",
                condition=Q(withdrawn_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"
