from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Not an app with models: it brings the commands that wire the house (run, migrate as the owner …)."""

    name = "config"
