from django.apps import AppConfig

from config.celery import app as celery_app

__all__ = ["ConfigConfig", "celery_app"]  # the tasks of all apps belong to this Celery application


class ConfigConfig(AppConfig):
    """Not an app with models: it brings the commands that wire the house (run, migrate as the owner …)."""

    name = "config"
