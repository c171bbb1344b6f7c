"""How quick are Min dag and the unit's view? `.venv/bin/python bench/day.py [--participants 50000] [--plans]`.

The installation of `bench/pages.py` in a folder of its own, and in it what a working day has: late follow-ups,
answers that nobody has read, placements that end, handovers, drafts, people who are to be asked. The yardstick is the
same bare page.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILL = """
-- Closures fall all through the last two years, not in two months of one autumn.
UPDATE participants_enrolment SET study_aid = true, "end" = current_date - (id % 700)::int,
        start = current_date - (id % 700)::int - 200 WHERE closure_reason = 'studies';
UPDATE placements_followup SET filed = NULL, due = current_date - (id % 25)::int + 5 WHERE id % 100 = 0;
UPDATE placements_placement SET "end" = current_date - (id % 70)::int + 14
    WHERE id % 30 = 0 AND start < current_date - 90;
INSERT INTO placements_followupanswer (followup_id, author_id, by_name, period_start, period_end, no_show, going,
        works_well, needs, wishes, version, filed_at, read_by_name, read_at, read_by_id)
    SELECT f.id, e.coach_id, 'Lena Holm', f.due - 10, f.due, false, 'well', '', '', '', 1, now() - interval '2 days',
        CASE WHEN f.id % 400 = 1 THEN '' ELSE 'Coach' END, CASE WHEN f.id % 400 = 1 THEN NULL ELSE now() END,
        CASE WHEN f.id % 400 = 1 THEN NULL ELSE e.coach_id END
    FROM placements_followup f JOIN participants_enrolment e ON e.id = f.enrolment_id WHERE f.filed IS NOT NULL;
INSERT INTO participants_handover (enrolment_id, from_name, to_coach_id, to_name, note, at, by_name)
    SELECT id, 'Bo Berg', coach_id, 'Coach', 'Ring efter tre.', now() - interval '3 days', 'Bo Berg'
    FROM participants_enrolment WHERE "end" IS NULL AND id % 10 = 0;
INSERT INTO participants_journaldraft (author_id, enrolment_id, kind, audience, occurred_on, text, document,
        recipient, sent_way, saved_at)
    SELECT coach_id, id, 'meeting', 'internal', '', 'Vi talade om det.', '', '', '', now() - interval '2 days'
    FROM participants_enrolment WHERE "end" IS NULL AND id % 15 = 0;
INSERT INTO accounts_user (password, email, given_name, family_name, is_active, created_at)
    VALUES ('!', 'manager@example.org', 'Eva', 'Ek', true, now());
INSERT INTO accounts_membership (user_id, unit_id, role)
    SELECT u.id, m.unit_id, 'manager' FROM accounts_user u, accounts_membership m, accounts_user c
    WHERE u.email = 'manager@example.org' AND c.email = 'coach1@example.org' AND m.user_id = c.id;
ANALYZE;
"""


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from bench.pages import FILL as EVERYBODY
    from bench.pages import asked, set_up, time_pages

    arguments = asked(__doc__, folder="/tmp/jobbspar-bench-day", participants=50_000, rounds=100)
    set_up(arguments, EVERYBODY, FILL)
    from accounts.models import User

    emails = {"coach": "coach1", "manager": "manager", "head": "head"}
    users = {who: User.objects.get(email=f"{name}@example.org") for who, name in emails.items()}
    unit, coach = users["manager"].memberships.get().unit.code, users["coach"].public_id
    pages = [
        ("bare page", "coach", "/bench/bare/"),
        ("Min dag", "coach", "/min-dag/"),
        ("Min dag, follow-ups", "coach", "/min-dag/uppfoljningar/"),
        ("Min dag, to ask", "coach", "/min-dag/efteruppfoljning/"),
        ("the unit's day", "coach", "/min-dag/?show=all"),
        ("the unit's view", "manager", "/enheten/"),
        ("a number's list", "manager", "/enheten/utan-kontakt/"),
        ("hand over", "manager", f"/enheten/lamna-over/?unit={unit}&from={coach}"),
        ("ten units", "head", "/enheten/"),
    ]
    time_pages(users, pages, arguments.rounds, plans=arguments.plans)


if __name__ == "__main__":
    main()
