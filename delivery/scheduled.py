"""Scheduled tasks: each run leaves a row, so that a run that failed or never came is seen."""

from collections.abc import Callable
from functools import wraps

from celery import shared_task
from django.utils import timezone

from delivery.faults import name_of
from delivery.models import ScheduledRun


def scheduled_task(name: str):
    """Decorator: make a function without arguments a Celery task for the beat schedule, whose runs are kept.

    The function may return a line that says what it did. An error is written to the row (its kind, no values)
    and raised again.
    """

    def decorate(work: Callable[[], str | None]):
        @wraps(work)
        def recorded() -> None:
            run = ScheduledRun.objects.create(name=name)
            try:
                detail = work()
            except Exception as error:
                _finish(run, ok=False, detail=name_of(error))
                raise
            _finish(run, ok=True, detail=detail or "")

        return shared_task(name=name, ignore_result=True)(recorded)

    return decorate


def _finish(run: ScheduledRun, *, ok: bool, detail: str) -> None:
    ScheduledRun.objects.filter(pk=run.pk).update(ok=ok, detail=detail[:500], finished_at=timezone.now())
