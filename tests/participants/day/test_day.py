"""Min dag: which lists there are, whose rows stand in them, and what is done from a row."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from participants.aftercare.services import AnsweredOtherwise, aftercare_take_back, version_of
from participants.day import lists
from participants.models import Aftercare, Handover, JournalDraft, NumberQuestion, ProtectedAccess
from placements.models import FollowUpAnswer
from tests.factories import CertificateFactory, EnrolmentFactory, FollowUpFactory, PlacementFactory, days_ago
from tests.participants.days import few_lists  # noqa: F401  only the lists that are told of here

DAY = reverse("day:day")
HTMX = {"headers": {"hx-request": "true"}}


def list_address(key, **params) -> str:
    return reverse("day:list", args=[key], query=params)


@pytest.fixture
def coach(client, cast):
    """Alma's browser; she has just spoken with Åsa."""
    type(cast.asa).objects.update(last_activity_on=timezone.localdate())
    client.force_login(cast.coach)
    return client


def html_of(browser, address=DAY, **params) -> str:
    response = browser.get(address, params)
    assert response.status_code == 200
    return response.content.decode()


def shown(html) -> dict[str, list[str]]:
    """The lists that are shown, by key, with the names in their rows."""
    found = {}
    for key, section in re.findall(
        r'<section class="day-list" aria-labelledby="([^"]+)">(.*?)</section>', html, re.S
    ):
        found[key] = re.findall(r'class="day-who"><a[^>]*>([^<]+)</a>', section)
    return found


def closed(cast, days=100, coach=None, **fields):
    return EnrolmentFactory(
        unit=cast.centrum, coach=coach or cast.coach, start=days_ago(days + 100), end=days_ago(days),
        closure_reason="studies", study_aid=True, **fields,
    )  # fmt: skip


def handed_over(enrolment, *, giver, taker, **fields) -> Handover:
    fields = {"from_name": giver.full_name, "note": "Vill helst ringas efter tre."} | fields
    return Handover.objects.create(
        enrolment=enrolment, from_coach=giver, to_coach=taker, to_name=taker.full_name, **fields
    )


def answered(enrolment, **fields) -> FollowUpAnswer:
    followup = FollowUpFactory(placement__enrolment=enrolment, filed=days_ago(1))
    author = {"author": enrolment.coach, "by_name": "Lena Holm"}
    days = {"period_start": days_ago(20), "period_end": days_ago(1)}
    said = {"no_show": False, "going": "well"} | fields
    return FollowUpAnswer.objects.create(followup=followup, **author, **days, **said)


# --- Which rows ---------------------------------------------------------------------------------------------------


def test_a_quiet_day_says_so(coach):
    html = html_of(coach)
    assert shown(html) == {}
    assert "En lugn dag" in html


def test_follow_ups_that_are_late_come_first_and_say_so_in_a_word(coach, cast):
    placement = PlacementFactory(enrolment=cast.asa, workplace__name="Ekbacken")
    for due, more in (
        (-1, {}), (3, {}), (0, {}), (-8, {}), (9, {"filed": days_ago(1)}), (9, {"withdrawn_on": days_ago(1)})
    ):  # fmt: skip
        FollowUpFactory(placement=placement, due=days_ago(due), **more)
    html = html_of(coach)
    assert shown(html) == {"uppfoljningar": ["Åsa Öhrström"] * 3}  # not the one in eight days
    when = re.findall(r'class="day-when">(.*?)</span>\s*\n<span class="day-do', html, re.S)
    assert [re.sub("<[^>]+>", "", each) for each in when] == [f"Försenad {days_ago(3)}", "I dag", f"{days_ago(-1)}"]
    assert "Ekbacken" in html
    assert '3 saker att göra, <span class="tag warn">1 försenad</span>' in html
    followup = placement.followups.get(due=days_ago(3))
    assert reverse("placements:followup", args=[cast.person.public_id, followup.public_id]) in html


def test_after_the_closure_a_follow_up_that_is_still_wanted_is_asked_for_a_while(coach, cast):
    case = closed(cast, days=40)
    placement = PlacementFactory(enrolment=case, start=days_ago(130))
    FollowUpFactory(placement=placement, due=days_ago(89))
    FollowUpFactory(placement=placement, due=days_ago(91))
    assert len(shown(html_of(coach))["uppfoljningar"]) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [({}, "Bra · Lena Holm"), ({"no_show": True, "going": ""}, "Deltagaren kom aldrig · Lena Holm")],
)
def test_an_answer_that_nobody_has_read_waits_to_be_read(coach, cast, said, words):
    answer = answered(cast.asa, **said)
    html = html_of(coach)
    assert shown(html) == {"svar-fran-handledare": ["Åsa Öhrström"]}
    assert words in html
    now = {"read_at": timezone.now(), "read_by": cast.coach, "read_by_name": "Alma Alm"}
    FollowUpAnswer.objects.filter(pk=answer.pk).update(**now)
    assert shown(html_of(coach)) == {}


