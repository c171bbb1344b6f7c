"""How long the figures take: `.venv/bin/python bench/figures.py [PARTICIPANTS]`, 200,000 unless told.

Makes an installation of its own in a temporary folder, fills it with SQL (one and a half enrolments each, over three
years) and prints the median of five runs of each period, beside the plainest hand-written SQL for `active`, `closed`
and `results` as the floor.
"""

import atexit
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
TABLES = ("participants_participant", "participants_enrolment", "participants_unitassignment")
PERIODS = ("2026Q1", "2026T1", "2026")

FILL = """
INSERT INTO accounts_unit (code) SELECT 'U' || n FROM generate_series(1, 10) n;
INSERT INTO accounts_unitterm (unit_id, name, legal_basis, valid_from)
    SELECT id, 'Enhet ' || code, 'labour_market', '1900-01-01' FROM accounts_unit;
INSERT INTO participants_participant
    (birth_year, gender, given_name, family_name, protection, education, phone, email, street_address, postal_code,
     city, language)
    SELECT 1960 + n %% 48, CASE WHEN n %% 100 = 0 THEN 'unknown' WHEN n %% 2 = 0 THEN 'woman' ELSE 'man' END,
        'Förnamn', 'Efternamn' || n, 'none', '', '', '', '', '', '', ''
    FROM generate_series(1, %(people)s) n;
WITH first AS (
    SELECT id, '2023-07-01'::date + (id * 7919 %% 1000)::int AS start, (id * 31 %% 400)::int AS length,
        id * 13 %% 10 AS outcome, (SELECT min(id) FROM accounts_unit) + id %% 10 AS unit
    FROM participants_participant
), both_of AS (
    SELECT * FROM first
    UNION ALL
    SELECT id, start - length - 30, length, (outcome + 3) %% 10, unit FROM first WHERE id %% 2 = 0
), dated AS (
    SELECT *, start + length AS finish FROM both_of
)
INSERT INTO participants_enrolment
    (participant_id, unit_id, case_number, target_group, start, "end", closure_reason, job_start, job_form, study_aid)
    SELECT id, unit, '', '', start, CASE WHEN finish < '2026-11-01' THEN finish END,
        CASE WHEN finish >= '2026-11-01' THEN '' WHEN outcome < 4 THEN 'work' WHEN outcome < 7 THEN 'studies'
            WHEN outcome = 7 THEN 'transferred' ELSE 'interrupted' END,
        CASE WHEN finish < '2026-11-01' AND outcome < 4 THEN finish + 1 END,
        CASE WHEN finish < '2026-11-01' AND outcome < 4 THEN 'unsubsidised' ELSE '' END,
        CASE WHEN finish < '2026-11-01' AND outcome BETWEEN 4 AND 6 THEN outcome < 6 END
    FROM dated;
INSERT INTO participants_unitassignment (enrolment_id, unit_id, legal_basis, start)
    SELECT id, unit_id, 'labour_market', start FROM participants_enrolment;
"""

FLOOR = {
    "active": """SELECT p.gender, count(DISTINCT e.participant_id) FROM participants_enrolment e
        JOIN participants_participant p ON p.id = e.participant_id
        WHERE e.start <= %(end)s AND (e."end" IS NULL OR e."end" >= %(start)s) GROUP BY 1""",
    "closed": """SELECT p.gender, count(DISTINCT e.participant_id) FROM participants_enrolment e
        JOIN participants_participant p ON p.id = e.participant_id
        WHERE e."end" BETWEEN %(start)s AND %(end)s GROUP BY 1""",
    "results": """SELECT gender, closure_reason, count(*) FROM (
            SELECT DISTINCT ON (e.participant_id) p.gender, e.closure_reason FROM participants_enrolment e
            JOIN participants_participant p ON p.id = e.participant_id
            WHERE e."end" BETWEEN %(start)s AND %(end)s ORDER BY e.participant_id, e."end" DESC) last
        GROUP BY 1, 2""",
}


def milliseconds(call) -> float:
    """The median time of a call."""
    times = []
    for _run in range(RUNS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main(people: int) -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from accounts.models import Unit
    from config import roles
    from reporting.engine import answer, answer_all
    from reporting.periods import Period
    from reporting.question import Question

    started = time.perf_counter()
    with roles.as_owner(), connection.cursor() as cursor:
        for table in TABLES:  # their history is not what is measured
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(FILL, {"people": people})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")
        cursor.execute("SELECT count(*) FROM participants_enrolment")
        enrolments = cursor.fetchone()[0]
    print(f"{people} participants, {enrolments} enrolments, made in {time.perf_counter() - started:.0f} s")
    unit = Unit.objects.named().first()

    def floor(sql, period):
        with connection.cursor() as cursor:
            cursor.execute(sql, {"start": period.start, "end": period.end})
            cursor.fetchall()

    for name in PERIODS:
        question = Question(Period.parse(name), timezone.localdate())
        three = [
            question.about(each) for each in (question.period, question.period.previous, question.period.year_before)
        ]
        active = answer(question).value("active")
        floors = ", ".join(
            f"{table} {milliseconds(lambda sql=sql, q=question: floor(sql, q.period)):.0f}"
            for table, sql in FLOOR.items()
        )
        print(
            f"{name}: five figures {milliseconds(lambda q=question: answer(q)):.0f} ms ({active} active), "
            f"one unit {milliseconds(lambda q=question: answer(Question(q.period, q.as_of, unit))):.0f} ms, "
            f"the page's three periods {milliseconds(lambda q=three: answer_all(q)):.0f} ms; floor in ms: {floors}"
        )


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    folder = tempfile.mkdtemp(prefix="jb-")
    atexit.register(shutil.rmtree, folder)  # before the servers register: they stop first
    Path(folder).chmod(0o711)  # the servers may run as another user
    os.environ["JOBBSPAR_DATA"] = folder
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
