"""The competence catalogue: the words in which it is described what somebody can do, version by version."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from competence.querysets import CatalogueVersionQuerySet, CompetenceQuerySet
from vocabulary.models import OccupationalArea


def never_changes_when_published(column: str = "version_id"):
    """The trigger that keeps a published catalogue as it was: old assessments and drafts keep their wording. Of its
    parts (`column` says of which version they are) it keeps new ones out, too."""
    is_part = column != "id"
    changed = pgtrigger.Update | pgtrigger.Delete
    return pgtrigger.Trigger(
        name="published_never_changes",
        operation=changed | pgtrigger.Insert if is_part else changed,
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (SELECT FROM competence_catalogueversion WHERE published_at IS NOT NULL
                       AND (TG_OP <> 'INSERT' AND id = OLD.{column} OR TG_OP <> 'DELETE' AND id = NEW.{column})) THEN
                RAISE EXCEPTION 'a published catalogue never changes: publish a new version';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@tracked()
class CatalogueVersion(models.Model):
    """One version of the catalogue. What is published is never changed; a change is a new version."""

    code = models.CharField(_("version"), max_length=20, unique=True)
    # What is new in it, for those who choose between versions.
    note = models.CharField(_("what is new"), max_length=500, blank=True)
    # The version it was begun from; what is new is told against it.
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Who changed it last, and when.
    written_by_name = models.CharField(_("written by"), max_length=210, blank=True)
    written_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    # Counted up by every change of a draft, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # Empty: still being worked on. The published one that came last is the one to choose statements from.
    published_at = models.DateTimeField(_("published"), null=True, default=timezone.now)
    # Empty: it came with the product.
    published_by_name = models.CharField(_("published by"), max_length=210, blank=True)
    # Of the file it was loaded from, so that a file that was changed afterwards is noticed.
    source_sha256 = models.CharField(max_length=64, blank=True)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        ordering = ["published_at", "pk"]
        verbose_name = _("version of the catalogue")
        verbose_name_plural = _("versions of the catalogue")
        triggers = [never_changes_when_published("id")]

    def __str__(self) -> str:
        return self.code

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class CatalogueRow(models.Model):
    """What every part of a catalogue version has: its version, its code there, its place in the order."""

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="%(class)ss", db_index=False)
    code = models.CharField(_("code"), max_length=30)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="%(class)s_code_once")]
        triggers = [never_changes_when_published()]

    def __str__(self) -> str:
        return self.code


class CatalogueModule(CatalogueRow):
    """One of the modules of an assessment: language, social skills, general competences, practical skills."""

    label = models.CharField(_("name"), max_length=200)
    label_en = models.CharField(_("name in English"), max_length=200, blank=True)
    question = models.CharField(_("question"), max_length=300)
    question_en = models.CharField(_("question in English"), max_length=300, blank=True)
    # The module whose competences are those of the occupational area.
    by_area = models.BooleanField(default=False)
    uses_cefr = models.BooleanField(default=False)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("module of the catalogue")
        verbose_name_plural = _("modules of the catalogue")


class CatalogueArea(CatalogueRow):
    """An occupational area as this version describes it: its occupations (SSYK 2012), what they formally require."""

    # Empty only in a draft, of an area that is new: it may be chosen for workplaces once it is published.
    area = models.ForeignKey(OccupationalArea, models.PROTECT, null=True, related_name="+", db_index=False)
    label = models.CharField(_("name"), max_length=200)
    label_en = models.CharField(_("name in English"), max_length=200, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    # [{"code": "9412", "label": "Restaurang- och köksbiträden m.fl."}], the most usual one first.
    occupations = models.JSONField(_("occupations (SSYK)"), default=list)
    formal_requirements = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    # The least Swedish that is asked for: {"skill": "INTERACTION", "level": "B1", "applies_to": "…"}. Empty: none.
    language_gate = models.JSONField(_("least Swedish"), default=dict, blank=True)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("occupational area of the catalogue")
        verbose_name_plural = _("occupational areas of the catalogue")

    def __str__(self) -> str:
        return self.label


class Competence(CatalogueRow):
    """Something one can do at work, in a sentence that can follow the person's name."""

    text = models.CharField(_("text"), max_length=300)
    text_en = models.CharField(_("text in English"), max_length=300, blank=True)
    module = models.ForeignKey(CatalogueModule, models.PROTECT, related_name="competences")
    # Empty: of use in every occupation.
    area = models.ForeignKey(
        CatalogueArea, models.PROTECT, null=True, blank=True, related_name="competences", db_index=False
    )

    objects = CompetenceQuerySet.as_manager()

    class Meta(CatalogueRow.Meta):
        verbose_name = _("competence")
        verbose_name_plural = _("competences")

    def __str__(self) -> str:
        return self.text


class SupportLevel(CatalogueRow):
    """How much support somebody needs with a competence, not how good they are. `value` rises with independence."""

    value = models.PositiveSmallIntegerField(_("level"))
    label = models.CharField(_("name"), max_length=100)
    label_en = models.CharField(_("name in English"), max_length=100, blank=True)
    # How the certificate says it; a level without phrase never stands on one.
    phrase = models.CharField(_("phrase"), max_length=200, blank=True)
    phrase_en = models.CharField(_("phrase in English"), max_length=200, blank=True)
    needs_evidence = models.BooleanField(default=False)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("level of support")
        verbose_name_plural = _("levels of support")


class EvidenceType(CatalogueRow):
    """What an assessment builds on: seen at work, a conversation, a sample of work, a course."""

    label = models.CharField(_("name"), max_length=100)
    label_en = models.CharField(_("name in English"), max_length=100, blank=True)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("type of evidence")
        verbose_name_plural = _("types of evidence")


class LanguageSkill(CatalogueRow):
    """A skill that the common European framework (CEFR, A1–C2) grades by itself: listening, reading, writing."""

    label = models.CharField(_("name"), max_length=100)

    class Meta(CatalogueRow.Meta):
        verbose_name = _("language skill")
        verbose_name_plural = _("language skills")
