"""The mapping of what a person can and wants (kartläggning): versions, their sections, what follows from them."""

import uuid

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.enrolment import Enrolment
from vocabulary.codes import LanguageLevel, LanguageSkill, SupportObstacle
from vocabulary.models import Occupation


class MappingState(models.TextChoices):
    """A draft is written in; a completed mapping is never changed: what has changed since is a new mapping."""

    DRAFT = "draft", pgettext_lazy("mapping", "Draft")
    COMPLETED = "completed", pgettext_lazy("mapping", "Completed")


class MappingSectionKey(models.TextChoices):
    """The parts of the conversation, in their order."""

    WORK = "arbete", pgettext_lazy("mapping", "Work")
    EDUCATION = "utbildning", pgettext_lazy("mapping", "Education")
    LANGUAGE = "sprak", pgettext_lazy("mapping", "Language")
    DIGITAL = "digitalt", pgettext_lazy("mapping", "Digital skills")
    OBSTACLES = "hinder", pgettext_lazy("mapping", "What is in the way")
    HEALTH = "halsa", pgettext_lazy("mapping", "Health")
    DRIVING = "resor", pgettext_lazy("mapping", "Driving licence and travel")
    GOALS = "mal", pgettext_lazy("mapping", "Interests and goals")
    STRENGTHS = "styrkor", pgettext_lazy("mapping", "Strengths")


