"""The structured assessment (kompetensunderlag): what somebody can do, stage by stage while a placement goes on."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from competence.models.catalogue import CatalogueArea, CatalogueVersion, Competence
from competence.querysets import AssessmentQuerySet
from delivery.models import SecretLink
from placements.models import Placement, Supervisor


class AssessmentStage(models.TextChoices):
    """When in the course of a placement it is assessed."""

    START = "start", pgettext_lazy("assessment", "At the start")
    MID = "mid", pgettext_lazy("assessment", "Halfway")
    FINAL = "final", pgettext_lazy("assessment", "At the end")


class AssessmentState(models.TextChoices):
    """Where an assessment stands. Signed it is locked: a correction is a new version."""

    DRAFT = "draft", pgettext_lazy("assessment", "Draft")
    COMPLETED = "completed", pgettext_lazy("assessment", "Completed")
    SIGNED = "signed", pgettext_lazy("assessment", "Signed by the supervisor")
    REVIEWED = "reviewed", pgettext_lazy("assessment", "Reviewed")


#: From where to where an assessment may go: back to draft as long as nobody has signed.
TRANSITIONS = {
    AssessmentState.DRAFT: {AssessmentState.COMPLETED},
    AssessmentState.COMPLETED: {AssessmentState.DRAFT, AssessmentState.SIGNED},
    AssessmentState.SIGNED: {AssessmentState.REVIEWED},
    AssessmentState.REVIEWED: set(),
}
LOCKED = (AssessmentState.SIGNED, AssessmentState.REVIEWED)


class SignedBy(models.TextChoices):
    """How the supervisor signed."""

    LINK = "link", pgettext_lazy("signature", "On the supervisor's page")
    PAPER = "paper", pgettext_lazy("signature", "On paper or in conversation")


@tracked()
class Assessment(models.Model):
    """An assessment of what the participant can do in a placement (kompetensunderlag), at one stage.

    A signed one never changes: a correction is a new version of the stage that says why, and the last signed version
    holds. It keeps the catalogue, and so the wording, that it was made with.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="assessments", db_index=False, verbose_name=_("placement")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=AssessmentStage)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    corrects_why = models.CharField(_("why it is corrected"), max_length=500, blank=True)
    catalogue = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(
        CatalogueArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("occupational area"),
    )
    state = models.CharField(_("state"), max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT)

    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    # Null: the supervisor began it by the link.
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    begun_by_name = models.CharField(max_length=210, editable=False)
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    completed_by_name = models.CharField(max_length=210, blank=True, editable=False)
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    signed_how = models.CharField(_("how it was signed"), max_length=10, choices=SignedBy, blank=True)
    # Who signed, and the name, which stands on the certificate however the supervisor's row changes.
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("supervisor")
    )
    signed_by_name = models.CharField(_("signed by"), max_length=210, blank=True)
    reviewed_on = models.DateField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    reviewed_by_name = models.CharField(max_length=210, blank=True, editable=False)

    # Counted up by every saving.
    revision = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, editable=False)
    edited_by_name = models.CharField(max_length=210, blank=True, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["placement", "stage", "-version"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            # By placement, too: what a file asks.
            models.UniqueConstraint(fields=["placement", "stage", "version"], name="assessment_version_once"),
            models.UniqueConstraint(
                fields=["placement", "stage"],
                condition=Q(state__in=[AssessmentState.DRAFT, AssessmentState.COMPLETED]),
                name="assessment_one_at_work",
                violation_error_message=_("The assessment of this stage is already being written."),
            ),
            models.CheckConstraint(condition=Q(stage__in=AssessmentStage.values), name="assessment_stage_known"),
            models.CheckConstraint(
                condition=Q(version=1, corrects_why="") | Q(version__gt=1) & ~Q(corrects_why=""),
                name="assessment_correction_says_why",
                violation_error_message=_("Say why the assessment is corrected."),
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.DRAFT, completed_on=None)
                | ~Q(state=AssessmentState.DRAFT) & Q(completed_on__isnull=False, area__isnull=False),
                name="assessment_completed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LOCKED, signed_on__isnull=False, signed_how__in=SignedBy.values)
                & ~Q(signed_by_name="")
                | ~Q(state__in=LOCKED) & Q(signed_on=None, signed_how="", signed_by_name="", supervisor=None),
                name="assessment_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=AssessmentState.REVIEWED, reviewed_on__isnull=False) & ~Q(reviewed_by_name="")
                | ~Q(state=AssessmentState.REVIEWED) & Q(reviewed_on=None, reviewed_by=None, reviewed_by_name=""),
                name="assessment_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on=None) | Q(reviewed_on__gte=F("signed_on")),
                name="assessment_reviewed_after_it_was_signed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=LOCKED),
                func="""
                    IF TG_OP = 'UPDATE' AND OLD.state = 'signed' AND NEW.state = 'reviewed'
                        AND ROW(NEW.placement_id, NEW.stage, NEW.version, NEW.corrects_why, NEW.catalogue_id,
                                NEW.area_id, NEW.completed_on, NEW.completed_by_name, NEW.signed_on, NEW.signed_how,
                                NEW.supervisor_id, NEW.signed_by_name)
                        IS NOT DISTINCT FROM
                            ROW(OLD.placement_id, OLD.stage, OLD.version, OLD.corrects_why, OLD.catalogue_id,
                                OLD.area_id, OLD.completed_on, OLD.completed_by_name, OLD.signed_on, OLD.signed_how,
                                OLD.supervisor_id, OLD.signed_by_name)
                    THEN RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'a signed assessment never changes: a correction is a new version';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.version}"

    @property
    def is_locked(self) -> bool:
        """Whether the supervisor has signed it: nothing in it changes any more."""
        return self.state in LOCKED

    def may_become(self, state: AssessmentState) -> bool:
        return state in TRANSITIONS[AssessmentState(self.state)]


class AssessedCompetence(models.Model):
    """How much support the participant needs with one competence, and what shows it.

    Saved while somebody writes, so of a draft no history is kept; in a signed assessment it never changes. A
    competence without row has not been thought of yet; level 0 says that it was not tried, which is no shortcoming.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="competences", db_index=False)
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="+", db_index=False)
    # 0–4: the value of a level of support in the assessment's catalogue.
    level = models.PositiveSmallIntegerField(_("level"))
    # Codes of the catalogue's types of evidence; at least one from the level that needs it (SupportLevel).
    evidence = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("evidence"))
    note = models.CharField(_("what was seen"), max_length=300, blank=True)
    # The page that saved this one last, so that a page that has not heard of its own saving is not in its own way.
    window = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["assessment", "competence__position"]
        verbose_name = _("assessed competence")
        verbose_name_plural = _("assessed competences")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "competence"], name="assessed_competence_once"),
            models.CheckConstraint(condition=Q(level__lte=4), name="assessed_competence_level_known"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT FROM competence_assessment WHERE state IN ('signed', 'reviewed')
                               AND id = COALESCE(CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.assessment_id END,
                                                 NEW.assessment_id)) THEN
                        RAISE EXCEPTION 'a signed assessment never changes: a correction is a new version';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}"


