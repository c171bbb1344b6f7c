"""The seal: made with the configured key, and broken by any change at all."""

import datetime as dt
import io
import random
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from delivery.checks import the_seal_has_its_key
from delivery.documents import sealing
from delivery.documents.pdf import Attached, render_pdf
from delivery.documents.sealing import KeyUnusable, Seal, seal, seal_of, sealing_key
from delivery.models import SealCertificate
from delivery.services.documents import document_issue, document_sealed_store
from tests.delivery.seals import seal_key

__all__ = ["seal_key"]
PAGE = '<html lang="sv"><title>Prov</title><p>Ett stycke.'


@pytest.fixture(scope="module")
def pdf() -> bytes:
    file = Attached(name="prov.json", content="{}", description="Prov", made=dt.date(2026, 11, 22))
    return render_pdf(html=PAGE, files=[file])


def test_whoever_else_reads_it_finds_it_sealed_whole_and_closed(pdf, seal_key):
    from asn1crypto import x509

    made = seal(pdf, key=seal_key, reason="Utfärdat av Björkåkra kommun")
    assert made.startswith(pdf)  # nothing that was there is touched
    (signature,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == "Utfärdat av Björkåkra kommun"
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(seal_key.certificate)], allow_fetching=False)
    with ThreadPoolExecutor(1) as thread:  # it runs a loop of its own
        status = thread.submit(validate_pdf_signature, signature, trusted).result()
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"


def test_any_change_is_noticed(pdf, seal_key):
    made = seal(pdf, key=seal_key, reason="Prov")
    known = {seal_key.sha256: seal_key.certificate}
    assert seal_of(made, known=known) == Seal.INTACT
    assert seal_of(pdf, known=known) == Seal.NONE
    assert seal_of(made, known={}) == Seal.FOREIGN
    chance = random.Random(7)
    at = chance.sample(range(made.index(b"/Contents <", len(pdf))), 400)
    for place in at:
        changed = bytearray(made)
        changed[place] ^= 1 << chance.randrange(8)
        assert seal_of(bytes(changed), known=known) != Seal.INTACT, place
    for changed in (made + b" ", made[:-1], made + seal(pdf, key=seal_key, reason="Prov")[len(pdf) :]):
        assert seal_of(changed, known=known) == Seal.BROKEN


def test_a_key_may_have_a_password_and_those_above_its_certificate(pdf, seal_key, settings):
    private = serialization.load_pem_private_key((settings.SEAL_DEMO_FOLDER / "key.pem").read_bytes(), None)
    locked = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hemligt"),
    )
    settings.SEAL_CERTIFICATE = (settings.SEAL_DEMO_FOLDER / "certificate.pem").read_text() * 2
    settings.SEAL_KEY, settings.SEAL_KEY_PASSWORD = locked.decode(), "hemligt"
    assert sealing_key().sha256 == seal_key.sha256
    assert "hemligt" not in repr(sealing_key())
    settings.SEAL_KEY_PASSWORD = "fel"
    with pytest.raises(KeyUnusable, match="går inte att läsa"):
        sealing_key()


@pytest.mark.parametrize("lacking", ["SEAL_KEY", "SEAL_CERTIFICATE"])
def test_half_a_key_is_told_at_the_start(seal_key, settings, lacking):
    folder = settings.SEAL_DEMO_FOLDER
    settings.SEAL_KEY, settings.SEAL_CERTIFICATE = (
        (folder / name).read_text() for name in ("key.pem", "certificate.pem")
    )
    assert the_seal_has_its_key() == []
    setattr(settings, lacking, "")
    (error,) = the_seal_has_its_key()
    assert "både SEAL_KEY och SEAL_CERTIFICATE" in error.msg


def test_a_key_of_another_certificate_is_refused(seal_key, settings, tmp_path):
    key = (settings.SEAL_DEMO_FOLDER / "key.pem").read_text()
    settings.SEAL_DEMO_FOLDER = tmp_path / "another"
    sealing.demo_key_make("Björkåkra kommun")
    settings.SEAL_KEY = key
    settings.SEAL_CERTIFICATE = (settings.SEAL_DEMO_FOLDER / "certificate.pem").read_text()
    with pytest.raises(KeyUnusable, match="hör inte till"):
        sealing_key()


def test_a_certificate_that_has_run_out_seals_nothing(pdf, seal_key, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2050, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(KeyUnusable, match="gäller från"):
        seal(pdf, key=seal_key, reason="Prov")


def test_the_key_is_made_once_for_its_owner_alone(seal_key, settings):
    file = settings.SEAL_DEMO_FOLDER / "key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    sealing.demo_key_make("Björkåkra kommun")
    assert file.read_bytes() == before


def test_without_a_key_documents_are_kept_as_they_are(db, settings):
    document = document_issue(kind="test", series="PROV", actor=None)
    file = document_sealed_store(document=document, content=b"%PDF", reason="Prov")
    assert (bytes(file.content), file.sealed_with) == (b"%PDF", None)
    assert not SealCertificate.objects.exists()
