"""The public page: valid, replaced or not known; no name, no trace, and not for robots."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from competence.models import CertificateVersion
from delivery.services.documents import document_issue
from tests.competence.certificates import ended_placement, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return issued(ended_placement(cast.asa), cast.coach)


@pytest.fixture(autouse=True)
def _nobody_has_asked_before():
    cache.clear()


def ask(client, code):
    return client.get(reverse("competence:verification", args=[code]))


def test_a_valid_certificate_is_valid_and_nameless(client, version, cast):
    response = ask(client, version.document.verification_code)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Intyget är giltigt" in html
    for said in ("Kommunen", version.issued.isoformat(), version.document.number):
        assert said in html
    person = cast.person
    for silent in (person.given_name, person.family_name, str(person.birth_year), "Ekbacken", "Jobbcenter", "Alma"):
        assert silent not in html


@pytest.mark.parametrize("typing", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\t"])
def test_the_code_may_be_typed_in_many_ways(client, version, typing):
    response = client.get(
        reverse("competence:verification_form"), {"kod": typing(version.document.verification_code)}, follow=True
    )
    assert "Intyget är giltigt" in response.content.decode()


def test_o_is_read_as_zero_and_l_as_one(client, version):
    version.document.verification_code = "0123-ABCD-1111"
    version.document.save()
    assert "giltigt" in ask(client, "ol23-abcd-iL1I").content.decode()


def test_a_replaced_one_says_so(client, version, cast):
    document = document_issue(kind="certificate", series="INTYG", actor=cast.coach, verifiable=True)
    CertificateVersion.objects.create(
        certificate=version.certificate, version=2, issued=version.issued, document=document, content=version.content
    )
    assert "Intyget är ersatt" in ask(client, version.document.verification_code).content.decode()
    assert "Intyget är giltigt" in ask(client, document.verification_code).content.decode()


@pytest.mark.parametrize("code", ["0000-0000-0000", "nonsense", "<script>", "%00", "a" * 300])
def test_an_unknown_code_is_answered_the_same_whatever_it_is(client, version, code):
    response = ask(client, code)
    assert response.status_code == 404
    assert "Inget intyg har den koden" in response.content.decode()
    assert "<script>" not in response.content.decode()


def test_half_a_code_gets_an_error_beside_the_field(client):
    html = client.get(reverse("competence:verification_form"), {"kod": "7F3K-92"}).content.decode()
    assert "Det här är inte en hel kod" in html
    assert 'value="7F3K-92"' in html


def test_no_browser_keeps_it_and_no_search_engine_finds_it(client, version):
    for response in (
        ask(client, version.document.verification_code),
        client.get(reverse("competence:verification_form")),
    ):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_who_asks_too_often_waits(client, version, settings):
    settings.VERIFICATION_RATE = "3/m/ip"
    code = version.document.verification_code
    assert [ask(client, code).status_code for _time in range(5)] == [200, 200, 200, 429, 429]


def test_a_protected_person_leaves_no_hint(client, cast):
    found = issued(ended_placement(cast.protected_centrum), cast.coach)
    html = ask(client, found.document.verification_code).content.decode()
    assert "Intyget är giltigt" in html
    assert "kydd" not in html.replace("skydda personen", "")
