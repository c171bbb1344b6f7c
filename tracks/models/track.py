"""What a job track is: its occupation, its steps in order, what each step asks for and gives."""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from placements.models import Employer
from tracks.querysets import TrackQuerySet, TrackVersionQuerySet
from vocabulary.codes import Need
from vocabulary.models import ActivityForm, Occupation


class TrackMethod(models.TextChoices):
    """How a track works: a ladder of its own, or a method whose phases are its steps."""

    LADDER = "ladder", pgettext_lazy("method", "Ladder of education and work")
    RECRUITMENT = "recruitment", pgettext_lazy("method", "Recruitment for a need")
    SUPPORTED_EMPLOYMENT = "supported_employment", pgettext_lazy("method", "Supported Employment")


class StepKind(models.TextChoices):
    """What a step is."""

    COURSE = "course", pgettext_lazy("step", "Course")
    LANGUAGE = "language", pgettext_lazy("step", "Language support")
    PLACEMENT = "placement", pgettext_lazy("step", "Placement")
    EMPLOYMENT = "employment", pgettext_lazy("step", "Employment")
    ASSESSMENT = "assessment", pgettext_lazy("step", "Assessment")
    VALIDATION = "validation", pgettext_lazy("step", "Validation")
    HIRE_OUT = "hire_out", pgettext_lazy("step", "Hired out to an employer")
    PHASE = "phase", pgettext_lazy("step", "Phase of a method")
    JOB = "job", pgettext_lazy("step", "Job")


class GateKind(models.TextChoices):
    """What a gate asks for. Each is one small rule with a sentence of its own (`tracks.gates`)."""

    LANGUAGE = "language", pgettext_lazy("gate", "Level of Swedish")
    AGE = "age", pgettext_lazy("gate", "Age")
    PREVIOUS_STEP = "previous_step", pgettext_lazy("gate", "Result of an earlier step")
    COMPETENCE = "competence", pgettext_lazy("gate", "Assessed competence")
    CREDENTIAL = "credential", pgettext_lazy("gate", "Certificate or licence")
    DOCUMENT = "document", pgettext_lazy("gate", "Document shown")
    TIME = "time", pgettext_lazy("gate", "Time on the step before")


