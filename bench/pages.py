"""How quick are the list, the queue and the file? `.venv/bin/python bench/pages.py [--participants 50000] [--plans]`.

Makes an installation of its own in a folder (kept for the next run; --fresh makes it anew), fills it with SQL: 10
units, 60 coaches, one and a half enrolments a participant. Asks for the pages in this process, through all of the
middleware, and prints median and p95 in milliseconds, queries and size. The yardstick is a bare signed-in page of 50
rows (bench/bare.py) on the same server and database.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILL = """
DO $$ DECLARE name text; BEGIN  -- the history of invented rows is of no use here
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', name);
    END LOOP; END $$;
INSERT INTO accounts_unit (code) SELECT 'U' || n FROM generate_series(1, 10) n;
INSERT INTO accounts_unitterm (unit_id, name, legal_basis, valid_from)
    SELECT id, 'Jobbcenter ' || code, 'social_services', '1900-01-01' FROM accounts_unit;
INSERT INTO accounts_user (password, email, given_name, family_name, is_active, created_at)
    SELECT '!', 'coach' || n || '@example.org', 'Coach', 'Nr ' || n, true, now() FROM generate_series(1, 60) n;
INSERT INTO accounts_membership (user_id, unit_id, role)
    SELECT u.id, (SELECT min(id) FROM accounts_unit) + (u.id - (SELECT min(id) FROM accounts_user)) % 10, 'job_coach'
    FROM accounts_user u;
INSERT INTO accounts_user (password, email, given_name, family_name, is_active, created_at)
    VALUES ('!', 'head@example.org', 'Greta', 'Gran', true, now());
INSERT INTO accounts_membership (user_id, unit_id, role)
    SELECT id, NULL, 'manager' FROM accounts_user WHERE email = 'head@example.org';
INSERT INTO participants_participant (identity_number, birth_year, gender, given_name, family_name, protection,
        education, phone, email, street_address, postal_code, city, language)
    SELECT lpad((195000000000 + n * 7919)::text, 12, '0'), ((195000000000 + n * 7919) / 100000000)::int,
        (ARRAY['woman', 'man'])[n % 2 + 1],
        (ARRAY['Anna', 'Åsa', 'Erik', 'Fatima', 'Öjvind', 'Lars', 'Maria', 'Ahmed', 'Ängla', 'Svetlana'])[n % 10 + 1]
            || chr(97 + n / 10 % 20),
        (ARRAY['Andersson', 'Öberg', 'Åkesson', 'Zetterlund', 'Ängquist', 'Çelik', 'Nguyen', 'Dahl'])[n % 8 + 1]
            || chr(97 + n / 8 % 25) || chr(97 + n / 200 % 25),
        CASE WHEN n % 500 = 0 THEN 'secrecy_mark' ELSE 'none' END,
        'primary', '070-123 45 67', '', 'Storgatan ' || n % 90, '123 45', 'Björkåkra', ''
    FROM generate_series(1, {people}) n;
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM participants_participant
), coach AS (
    SELECT m.user_id, m.unit_id, row_number() OVER (ORDER BY m.user_id) - 1 AS n
    FROM accounts_membership m WHERE m.role = 'job_coach'
)
INSERT INTO participants_enrolment (participant_id, unit_id, coach_id, case_number, target_group, start, "end",
        closure_reason, job_form, last_activity_on)
    SELECT p.id, c.unit_id, c.user_id, 'AME-' || p.n, 'income_support', DATE '2025-01-01' + (p.n * 31 % 600)::int,
        CASE WHEN p.n % 20 = 0 THEN NULL ELSE DATE '2026-09-01' + (p.n % 60)::int END,
        CASE WHEN p.n % 20 = 0 THEN '' ELSE 'studies' END, '', DATE '2026-09-01' - (p.n % 400)::int
    FROM numbered p JOIN coach c ON c.n = p.n / 20 % 60
    UNION ALL
    SELECT p.id, c.unit_id, c.user_id, 'OLD-' || p.n, 'preventive', DATE '2022-01-01' + (p.n * 31 % 300)::int,
        DATE '2023-06-01' + (p.n * 31 % 300)::int, 'moved', '', DATE '2023-06-01'
    FROM numbered p JOIN coach c ON c.n = (p.n / 20 + p.n % 4 / 2) % 60 WHERE p.n % 2 = 0;
INSERT INTO participants_unitassignment (enrolment_id, unit_id, legal_basis, start)
    SELECT id, unit_id, 'social_services', start FROM participants_enrolment;
INSERT INTO placements_employer (code, name, kind, organisation_number)
    VALUES ('E1', 'Barn och utbildning', 'department', '');