@pytest.mark.parametrize(
    ("end", "told"), [(-14, True), (-15, False), (0, True), (60, True), (61, False)], ids=lambda each: str(each)
)
def test_a_placement_that_ends_without_certificate_is_told_of_in_time(coach, cast, end, told):
    placement = PlacementFactory(enrolment=cast.asa, start=days_ago(90), end=days_ago(end))
    html = html_of(coach)
    assert ("slutar-utan-intyg" in shown(html)) == told
    CertificateFactory(placement=placement)
    assert shown(html_of(coach)) == {}


def test_of_whom_nothing_was_heard_for_thirty_days_the_longest_silent_first(coach, cast):
    def silent(name, days, since):
        EnrolmentFactory(
            unit=cast.centrum, coach=cast.coach, participant__family_name=name, start=days_ago(days),
            last_activity_on=since and days_ago(since),
        )  # fmt: skip

    silent("Nyss", 60, 30)
    silent("Tyst", 60, 31)
    silent("Tystare", 60, 50)
    silent("Aldrig", 31, None)
    silent("Ny", 30, None)
    html = html_of(coach)
    assert shown(html) == {"ingen-kontakt": ["Anna Aldrig", "Anna Tystare", "Anna Tyst"]}
    assert "Inget på 31 dagar" in html
    assert "Inget är antecknat sedan inskrivningen" in html


def test_a_draft_that_was_left_lying_is_its_writers_alone(client, coach, cast):
    text = "Åsa berättade att hon vill pröva på köket på Ekbacken redan till våren om det går."
    draft = JournalDraft.objects.create(author=cast.coach, enrolment=cast.bertil, text=text)
    assert shown(html_of(coach)) == {}  # it is being written
    JournalDraft.objects.update(saved_at=timezone.now() - dt.timedelta(hours=25))
    html = html_of(coach)
    assert shown(html) == {"utkast": ["Bertil Bodin"]}
    assert "Åsa berättade att hon vill pröva på köket på Ekbacken redan …" in html
    assert shown(html_of(coach, show="all")) == {}
    client.force_login(cast.colleague)
    assert shown(html_of(client)) == {}
    assert draft.text == text


def test_whom_to_ask_stands_with_the_number_to_call_unless_protected(coach, cast):
    closed(cast, participant__phone="070-123 45 67")
    hidden = closed(cast, participant__phone="070-765 43 21", participant__protection="secrecy_mark")
    ProtectedAccess.objects.create(participant=hidden.participant, user=cast.coach)
    html = html_of(coach)
    assert len(shown(html)["efteruppfoljning"]) == 2
    assert "070-123 45 67" in html
    assert "070-765" not in html
    assert "Sekretessmarkering" in html


# --- Whose --------------------------------------------------------------------------------------------------------


def test_nobodys_rows_but_ones_own_and_never_a_protected_person_without_being_named(client, coach, cast):
    for enrolment in (cast.asa, cast.bertil, cast.ciwan, cast.protected_centrum):
        FollowUpFactory(placement__enrolment=enrolment)
    assert shown(html_of(coach)) == {"uppfoljningar": ["Åsa Öhrström"]}
    assert sorted(shown(html_of(coach, show="all"))["uppfoljningar"]) == ["Bertil Bodin", "Åsa Öhrström"]
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    assert sorted(shown(html_of(coach))["uppfoljningar"]) == ["Petra Hemlig", "Åsa Öhrström"]
    client.force_login(cast.outsider)
    assert shown(html_of(client, show="all")) == {"uppfoljningar": ["Ciwan Celik"]}


def test_a_coordinator_begins_with_the_units_day_and_a_manager_reads_it(client, cast):
    FollowUpFactory(placement__enrolment=cast.asa)
    client.force_login(cast.coordinator)
    html = html_of(client)
    assert "Enhetens dag" in html
    assert "för Alma Alm" in html
    assert ">Följ upp<" in html
    client.force_login(cast.manager)
    html = html_of(client)
    assert shown(html)["uppfoljningar"] == ["Åsa Öhrström"]
    assert ">Följ upp<" not in html


