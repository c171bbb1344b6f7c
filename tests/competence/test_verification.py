"""The public page: valid, replaced, revoked or not known, and whether a file is the original; no name, no trace, and
not for robots."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse

from accounts.models import User
from competence.models import CertificateVersion
from delivery.codes import code_draw
from delivery.documents import sealing
from delivery.models import DocumentFile
from delivery.services.documents import document_issue, document_sealed_store
from tests.competence.certificates import ended_placement, issued, kept
from tests.delivery.seals import seal_key
from tests.factories import days_ago

__all__ = ["seal_key"]
pytestmark = pytest.mark.django_db
#: The smallest file that can be sealed is a real PDF.
SMALL = b"%PDF-1.7\nsomething that was kept\n%%EOF\n"


@pytest.fixture
def version(cast):
    return issued(ended_placement(cast.asa), cast.coach)


@pytest.fixture(autouse=True)
def _nobody_has_asked_before():
    cache.clear()


def ask(client, code, **query):
    return client.get(reverse("competence:verification", args=[code]), query)


def send(client, version, content, **query):
    address = reverse("competence:verification", args=[version.document.verification_code])
    if query:
        address += "?" + "&".join(f"{name}={value}" for name, value in query.items())
    return client.post(address, {"fil": SimpleUploadedFile("x.pdf", content, "application/pdf")})


def said(response) -> str:
    """What the page says, without the marks that differ by themselves."""
    return " ".join(response.content.decode().split())


def followed_by(version, cast) -> CertificateVersion:
    document = document_issue(kind="certificate", series="INTYG", actor=cast.coach, verifiable=True)
    return CertificateVersion.objects.create(
        certificate=version.certificate, version=2, issued=version.issued, document=document, content=version.content
    )


def revoke(version, user: User) -> None:
    CertificateVersion.objects.filter(certificate=version.certificate).update(
        revoked_on=version.issued, revoked_by=user, revoked_by_name="Alma Alm", revoked_why="Fel person på intyget."
    )


def test_a_valid_certificate_is_valid_and_nameless(client, version, cast):
    response = ask(client, version.document.verification_code)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Intyget är giltigt" in html
    for told in ("Kommunen", version.issued.isoformat(), version.document.number):
        assert told in html
    person = cast.person
    for silent in (person.given_name, person.family_name, str(person.birth_year), "Ekbacken", "Jobbcenter", "Alma"):
        assert silent not in html
    assert not response.cookies


def test_a_typed_code_leads_to_its_page(client, version):
    typed = version.document.verification_code.lower().replace("-", " ")
    response = client.get(reverse("competence:verification_form"), {"kod": typed}, follow=True)
    assert "Intyget är giltigt" in response.content.decode()


def test_a_replaced_one_says_so(client, version, cast):
    later = followed_by(version, cast)
    assert "Intyget är ersatt" in ask(client, version.document.verification_code).content.decode()
    assert "Intyget är giltigt" in ask(client, later.document.verification_code).content.decode()


def test_a_revoked_one_says_so_and_not_why_and_so_do_all_its_versions(client, version, cast):
    later = followed_by(version, cast)
    revoke(version, cast.coach)
    for each in (version, later):
        html = ask(client, each.document.verification_code).content.decode()
        assert "Intyget är återkallat" in html
        assert "giltigt" not in html
        assert "Fel person" not in html


@pytest.mark.parametrize("code", ["0000-0000-0000", "nonsense", "<script>", "%00", "a" * 300, "2345-6789-ABCD"])
def test_what_is_no_code_is_told_before_anything_is_looked_up(client, code, django_assert_num_queries):
    with django_assert_num_queries(1):  # the municipality's name
        response = ask(client, code)
    html = response.content.decode()
    assert response.status_code == 404
    assert "<script>" not in html
    assert 'id="kod-error"' in html


def test_a_whole_code_that_is_no_certificate_is_not_known(client, version):
    response = ask(client, code_draw())
    assert response.status_code == 404
    assert "Inget intyg har den koden" in response.content.decode()


def test_a_slip_is_told_beside_the_field(client, version):
    code = version.document.verification_code
    swapped = code[1] + code[0] + code[2:] if code[0] != code[1] else ("3" if code[0] == "2" else "2") + code[1:]
    html = client.get(reverse("competence:verification_form"), {"kod": swapped}).content.decode()
    assert "Koden stämmer inte" in html
    assert f'value="{swapped}"' in html


def test_no_browser_keeps_it_and_no_search_engine_finds_it(client, version):
    for response in (
        ask(client, version.document.verification_code),
        client.get(reverse("competence:verification_form")),
        send(client, version, SMALL),
    ):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def test_who_asks_too_often_waits_and_so_does_who_sends_too_many_files(client, version, settings):
    settings.VERIFICATION_RATE = "3/m/ip"
    settings.VERIFICATION_FILE_RATE = "2/m/ip"
    code = version.document.verification_code
    assert [ask(client, code).status_code for _time in range(5)] == [200, 200, 200, 429, 429]
    assert [send(client, version, SMALL).status_code for _time in range(3)] == [200, 200, 429]


def test_a_protected_person_leaves_no_hint(client, cast, version):
    """The page of one is the page of the other, but for number and code."""
    hidden = kept(issued(ended_placement(cast.protected_centrum), cast.coach), SMALL)

    def page(found, response):
        html = said(response)
        for own in (found.document.number, found.document.verification_code):
            html = html.replace(own, "…")
        return html

    assert page(hidden, ask(client, hidden.document.verification_code)) == page(
        version, ask(client, version.document.verification_code)
    )
    assert page(hidden, send(client, hidden, b"%PDF x")) == page(version, send(client, version, b"%PDF x"))


def test_english_for_employers_abroad(client, version):
    html = ask(client, version.document.verification_code, sprak="en").content.decode()
    assert "The certificate is valid" in html
    assert 'lang="en"' in html
    assert "The file is not the original" in send(client, version, SMALL, sprak="en").content.decode()
    typed = {"kod": version.document.verification_code, "sprak": "en"}
    response = client.get(reverse("competence:verification_form"), typed)
    assert response.url.endswith("?sprak=en")


class TestTheFile:
    def test_the_original_is_told_from_any_other(self, client, version, cast):
        kept(version, SMALL)
        other = kept(issued(ended_placement(cast.bertil), cast.coach), SMALL + b"other")
        assert "Filen är originalet" in said(send(client, version, SMALL))
        html = said(send(client, version, SMALL + b"other"))
        assert "Filen är ett annat dokument" in html
        assert other.document.number not in html
        assert "Filen är inte originalet" in said(send(client, version, SMALL + b"another"))

    def test_a_report_of_the_house_is_no_certificate(self, client, version, cast):
        report = document_issue(kind="report", series="RAPPORT", actor=cast.coach)
        document_sealed_store(document=report, content=SMALL, reason="x")
        assert "Filen är inte originalet" in said(send(client, version, SMALL))

    def test_the_seal_tells_what_was_done_to_it(self, client, version, seal_key, tmp_path, settings):
        from delivery.documents.pdf import render_pdf

        pdf = render_pdf(html='<html lang="sv"><title>Prov</title><p>Ett intyg.')
        content = bytes(document_sealed_store(document=version.document, content=pdf, reason="Prov").content)
        assert re.search("Filen är originalet.*elektroniska stämpel är hel", said(send(client, version, content)))
        changed = content.replace(b"/Title", b"/Titel", 1)
        assert "stämpeln är bruten" in said(send(client, version, changed))
        assert "stämpeln är bruten" in said(send(client, version, content + b"\n% more\n"))
        assert "har ingen elektronisk stämpel" in said(send(client, version, pdf))
        settings.SEAL_DEMO_FOLDER = tmp_path / "another"
        sealing.demo_key_make("Björkåkra kommun")
        forged = sealing.seal(pdf, key=sealing.sealing_key(), reason="Prov")
        assert "men inte kommunens" in said(send(client, version, forged))
        # The former key's seals are still known.
        assert "stämpel är hel" in said(send(client, version, content))

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"hej", b"%PDF-1.7 /ByteRange [0 1 2 3]", b"/ByteRange [0 10 999999999 9]" + b"<00>" * 9,
            b"<00>/ByteRange [0 0 4 35]" + b" " * 14, b"/ByteRange [0 31 35 1]     xxxx<30>x",
        ],
    )  # fmt: skip
    def test_any_file_at_all_is_answered(self, client, version, content):
        assert send(client, version, content).status_code in (200, 422)

    def test_a_large_one_is_refused_unread_and_none_ever_touches_a_disk(self, client, version, settings, monkeypatch):
        def on_disk(*_args, **_options):
            raise AssertionError("an uploaded file goes to a disk")

        monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", on_disk)
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
        settings.VERIFICATION_FILE_LIMIT = 50_000
        assert "Filen är inte originalet" in said(send(client, version, SMALL * 1000))
        response = send(client, version, SMALL * 2000)
        assert response.status_code == 422
        assert "större än" in said(response)
        assert "större än" in said(send(client, version, SMALL * 1300))
        assert not DocumentFile.objects.exists()

    def test_without_a_file_it_asks_for_one(self, client, version):
        address = reverse("competence:verification", args=[version.document.verification_code])
        assert "Välj filen först." in said(client.post(address, {}))

    def test_an_old_document_is_still_its_original(self, client, cast, clock):
        clock.on(days_ago(900))
        version = kept(issued(ended_placement(cast.asa, start=days_ago(999), end=days_ago(950)), cast.coach), SMALL)
        clock.on(days_ago(-900))
        revoke(version, cast.coach)
        html = said(send(client, version, SMALL))
        # That it holds no more comes before that the file is genuine.
        assert re.search("<h1>Intyget är återkallat</h1>.*Kommunen återkallade det.*Filen är originalet", html, re.S)
        assert 'data-color="success"' not in html