INSERT INTO placements_workplace (employer_id, name) SELECT id, 'Köket på Ekbacken' FROM placements_employer;
INSERT INTO placements_placement (enrolment_id, workplace_id, form, start, "end", purpose, expected_outcome, result)
    SELECT e.id, w.id, 'internship', e.start + k * 40, e.start + k * 40 + 30, '', '', 'met'
    FROM participants_enrolment e, placements_workplace w, generate_series(0, 1) k;
INSERT INTO placements_followup (participant_id, enrolment_id, placement_id, kind, due, filed)
    SELECT e.participant_id, e.id, p.id, 'placement_mid', p.start + 15, p.start + 16
    FROM placements_placement p JOIN participants_enrolment e ON e.id = p.enrolment_id;
INSERT INTO placements_placement (enrolment_id, workplace_id, form, start, "end", purpose, expected_outcome, result)
    SELECT e.id, w.id, 'work_training', DATE '2026-10-01', CASE WHEN e.id % 2 = 0 THEN DATE '2027-03-31' END,
        '', '', ''
    FROM participants_enrolment e, placements_workplace w WHERE e."end" IS NULL AND e.id % 3 > 0;
INSERT INTO placements_followup (participant_id, enrolment_id, placement_id, kind, due)
    SELECT e.participant_id, e.id, p.id, k.kind, DATE '2026-10-20' + (e.id % 90)::int
    FROM placements_placement p JOIN participants_enrolment e ON e.id = p.enrolment_id,
        (VALUES ('placement_mid'), ('plan_review')) k (kind)
    WHERE p.start = DATE '2026-10-01';
INSERT INTO participants_journalentry (public_id, enrolment_id, author_id, author_name, kind, occurred_on, text)
    SELECT gen_random_uuid(), e.id, e.coach_id, 'Coach', 'conversation', e.start + k * 9,
        'Vi pratade om praktiken. ' || k
    FROM participants_enrolment e, generate_series(1, 3) k;
INSERT INTO participants_referral (participant_id, unit_id, source, received, decision, decided_on, target_group)
    SELECT e.participant_id, e.unit_id, 'social_services', e.start - 20, 'accepted', e.start - 6, e.target_group
    FROM participants_enrolment e;
INSERT INTO participants_referral (participant_id, unit_id, source, received, decision, assessing_since, target_group,
        service_registration)
    SELECT e.participant_id, e.unit_id, 'social_services', DATE '2026-11-01' - (e.id % 40)::int, 'pending',
        CASE WHEN e.id % 3 = 0 THEN DATE '2026-11-02' END,
        (ARRAY['income_support', 'preventive', 'activity_responsibility', ''])[e.id % 4 + 1],
        CASE WHEN e.id % 5 = 0 THEN 'not_registered' ELSE '' END
    FROM participants_enrolment e WHERE e.id % 50 = 0;
ANALYZE;
"""


def main() -> None:
    arguments = asked(__doc__, folder="/tmp/jobbspar-bench-pages", participants=50_000)
    set_up(arguments, FILL)
    from accounts.models import User

    users = {
        who: User.objects.get(email=f"{name}@example.org") for who, name in (("coach", "coach1"), ("head", "head"))
    }
    measure(users, arguments.rounds, plans=arguments.plans)


def asked(about: str, *, folder: str, participants: int, rounds: int = 100) -> argparse.Namespace:
    """What was asked for on the command line of a benchmark of pages."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--participants", type=int, default=participants)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--folder", type=Path, default=Path(folder))
    parser.add_argument("--fresh", action="store_true", help="make the installation anew")
    parser.add_argument("--plans", action="store_true", help="print EXPLAIN ANALYZE of the pages' slowest queries")
    return parser.parse_args()


def set_up(arguments: argparse.Namespace, *fills: str) -> None:
    """An installation in the folder, as a web process has it; a new one is filled with what the SQL says."""
    if arguments.fresh:
        shutil.rmtree(arguments.folder, ignore_errors=True)
    new = not arguments.folder.exists()
    os.environ["JOBBSPAR_DATA"] = str(arguments.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["JOBBSPAR_WEB_PROCESS"] = "true"
    subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "--verbosity", "0"], check=True)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    for rows in fills if new else ():
        fill(arguments.participants, rows)


def fill(people: int, rows: str) -> None:
    from django.db import connection

    from config import roles

    began = time.perf_counter()
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(rows.replace("{people}", str(people)))
    print(f"filled in {time.perf_counter() - began:.0f} s")


