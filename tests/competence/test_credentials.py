"""External credentials in the participant's file: entered, changed, taken away; those that have run out."""

import re
import uuid

import pytest
from django.urls import reverse

from competence.credentials.services import AlreadyRemoved, credential_change, credential_remove
from competence.models import Credential
from participants.models import Enrolment
from tests.competence.certificates import assessed, drafted, ended_placement, entered, issued
from tests.factories import days_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def address(cast, name="enter", *args) -> str:
    return reverse(f"credentials:{name}", args=[cast.person.public_id, *args])


def form(**changes) -> dict:
    return {
        "kind": "licence",
        "title": "Truckkort A+B",
        "issuer": "Transportutbildning AB",
        "issued_on": days_ago(200).isoformat(),
        "valid_until": "",
        "seen_on": days_ago(0).isoformat(),
        "token": str(uuid.uuid4()),
    } | changes


def part(client, cast) -> str:
    return client.get(reverse("participants:part", args=[cast.person.public_id, "kompetens"])).content.decode()


def test_one_is_entered_once_and_stands_in_the_part(coach, cast):
    sent = form(valid_until=days_ago(1).isoformat())
    for _press in range(2):
        assert coach.post(address(cast), sent).status_code == 302
    credential = Credential.objects.get()
    assert (credential.enrolment, credential.by_name) == (cast.asa, "Alma Alm")
    html = part(coach, cast)
    assert "Truckkort A+B" in html
    assert "Transportutbildning AB" in html
    assert "Har gått ut" in html
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == days_ago(0)


WRONG = (
    ({"kind": ""}, "Välj vilken sorts papper det är."),
    ({"title": " "}, "Skriv vad det står på papperet."),
    ({"issuer": ""}, "Skriv vem som har utfärdat det."),
    ({"issued_on": ""}, "Ange vilken dag det utfärdades."),
    ({"issued_on": days_ago(-1).isoformat()}, "Dagen har inte varit ännu."),
    ({"valid_until": days_ago(300).isoformat()}, "Det kan inte gå ut innan det utfärdades."),
    ({"seen_on": days_ago(300).isoformat()}, "Det kan inte ses innan det utfärdades."),
)


def test_what_is_wrong_is_said_beside_the_field(coach, cast):
    for changes, said in WRONG:
        response = coach.post(address(cast), form(**changes))
        assert response.status_code == 422
        assert re.search(rf'errorlist"[^>]*><li>{re.escape(said)}', response.content.decode()), said
    assert not Credential.objects.exists()


def test_one_that_is_perhaps_there_already_is_asked_about_once(coach, cast):
    there = entered(cast.asa, cast.colleague)
    sent = form(title="truckkort a+b")
    html = coach.post(address(cast), sent).content.decode()
    assert "Det kanske redan finns här" in html
    assert "Bo Berg" in html
    assert Credential.objects.count() == 1
    assert coach.post(address(cast), sent | {"sure": str(there.public_id)}).status_code == 302
    assert Credential.objects.count() == 2
    assert coach.post(address(cast), form(title="Yrkesbevis i städ")).status_code == 302


def test_a_change_that_somebody_else_has_overtaken_loses_nothing(coach, cast):
    credential = entered(cast.asa, cast.coach)
    page = coach.get(address(cast, "change", credential.public_id)).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    facts = {"title": "Truckkort A"}
    credential_change(credential=credential, facts=facts, seen=seen)
    sent = form(title="Truckkort B", seen=seen)
    response = coach.post(address(cast, "change", credential.public_id), sent)
    html = response.content.decode()
    assert response.status_code == 409
    assert "Nu står det: Truckkort A," in html
    assert 'value="Truckkort B"' in html
    seen = re.search(r'name="seen" value="(\d+)"', html)[1]
    assert coach.post(address(cast, "change", credential.public_id), sent | {"seen": seen}).status_code == 302
    credential.refresh_from_db()
    assert credential.title == "Truckkort B"


def test_one_that_is_taken_away_with_a_reason_is_not_offered_and_issued_certificates_keep_it(coach, cast):
    credential = entered(cast.asa, cast.coach)
    version = issued(ended_placement(cast.asa), cast.coach, credentials=[credential])
    waiting = ended_placement(cast.asa, start=days_ago(90), end=days_ago(60))
    draft = drafted(waiting, cast.coach, credentials=[credential])
    page = coach.get(address(cast, "remove", credential.public_id)).content.decode()
    assert "Ta bort ”Truckkort A+B”?" in page
    assert coach.post(address(cast, "remove", credential.public_id), {"why": ""}).status_code == 422
    assert coach.post(address(cast, "remove", credential.public_id), {"why": "Fel person."}).status_code == 302
    # A second press, and whoever had the page open meanwhile.
    again = coach.post(address(cast, "remove", credential.public_id), {"why": "En gång till."}, follow=True)
    assert "Det har tagits bort under tiden." in again.content.decode()
    credential_remove(credential=credential, why="En gång till.")
    credential.refresh_from_db()
    assert credential.removed_why == "Fel person."
    assert coach.get(address(cast, "change", credential.public_id)).url == again.redirect_chain[0][0]
    with pytest.raises(AlreadyRemoved):
        credential_change(credential=credential, facts={"title": "Annat"}, seen="0")
    version.refresh_from_db()
    assert version.content["credentials"][0]["title"] == "Truckkort A+B"
    write = reverse("competence:certificate_write", args=[cast.person.public_id, waiting.pk])
    assert "Truckkort" not in coach.get(write).content.decode()
    assert draft.credentials.count() == 1
    assert "Fel person." in part(coach, cast)


def test_one_that_has_run_out_says_so_where_it_is_chosen(coach, cast):
    entered(cast.asa, cast.coach, valid_until=days_ago(1))
    placement = ended_placement(cast.asa)
    assessed(placement)
    write = reverse("competence:certificate_write", args=[cast.person.public_id, placement.pk])
    assert f"(gick ut {days_ago(1)})" in coach.get(write).content.decode()
