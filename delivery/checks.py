"""System checks: what must agree between the kinds of jobs and the settings."""

from django.conf import settings
from django.core.checks import Error, register

from delivery import kinds


@register()
def kinds_end_before_the_worker_is_killed(**_) -> list[Error]:
    """A kind's time limit lies below the worker's own, and so below the broker's visibility timeout, after
    which a message that is being worked on is handed out again."""
    limit = settings.CELERY_TASK_SOFT_TIME_LIMIT
    return [
        Error(
            f"The job kind {kind.code!r} may take {kind.time_limit} s, CELERY_TASK_SOFT_TIME_LIMIT is {limit} s.",
            id="delivery.E001",
        )
        for kind in kinds.registered()
        if kind.time_limit > limit
    ]
