"""Several do something with the same two files at the same moment: real connections that wait for each other."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from participants.merging.services import MERGING
from participants.models import Enrolment, Merge, Participant
from tests.beside import wait_until_somebody_waits
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.merging.pair import WHY
from tests.participants.person.pages import Page

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]


def merging(page, where, **typed):
    answer = page.client.post(where, page.typed | {"why": WHY} | typed)
    return answer.status_code, answer.content.decode()


def enrol(person, unit, start, end=None):
    return Enrolment.objects.create(
        participant=person, unit=unit, start=start, end=end, closure_reason="moved" if end else ""
    )


@pytest.mark.beside
def test_of_two_who_merge_them_the_other_way_round_one_is_told(cast, pair, beside):
    there, back = Page(cast.manager, pair.compare()), Page(cast.head, pair.compare(pair.old, pair.asa))
    with transaction.atomic():
        assert merging(there, there.where)[0] == 302
        answer = beside(merging, back, back.where, goes_on="first")
        wait_until_somebody_waits()
    # The other one's merge waits for the moment of the first to pass, and says so, or sees that it is done.
    assert answer.result(timeout=20)[0] in (302, 409)
    assert Merge.objects.filter(state="merged").count() == 1
    assert pair.read().old.merged_into == pair.asa


@pytest.mark.beside
def test_an_enrolment_that_somebody_makes_meanwhile_comes_to_the_one_file(cast, pair, beside):
    page = Page(cast.manager, pair.compare())
    with transaction.atomic():
        assert merging(page, page.where)[0] == 302
        made = beside(enrol, pair.old, cast.centrum, days_ago(600), days_ago(500))
        wait_until_somebody_waits()
    late = Enrolment.objects.get(pk=made.result(timeout=20).pk)
    assert late.participant == pair.asa


@pytest.mark.beside
def test_an_enrolment_that_is_being_made_hinders(cast, pair, beside):
    page = Page(cast.manager, pair.compare())
    with transaction.atomic():
        enrol(pair.old, cast.centrum, days_ago(30))
        answer = beside(merging, page, page.where)
        wait_until_somebody_waits()
    status, html = answer.result(timeout=20)
    assert (status, "har gemensamma dagar" in html) == (409, True)
    assert pair.read().old.merged_into is None


@pytest.mark.beside
def test_a_fact_that_is_being_changed_is_seen(cast, pair, beside):
    page = Page(cast.manager, pair.compare())
    contact = Page(cast.colleague, reverse("participants:contact", args=[pair.old.public_id]))
    with transaction.atomic():
        contact.send(phone="08-465 004 01")
        answer = beside(merging, page, page.where)
        wait_until_somebody_waits()
    status, html = answer.result(timeout=20)
    assert (status, "08-465 004 01" in html) == (409, True)


@pytest.mark.beside
def test_a_fact_that_is_changed_during_a_merge_is_not_lost(cast, pair, beside):
    """It waits, and is written in the file that goes on, or told to be overtaken; never into the old one."""
    page = Page(cast.manager, pair.compare())
    contact = Page(cast.colleague, reverse("participants:contact", args=[pair.old.public_id]))
    with transaction.atomic():
        assert merging(page, page.where)[0] == 302
        answer = beside(contact.client.post, contact.where, contact.typed | {"city": "Hemköping"})
        wait_until_somebody_waits()
    assert answer.result(timeout=20).status_code in (302, 409)
    assert Participant.objects.get(pk=pair.old.pk).city == "Björkåkra"


@pytest.mark.beside
def test_nobody_proposes_a_file_that_is_being_merged_away(cast, pair, beside):
    """A proposal that waits for a file which is no more could never be carried out."""
    third = EnrolmentFactory(unit=cast.centrum, coach=cast.colleague)
    manager, coach = Page(cast.manager, pair.compare()), Page(cast.coach, pair.compare(third.participant, pair.old))
    with transaction.atomic():
        assert merging(manager, manager.where)[0] == 302
        answer = beside(coach.client.post, coach.where, coach.typed | {"why": WHY, "goes_on": "first"}, follow=True)
        wait_until_somebody_waits()
    assert "Någon har redan beslutat." in answer.result(timeout=20).content.decode()
    assert not Merge.objects.filter(state="waiting").exists()


@pytest.mark.beside
def test_nobody_is_merged_while_a_register_is_loaded(cast, pair, beside):
    page = Page(cast.manager, pair.compare())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MERGING])
        status, html = beside(merging, page, page.where).result(timeout=20)
    assert (status, "Ett register läses in" in html) == (409, True)
    assert merging(page, page.where)[0] == 302
    client = Client()
    client.force_login(cast.manager)
    assert client.get(reverse("participants:file", args=[pair.asa.public_id])).status_code == 200
