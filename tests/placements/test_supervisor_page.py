"""The supervisor's page through the front door: what it asks, files and keeps, and what it never tells."""

import datetime as dt
import logging
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import setting_change, user_deactivate
from config.logs import JsonFormatter, ReadableFormatter
from participants.models import Enrolment
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink
from placements.period import Period
from placements.services.answers import answer_file_by_staff, answer_mark_read
from placements.services.followups import followup_withdraw
from placements.services.links import link_withdraw
from placements.services.supervisors import placement_choose_supervisor
from tests.factories import FollowUpFactory, SupervisorFactory, days_ago
from tests.placements.conftest import GOOD, ask, placement_of, written
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db


def text(response) -> str:
    """The page as it is read: without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def answer_of(asked) -> FollowUpAnswer:
    return FollowUpAnswer.objects.get(followup=asked.followup)


# --- Asking -------------------------------------------------------------------------------------------------------


def test_it_says_who_where_and_which_weeks_and_who_will_read(client, asked, cast):
    placement = asked.placement
    placement.start = dt.date(2026, 2, 2)
    placement.save()
    FollowUp.objects.filter(pk=asked.followup.pk).update(due=dt.date(2026, 3, 31))
    page = text(client.get(asked.page))
    assert "Hur går det för Åsa?" in page
    assert "Öhrström" not in page
    assert "Köket på Ekbacken" in page
    assert "v. 6–14, 2 februari–31 mars" in page
    assert "läses av jobbcoachen och andra" in page
    assert "har rätt att läsa det" in page
    assert cast.coach.email in page


def test_it_asks_about_the_time_since_the_follow_up_before(client, asked):
    FollowUpFactory(placement=asked.placement, due=days_ago(16), filed=days_ago(16))
    FollowUpFactory(placement=asked.placement, due=days_ago(9), withdrawn_on=days_ago(9))
    answer = client.post(asked.page, GOOD | {"hours": "151"})
    assert answer.status_code == 422
    assert "mer än tio timmar om dagen" in text(answer)  # 15 days
    client.post(asked.page, GOOD | {"hours": "150"})
    assert answer_of(asked).days == (days_ago(16), days_ago(2))


def test_a_protected_participant_has_no_name_there(client, asked, cast):
    person = asked.followup.participant
    person.protection = Protection.SECRECY_MARK
    person.save()
    for response in (client.get(asked.page), client.post(asked.page, GOOD, follow=True)):
        assert "Åsa" not in text(response)
    assert "den du handleder" in text(client.get(asked.page + "?andra"))


def test_looking_never_uses_the_link_up(client, asked):
    for _time in range(3):
        assert client.get(asked.page).status_code == 200
        assert client.head(asked.page).status_code == 200
        assert client.get(asked.page, {"came": "yes", "going": "well"}).status_code == 200
    assert asked.fresh().filed is None
    assert client.post(asked.page, GOOD).status_code == 302


# --- Filing -------------------------------------------------------------------------------------------------------


def test_filing_keeps_what_was_said_and_says_thank_you(client, asked, cast):
    Enrolment.objects.filter(pk=cast.asa.pk).update(last_activity_on=days_ago(50))
    answer = client.post(asked.page, GOOD, follow=True)
    page = text(answer)
    for words in ("Tack!", "Bra", "42,5 timmar", "Hon är alltid i tid.", "Fler dagar i veckan.", "Ändra svaret"):
        assert words in page
    assert asked.fresh().filed == timezone.localdate()
    row = answer_of(asked)
    assert (row.supervisor, row.author, row.by_name) == (asked.supervisor, None, "Lena Holm")
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == timezone.localdate()


def test_who_never_came_is_not_asked_for_the_rest(client, asked):
    nonsense = {"going": "", "hours": "massor", "needs": "x" * 3000, "works_well": "Bra"}
    page = text(client.post(asked.page, {"came": "no", "version": "0"} | nonsense, follow=True))
    assert "Nej, aldrig" in page
    row = answer_of(asked)
    assert (row.no_show, row.going, row.hours, row.works_well) == (True, "", None, "")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"came": ""}, "Välj ja eller nej."),
        ({"going": ""}, "Välj hur det går."),
        ({"going": "superb"}, "superb"),
        ({"hours": "fyrtio"}, "Skriv timmarna som ett tal"),
        ({"hours": "-1"}, "inte vara färre än 0"),
        ({"hours": "1e9"}, "tio timmar om dagen"),
        ({"hours": "nan"}, "Skriv timmarna som ett tal"),
        ({"hours": "1,234"}, "två decimaler"),
        ({"needs": "x" * 2001}, "2000"),
        ({"needs": "a\x00b"}, "tecken"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(client, asked, wrong, words):
    response = client.post(asked.page, GOOD | wrong)
    assert response.status_code == 422
    assert words in text(response)
    html = response.content.decode()
    assert 'role="alert"' in html
    assert "Hon är alltid i tid." in html
    assert "Fler dagar i veckan." in html
    assert asked.fresh().filed is None


@pytest.mark.parametrize("hours", ["42,5", "42.5", " 42,50 ", ""])
def test_hours_are_taken_as_people_write_them(client, asked, hours):
    assert client.post(asked.page, GOOD | {"hours": hours}).status_code == 302
    assert answer_of(asked).hours == (None if not hours else 42.5)


def test_who_says_that_somebody_never_came_is_told_what_happens_and_ends_nothing(client, asked):
    page = text(client.post(asked.page, {"came": "no", "version": "0"}, follow=True))
    assert "Tack för att du säger till" in page
    assert "Jobbcoachen får veta det nu" in page
    placement = asked.placement
    placement.refresh_from_db()
    assert (placement.end, placement.result) == (None, "")


def test_the_page_speaks_english_to_who_asks_for_it(client, asked):
    swedish = client.get(asked.page).content.decode()
    assert '<html lang="sv">' in swedish
    assert 'href="?sprak=en"' in swedish
    english = asked.page + "?sprak=en"
    page = client.get(english)
    assert '<html lang="en">' in page.content.decode()
    assert "How is it going for Åsa?" in text(page)
    assert not re.search(
        r"[åäö]", text(page).replace("Åsa", "").replace("På svenska", "").replace("Köket på Ekbacken", "")
    )
    wrong = client.post(english, GOOD | {"going": ""})
    assert "Choose how it is going." in text(wrong)
    filed = client.post(english, GOOD)
    assert filed.url == english
    assert "Thank you. The follow-up is filed." in text(client.get(filed.url))
    assert answer_of(asked).hours == 42.5
    change = client.get(asked.page + "?andra&sprak=en").content.decode()
    assert "File the change" in change
    assert 'href="?andra="' in change  # and back to Swedish


def test_the_answer_can_be_changed_until_it_is_read(client, asked, cast):
    client.post(asked.page, GOOD)
    form = client.get(asked.page + "?andra").content.decode()
    assert 'value="42,5"' in form
    assert 'name="version" value="1"' in form
    client.post(asked.page, GOOD | {"going": "mixed", "version": "1"})
    row = answer_of(asked)
    assert (row.going, row.version, row.amended_at is not None) == ("mixed", 2, True)
    answer_mark_read(answer=row, version=2, actor=cast.coach)
    for address in (asked.page, asked.page + "?andra"):
        page = client.get(address)
        assert 'name="version"' not in page.content.decode()
        assert "Jobbcoachen har läst" in text(page)
    late = client.post(asked.page, GOOD | {"going": "not_well", "version": "2"})
    assert late.status_code == 409
    assert "sparades inte" in text(late)
    assert answer_of(asked).going == "mixed"


def test_the_same_form_sent_twice_files_once(client, asked):
    for _time in range(2):
        assert client.post(asked.page, GOOD).status_code == 302
    assert (answer_of(asked).version, FollowUpAnswer.objects.count()) == (1, 1)


def test_a_second_tab_does_not_overwrite_the_first_in_silence(client, asked):
    client.post(asked.page, GOOD)
    second = client.post(asked.page, GOOD | {"going": "not_well", "needs": "Mer stöd"})
    assert second.status_code == 409
    page = text(second)
    assert "lämnades in från ett annat fönster" in page
    assert "42,5 timmar" in page  # what is filed
    assert "Mer stöd" in second.content.decode()  # what was typed
    assert answer_of(asked).going == "well"
    seen = re.search(r'name="version" value="(\d+)"', second.content.decode())[1]
    client.post(asked.page, GOOD | {"going": "not_well", "needs": "Mer stöd", "version": seen})
    assert (answer_of(asked).going, answer_of(asked).version) == ("not_well", 2)


def test_what_staff_wrote_down_is_not_shown_to_the_supervisor(client, asked, cast):
    said = {"no_show": False, "going": "not_well", "hours": None, "works_well": "", "wishes": ""}
    said |= {"needs": "Hemligt"}
    days = Period(days_ago(9), days_ago(2))
    answer_file_by_staff(followup=asked.followup, author=cast.coach, said=said, period=days, version=0)
    for response in (client.get(asked.page), client.get(asked.page + "?andra"), client.post(asked.page, GOOD)):
        assert "redan inlämnad" in text(response)
        assert "Hemligt" not in text(response)
    assert answer_of(asked).going == "not_well"


def test_the_history_names_the_link_and_nobody_who_happens_to_be_signed_in_as_the_answerer(client, asked, cast):
    client.force_login(cast.colleague)
    client.post(asked.page, GOOD)
    (event,) = FollowUpAnswer.pgh_event_model.objects.all()
    context = event.pgh_context
    assert (context["user"], context["name"], context["source"]) == (None, "", "link")
    assert context["link"] == str(asked.link.public_id)
    assert event.by_name == "Lena Holm"


def expired_meanwhile(asked, cast):
    FollowUpLink.objects.filter(pk=asked.link.pk).update(valid_until=days_ago(1))


def filed_by_staff_meanwhile(asked, cast):
    said = {"no_show": True, "going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
    days = Period(days_ago(9), days_ago(2))
    answer_file_by_staff(followup=asked.followup, author=cast.coach, said=said, period=days, version=0)


def read_meanwhile(asked, cast):
    Client().post(asked.page, GOOD | {"wishes": ""})
    answer_mark_read(answer=answer_of(asked), version=1, actor=cast.coach)


@pytest.mark.parametrize("late", [expired_meanwhile, filed_by_staff_meanwhile, read_meanwhile])
def test_what_was_written_in_a_form_that_comes_too_late_is_given_back(client, asked, cast, late):
    late(asked, cast)
    page = client.post(asked.page, GOOD).content.decode()
    assert "Det du skrev nu är inte sparat" in page
    assert "Fler dagar i veckan." in page
    assert "Det du skrev nu" not in client.get(asked.page).content.decode()


# --- Links that do not hold ---------------------------------------------------------------------------------------


def withdrawn_link(asked, cast):
    link_withdraw(followup=asked.followup)


def withdrawn_followup(asked, cast):
    followup_withdraw(followup=asked.followup)


def closed_account(asked, cast):
    Enrolment.objects.filter(coach=cast.coach).update(coach=cast.colleague)
    user_deactivate(user=cast.coach, actor=cast.administrator)


def other_supervisor(asked, cast):
    other = SupervisorFactory(workplace=asked.placement.workplace)
    placement_choose_supervisor(placement=asked.placement, supervisor=other, actor=cast.coach)


@pytest.mark.parametrize("ended", [withdrawn_link, withdrawn_followup, closed_account, other_supervisor])
def test_every_link_that_does_not_hold_has_the_same_page_as_one_that_never_was(client, asked, cast, ended):
    unknown = client.get(asked.page.replace(asked.link.token, "A" * 43))
    client.post(asked.page, GOOD | {"came": "yes"})
    answer_of(asked).delete()
    FollowUp.objects.filter(pk=asked.followup.pk).update(filed=None)
    asked.followup.refresh_from_db()
    ended(asked, cast)
    for path in (asked.page, asked.page + "ny/"):
        for response in (client.get(path), client.post(path, GOOD)):
            assert response.status_code == unknown.status_code == 404
            assert response.content == unknown.content
    page = text(unknown)
    assert not any(word in page for word in ("Åsa", "Ekbacken", "Holm", "koket.example", cast.coach.email))
    assert asked.fresh().filed is None


def test_a_link_opens_nothing_but_its_own_follow_up(client, asked, cast):
    other = placement_of(cast.ciwan, name="Verkstaden i Norr")
    theirs = ask(FollowUpFactory(placement=other), cast.outsider)
    client.post(theirs.page, GOOD | {"needs": "Om Ciwan"})
    pages = [client.get(asked.page), client.post(asked.page, GOOD, follow=True), client.get(asked.page + "?andra")]
    for response in pages:
        assert not any(word in text(response) for word in ("Ciwan", "Verkstaden", "Carlsson"))
    assert FollowUpAnswer.objects.get(followup=theirs.followup).needs == "Om Ciwan"


# --- Expired links ------------------------------------------------------------------------------------------------


@pytest.fixture
def expired(asked):
    FollowUpLink.objects.filter(pk=asked.link.pk).update(valid_until=days_ago(1))
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    for mail in asked.mails():
        type(mail).objects.filter(pk=mail.pk).update(created_at=an_hour_ago)
    return asked


def test_an_expired_link_says_so_shows_nothing_and_files_nothing(client, expired):
    for response in (client.get(expired.page), client.post(expired.page, GOOD)):
        assert "Länken är för gammal" in text(response)
        assert not any(word in text(response) for word in ("Åsa", "Ekbacken", "Holm", "koket.example"))
    assert expired.fresh().filed is None


@pytest.mark.parametrize("ending", ["", "?sprak=en"])
def test_a_link_that_leads_nowhere_says_so_in_both_languages(client, asked, ending):
    link_withdraw(followup=asked.followup)
    pages = [text(client.get(path + ending)) for path in (asked.page, "/uppfoljning/fel/")]
    assert pages[0] == pages[1]
    for words in ("Länken gäller inte", "efter det senaste.", "The link does not hold", "Look for the latest one."):
        assert words in pages[0]


def test_a_new_link_goes_to_the_address_on_file_only_and_once_in_ten_minutes(client, expired):
    first = client.post(expired.page + "ny/", {"email": "somebody@else.example"})
    again = client.post(expired.page + "ny/")
    assert first.content == again.content
    assert "koket.example" not in text(first)
    old, new = expired.mails()
    assert new.recipient == old.recipient == expired.supervisor.email
    (address,) = re.findall(r"/uppfoljning/[\w-]+/", written(new).body)
    assert "Hur går det för Åsa?" in text(client.get(address))
    assert client.post(address + "ny/").status_code == 302  # holds: nothing to renew


def test_a_phone_that_opens_the_answer_again_sends_nothing_and_leads_back(client, expired):
    client.post(expired.page + "ny/?sprak=en")
    assert client.get(expired.page + "ny/?sprak=en").url == expired.page + "?sprak=en"
    assert len(expired.mails()) == 2


@pytest.mark.parametrize("how", ["filed", "withdrawn_on"])
def test_nothing_is_sent_for_what_nobody_waits_for(client, expired, how):
    before = client.post(expired.page + "ny/").content
    for mail in expired.mails()[1:]:
        mail.delete()
    FollowUpLink.objects.exclude(pk=expired.link.pk).delete()
    FollowUp.objects.filter(pk=expired.followup.pk).update(**{how: days_ago(1)})
    after = client.post(expired.page + "ny/")
    assert len(expired.mails()) == 1
    assert after.content == before or after.status_code == 404  # withdrawn: as if it had never been


# --- What it weighs, and what it leaves behind --------------------------------------------------------------------


def test_it_is_light_enough_for_a_school_kitchen(client, asked):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(asked.page)
    assert len(queries) <= 10
    html = response.content.decode()
    assert "<script" not in html
    fetched = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    style = (settings.BASE_DIR / "static" / "css" / "by_link.css").read_text(encoding="utf-8")
    fetched |= {f"fonts/{name}" for name in re.findall(r"\.\./fonts/([\w.-]+)", style)}
    assert "css/by_link.css" in fetched
    files = [settings.BASE_DIR / "static" / name for name in fetched]
    assert len(response.content) + sum(file.stat().st_size for file in files) < 60_000


def test_filing_asks_few_questions_of_the_database(client, asked):
    with CaptureQueriesContext(connection) as queries:
        client.post(asked.page, GOOD)
    asking = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asking) <= 14, "\n".join(asking)


@pytest.mark.parametrize("ending", ["", "ny/"])
def test_no_answer_is_kept_anywhere_or_says_where_one_came_from(client, asked, ending):
    for response in (client.get(asked.page), client.post(asked.page + ending, GOOD), client.get("/uppfoljning/x/")):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
        assert response["Content-Security-Policy"]


def test_the_form_is_filed_by_a_browser_that_keeps_no_cookies(asked):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert strict.post(asked.page, GOOD).status_code == 302
    assert asked.fresh().filed


def test_the_token_stands_in_no_log_line(client, asked, cast, caplog):
    withdrawn = asked.page
    link_withdraw(followup=asked.followup)
    with caplog.at_level(logging.DEBUG):
        client.get(withdrawn)
        client.put(withdrawn)
    handler = next(handler for handler in logging.getLogger().handlers if handler.formatter)
    assert caplog.records
    for formatter in (JsonFormatter(), ReadableFormatter("%(message)s"), handler.formatter):
        lines = [formatter.format(record) for record in caplog.records if "sql" not in vars(record)]
        assert not any(asked.link.token in line for line in lines)


def test_the_token_is_stored_nowhere(client, asked):
    token = asked.link.token
    client.post(asked.page, GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        assert "placements_followuplink" in tables
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{token}%"])
            assert cursor.fetchone() == (0,), table


def test_the_municipality_decides_how_long_links_hold(cast):
    setting_change(key="followup_link_days", value=3)
    soon = ask(FollowUpFactory(placement=placement_of(cast.asa), due=days_ago(-20)), cast.coach)
    late = ask(FollowUpFactory(placement=placement_of(cast.asa), due=days_ago(10)), cast.coach)
    assert soon.link.valid_until == days_ago(-23)
    assert late.link.valid_until == days_ago(-3)


def test_the_address_is_the_installations_own(asked, settings):
    settings.PUBLIC_ADDRESS = "https://jobbspar.example.se"
    link = f"https://jobbspar.example.se{reverse('placements:supervisor', args=[asked.link.token])}"
    assert link in written(asked.mails()[0]).body
