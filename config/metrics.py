"""/metrics: what Prometheus asks for. Who shows the token may read it; no personal data in any label.

Requests are counted by each process. Under gunicorn the processes of one machine share a folder of counters
(`config/gunicorn.py` makes it), so whichever of them is asked answers for all. Everything else is asked of the
database when Prometheus comes by, and so is the same on every machine.
"""

import hmac
import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from config import health
from delivery.models import Document, Job, Mail, ScheduledRun
from delivery.states import JobState, MailState

#: A page under 0.1 s is as it should be; over 5 s somebody has given up.
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter(
    "jobbspar_requests", "Answered requests by route and status.", ["method", "route", "status"], registry=REGISTRY
)
latency = Histogram(
    "jobbspar_request_seconds", "How long requests took, by route.", ["route"], buckets=SECONDS, registry=REGISTRY
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the route's name, never the address; empty when there was none."""
    if not settings.METRICS_TOKEN:
        return
    route = route or "none"
    known = method if method in {"GET", "HEAD", "POST"} else "other"  # anybody can make up a method
    requests.labels(known, route, str(status)).inc()
    latency.labels(route).observe(seconds)


class DatabaseCollector:
    """What the rows say: jobs, mails, scheduled runs, documents, the database's size, the health checks."""

    def collect(self):
        yield from _waiting(Job, JobState, JobState.QUEUED, since="queued_at", name="job", what="background job")
        yield from _waiting(Mail, MailState, MailState.WAITING, since="created_at", name="mail", what="mail")
        yield _scheduled_runs()
        yield _documents()
        yield _database_size()

    def describe(self):
        return []  # asked for at registration: nothing is known before the database is asked


def _waiting(model, states, waiting, *, since, name, what):
    """How many rows are in each state, and for how long the oldest one that waits has waited."""
    grouped = model.objects.order_by().values_list("state").annotate(number=Count("pk"), oldest=Min(since))
    counted = {state: (number, oldest) for state, number, oldest in grouped}
    family = GaugeMetricFamily(f"jobbspar_{name}s", f"Each {what} by state.", labels=["state"])
    for state in states.values:
        family.add_metric([state], counted.get(state, (0, None))[0])
    yield family
    _number, oldest = counted.get(waiting, (0, None))
    seconds = max(0, (timezone.now() - oldest).total_seconds()) if oldest else 0
    yield GaugeMetricFamily(
        f"jobbspar_{name}_waiting_seconds", f"How long the oldest waiting {what} has waited.", value=seconds
    )


def _scheduled_runs():
    family = GaugeMetricFamily(
        "jobbspar_scheduled_run_age_seconds", "Since a scheduled task last ended well.", labels=["task"]
    )
    now = timezone.now()
    ended = dict(ScheduledRun.objects.filter(ok=True).order_by().values_list("name").annotate(Max("finished_at")))
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        # One that never ended well has no measurement: a number could be mistaken for one.
        if entry["task"] in ended:
            family.add_metric([entry["task"]], (now - ended[entry["task"]]).total_seconds())
    return family


def _documents():
    family = GaugeMetricFamily(
        "jobbspar_documents", "Issued documents, made and not yet made.", labels=["kind", "made"]
    )
    counted = (
        Document.objects.order_by()
        .values_list("kind")
        .annotate(
            made=Count("pk", filter=Q(made_at__isnull=False)), waiting=Count("pk", filter=Q(made_at__isnull=True))
        )
    )
    for kind, made, waiting in counted:
        family.add_metric([kind, "yes"], made)
        family.add_metric([kind, "no"], waiting)
    return family


def _database_size():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return GaugeMetricFamily("jobbspar_database_bytes", "Size of the database.", value=size)


class HealthCollector:
    """The checks of /healthz, as 1 and 0."""

    def collect(self):
        family = GaugeMetricFamily("jobbspar_healthy", "The checks of /healthz: 1 is well.", labels=["check"])
        for name, entry in health.examine().items():
            family.add_metric([name], int(entry["ok"]))
        yield family

    def describe(self):
        return []


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # the counters of all processes of this machine
        MultiProcessCollector(registry)
    else:
        registry.register(requests)
        registry.register(latency)
    registry.register(HealthCollector())
    registry.register(DatabaseCollector())
    return registry


@login_not_required
@never_cache
@require_GET
def metrics(request):
    """The figures in Prometheus' text format, for whoever shows the token. Without a token set, there is no page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)
