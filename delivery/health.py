"""What the health page asks about background work and mail."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from celery.schedules import maybe_schedule
from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from delivery.models import Job, Mail, ScheduledRun

LOOKING_SINCE = timezone.now()


class Check(NamedTuple):
    """What was looked at, whether it is well, and what was seen: for the one who runs the installation."""

    name: str
    ok: bool
    detail: str


def scheduled_runs() -> Check:
    """Every task of the beat schedule has run when it should, and its newest finished run went well."""
    newest = {run.name: run for run in ScheduledRun.objects.latest_by_name()}
    finished = {run.name: run for run in ScheduledRun.objects.filter(ok__isnull=False).latest_by_name()}
    # A task that never ran is late from when the schedule first gave a sign of life; where it never did
    # (a new installation, or no beat), from when this process began to look.
    first = ScheduledRun.objects.aggregate(first=Min("started_at"))["first"] or LOOKING_SINCE
    faults = []
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        name = entry["task"]
        since = newest[name].started_at if name in newest else first
        if _late(entry["schedule"], since):
            faults.append(f"{name}: no run since {since:%Y-%m-%d %H:%M:%S %Z}")
        elif name in finished and not finished[name].ok:
            faults.append(f"{name}: failed ({finished[name].detail})")
    return Check("scheduled_runs", not faults, "; ".join(faults))


def jobs() -> Check:
    """No job has waited, or run in silence, for longer than the requeueing should have let it."""
    stuck = Job.objects.stuck(timezone.now()).count()
    return Check("jobs", not stuck, f"{stuck} stuck" if stuck else "")


def mails() -> Check:
    """No mail waits for longer than the schedule should let it, and an administrator has taken note of each that
    is not, or perhaps not, sent."""
    stuck = Mail.objects.stuck(timezone.now()).count()
    unseen = Mail.objects.in_trouble().count()
    faults = [f"{stuck} stuck"] if stuck else []
    faults += [f"{unseen} not sent or uncertain, to be looked at"] if unseen else []
    return Check("mails", not faults, "; ".join(faults))


checks: list[Callable[[], Check]] = [scheduled_runs, jobs, mails]


def _late(schedule, since) -> bool:
    """Whether the run after `since` is overdue by more than the grace (settings)."""
    remaining = maybe_schedule(schedule).remaining_estimate(since)
    return remaining < -timedelta(seconds=settings.SCHEDULED_RUN_GRACE_SECONDS)
