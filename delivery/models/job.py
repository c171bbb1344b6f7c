"""Work done in the background, the files that go with it, and the runs of scheduled tasks."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery import kinds
from delivery.querysets import JobFileQuerySet, JobQuerySet, ScheduledRunQuerySet
from delivery.states import FINISHED, JobState


class Job(models.Model):
    """Something a person or the system asked to be done in the background: a register to be loaded, a
    report to be made. The row is the truth about it; the message to the worker carries only its key.

    `params` holds what to do, never personal data: those come in a file of the job or by key.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    # Kept beside the key, because who asked outlives the account. Empty: the system itself.
    owner_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    params = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    # Drawn anew by each worker that takes the job, so that one which lost it cannot finish it.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    queued_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_at_most_100"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, claim__isnull=False, heartbeat_at__isnull=False)
                | Q(~Q(state=JobState.RUNNING), claim__isnull=True),
                name="job_running_iff_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | Q(~Q(state__in=FINISHED), finished_at__isnull=True),
                name="job_finished_iff_finished_at",
            ),
            models.CheckConstraint(condition=Q(state=JobState.FAILED) ^ Q(error=""), name="job_failed_iff_error"),
        ]
        indexes = [
            # The beat task that looks for jobs to send again, and the health page: few rows of many.
            models.Index(
                fields=["state", "queued_at"],
                name="job_unfinished",
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
            ),
            # The list of my jobs.
            models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
        ]

    def __str__(self):
        return f"{self.kind} {self.public_id}"

    def get_absolute_url(self):
        return reverse("delivery:job_detail", args=[self.public_id])

    @property
    def label(self):
        """What the job does, in words; its code if this version no longer knows the kind."""
        kind = kinds.find(self.kind)
        return kind.label if kind else self.kind

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def waits_long(self) -> bool:
        """Whether it has waited so long that many must be before it, or no worker runs."""
        limit = timezone.now() - timedelta(seconds=settings.JOB_RESEND_SECONDS)
        return self.state == JobState.QUEUED and self.queued_at < limit

    @property
    def is_silent(self) -> bool:
        """Whether it runs but has not been heard from: its worker is probably gone, and another will begin again."""
        limit = timezone.now() - timedelta(seconds=settings.JOB_STALE_SECONDS)
        return self.state == JobState.RUNNING and self.heartbeat_at < limit


class JobFile(models.Model):
    """A file that belongs to a job: what was handed in with it, or what it made. The bytes lie in the
    database, so that they are stored with the row and every machine can reach them. They are deleted
    when they are no longer needed (`delivery.services.jobs.job_files_clean`)."""

    class Role(models.TextChoices):
        INPUT = "input", _("Handed in")
        OUTPUT = "output", _("Made by the job")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=6, choices=Role)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = JobFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a job")
        verbose_name_plural = _("files of jobs")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["input", "output"]), name="job_file_role_known"),
        ]

    def __str__(self):
        return self.name


class ScheduledRun(models.Model):
    """One run of a scheduled task: when it began and ended and how it went. A task that should have
    run and has no row here is what the health page reports."""

    name = models.CharField(max_length=100)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Unknown while it runs, and for ever if its worker died.
    ok = models.BooleanField(null=True)
    detail = models.CharField(max_length=500, blank=True)

    objects = ScheduledRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ok__isnull=True, finished_at__isnull=True)
                | Q(ok__isnull=False, finished_at__isnull=False),
                name="scheduled_run_ok_iff_finished",
            ),
        ]
        indexes = [
            # The newest run of each task, on every look at the health page.
            models.Index(fields=["name", "-started_at"], name="scheduled_run_newest"),
        ]

    def __str__(self):
        return f"{self.name} {self.started_at:%Y-%m-%d %H:%M:%S}"
