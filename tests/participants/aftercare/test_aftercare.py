"""The aftercare: when it asks, whom, and answering in one click."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.aftercare import is_asked_about
from participants.models import Aftercare, Enrolment, ProtectedAccess
from participants.results import Closure
from reporting.missing import find_gap
from reporting.periods import Period
from reporting.question import Question
from tests.factories import EnrolmentFactory, days_ago

LIST = "participants:aftercare_list"
HTMX = {"headers": {"hx-request": "true"}}


def left(unit, coach, days, name="Andersson", **more) -> Enrolment:
    """Somebody who left for studies so many days ago."""
    fields = {"closure_reason": "studies", "study_aid": True} | more
    return EnrolmentFactory(
        unit=unit, coach=coach, start=days_ago(days + 100), end=days_ago(days),
        participant__family_name=name, **fields,
    )  # fmt: skip


def point(enrolment, days=90) -> str:
    path = reverse("participants:aftercare", args=[enrolment.participant.public_id, days])
    return f"{path}?inskrivning={enrolment.start}"


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def names(browser, **params) -> list[str]:
    html = browser.get(reverse(LIST), params).content.decode()
    return re.findall(r'<th scope="row"><a[^>]*>Anna (.*?)</a>', html)


# --- Whom to ask now ----------------------------------------------------------------------------------------------


def test_the_list_holds_who_is_to_be_asked_today_the_late_ones_first(coach, cast):
    asked_after = {90: 90, 120: 90, 179: 90, 180: 180, 364: 180, 365: 365, 454: 365}
    for days in (89, *asked_after, 455):  # the first is too early, the last too late
        left(cast.centrum, cast.coach, days, name=f"{days}")
    due = {f"{days}": days_ago(days) + dt.timedelta(days=after) for days, after in asked_after.items()}
    assert names(coach) == sorted(due, key=lambda name: (due[name], name))
    html = coach.get(reverse(LIST)).content.decode()
    assert html.count('<span class="tag warn">') == 4  # more than a fortnight has passed


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"closure_reason": "work", "study_aid": None, "job_form": "osa", "job_start": days_ago(99)}, True),
        ({"closure_reason": "own_business", "study_aid": None, "job_start": days_ago(99)}, True),
        ({"closure_reason": "work", "study_aid": None, "job_form": "osa"}, False),
        ({"closure_reason": "work", "study_aid": None, "job_form": "municipal_employment", "job_start": days_ago(99)},
         False),
        ({"study_aid": False}, False),
        ({"closure_reason": "deceased", "study_aid": None}, False),
        ({"closure_reason": "moved", "study_aid": None}, False),
    ],
)  # fmt: skip
def test_only_work_and_studies_that_count_are_asked_about(coach, cast, more, asked):
    case = left(cast.centrum, cast.coach, 100, **more)
    assert bool(names(coach)) == asked
    assert coach.get(point(case)).status_code == (200 if asked else 404)
    today = timezone.localdate()
    question = Question(period=Period.parse(f"{days_ago(200)}..{today}"), as_of=today)
    gap = find_gap("aftercare_90")
    rows = list(gap.rows(question))
    assert bool(rows) == asked
    assert [gap.mended_at(row) for row in rows] == ([point(case)] if asked else [])


def test_mine_first_then_the_units_and_never_another_units(coach, cast):
    left(cast.centrum, cast.coach, 100, name="Egen")
    left(cast.centrum, cast.colleague, 100, name="Kollegans")
    left(cast.norr, cast.outsider, 100, name="Norrs")
    assert names(coach) == ["Egen"]
    assert names(coach, show="all") == ["Egen", "Kollegans"]


def test_a_protected_person_is_listed_for_those_who_are_named_without_a_number_to_call(coach, cast):
    case = left(cast.centrum, cast.coach, 100, name="Hemlig")
    case.participant.protection, case.participant.phone = "secrecy_mark", "070-123 45 67"
    case.participant.save()
    assert names(coach) == []
    ProtectedAccess.objects.create(participant=case.participant, user=cast.coach)
    assert names(coach) == ["Hemlig"]
    assert "070-123" not in coach.get(reverse(LIST)).content.decode()


def test_nobody_to_ask_says_what_comes_here(coach, client, cast):
    assert "Ingen av dina ska frågas nu" in coach.get(reverse(LIST)).content.decode()
    assert "Ingen ska frågas nu" in coach.get(reverse(LIST), {"show": "all"}).content.decode()


def test_a_manager_reads_the_list_and_has_nothing_to_click(client, cast):
    left(cast.centrum, cast.coach, 100)
    client.force_login(cast.manager)
    html = client.get(reverse(LIST)).content.decode()
    assert "Andersson" in html
    assert 'name="status"' not in html


def test_the_list_is_fifty_a_page_and_asks_the_same_of_the_database_however_long_it_is(coach, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            coach.get(reverse(LIST))
        return len(found)

    for number in range(5):
        left(cast.centrum, cast.coach, 100 + number)
    few = queries()
    for number in range(50):
        left(cast.centrum, cast.coach, 100 + number)
    assert queries() <= few
    assert few <= 15
    assert len(names(coach)) == 50
    assert len(names(coach, page=2)) == 5


# --- Answering ----------------------------------------------------------------------------------------------------


def test_one_click_answers_in_place(coach, cast):
    case = left(cast.centrum, cast.coach, 100)
    response = coach.post(point(case), {"status": "work", "seen": "", "origin": "list"}, **HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert "Sparat" in html
    assert "data-focus" in html
    answer = Aftercare.objects.get()
    assert (answer.days_after, answer.status, answer.checked) == (90, "work", timezone.localdate())
    assert answer.events.get().pgh_context["name"] == "Alma Alm"
    case.refresh_from_db()
    assert case.last_activity_on == timezone.localdate()
    assert names(coach) == []


@pytest.mark.parametrize(("origin", "show"), [("list", "mine"), ("list", "all"), ("file", "")])
def test_without_script_one_click_leads_back_to_where_it_came_from(coach, cast, origin, show):
    case = left(cast.centrum, cast.coach, 100)
    response = coach.post(point(case), {"status": "neither", "seen": "", "origin": origin, "show": show})
    file = reverse("participants:file", args=[case.participant.public_id])
    assert response.url == (f"{reverse(LIST)}?show={show}" if origin == "list" else file)
    assert "Sparat: Anna Andersson, inget" in coach.get(response.url).content.decode()


def test_the_file_shows_what_is_due_what_is_answered_and_what_is_to_come(coach, cast):
    case = left(cast.centrum, cast.coach, 200)
    Aftercare.objects.create(enrolment=case, days_after=90, status="studies", checked=days_ago(105))
    html = coach.get(reverse("participants:file", args=[case.participant.public_id])).content.decode()
    assert re.search(r"Efter 90 dagar</span>.*?Studerar</span>.*?Rätta", html, re.S)
    assert re.search(r'Efter 6 månader</span> <span class="tag warn">', html)
    assert len(re.findall(r'name="status"', html)) == 4
    assert re.search(f"Efter 12 månader.*från <span[^>]*>{days_ago(200) + dt.timedelta(days=365)}", html, re.S)


def test_an_answer_is_corrected_and_its_history_kept(coach, cast):
    case = left(cast.centrum, cast.coach, 100)
    coach.post(point(case), {"status": "work", "seen": "", "checked": days_ago(5).isoformat()})
    html = coach.get(point(case)).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', html)[1]
    assert re.search(r'value="work"[^>]*checked', html)
    coach.post(point(case), {"status": "not_reached", "seen": seen, "checked": days_ago(4).isoformat()})
    assert Aftercare.objects.get().status == "not_reached"
    html = coach.get(point(case)).content.decode()
    history = html[html.index("Historik") :]
    assert history.index("<b>Inte nådd") < history.index("<b>I arbete")
    assert history.count("Alma Alm") == 2


def test_two_who_answer_at_once_are_told_apart(coach, cast):
    case = left(cast.centrum, cast.coach, 100)
    Aftercare.objects.create(enrolment=case, days_after=90, status="studies", checked=days_ago(1))
    late = {"status": "work", "seen": ""}
    html = coach.post(point(case), late, **HTMX).content.decode()
    assert "En kollega hann före" in html
    assert "Studerar" in html
    response = coach.post(point(case), late)
    assert response.status_code == 409
    assert "Nu står det: studerar" in response.content.decode()
    assert Aftercare.objects.get().status == "studies"
    same = coach.post(point(case), {"status": "studies", "seen": "", "checked": days_ago(1).isoformat()})
    assert same.status_code == 302  # the same answer is no quarrel


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"checked": days_ago(-1).isoformat()}, "framåt i tiden"),
        ({"checked": days_ago(11).isoformat()}, "tidigast den"),
        ({"checked": "i går"}, "2026-03-31"),
        ({"checked": ""}, "Ange vilken dag"),
        ({"status": "holiday"}, "ett av de fyra svaren"),
        ({"status": ""}, "Välj vad personen gör"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(coach, cast, data, said):
    case = left(cast.centrum, cast.coach, 100)
    response = coach.post(point(case), {"status": "work", "seen": "", **data})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Aftercare.objects.exists()


def test_nothing_is_asked_before_its_day_nor_of_an_enrolment_that_goes_on(coach, cast):
    case = left(cast.centrum, cast.coach, 89)
    assert "för tidigt att fråga" in coach.get(point(case)).content.decode()
    assert coach.post(point(case), {"status": "work", "seen": ""}).status_code == 422
    assert coach.get(point(case, 91)).status_code == 404
    assert coach.get(point(cast.asa)).status_code == 404


def test_a_job_that_is_too_young_is_asked_about_when_its_time_comes(cast):
    today = timezone.localdate()
    assert is_asked_about(Closure("work", job_start=today, job_form="osa"), today)
    assert not is_asked_about(Closure("work", job_start=today), today)
