"""A merge that was wrong is taken back: what is as it was, what stays, and what stands in the way."""

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse

from participants.models import (
    AnnulledClosure,
    Enrolment,
    FormerIdentityNumber,
    Merge,
    NumberQuestion,
    Participant,
    ProtectedAccess,
    Referral,
)
from placements.models import FollowUp
from tests.factories import EnrolmentFactory, FollowUpFactory, ParticipantFactory, days_ago
from tests.participants.merging.pair import COORDINATION, WOMAN
from tests.participants.person.pages import Page

pytestmark = pytest.mark.django_db

TABLES = (Enrolment, Referral, FollowUp, FormerIdentityNumber, ProtectedAccess, NumberQuestion, AnnulledClosure)


def everything() -> set[str]:
    """Every row that a merge may touch, but for how often it was changed."""
    rows = [row for table in TABLES for row in serializers.serialize("jsonl", table.objects.all()).splitlines()]
    people = Participant.objects.order_by().values(
        *(field.name for field in Participant._meta.concrete_fields if field.name != "revision")
    )
    return {*rows, *(str(person) for person in people)}


def undo(user, status: int = 302, why: str = "Det var systrar.") -> str:
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("merges:undo", args=[Merge.objects.latest("pk").public_id]), {"why": why})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode() if status != 302 else client.get(answer.url).content.decode()


def merge_page(user) -> str:
    client = Client()
    client.force_login(user)
    return client.get(Merge.objects.latest("pk").get_absolute_url()).content.decode()


