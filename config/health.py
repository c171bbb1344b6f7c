"""/healthz: whether this installation can do its work. For monitoring: no log-in, no personal data."""

import logging

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

import delivery.health

logger = logging.getLogger("jobbspar.health")
SECONDS = 2


def database() -> tuple[str, bool, str]:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "database", True, ""


def broker() -> tuple[str, bool, str]:
    """Whether the broker of the background tasks answers."""
    with current_app.connection_for_write(connect_timeout=SECONDS) as broker_connection:
        # Without a pause before the second try: whoever asks waits, and asks again by themselves.
        broker_connection.ensure_connection(max_retries=1, interval_start=0, timeout=SECONDS)
        broker_connection.default_channel.client.ping()
    return "broker", True, ""


def checks() -> list:
    """All checks: functions without arguments that return a name, whether all is well, and a detail."""
    return [database, broker, *delivery.health.checks]


def examine() -> dict[str, dict]:
    """Make every check: its name, whether all is well, and what was seen."""
    found = {}
    for check in checks():
        try:
            name, ok, detail = check()
        except Exception as error:  # whatever is wrong is the answer
            logger.warning("health check %s: %s", check.__name__, type(error).__name__)
            name, ok, detail = check.__name__, False, "does not answer"
        found[name] = {"ok": ok, "detail": detail}
    return found


@login_not_required
@never_cache
@require_GET
def healthz(request):
    """200 and what was checked, or 503 when a check failed."""
    answer = examine()
    healthy = all(entry["ok"] for entry in answer.values())
    return JsonResponse({"ok": healthy, "checks": answer}, status=200 if healthy else 503)
