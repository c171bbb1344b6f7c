"""The background tasks: celery -A config worker, celery -A config beat."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("jobbspar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def use_broker(**_):
    """A worker or beat of its own in development needs the embedded broker to be there."""
    from django.conf import settings

    from config import embedded

    if settings.EMBEDDED_VALKEY:
        embedded.valkey.acquire()
