"""The municipality's electronic seal on a PDF (PAdES): made with its key, and checked on a file that somebody has.

The key comes from the environment (SEAL_KEY, SEAL_CERTIFICATE; docs/operations.md); a try-out has one of its own in
its data folder. Without one documents are not sealed: their hash and their code still tell whether they are genuine.
pyHanko is imported when the first document is sealed: it takes most of a second.
"""

import datetime as dt
import functools
import hashlib
import io
import re
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.kinds import JobRefused

FIELD = "Seal"


class KeyUnusable(JobRefused):
    """The key that is configured cannot seal; the message says why. A job ends with it."""


@dataclass(frozen=True)
class Key:
    """A key that seals, and what its certificate says."""

    subject: str
    valid_from: dt.datetime
    valid_until: dt.datetime
    certificate: bytes  # DER
    chain: tuple[bytes, ...]  # the certificate and those above it
    private: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


class Seal(StrEnum):
    """What a file's seal says."""

    NONE = "none"
    INTACT = "intact"
    """Sealed by a known key, and not a byte is another since."""
    BROKEN = "broken"
    """Sealed, and changed afterwards."""
    FOREIGN = "foreign"
    """Sealed by somebody else."""


# --- The key ------------------------------------------------------------------------------------------------------


def sealing_key() -> Key | None:
    """The configured key; None where there is none. Raises KeyUnusable when it does not fit its certificate."""
    key, certificate = settings.SEAL_KEY, settings.SEAL_CERTIFICATE
    if not key and not certificate and settings.SEAL_DEMO_FOLDER:
        key, certificate = (_text(settings.SEAL_DEMO_FOLDER / name) for name in ("key.pem", "certificate.pem"))
    return _key(key, certificate, settings.SEAL_KEY_PASSWORD) if key or certificate else None


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@functools.lru_cache(maxsize=4)
def _key(key: str, certificate: str, password: str) -> Key:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    if not key or not certificate:
        raise KeyUnusable(_("The key of the seal needs both SEAL_KEY and SEAL_CERTIFICATE."))
    try:
        private = serialization.load_pem_private_key(key.encode(), password.encode() or None)
        chain = x509.load_pem_x509_certificates(certificate.encode())
    except (ValueError, TypeError):  # no PEM, or another password
        raise KeyUnusable(_("The key of the seal or its certificate cannot be read. Both are to be PEM.")) from None
    public = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if chain[0].public_key().public_bytes(*public) != private.public_key().public_bytes(*public):
        raise KeyUnusable(_("The key of the seal is not that of the first certificate in SEAL_CERTIFICATE."))
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Key(
        subject=chain[0].subject.rfc4514_string()[:300],
        valid_from=chain[0].not_valid_before_utc,
        valid_until=chain[0].not_valid_after_utc,
        certificate=chain[0].public_bytes(serialization.Encoding.DER),
        chain=tuple(each.public_bytes(serialization.Encoding.DER) for each in chain),
        private=plain,
    )


@functools.lru_cache(maxsize=4)
def _signer(key: Key):
    from asn1crypto import keys, x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificates = [x509.Certificate.load(each) for each in key.chain]
    registry = SimpleCertificateStore()
    registry.register_multiple(certificates[1:])
    return SimpleSigner(
        signing_cert=certificates[0], signing_key=keys.PrivateKeyInfo.load(key.private), cert_registry=registry
    )


def demo_key_make(municipality: str) -> None:
    """A key for a try-out, in its data folder, unless there is one: nobody but this machine has a reason to trust
    it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    folder = settings.SEAL_DEMO_FOLDER
    if folder is None or (folder / "certificate.pem").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, municipality[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{municipality[:40]} (demo)"),
        ]
    )
    other_uses = (
        "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
        "decipher_only",
    )  # fmt: skip
    usage = dict.fromkeys(other_uses, False) | {"digital_signature": True, "content_commitment": True}
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(private, hashes.SHA256())
    )
    path = folder / "key.pem"
    path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    path.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


# --- Sealing ------------------------------------------------------------------------------------------------------


def seal(pdf: bytes, *, key: Key, reason: str) -> bytes:
    """The PDF with an invisible seal over every byte of it, after which nothing may be changed.

    Raises KeyUnusable when the certificate does not hold today.
    """
    if not key.valid_from <= timezone.now() <= key.valid_until:
        raise KeyUnusable(
            _("The certificate of the seal holds from %(start)s to %(end)s. Ask your administrator for a new one.")
            % {"start": f"{key.valid_from:%Y-%m-%d}", "end": f"{key.valid_until:%Y-%m-%d}"}
        )
    # The library runs a loop of its own, which a thread can do only where none runs already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_sealed, pdf, key, reason).result()


def _sealed(pdf: bytes, key: Key, reason: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    return signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=_signer(key)).getvalue()


# --- Checking -----------------------------------------------------------------------------------------------------

_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,9}\]")
_LARGEST = 200_000  # bytes of a seal in hexadecimal; one with a long chain has some 20,000


def seal_of(pdf: bytes, *, known: Mapping[str, bytes]) -> Seal:
    """What the last seal in the file says. `known`: certificates (DER) by their SHA-256, of the keys that seal here.

    The file may be anybody's, so its structure is not read at all: the seal must lie over every byte except itself,
    and then it does not matter what the bytes mean. Nothing is decompressed, and no key but a known one is used.
    """
    found = None
    for found in _RANGE.finditer(pdf):  # noqa: B007  the last one
        pass
    if found is None:
        return Seal.NONE
    begin, first, second, rest = (int(each) for each in found.groups())
    whole = begin == 0 and first < second < len(pdf) and second + rest == len(pdf)
    contents = pdf[first:second]
    if not (contents.startswith(b"<") and contents.endswith(b">") and len(contents) < _LARGEST):
        return Seal.BROKEN
    try:
        signed, certificates = _cms(contents[1:-1])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return Seal.BROKEN
    ours = next((known[each] for each in certificates if each in known), None)
    if ours is None:
        return Seal.FOREIGN
    digest = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    return Seal.INTACT if whole and _holds(signed, ours, digest) else Seal.BROKEN


def _cms(written: bytes):
    """The signer's part of a seal, and the SHA-256 of each certificate that it brings. What fills the space that was
    kept for it must be nothing: not even there may a bit be another. ValueError for what is no seal of ours."""
    from asn1crypto import cms

    der = bytes.fromhex(written.decode("ascii"))
    info = cms.ContentInfo.load(der)
    if written != written.upper() or der[len(info.dump()) :].strip(b"\0"):
        raise ValueError
    data = info["content"]
    (signer,) = data["signer_infos"]
    certificates = [each.chosen.dump() for each in data["certificates"]]
    return signer, [hashlib.sha256(each).hexdigest() for each in certificates]


def _holds(signer, certificate: bytes, digest: bytes) -> bool:
    """Whether that certificate's key has signed this digest."""
    from asn1crypto import x509
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        return all(validate_sig_integrity(signer, x509.Certificate.load(certificate), "data", digest))
    except (SignatureValidationError, ValueError, TypeError, KeyError, RecursionError, NotImplementedError):
        return False
