"""One person with a file in each of two units that do not know of each other: the administrator makes them one."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.models import (
    Enrolment,
    Merge,
    NumberQuestion,
    Referral,
)
from tests.factories import ParticipantFactory, days_ago
from tests.participants.merging.pair import COORDINATION, WHY, WOMAN, client_of
from tests.participants.person.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_norr(cast, pair):
    """Asa's file is Norr's, and has been changed there."""
    Enrolment.objects.filter(pk=pair.earlier.pk).update(unit=cast.norr, coach=cast.outsider)
    pair.earlier.assignments.update(unit=cast.norr)
    Referral.objects.filter(participant=pair.old).update(unit=cast.norr)
    Page(cast.outsider, reverse("participants:contact", args=[pair.old.public_id])).send(phone="08-465 004 01")
    return pair


def blind(cast, pair, **typed) -> str:
    question = NumberQuestion.objects.create(
        participant=pair.asa, known_on=pair.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    page = Page(cast.administrator, reverse("merges:of_question", args=[question.public_id]))
    for secret in ("Åsa", "Öström", WOMAN, COORDINATION):
        assert secret not in page.html
    return page.send(**{"goes_on": "first", "why": "Båda enheterna har sett legitimation."} | typed)


def test_an_administrator_makes_them_one_without_seeing_whose_they_are(cast, of_norr):
    html = blind(cast, of_norr, goes_on="second")
    assert "Akterna är ihopslagna." in html
    for secret in ("Åsa", "Öström", WOMAN, COORDINATION):
        assert secret not in html
    of_norr.read()
    assert (of_norr.asa.merged_into, of_norr.old.identity_number) == (of_norr.old, WOMAN)
    question = NumberQuestion.objects.get()
    assert question.outcome == "De två akterna har slagits ihop."
    again = client_of(cast.administrator).post(reverse("merges:of_question", args=[question.public_id]))
    assert again["Location"] == question.get_absolute_url()


def test_neither_unit_learns_of_the_other(cast, of_norr):
    blind(cast, of_norr)
    merge = Merge.objects.get()
    for user, other in ((cast.manager, "Norr"), (cast.other_manager, "Centrum"), (cast.coach, "Norr")):
        client = client_of(user)
        assert client.get(merge.get_absolute_url()).status_code == 404
        html = client.get(reverse("participants:file", args=[of_norr.asa.public_id])).content.decode()
        assert "slogs ihop" not in html
        assert other not in html
        assert str(merge.public_id) not in client.get(reverse("merges:list")).content.decode()
    assert (
        "slogs ihop"
        in client_of(cast.head).get(reverse("participants:file", args=[of_norr.asa.public_id])).content.decode()
    )


def test_the_past_of_a_file_begins_for_the_other_unit_with_the_merge(cast, of_norr):
    """Norr knew Asa, Centrum Åsa: what each was before is still told to its own unit only."""
    Page(cast.coach, reverse("participants:contact", args=[of_norr.asa.public_id])).send(city="Hemköping")
    blind(cast, of_norr)
    where = reverse("participants:contact", args=[of_norr.asa.public_id])
    centrum = Page(cast.coach, where).html
    norr = Page(cast.outsider, where).html
    part = re.compile(r'id="past-title".*', re.DOTALL)
    assert "Hemköping" in part.search(centrum)[0]
    assert "08-465 004 01" not in part.search(centrum)[0]
    assert "08-465 004 01" in part.search(norr)[0]


def test_what_hinders_is_told_to_the_administrator_by_unit(cast, of_norr):
    Enrolment.objects.filter(pk=of_norr.earlier.pk).update(start=days_ago(100), end=None, closure_reason="")
    question = NumberQuestion.objects.create(
        participant=of_norr.asa, known_on=of_norr.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    page = Page(cast.administrator, reverse("merges:of_question", args=[question.public_id]))
    html = page.send(409, goes_on="first", why="Samma person.")
    assert "på Jobbcenter Norr sedan" in html
    assert "Åsa" not in html
    assert page.typed["why"] == "Samma person."


def test_the_list_asks_as_many_questions_for_many_as_for_few(cast, pair):
    def proposals(number: int) -> None:
        units = [cast.centrum.pk]
        Merge.objects.bulk_create(
            Merge(
                winner=pair.asa,
                loser=ParticipantFactory(),
                winner_units=units,
                loser_units=units,
                why=WHY,
                proposed_by=cast.coach,
                proposed_by_name="Alma Alm",
            )
            for _each in range(number)
        )

    asked = []
    client = client_of(cast.manager)
    for number in (5, 45):
        proposals(number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("merges:list")).content.count(b"Alma Alm") in (5, 50)
        asked.append(len(queries))
    assert asked[0] == asked[1]
