"""System checks: what must agree between the kinds of jobs and the settings, and what documents need."""

from django.conf import settings
from django.core.checks import Error, Warning, register

from delivery import kinds
from delivery.documents import sealing
from delivery.documents.libraries import PANGO, SUBSET, missing


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


@register()
def pdf_libraries_are_there(**_) -> list[Warning]:
    """Documents are drawn by native libraries; pages work without them, so a machine that lacks them is warned."""
    install = "Install it: apt-get install --no-install-recommends {}"
    warnings = []
    if packages := missing(PANGO):
        hint = install.format(" ".join(packages))
        warnings.append(Warning("PDF files cannot be made: Pango is not there.", hint=hint, id="delivery.W001"))
    if packages := missing(SUBSET):
        hint = install.format(" ".join(packages))
        text = "PDF files are made ten times slower than need be: HarfBuzz's font subsetting is not there."
        warnings.append(Warning(text, hint=hint, id="delivery.W002"))
    return warnings


@register()
def the_seal_has_its_key(**_) -> list[Error]:
    """A key that is configured and cannot seal would stop every certificate: told at the start, before one is
    issued."""
    try:
        sealing.sealing_key()
    except sealing.KeyUnusable as error:
        return [Error(str(error), id="delivery.E002")]
    return []