@tracked()
class Track(models.Model):
    """A job track (jobbspår): education and work combined towards an occupation that is in demand. What it says is in
    its versions; a round is begun on one of them."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    # Of a shipped one, by which its file is found again; empty for one that was written here.
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=150)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("owner")
    )
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_why = models.CharField(_("why it was closed"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = TrackQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("job track")
        verbose_name_plural = _("job tracks")
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="track_code_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_why="") | Q(closed_on__isnull=False) & ~Q(closed_why=""),
                name="track_closed_with_reason",
                violation_error_message=_("Say why the track is closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _never_changes_when_published(version: str):
    """The trigger that keeps a published version as it was: rounds go on by the rules they began with."""
    return pgtrigger.Trigger(
        name="published_never_changes",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (SELECT FROM tracks_trackversion WHERE id = {version} AND published_at IS NOT NULL) THEN
                RAISE EXCEPTION 'a published version of a track never changes: write a new one';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@tracked()
class TrackVersion(models.Model):
    """One version of what a track is. Published it never changes; a change is a new version."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by_name = models.CharField(max_length=210, blank=True, editable=False)
    method = models.CharField(_("method"), max_length=30, choices=TrackMethod, default=TrackMethod.LADDER)
    occupation = models.ForeignKey(
        Occupation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("occupation")
    )
    shortage = models.BooleanField(_("there is a shortage of people in the occupation"), default=False)
    target_group = models.CharField(_("for whom"), max_length=500)
    purpose = models.CharField(_("purpose"), max_length=1000)
    provider = models.CharField(_("who teaches"), max_length=200, blank=True)
    funding = models.CharField(_("funding"), max_length=300, blank=True)
    seat_cost = models.DecimalField(
        _("cost of a seat, kronor"), max_digits=9, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = TrackVersionQuerySet.as_manager()

    class Meta:
        ordering = ["track", "-number"]
        verbose_name = _("version of a job track")
        verbose_name_plural = _("versions of job tracks")
        constraints = [
            models.UniqueConstraint(fields=["track", "number"], name="track_version_once"),
            models.UniqueConstraint(
                fields=["track"],
                condition=Q(published_at=None),
                name="track_one_draft",
                violation_error_message=_("A new version of the track is already being written."),
            ),
            models.CheckConstraint(
                condition=Q(seat_cost=None) | Q(seat_cost__gte=0),
                name="track_seat_cost_not_negative",
                violation_error_message=_("The cost cannot be less than 0."),
            ),
        ]
        triggers = [_never_changes_when_published("OLD.id")]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Partner(models.Model):
    """An employer that takes part in a track, as a version of it says."""

    version = models.ForeignKey(TrackVersion, models.CASCADE, related_name="partners", db_index=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="track_partners", verbose_name=_("employer"))

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("partner of a job track")
        verbose_name_plural = _("partners of job tracks")
        constraints = [models.UniqueConstraint(fields=["version", "employer"], name="track_partner_once")]
        triggers = [_never_changes_when_published("OLD.version_id")]

    def __str__(self) -> str:
        return str(self.employer)


class Step(models.Model):
    """One step of a track: what is done, for how long, and what it should give."""

    version = models.ForeignKey(TrackVersion, models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField(_("order"))
    # By which gates of later steps name it; the same in all versions of the track.
    key = models.SlugField(max_length=40)
    title = models.CharField(_("name of the step"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=StepKind)
    # What is booked when somebody comes to the step; empty where nothing is (a job, a phase).
    form = models.ForeignKey(
        ActivityForm, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("form of activity"),
    )  # fmt: skip
    least_weeks = models.PositiveSmallIntegerField(_("weeks at least"), null=True, blank=True)
    most_weeks = models.PositiveSmallIntegerField(_("weeks at most"), null=True, blank=True)
    # The pattern of a week: [{"weeks": "every", "weekday": 1, "begins": "08:00", "ends": "16:00", "break": 30}], with
    # the weeks of a schedule (placements.models.schedule.Weeks); read and written by `tracks.hours`.
    hours = models.JSONField(_("hours"), default=list, blank=True)
    purpose = models.CharField(_("purpose"), max_length=500, blank=True)
    expected_outcome = models.CharField(_("expected outcome"), max_length=500)
    need = models.CharField(_("whose need"), max_length=20, choices=Need, default=Need.PARTICIPANT)
    # Codes of the competence catalogue that the step should give.
    competences = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("competences"))

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("step of a job track")
        verbose_name_plural = _("steps of job tracks")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="track_step_key_once"),
            models.UniqueConstraint(
                fields=["version", "position"], name="track_step_in_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="track_step_kind_known"),
            models.CheckConstraint(
                condition=Q(least_weeks=None) | Q(most_weeks=None) | Q(most_weeks__gte=F("least_weeks")),
                name="track_step_weeks_in_order",
                violation_error_message=_("The longest time is shorter than the shortest."),
            ),
        ]
        triggers = [_never_changes_when_published("OLD.version_id")]

    def __str__(self) -> str:
        return self.title


class Gate(models.Model):
    """What somebody must have before they come to a step: one rule. `asks` holds what its kind needs."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="gates", db_index=False)
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=GateKind)
    # language: {"skill", "level"} · age: {"least", "most"} · previous_step: {"step", "results"} · competence:
    # {"code", "level"} · credential: {"kind", "words"} · document: {"words"} · time: {"weeks"}
    asks = models.JSONField(_("asks for"), default=dict)

    class Meta:
        ordering = ["step", "position"]
        verbose_name = _("gate of a step")
        verbose_name_plural = _("gates of steps")
        constraints = [
            models.UniqueConstraint(fields=["step", "position"], name="track_gate_in_order"),
            models.CheckConstraint(condition=Q(kind__in=GateKind.values), name="track_gate_kind_known"),
        ]
        triggers = [_never_changes_when_published("(SELECT version_id FROM tracks_step WHERE id = OLD.step_id)")]

    def __str__(self) -> str:
        return self.get_kind_display()
