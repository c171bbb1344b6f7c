"""Questions about many jobs, mails, their files and the scheduled runs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.permissions import is_administrator
from delivery import kinds
from delivery.states import FINISHED, MAIL_TRANSITIONS, MAIL_TROUBLE, TRANSITIONS, JobState, MailState


class IllegalTransition(ValueError):
    """A move between states that the table of transitions does not know."""


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The jobs this user may look at: their own; an administrator sees that every job exists."""
        if is_administrator(user):
            return self
        return self.filter(owner=user)

    def move(self, source: JobState, target: JobState, **changes) -> int:
        """Move the rows that are still in `source` to `target`; the number of rows that were moved.

        The condition is part of the UPDATE, so of several workers that try at once one succeeds.
        Raises IllegalTransition when the table of transitions has no such move.
        """
        if target not in TRANSITIONS[source]:
            raise IllegalTransition(f"{source} -> {target}")
        if target in FINISHED:
            changes["finished_at"] = timezone.now()
        if target != JobState.RUNNING:
            changes["claim"] = None
        return self.filter(state=source).update(state=target, **changes)

    def stale(self, now: datetime):
        """Running jobs that have not been heard from: their worker is probably gone."""
        limit = now - timedelta(seconds=settings.JOB_STALE_SECONDS)
        return self.filter(state=JobState.RUNNING, heartbeat_at__lt=limit).order_by("pk")

    def unsent(self, now: datetime):
        """Waiting jobs whose message was never sent, or was sent so long ago that it may be lost."""
        limit = now - timedelta(seconds=settings.JOB_RESEND_SECONDS)
        never = Q(sent_at=None, queued_at__lt=now - timedelta(seconds=1))
        return self.filter(never | Q(sent_at__lt=limit), state=JobState.QUEUED).order_by("queued_at", "pk")

    def stuck(self, now: datetime):
        """Jobs that the requeueing should have helped long ago: somebody must look at the worker."""
        limit = now - timedelta(seconds=settings.JOB_STUCK_SECONDS)
        waiting = Q(state=JobState.QUEUED, queued_at__lt=limit)
        silent = Q(state=JobState.RUNNING, heartbeat_at__lt=limit)
        return self.filter(waiting | silent)


class JobFileQuerySet(models.QuerySet):
    def without_content(self):
        """For lists: everything but the bytes."""
        return self.defer("content")

    def outlived(self, now: datetime):
        """Files of finished jobs that are past the time they are kept (settings, or the job's kind)."""
        inputs = Q(role="input", job__finished_at__lt=now - timedelta(hours=settings.JOB_INPUT_KEPT_HOURS))
        outputs = Q(role="output", job__finished_at__lt=now - timedelta(days=settings.JOB_OUTPUT_KEPT_DAYS))
        for kind in kinds.registered():
            if kind.kept_hours is not None:
                limit = now - timedelta(hours=kind.kept_hours)
                outputs |= Q(role="output", job__kind=kind.code, job__finished_at__lt=limit)
        return self.filter(inputs | outputs)


class DocumentFileQuerySet(models.QuerySet):
    def without_content(self):
        """For lists: everything but the bytes."""
        return self.defer("content")

    def sizes(self):
        """(document's key, bytes) of each, for lists of documents."""
        return self.values_list("document_id", "size")


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The mails of which this user may see that they exist: those they asked for; an administrator all."""
        if is_administrator(user):
            return self
        return self.filter(requested_by=user)

    def move(self, source: MailState, target: MailState, **changes) -> int:
        """Move the rows that are still in `source` to `target`; the number of rows that were moved.

        The condition is part of the UPDATE, so of several workers that try at once one succeeds.
        Raises IllegalTransition when the table of transitions has no such move.
        """
        if target not in MAIL_TRANSITIONS[source]:
            raise IllegalTransition(f"{source} -> {target}")
        if target != MailState.SENDING:
            changes["claim"] = None
        if target in (MailState.SENT, MailState.WITHDRAWN):
            changes["error"] = ""
        if target in (MailState.WAITING, MailState.WITHDRAWN, MailState.FAILED):
            changes["handing_over_at"] = None
        if target == MailState.WAITING:
            changes["queued_at"] = None
        return self.filter(state=source).update(state=target, **changes)

    def due(self, now: datetime):
        """Waiting mails whose time has come and of which no worker was told, or so long ago that the message
        may be lost; the longest waiting first."""
        never = Q(queued_at=None, next_attempt_at__lt=now - timedelta(seconds=1))
        lost = Q(queued_at__lt=now - timedelta(seconds=settings.JOB_RESEND_SECONDS), next_attempt_at__lte=now)
        return self.filter(never | lost, state=MailState.WAITING).order_by("next_attempt_at", "pk")

    def stale(self, now: datetime):
        """Mails that a worker took and has not finished in the time it may take: it is probably gone."""
        limit = now - timedelta(seconds=settings.MAIL_STALE_SECONDS)
        return self.filter(state=MailState.SENDING, claimed_at__lt=limit).order_by("pk")

    def stuck(self, now: datetime):
        """Mails that the schedule should have sent or taken back long ago: somebody must look at the worker."""
        limit = now - timedelta(seconds=settings.JOB_STUCK_SECONDS)
        waiting = Q(state=MailState.WAITING, next_attempt_at__lt=limit)
        silent = Q(state=MailState.SENDING, claimed_at__lt=limit)
        return self.filter(waiting | silent)

    def in_trouble(self):
        """Mails that are not, or perhaps not, sent, and that no administrator has taken note of."""
        return self.filter(state__in=MAIL_TROUBLE, seen_at=None)


class ScheduledRunQuerySet(models.QuerySet):
    def latest_by_name(self):
        """The newest run of each scheduled task."""
        return self.order_by("name", "-started_at", "-pk").distinct("name")

    def outlived(self, now: datetime):
        """Runs past the time they are kept, but never the newest of a task: its absence is looked for."""
        newest = self.model.objects.filter(name=models.OuterRef("name")).order_by("-started_at", "-pk")
        return (
            self.filter(started_at__lt=now - timedelta(days=settings.SCHEDULED_RUN_KEPT_DAYS))
            .annotate(newest=models.Subquery(newest.values("pk")[:1]))
            .exclude(pk=F("newest"))
        )