@tracked()
class ParticipantView(models.Model):
    """The participant's own view of an assessment: their own levels, and what they say when they have read it.

    As a member of staff wrote it down with them. It stands beside the assessment and is not locked with it: who reads
    a signed one may say something about it.
    """

    assessment = models.OneToOneField(
        Assessment, models.CASCADE, related_name="own_view", verbose_name=_("assessment")
    )
    # {code of the competence: level}, only of those that the participant had a view of.
    levels = models.JSONField(_("own levels"), default=dict, blank=True)
    # Null: has not said yet.
    agrees = models.BooleanField(_("agrees"), null=True, blank=True)
    comment = models.TextField(_("in the participant's own words"), max_length=2000, blank=True)
    said_on = models.DateField(_("said"))
    revision = models.PositiveIntegerField(default=1, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("participant's own view of an assessment")
        verbose_name_plural = _("participants' own views of assessments")
        constraints = [
            models.CheckConstraint(
                condition=Q(agrees=None) | Q(agrees=True) | ~Q(comment=""),
                name="participant_view_says_why_not",
                violation_error_message=_("Say what the participant does not agree with."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_on:%Y-%m-%d}"


@tracked(exclude=("nonce", "token_hash"))
class AssessmentLink(SecretLink):
    """A link by which one supervisor fills in and signs the assessment of one stage of a placement."""

    page = "assessing:by_link"

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="+", verbose_name=_("placement"))
    stage = models.CharField(_("stage"), max_length=10, choices=AssessmentStage)
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="+", verbose_name=_("supervisor"))

    class Meta(SecretLink.Meta):
        verbose_name = _("link to an assessment")
        verbose_name_plural = _("links to assessments")
        indexes = [
            # The links of one stage, the latest first: whether one is out, and to withdraw them.
            models.Index(fields=["placement", "stage", "created_at"], name="assessment_link_of_stage"),
        ]

    @property
    def is_still_meant(self) -> bool:
        """The placement still has that supervisor."""
        return self.placement.supervisor_id == self.supervisor_id

    @property
    def contact(self) -> User:
        """Whom the supervisor turns to: the participant's job coach, or who sent the link."""
        coach = self.placement.enrolment.coach
        return coach if coach and coach.is_active else self.made_by
