"""Kinds of jobs for the tests. A real worker learns them with `celery worker --include tests.delivery.job_kinds`."""

import os
import signal
import time

from django.db import connection

from delivery import kinds
from delivery.models import ScheduledRun
from delivery.services.jobs import job_file_add


def _insert_slowly(job, progress):
    """Write `rows` rows, one each `pause` seconds: something that can be found half done or doubled.

    The first attempt waits before row `halt_at`, to be killed there.
    """
    rows = job.params["rows"]
    for number in range(rows):
        ScheduledRun.objects.create(name=f"row of {job.pk}", detail=str(number))
        progress(100 * number / rows, f"row {number}")
        if job.attempts == 1 and number == job.params.get("halt_at"):
            time.sleep(600)
        time.sleep(job.params.get("pause", 0))
    return {"rows": rows}


def _sleep_in_sql(job, progress):
    """One statement that takes `seconds`."""
    progress(7, "asleep")
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [job.params["seconds"]])


def _sleep_in_sql_at_first(job, progress):
    if job.attempts == 1:
        _sleep_in_sql(job, progress)
    else:
        ScheduledRun.objects.create(name=f"row of {job.pk}")


def _sleep_in_python(job, progress):
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    time.sleep(job.params["seconds"])


def _refuse(job, progress):
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    raise kinds.JobRefused("Filen är tom.")


def _break_off(job, progress):
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    raise RuntimeError("secret-of-a-person")


def _make_file(job, progress):
    job_file_add(job=job, name="svar.csv", media_type="text/csv", content=job.files.get().content + b";done")


def _break_constraint(job, progress):
    """Break a rule of the database, in a row that holds a number."""
    ScheduledRun.objects.create(name="900101-2384", ok=True)


def _kill_worker(job, progress):
    ScheduledRun.objects.create(name=f"row of {job.pk}")
    os.kill(os.getpid(), signal.SIGKILL)


def rows_of(job) -> int:
    """How many rows the job's handler has left in the database."""
    return ScheduledRun.objects.filter(name=f"row of {job.pk}").count()


def is_active(user) -> bool:
    return user.is_active


for code, run, options in [
    ("insert_slowly", _insert_slowly, {"time_limit": 900}),
    ("sleep_in_sql", _sleep_in_sql, {}),
    ("sleep_in_sql_at_first", _sleep_in_sql_at_first, {"time_limit": 600}),
    ("sleep_in_python", _sleep_in_python, {"time_limit": 2}),
    ("sleep_in_sql_too_long", _sleep_in_sql, {"time_limit": 2}),
    ("refuse", _refuse, {}),
    ("break_off", _break_off, {"max_attempts": 2}),
    ("break_constraint", _break_constraint, {"max_attempts": 1}),
    ("kill_worker", _kill_worker, {}),
    ("make_file", _make_file, {}),
    ("by_the_system", _sleep_in_python, {"can_start": None}),
]:
    options = {"time_limit": 60, "can_start": is_active, **options}
    kinds.register(kinds.JobKind(code=f"test_{code}", label=f"Provjobb {code}", run=run, **options))