@pytest.mark.parametrize("goes_on", ["first", "second"])
def test_everything_is_as_it_was(cast, pair, goes_on):
    Participant.objects.filter(pk=pair.old.pk).update(protection="secrecy_mark", temporary_number="TF29")
    Participant.objects.filter(pk=pair.asa.pk).update(temporary_number="000101T220", protection="secrecy_mark")
    for person in (pair.old, pair.asa):
        ProtectedAccess.objects.create(participant=person, user=cast.manager)
    NumberQuestion.objects.create(
        participant=pair.asa, known_on=pair.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    before = everything()
    pair.made_one(cast.manager, goes_on=goes_on, name="second", phone="first", number="second")
    assert everything() != before
    html = undo(cast.manager)
    assert everything() == before
    merge = Merge.objects.get()
    assert (merge.state, merge.undone_by_name, merge.undone_why) == ("undone", "Eva Ek", "Det var systrar.")
    assert "Ångrad" in html
    client = Client()
    client.force_login(cast.manager)
    assert client.get(reverse("participants:file", args=[pair.old.public_id])).status_code == 200
    pair.made_one(cast.manager, goes_on=goes_on)  # and it can be merged again


def test_what_was_written_since_goes_with_its_enrolment(cast, pair):
    pair.made_one(cast.manager)
    pair.read()
    late = FollowUpFactory(placement=pair.earlier.placements.get())
    own = FollowUpFactory(placement=None, enrolment=pair.enrolment, participant=pair.asa)
    since = Referral.objects.create(
        participant=pair.asa, unit=cast.centrum, source="self", received=days_ago(1), decision="pending"
    )
    undo(cast.manager)
    for row in (late, own, since):
        row.refresh_from_db()
    assert (late.participant, own.participant, since.participant) == (pair.old, pair.asa, pair.asa)


def test_facts_that_were_changed_since_stay_and_are_told_before(cast, pair):
    pair.made_one(cast.manager, phone="second")
    Page(cast.coach, reverse("participants:contact", args=[pair.asa.public_id])).send(city="Hemköping")
    assert "Ändrat sedan dess, och ändras inte tillbaka: Adress." in merge_page(cast.manager)
    undo(cast.manager)
    pair.read()
    assert (pair.asa.city, pair.asa.phone, pair.old.city) == ("Hemköping", "070-174 06 05", "Björkåkra")


def test_a_number_that_was_changed_since_stays_and_the_one_before_still_finds_the_file(cast, pair):
    pair.made_one(cast.manager, number="second")
    number = Page(cast.coach, reverse("participants:number", args=[pair.asa.public_id]))
    number.send(number="19910203-2381", sure="on", asked="199102032381")
    undo(cast.manager)
    pair.read()
    assert (pair.asa.identity_number, pair.old.identity_number) == ("199102032381", COORDINATION)
    assert WOMAN in set(pair.asa.former_numbers.values_list("number", flat=True))


def test_a_name_taken_off_the_access_list_since_stays_off(cast, pair):
    for person in (pair.old, pair.asa):
        Participant.objects.filter(pk=person.pk).update(protection="secrecy_mark")
        ProtectedAccess.objects.create(participant=person, user=cast.manager)
    ProtectedAccess.objects.create(participant=pair.old, user=cast.coach)
    pair.made_one(cast.manager)
    ProtectedAccess.objects.get(user=cast.coach).delete()
    undo(cast.manager)
    assert [access.user for access in pair.old.access_list.all()] == [cast.manager]


def test_who_may(cast, pair):
    pair.made_one(cast.manager)
    assert "Dela upp i två akter igen" not in merge_page(cast.coach)
    undo(cast.coach, 403)
    for user in (cast.outsider, cast.other_manager):
        undo(user, 404)
    assert "Skriv varför." in undo(cast.manager, 422, why="")
    assert "Dela upp i två akter igen" in merge_page(cast.manager)
    undo(cast.manager)
    undo(cast.manager)  # twice is once
    assert pair.read().old.merged_into is None


def test_the_queries_of_its_page_do_not_grow_with_what_was_moved(cast, pair, django_assert_max_num_queries):
    client, counts = Client(), []
    client.force_login(cast.manager)
    for number in (1, 9):
        for each in range(number):
            FormerIdentityNumber.objects.create(participant=pair.old, number=f"1992{number:04}{each:04}")
        pair.read().made_one(cast.manager)
        with django_assert_max_num_queries(45) as asked:
            client.get(Merge.objects.latest("pk").get_absolute_url())
        counts.append(len(asked))
        undo(cast.manager)
    assert counts[0] == counts[1]


# --- What stands in the way ---------------------------------------------------------------------------------------


def test_a_file_that_went_into_a_third_one(cast, pair):
    third = EnrolmentFactory(
        participant=ParticipantFactory(),
        unit=cast.centrum,
        start=days_ago(900),
        end=days_ago(800),
        closure_reason="moved",
    ).participant
    pair.made_one(cast.manager)
    first = Merge.objects.get()
    Page(cast.manager, pair.compare(third, pair.asa)).send(why="Samma.", goes_on="first")
    second = Merge.objects.latest("pk")
    client = Client()
    client.force_login(cast.manager)
    answer = client.post(reverse("merges:undo", args=[first.public_id]), {"why": "Fel."})
    assert answer.status_code == 409
    assert "slagits ihop med en annan akt sedan dess. Ångra det först." in answer.content.decode()
    before = pair.read().earlier.participant
    assert before == third
    for merge, now in ((second, pair.asa), (first, pair.old)):
        answer = client.post(reverse("merges:undo", args=[merge.public_id]), {"why": "Fel."}, follow=True)
        assert "De två akterna är två igen." in answer.content.decode()
        assert pair.read().earlier.participant == now


def test_a_number_that_somebody_else_was_given(cast, pair):
    pair.made_one(cast.manager)
    Participant.objects.filter(pk=cast.bertil.participant_id).update(identity_number=COORDINATION)
    told = "Personnumret i akten som gick upp i den andra har getts till någon annan."
    assert told in merge_page(cast.manager)
    assert told in undo(cast.manager, 409)
    assert pair.read().old.merged_into == pair.asa


def test_a_row_that_went_to_a_third_file(cast, pair):
    pair.made_one(cast.manager)
    Referral.objects.filter(participant=pair.asa).update(participant=cast.bertil.participant)
    assert "Något som flyttades (anvisning) har sedan flyttats till en tredje akt." in undo(cast.manager, 409)


def test_an_administrator_undoes_what_was_left_to_them(cast, pair):
    question = NumberQuestion.objects.create(
        participant=pair.asa, known_on=pair.old, asked_by=cast.coach, asked_by_name="Alma Alm"
    )
    page = Page(cast.administrator, reverse("merges:of_question", args=[question.public_id]))
    page.send(goes_on="first", why="Samma person.")
    html = undo(cast.administrator)
    assert "Åsa" not in html
    question.refresh_from_db()
    assert (pair.read().old.merged_into, question.handled_at) == (None, None)
