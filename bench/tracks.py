"""How quick are job tracks? `.venv/bin/python bench/tracks.py [--participants 20000]`.

The installation of `bench/pages.py` in a folder of its own, and in it 200 rounds of the shipped tracks: of each
participant the latest enrolment is in one of them, a third on the track, a third completed, a third left. The
yardstick is the same bare page.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILL = """
INSERT INTO tracks_round (public_id, version_id, unit_id, name, state, start, revision, created_at)
    SELECT gen_random_uuid(), v.id, u.id, 'Omgång ' || n, 'running', DATE '2024-01-08' + (n % 100) * 7, 0, now()
    FROM generate_series(0, 199) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM tracks_trackversion) v ON v.k = n % 6
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM accounts_unit) u
        ON u.k = n % (SELECT count(*) FROM accounts_unit);
INSERT INTO tracks_stepseats (round_id, step_id, seats)
    SELECT r.id, s.id, 40 FROM tracks_round r JOIN tracks_step s ON s.version_id = r.version_id;
WITH latest AS (
    SELECT DISTINCT ON (participant_id) id, row_number() OVER (ORDER BY participant_id) AS n
    FROM participants_enrolment ORDER BY participant_id, start DESC
), rounds AS (SELECT id, start, row_number() OVER (ORDER BY id) - 1 AS k FROM tracks_round)
INSERT INTO tracks_member (public_id, round_id, enrolment_id, state, applied_on, applied_by_id,
        applied_by_name, why, deviation, left_note, offered_by_name, revision, finished_on, left_why)
    SELECT gen_random_uuid(), r.id, e.id,
        (ARRAY['on_track', 'completed', 'left'])[e.n % 3 + 1], r.start - 30,
        (SELECT min(id) FROM accounts_user), 'Coach', '', '', '', '', 0,
        CASE WHEN e.n % 3 > 0 THEN r.start + 260 END,
        CASE WHEN e.n % 3 = 2 THEN (ARRAY['work', 'health', 'studies', 'other'])[e.n % 4 + 1] ELSE '' END
    FROM latest e JOIN rounds r ON r.k = e.n % 200;
INSERT INTO tracks_passage (member_id, step_id, start, "end", result, note, by_id, by_name)
    SELECT m.id, s.id, r.start + (s.position - 1) * 50,
        CASE WHEN s.position < reached.upto OR m.finished_on IS NOT NULL
            THEN LEAST(r.start + s.position * 50 - 1 - (m.id % 20)::int, m.finished_on) END,
        CASE WHEN s.position < reached.upto OR m.state = 'completed' THEN 'passed'
            WHEN m.state = 'left' THEN 'not_passed' ELSE '' END, '', (SELECT min(id) FROM accounts_user), 'Coach'
    FROM tracks_member m JOIN tracks_round r ON r.id = m.round_id
    JOIN LATERAL (SELECT CASE WHEN m.state = 'completed' THEN max(position) ELSE m.id % max(position) + 1 END AS upto
        FROM tracks_step WHERE version_id = r.version_id) reached ON true
    JOIN tracks_step s ON s.version_id = r.version_id AND s.position <= reached.upto;
ANALYZE;
"""


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from bench.pages import FILL as EVERYBODY
    from bench.pages import asked, set_up, time_pages

    arguments = asked(__doc__, folder="/tmp/jobbspar-bench-tracks", participants=20_000, rounds=20)
    set_up(arguments, EVERYBODY, FILL)
    from django.urls import NoReverseMatch, reverse
    from django.utils import timezone

    from accounts.models import User
    from reporting.tracks.counted import counted
    from reporting.tracks.told import told_of_rounds, told_of_tracks
    from tracks.models import Member, Round

    users = {
        who: User.objects.get(email=f"{name}@example.org") for who, name in (("coach", "coach1"), ("head", "head"))
    }
    print(f"{Round.objects.count()} rounds, {Member.objects.count()} participants on tracks")
    round_ = Round.objects.select_related("version__track").order_by("pk").first()
    track = round_.version.track
    for label, work in _control(counted, told_of_tracks, told_of_rounds, track, timezone.localdate()):
        began = time.perf_counter()
        work()
        print(f"{label:40}{time.perf_counter() - began:8.2f} s")
    wanted = [
        ("bare page", "coach", None, []),
        ("tracks", "coach", "tracks:list", []),
        ("a track", "coach", "tracks:track", [track.public_id]),
        ("rounds", "coach", "track_rounds:list", []),
        ("a round", "coach", "track_rounds:round", [round_.public_id]),
        ("a round, by the head", "head", "track_rounds:round", [round_.public_id]),
        ("pictures of a round", "coach", "track_pictures:pictures_of_round", [round_.public_id]),
        ("pictures of a track", "coach", "track_pictures:pictures_of_track", [track.public_id]),
        ("steering group, a track", "head", "track_pictures:track", [track.public_id]),
        ("steering group, a round", "head", "track_pictures:round", [round_.public_id]),
        ("compared", "head", "track_pictures:compare", []),
        ("followed up", "head", "reporting:tracks", []),
    ]
    pages = []
    for label, who, name, args in wanted:
        try:
            pages.append((label, who, reverse(name, args=args) if name else "/bench/bare/"))
        except NoReverseMatch:
            print(f"{label}: there is no such page")
    pages.append(
        ("followed up, a track", "head", f"{reverse('reporting:tracks')}?track={track.public_id}&period=2025")
    )
    time_pages(users, pages, arguments.rounds, plans=arguments.plans)


def _control(counted, told_of_tracks, told_of_rounds, track, day):
    """What the steering group's page is made by, step by step."""
    found = {}

    def count():
        found["tree"] = counted(day)

    def tell():
        found["node"] = found["tree"].of(track)
        found["told"] = told_of_tracks(found["tree"].whole, 5, in_full=found["node"])

    def tell_rounds():
        told_of_rounds(found["node"], found["told"][found["node"].key], 5)

    yield "counting all rounds", count
    yield "what is told of tracks and methods", tell
    yield "what is told of a track's rounds", tell_rounds


if __name__ == "__main__":
    main()