def measure(users: dict, rounds: int, *, plans: bool) -> None:
    from participants.models import Enrolment

    coach = users["coach"]
    coach.saved_filters.all().delete()
    for number in range(20):
        choices = {"show": ["all"], "status": ["active"], "flag": ["no_contact"], "sort": ["-start"]}
        coach.saved_filters.create(name=f"Filter {number}", choices=choices)
    saved = coach.saved_filters.first()
    own = Enrolment.objects.visible_to(coach).filter(coach=coach, end=None).first()
    file = f"/deltagare/{own.participant.public_id}/"
    pages = [
        ("bare page", "coach", "/bench/bare/"),
        ("list, mine", "coach", "/deltagare/?show=mine"),
        ("list, my unit", "coach", "/deltagare/?show=all"),
        ("list, my unit, page 100", "coach", "/deltagare/?show=all&page=100"),
        ("list, my unit, active", "coach", "/deltagare/?show=all&status=active"),
        ("list, last page", "coach", "/deltagare/?show=all&page=9999"),
        ("list, by activity", "coach", "/deltagare/?show=all&sort=-activity"),
        ("list, longest silent", "coach", "/deltagare/?show=all&sort=activity"),
        ("list, by coach", "coach", "/deltagare/?show=all&sort=coach"),
        ("list, by next follow-up", "coach", "/deltagare/?show=all&sort=next_followup"),
        ("list, a target group", "coach", "/deltagare/?show=all&target_group=income_support"),
        ("list, placement ongoing", "coach", "/deltagare/?show=all&placement=ongoing"),
        ("list, placement none", "coach", "/deltagare/?show=all&placement=none"),
        ("list, a flag", "coach", "/deltagare/?show=all&flag=no_contact"),
        (
            "list, two flags, a coach",
            "coach",
            f"/deltagare/?show=all&flag=no_contact&flag=late_followup&coach={coach.public_id}",
        ),
        ("list, a saved filter", "coach", "/deltagare/?show=all&status=active&flag=no_contact&sort=-start"),
        ("opening a saved filter", "coach", f"/deltagare/sparade/{saved.public_id}/"),
        ("one's saved filters", "coach", "/deltagare/sparade/"),
        ("file of the list, choosing", "head", "/deltagare/fil/?status=active"),
        ("search, a name", "coach", "/deltagare/?q=nguyen"),
        ("search, two letters", "coach", "/deltagare/?q=ny"),
        ("search, a number", "coach", "/deltagare/?q=19500161-0000"),
        ("list, whole municipality", "head", "/deltagare/"),
        ("list, municipality, p. 100", "head", "/deltagare/?page=100"),
        ("list, municipality, active", "head", "/deltagare/?status=active"),
        ("list, municipality, group", "head", "/deltagare/?target_group=income_support"),
        ("list, municipality, by act.", "head", "/deltagare/?sort=-activity"),
        ("queue of referrals", "coach", "/anvisningar/"),
        ("referrals, all", "coach", "/anvisningar/?state=all"),
        ("queue, whole municipality", "head", "/anvisningar/"),
        ("referrals, all of them", "head", "/anvisningar/?state=all"),
        ("file", "coach", file),
        ("file, placements", "coach", file + "placeringar/"),
    ]
    time_pages(users, pages, rounds, plans=plans)


def time_pages(users: dict, pages: list[tuple[str, str, str]], rounds: int, *, plans: bool) -> None:
    """Ask for the pages (label, who, address) again and again, and print what they took, against the first."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ROOT_URLCONF = "bench.bare"
    settings.ALLOWED_HOSTS = ["*"]
    clients = {}
    for name, user in users.items():
        clients[name] = Client()
        clients[name].force_login(user)
    spent, asked, sizes = {}, {}, {}
    for label, who, address in pages:
        response = clients[who].get(address)
        assert response.status_code in (200, 302), (address, response.status_code)
        with CaptureQueriesContext(connection) as queries:
            clients[who].get(address)
        asked[label] = queries.captured_queries  # the log is emptied by the next request
        sizes[label] = len(response.content)
        spent[label] = []
    for _round in range(rounds):  # page after page, so that whatever else the machine does hits all of them
        for label, who, address in pages:
            started = time.perf_counter()
            clients[who].get(address)
            spent[label].append((time.perf_counter() - started) * 1000)
    bare = statistics.median(spent["bare page"])
    print(f"{'page':28}{'median ms':>10}{'p95 ms':>9}{'× bare':>8}{'queries':>9}{'kB':>7}")
    for label, times in spent.items():
        median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        size = sizes[label] / 1000
        print(f"{label:28}{median:10.1f}{p95:9.1f}{median / bare:8.1f}{len(asked[label]):9}{size:7.1f}")
        if plans:
            explain(asked[label])


def explain(queries: list[dict]) -> None:
    """Print the plans of the two queries that took longest."""
    from django.db import connection

    slowest = sorted(queries, key=lambda query: float(query["time"]), reverse=True)[:2]
    for query in slowest:
        if not query["sql"].startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + query["sql"].replace("%", "%%"), [])
            print("   ", query["time"], query["sql"][:300])
            print(*(f"    {line}" for (line,) in cursor.fetchall()), sep="\n")


if __name__ == "__main__":
    main()
