"""How long the figures take: `.venv/bin/python bench/figures.py [PARTICIPANTS]`, 200,000 unless told.

Makes an installation of its own in a temporary folder, fills it with SQL (for each participant one and a half
enrolments over three years, 1.2 placements, 3 follow-ups, a certificate for every second employment, a referral, an
answer 90 days after most closures) and prints the median of five runs of each period: every figure, beside the
plainest hand-written SQL for `active`, `closed` and `results` as the floor; then how long each source takes.
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
TABLES = (
    "participants_participant",
    "participants_enrolment",
    "participants_unitassignment",
    "participants_referral",
    "participants_aftercare",
    "placements_employer",
    "placements_workplace",
    "placements_placement",
    "placements_gradeterm",
    "placements_followup",
    "competence_certificate",
    "competence_certificateversion",
)
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
INSERT INTO participants_referral (participant_id, unit_id, source, received, decision)
    SELECT participant_id, unit_id, (ARRAY['social_services', 'employment_service', 'self', 'other'])[1 + id %% 4],
        start - 14, 'accepted'
    FROM participants_enrolment WHERE id %% 3 < 2;
INSERT INTO participants_aftercare (enrolment_id, days_after, status, checked)
    SELECT id, 90, (ARRAY['work', 'studies', 'neither', 'not_reached'])[1 + id %% 4], "end" + 90
    FROM participants_enrolment WHERE "end" IS NOT NULL AND id %% 5 > 0;
INSERT INTO placements_employer (code, name, kind, organisation_number)
    SELECT 'F' || n, 'Förvaltning ' || n,
        CASE WHEN n <= 12 THEN 'department' WHEN n <= 15 THEN 'municipal_company' ELSE 'private' END, ''
    FROM generate_series(1, 60) n;
INSERT INTO placements_workplace (employer_id, name)
    SELECT e.id, 'Arbetsplats ' || n FROM placements_employer e, generate_series(1, 10) n;
WITH chosen AS (
    SELECT e.id, e.start, e."end", k, (SELECT min(id) FROM placements_workplace) + (e.id * 7 + k) %% 600 AS workplace
    FROM participants_enrolment e, generate_series(0, 1) k WHERE (e.id + k) %% 5 < 2
)
INSERT INTO placements_placement
    (enrolment_id, workplace_id, form, start, "end", purpose, expected_outcome, result)
    SELECT id, workplace, CASE id %% 3 WHEN 0 THEN 'municipal_employment' ELSE 'internship' END, start + 30 + k * 90,
        start + 30 + k * 90 + 60 + (id %% 120)::int, '', '', ''
    FROM chosen;
INSERT INTO placements_gradeterm (placement_id, grade, valid_from)
    SELECT p.id, 0.5 + 0.25 * k, p.start + 30 * k FROM placements_placement p, generate_series(0, 1) k
    WHERE form = 'municipal_employment' AND (k = 0 OR p.id %% 4 = 0);
INSERT INTO placements_followup (participant_id, enrolment_id, placement_id, kind, due, filed, planned_by_name)
    SELECT e.participant_id, e.id, p.id, CASE WHEN k = 0 THEN 'placement_mid' ELSE 'placement_final' END,
        p.start + 30 + 30 * k, CASE WHEN p.id %% 9 > 0 THEN p.start + 30 + 30 * k + (p.id %% 5)::int - 3 END, ''
    FROM placements_placement p JOIN participants_enrolment e ON e.id = p.enrolment_id, generate_series(0, 1) k;
INSERT INTO placements_followup (participant_id, enrolment_id, kind, due, planned_by_name)
    SELECT participant_id, id, 'plan_review', start + 180, '' FROM participants_enrolment WHERE id %% 2 = 0;
INSERT INTO competence_certificate (placement_id)
    SELECT id FROM placements_placement WHERE form = 'municipal_employment' AND id %% 2 = 0;
INSERT INTO competence_certificateversion (certificate_id, version, issued, issued_elsewhere)
    SELECT c.id, 1, p."end" + (p.id %% 30)::int, true
    FROM competence_certificate c JOIN placements_placement p ON p.id = c.placement_id;
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
    from reporting.figures import FIGURES
    from reporting.missing import missing_in
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
        sizes = []
        for table in TABLES[1:]:
            cursor.execute(f"SELECT count(*) FROM {table}")
            sizes.append(f"{cursor.fetchone()[0]} {table.partition('_')[2]}")
    print(f"{people} participants, {', '.join(sizes)}; made in {time.perf_counter() - started:.0f} s")
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
            f"{name}: every figure {milliseconds(lambda q=question: answer(q)):.0f} ms ({active} active), "
            f"one unit {milliseconds(lambda q=question: answer(Question(q.period, q.as_of, unit))):.0f} ms, "
            f"the page's three periods {milliseconds(lambda q=three: answer_all(q)):.0f} ms, "
            f"what is missing {milliseconds(lambda q=question: missing_in(q)):.0f} ms "
            f"({sum(found.count for found in missing_in(question))} gaps); floor in ms: {floors}"
        )
        of_source = {figure.source.key: [] for figure in FIGURES}
        for figure in FIGURES:
            of_source[figure.source.key].append(figure)
        times = (
            f"{key} {milliseconds(lambda q=question, figures=figures: answer(q, figures)):.0f}"
            for key, figures in of_source.items()
        )
        print(f"    of these in ms: {', '.join(times)}")


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    folder = tempfile.mkdtemp(prefix="jb-")
    atexit.register(shutil.rmtree, folder)  # before the servers register: they stop first
    Path(folder).chmod(0o711)  # the servers may run as another user
    os.environ["JOBBSPAR_DATA"] = folder
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