def never_changes_when_completed(mapping: str = "OLD.mapping_id") -> pgtrigger.Trigger:
    """The trigger that keeps a completed mapping as it was, whoever writes."""
    return pgtrigger.Trigger(
        name="completed_never_changes",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (SELECT FROM participants_mapping WHERE id = {mapping} AND state = 'completed') THEN
                RAISE EXCEPTION 'a completed mapping never changes: begin a new one';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@tracked()
class Mapping(models.Model):
    """One round of mapping in an enrolment: what the person and the coach found out together, section by section.

    `asked` holds the questions in the words in which they were put, once it is completed, so that it is read in them
    however the form changes later.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="mappings", verbose_name=_("enrolment"))
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    state = models.CharField(_("state"), max_length=20, choices=MappingState, default=MappingState.DRAFT)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    begun_by_name = models.CharField(max_length=210, blank=True, editable=False)
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    completed_by_name = models.CharField(max_length=210, blank=True, editable=False)
    asked = models.JSONField(default=list, encoder=DjangoJSONEncoder, editable=False)

    class Meta:
        ordering = ["enrolment", "-number"]
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="mapping_number_once"),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=MappingState.DRAFT),
                name="mapping_one_draft",
                violation_error_message=_("A mapping is already being written."),
            ),
            models.CheckConstraint(
                condition=Q(state=MappingState.DRAFT, completed_on__isnull=True)
                | Q(state=MappingState.COMPLETED, completed_on__isnull=False),
                name="mapping_completed_on_a_day",
            ),
        ]
        indexes = [
            # Who has a mapping, and of which day (Min dag, the list's flags, the step line).
            models.Index(
                fields=["enrolment", "completed_on"],
                name="mapping_completed",
                condition=Q(state=MappingState.COMPLETED),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="completed_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state=MappingState.COMPLETED),
                func="RAISE EXCEPTION 'a completed mapping never changes: begin a new one';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_completed(self) -> bool:
        return self.state == MappingState.COMPLETED


class MappingSection(models.Model):
    """What was answered in one section of a mapping, by the questions' keys; saved while somebody writes.

    Of a draft no history is kept (it is no record yet); a completed one never changes. `talked` says that it was
    talked about, though there may be nothing to say. The section about health is closed until `opened_why` says why
    it is needed (lag 2001:454 7 §).
    """

    mapping = models.ForeignKey(
        Mapping, models.CASCADE, related_name="sections", db_index=False, verbose_name=_("mapping")
    )
    key = models.CharField(_("section"), max_length=20, choices=MappingSectionKey)
    answers = models.JSONField(_("answers"), default=dict, encoder=DjangoJSONEncoder)
    talked = models.BooleanField(_("talked about"), default=False)
    opened_why = models.CharField(_("why health is asked about"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The page that saved last, so that a page does not stand in its own way.
    window = models.UUIDField(null=True, editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    edited_by_name = models.CharField(max_length=210, blank=True, editable=False)

    class Meta:
        ordering = ["mapping", "pk"]
        verbose_name = _("section of a mapping")
        verbose_name_plural = _("sections of mappings")
        constraints = [models.UniqueConstraint(fields=["mapping", "key"], name="mapping_section_once")]
        triggers = [never_changes_when_completed()]

    def __str__(self) -> str:
        return self.get_key_display()


class MappedLanguage(models.Model):
    """The level of one language skill by CEFR, as a completed mapping found it: what gates of tracks and matching
    ask for."""

    mapping = models.ForeignKey(
        Mapping, models.CASCADE, related_name="languages", db_index=False, verbose_name=_("mapping")
    )
    skill = models.CharField(_("skill"), max_length=20, choices=LanguageSkill)
    level = models.CharField(_("level"), max_length=10, choices=LanguageLevel)
    assessed_on = models.DateField(_("assessed"), null=True)
    assessor = models.CharField(_("assessor"), max_length=200, blank=True)

    class Meta:
        ordering = ["mapping", "pk"]
        verbose_name = _("level of language")
        verbose_name_plural = _("levels of language")
        constraints = [models.UniqueConstraint(fields=["mapping", "skill"], name="mapped_language_once")]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class MappedObstacle(models.Model):
    """What stood in the way of supporting oneself when a mapping was completed, by the official list."""

    mapping = models.ForeignKey(
        Mapping, models.CASCADE, related_name="obstacles", db_index=False, verbose_name=_("mapping")
    )
    obstacle = models.CharField(_("obstacle to self-support"), max_length=40, choices=SupportObstacle)

    class Meta:
        ordering = ["mapping", "pk"]
        verbose_name = _("obstacle to self-support")
        verbose_name_plural = _("obstacles to self-support")
        constraints = [models.UniqueConstraint(fields=["mapping", "obstacle"], name="mapped_obstacle_once")]

    def __str__(self) -> str:
        return self.get_obstacle_display()


class GoalOccupation(models.Model):
    """An occupation that the participant aims for, in the order of preference, as a completed mapping says."""

    mapping = models.ForeignKey(
        Mapping, models.CASCADE, related_name="goal_occupations", db_index=False, verbose_name=_("mapping")
    )
    occupation = models.ForeignKey(Occupation, models.PROTECT, related_name="+", verbose_name=_("occupation"))
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["mapping", "order"]
        verbose_name = _("goal occupation")
        verbose_name_plural = _("goal occupations")
        constraints = [models.UniqueConstraint(fields=["mapping", "order"], name="goal_occupation_order_once")]

    def __str__(self) -> str:
        return str(self.occupation)


class QuestionKind(models.TextChoices):
    """How a question of the municipality's own is answered."""

    TEXT = "text", _("A few lines")
    NUMBER = "number", _("A number")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Some of several")
    DATE = "date", _("A day")


@tracked()
class MappingQuestion(models.Model):
    """A question that the municipality has added to the mapping without code. One that has ended is asked no more;
    completed mappings keep the words in which it was put."""

    section = models.CharField(_("section"), max_length=20, choices=MappingSectionKey)
    label = models.CharField(_("question"), max_length=200)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind, default=QuestionKind.TEXT)
    choices = models.TextField(_("choices"), blank=True, max_length=2000)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    valid_from = models.DateField(_("asked from"), default=timezone.localdate)
    valid_to = models.DateField(_("asked until"), null=True, blank=True)

    class Meta:
        ordering = ["section", "order", "pk"]
        verbose_name = _("question of the mapping")
        verbose_name_plural = _("questions of the mapping")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="mapping_question_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(choices="") | ~Q(kind__in=["choice", "choices"]),
                name="mapping_question_with_choices",
                violation_error_message=_("Write the choices, one on each line."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def key(self) -> str:
        """By which its answers are kept."""
        return f"own-{self.pk}"

    @property
    def options(self) -> list[str]:
        """What can be chosen, in the order in which it was written."""
        return list(dict.fromkeys(filter(None, (line.strip() for line in self.choices.splitlines()))))