def test_the_units_day_is_narrowed_to_a_unit_or_a_coach(client, cast):
    type(cast.asa).objects.update(last_activity_on=timezone.localdate())
    for enrolment in (cast.asa, cast.bertil, cast.ciwan):
        FollowUpFactory(placement__enrolment=enrolment)
    client.force_login(cast.head)
    assert shown(html_of(client, unit="NORR")) == {"uppfoljningar": ["Ciwan Celik"]}
    assert shown(html_of(client, coach=cast.colleague.public_id)) == {"uppfoljningar": ["Bertil Bodin"]}
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=None)
    assert shown(html_of(client, coach="none")) == {"uppfoljningar": ["Åsa Öhrström"]}
    for nothing in ({"unit": "SÖDER"}, {"coach": "strunt"}, {"coach": uuid.uuid4()}):
        assert len(shown(html_of(client, **nothing))["uppfoljningar"]) == 3
    client.force_login(cast.manager)  # what is out of scope is not there to narrow to
    assert len(shown(html_of(client, unit="NORR", coach=cast.outsider.public_id))["uppfoljningar"]) == 2


@pytest.mark.parametrize(("who", "where"), [("coach", DAY), ("coordinator", DAY), ("manager", None)])
def test_where_a_working_day_begins(client, cast, who, where):
    client.force_login(getattr(cast, who))
    response = client.get("/")
    assert (response.url == DAY) == (where is not None)


# --- Long lists ---------------------------------------------------------------------------------------------------


def test_five_rows_of_each_list_and_the_rest_one_link_away(coach, cast):
    for number in range(55):
        FollowUpFactory(placement__enrolment=cast.asa, due=days_ago(number + 1))
    html = html_of(coach)
    assert len(shown(html)["uppfoljningar"]) == 5
    assert "Visa alla 55" in html
    assert "55 försenade" in html
    whole = html_of(coach, list_address("uppfoljningar"))
    assert whole.count('class="day-who"') == 50
    assert "55 saker att göra" in whole
    assert html_of(coach, list_address("uppfoljningar", page=2)).count('class="day-who"') == 5


def test_what_the_database_is_asked_is_the_same_however_much_there_is(coach, cast):
    def queries(address=DAY) -> int:
        with CaptureQueriesContext(connection) as found:
            coach.get(address)
        return len(found)

    def more(count):
        for _number in range(count):
            case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach)
            PlacementFactory(enrolment=case, end=days_ago(3), start=days_ago(50))
            FollowUpFactory(placement__enrolment=case)
            answered(case)
            closed(cast)
            handed_over(case, giver=cast.colleague, taker=cast.coach)

    more(1)
    few = queries(), queries(list_address("efteruppfoljning"))
    more(8)
    assert (queries(), queries(list_address("efteruppfoljning"))) == few
    assert max(few) <= 15


def test_an_empty_list_and_one_that_is_not_there(coach):
    assert "Inget att göra här" in html_of(coach, list_address("uppfoljningar"))
    assert coach.get(list_address("strunt")).status_code == 404
    assert coach.post(reverse("day:note", args=["strunt"])).status_code == 404
    assert coach.post(reverse("day:note", args=["uppfoljningar"]), {"reference": "1"}).status_code == 404


# --- Done from the row --------------------------------------------------------------------------------------------


def test_who_was_handed_over_stands_there_with_the_note_until_it_is_read(client, coach, cast):
    row = handed_over(cast.asa, giver=cast.colleague, taker=cast.coach)
    html = html_of(coach)
    assert shown(html) == {"overlamningar": ["Åsa Öhrström"]}
    assert "Från Bo Berg. Vill helst ringas efter tre." in html
    assert f'name="reference" value="{row.pk}"' in html
    note, data = reverse("day:note", args=["overlamningar"]), {"reference": row.pk, "origin": "day"}
    answer = coach.post(note, data, **HTMX).content.decode()
    assert "<html" not in answer
    assert "Ångra" in answer
    row.refresh_from_db()
    first = row.seen_at
    assert first
    assert coach.post(note, data).url == DAY
    row.refresh_from_db()
    assert row.seen_at == first  # twice is once
    assert shown(html_of(coach)) == {}
    assert "Markera som läst" in coach.post(note, data | {"undo": "1"}, **HTMX).content.decode()
    assert shown(html_of(coach)) == {"overlamningar": ["Åsa Öhrström"]}
    assert coach.post(note, data | {"origin": "day-list"}).url == list_address("overlamningar")


