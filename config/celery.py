"""The background tasks: celery -A config worker, celery -A config beat."""

import logging
import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import beat_init, celeryd_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger(__name__)

app = Celery("jobbspar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def accept_root(**_):
    """A try-out on a container's root account is no reason for a page of warnings."""
    from django.conf import settings

    if settings.EMBEDDED_VALKEY:
        warnings.filterwarnings("ignore", category=SecurityWarning)


@worker_init.connect
def tell_what_is_missing(**_):
    """A worker draws the documents: what it lacks for that is told when it starts, not by the first that fails."""
    from delivery.checks import pdf_libraries_are_there

    for warning in pdf_libraries_are_there():
        logger.warning("%s %s", warning.msg, warning.hint)


@worker_init.connect
@beat_init.connect
def use_broker(**_):
    """A worker or beat of its own in development needs the embedded broker to be there."""
    from django.conf import settings

    from config import embedded

    if settings.EMBEDDED_VALKEY:
        embedded.valkey.acquire()
