"""How quick are the place bank and the matching? `.venv/bin/python bench/places.py [--participants 20000]`.

The installation of `bench/pages.py` in a folder of its own (20,000 participants have some 60,000 placements), and
in it 5,000 places at 500 workplaces, each placement that goes on in a seat where there is room. The yardstick is the
same bare page.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILL = """
INSERT INTO placements_employer (code, name, kind, organisation_number)
    SELECT 'B' || n, 'Arbetsgivare ' || n, (ARRAY['department', 'private', 'civil_society'])[n % 3 + 1], ''
    FROM generate_series(1, 60) n;
INSERT INTO placements_workplace (employer_id, name, city)
    SELECT e.id, 'Arbetsplats ' || n, (ARRAY['Björkåkra', 'Storköping'])[n % 2 + 1]
    FROM generate_series(1, 500) n JOIN placements_employer e ON e.code = 'B' || (n % 60 + 1);
INSERT INTO placements_supervisor (workplace_id, name, email, phone)
    SELECT id, 'Lena Holm', 'lena' || id || '@example.org', '' FROM placements_workplace;
INSERT INTO placements_supervisortraining (public_id, supervisor_id, course, level, language, completed_on,
        valid_until)
    SELECT gen_random_uuid(), id, 'Handledarutbildning', '', false, current_date - 400,
        current_date + CASE WHEN id % 4 = 0 THEN -10 ELSE 300 END
    FROM placements_supervisor WHERE id % 3 > 0;
WITH area AS (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM vocabulary_occupationalarea),
     shop AS (SELECT w.id, s.id AS supervisor, row_number() OVER (ORDER BY w.id) - 1 AS n
              FROM placements_workplace w JOIN placements_supervisor s ON s.workplace_id = w.id)
INSERT INTO placements_place (public_id, workplace_id, title, occupational_area_id, tasks, licence,
        formal_requirements, supervisor_id, capacity, start, state, revision, created_at)
    SELECT gen_random_uuid(), shop.id, 'Plats ' || p, area.code, '', CASE WHEN p % 20 = 0 THEN 'B' ELSE '' END, '',
        shop.supervisor, p % 3 + 1, current_date - 400, CASE WHEN p % 50 = 0 THEN 'paused' ELSE 'open' END, 0, now()
    FROM generate_series(1, 5000) p JOIN shop ON shop.n = p % (SELECT count(*) FROM shop)
        JOIN area ON area.n = p % (SELECT count(*) FROM area);
INSERT INTO placements_placelanguage (place_id, skill, level)
    SELECT p.id, s.skill, (ARRAY['A1', 'A2', 'B1'])[p.id % 3 + 1]
    FROM placements_place p, (VALUES ('INTERACTION'), ('READING')) s (skill) WHERE p.id % 2 = 0;
WITH going AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n
    FROM placements_placement WHERE "end" IS NULL OR "end" > current_date
), seats AS (
    SELECT p.id AS place, s AS seat, row_number() OVER (ORDER BY p.id, s) AS n
    FROM placements_place p, generate_series(1, 3) s WHERE s <= p.capacity AND p.id % 3 > 0
)
UPDATE placements_placement t SET place_id = seats.place, seat = seats.seat
    FROM going JOIN seats ON seats.n = going.n WHERE t.id = going.id;
INSERT INTO participants_activity (public_id, enrolment_id, form_id, purpose, expected_outcome, need, state,
        outcome, outcome_note, settled_by_name, created_at)
    SELECT gen_random_uuid(), e.id, 'work_training', 'Pröva på', 'Vet vad som passar', 'both', 'decided', '', '', '',
        now()
    FROM participants_enrolment e WHERE e."end" IS NULL;
ANALYZE;
"""


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from bench.pages import FILL as EVERYBODY
    from bench.pages import asked, set_up, time_pages

    arguments = asked(__doc__, folder="/tmp/jobbspar-bench-places", participants=20_000, rounds=60)
    set_up(arguments, EVERYBODY, FILL)
    from accounts.models import User
    from participants.models import Activity, Enrolment
    from placements.models import Place, Placement

    coach = User.objects.get(email="coach1@example.org")
    users = {"coach": coach, "head": User.objects.get(email="head@example.org")}
    print(f"{Place.objects.count()} places, {Placement.objects.count()} placements")
    own = Enrolment.objects.visible_to(coach).filter(coach=coach, end=None)
    person = Activity.objects.filter(enrolment__in=own).first().enrolment.participant
    place = Place.objects.filter(state="open").first()
    today = f"{place.start:%Y-%m-%d}"
    pages = [
        ("bare page", "coach", "/bench/bare/"),
        ("places", "coach", "/platser/"),
        ("places, page 80", "coach", "/platser/?page=80"),
        ("places, free today", "coach", f"/platser/?ledig={today}"),
        ("places, trained, at most A2", "coach", "/platser/?handledare=ja&niva=A2"),
        ("places, a word", "coach", "/platser/?q=arbetsplats+77"),
        ("where it is free", "coach", "/platser/lediga/"),
        ("a place", "coach", f"/platser/{place.public_id}/"),
        ("places for a participant", "coach", f"/deltagare/{person.public_id}/platser/"),
        ("the same, page 100", "coach", f"/deltagare/{person.public_id}/platser/?page=100"),
        ("participants for a place", "coach", f"/platser/{place.public_id}/deltagare/"),
        ("the same, municipality", "head", f"/platser/{place.public_id}/deltagare/"),
        ("attendance of the week", "coach", "/narvaro/?visa=enheten"),
    ]
    time_pages(users, pages, arguments.rounds, plans=arguments.plans)


if __name__ == "__main__":
    main()
