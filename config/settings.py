"""All settings, in one file: the environment decides (see .env.example)."""

from pathlib import Path

import environ
import pghistory

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

SECRET_KEY = env("SECRET_KEY", default="development-only")
DEBUG = True
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "vocabulary",
    "delivery",
    "participants",
    "placements",
    "competence",
    "reporting",
    "exchange",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "jobbspar"}}
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

# The history keeps its context (who, from where) in each row: no shared row to update, so the
# application role can be denied UPDATE on the history, and it outlives the account.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