@pytest.mark.parametrize("reference", ["", "strunt", "0", "²"])
def test_no_note_is_taken_of_what_is_not_there(coach, reference):
    assert coach.post(reverse("day:note", args=["overlamningar"]), {"reference": reference}).status_code == 404


def test_nobody_reads_for_another(client, coach, cast):
    row = handed_over(cast.asa, giver=cast.colleague, taker=cast.coach)
    for who in (cast.colleague, cast.manager, cast.outsider):
        client.force_login(who)
        html = html_of(client, show="all")
        assert ("overlamningar" in shown(html)) == (who != cast.outsider)
        assert "Markera som läst" not in html
        assert client.post(reverse("day:note", args=["overlamningar"]), {"reference": row.pk}).status_code == 404


def test_who_has_gone_on_to_another_coach_is_no_longer_new_to_the_first(coach, cast):
    handed_over(cast.bertil, giver=cast.colleague, taker=cast.coach)
    assert shown(html_of(coach)) == {}


def test_the_aftercare_is_answered_in_the_row_and_can_be_taken_back(coach, cast):
    case = closed(cast)
    address = f"{reverse('participants:aftercare', args=[case.participant.public_id, 90])}?inskrivning={case.start}"
    assert f'hx-post="{address}"' in html_of(coach)
    data = {"status": "work", "seen": "", "origin": "day", "show": "mine"}
    answer = coach.post(address, data, **HTMX).content.decode()
    assert "Ångra" in answer
    seen = re.search(r'name="seen" value="([^"]+)"', answer)[1]
    back = {"undo": "1", "seen": seen, "origin": "day", "show": "mine"}
    buttons = coach.post(address, back, **HTMX).content.decode()
    assert buttons.count('name="status"') == 4
    assert 'name="origin" value="day"' in buttons
    assert not Aftercare.objects.exists()
    assert Aftercare.pgh_event_model.objects.count() == 2  # what was answered, and that it was taken back
    assert "i arbete" in coach.get(coach.post(address, data).url).content.decode()
    assert coach.post(address, back | {"origin": "day-list"}).url == list_address("efteruppfoljning", show="mine")
    assert coach.post(address, back).status_code == 302  # twice is once


def test_an_answer_is_not_taken_back_when_it_is_another_one_or_of_another_day(coach, cast, monkeypatch):
    case = closed(cast)
    answer = Aftercare.objects.create(enrolment=case, days_after=90, status="work", checked=days_ago(2))
    address = f"{reverse('participants:aftercare', args=[case.participant.public_id, 90])}?inskrivning={case.start}"
    other = {"undo": "1", "seen": "studies 2026-01-01", "origin": "day"}
    assert "En kollega hann före" in coach.post(address, other, **HTMX).content.decode()
    assert "togs inte tillbaka" in coach.get(coach.post(address, other).url).content.decode()
    tomorrow = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    with pytest.raises(AnsweredOtherwise):
        aftercare_take_back(enrolment=case, days_after=90, seen=version_of(answer))
    assert Aftercare.objects.get().pk == answer.pk


# --- The registry -------------------------------------------------------------------------------------------------


def test_two_lists_with_one_key_are_a_programming_error():
    known = lists.day_lists()[0]
    with pytest.raises(ValueError, match=known.key):
        lists.join_day_list(known)


def test_the_most_urgent_list_comes_first():
    orders = [each.order for each in lists.day_lists()]
    assert orders == sorted(orders)


def test_who_asked_about_a_number_is_told_that_it_is_looked_into_and_not_what_was_found(client, coach, cast):
    fields = {"participant": cast.person, "known_on": cast.ciwan.participant, "asked_by": cast.coach}
    done = {"handled_at": timezone.now(), "outcome": "Samma person, känd i Norr."}
    question = NumberQuestion.objects.create(**fields, asked_by_name="Alma Alm")
    assert shown(html_of(coach)) == {}
    NumberQuestion.objects.create(**fields | {"temporary": True}, **done)  # of which nothing was told
    NumberQuestion.objects.filter(pk=question.pk).update(**done)
    html = html_of(coach)
    assert shown(html) == {"personnummer": ["Åsa Öhrström"]}
    assert "Norr" not in html
    note = reverse("day:note", args=["personnummer"])
    assert coach.post(note, {"reference": "strunt"}).status_code == 404
    assert coach.post(note, {"reference": uuid.uuid4()}).status_code == 404
    client.force_login(cast.colleague)
    assert client.post(note, {"reference": question.public_id}).status_code == 404
    client.force_login(cast.coach)
    assert coach.post(note, {"reference": question.public_id}).status_code == 302
    assert shown(html_of(coach)) == {}
