"""Certificates issued here and the register: they go out with it, and it does not change them."""

import pytest

from competence.models import CertificateVersion
from exchange.services import register_export, register_load
from participants.models import Participant
from tests.competence.certificates import ended_placement, issued, revoked

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(cast, tmp_path):
    """Åsa's certificate, issued here, in an exported register."""
    issued(ended_placement(cast.asa), cast.coach)
    Participant.objects.update(identity_number=None)  # the made-up numbers are none that a register may hold
    register_export(folder=tmp_path, source="flytt")
    return tmp_path


def test_an_exported_certificate_comes_back_unchanged(exported):
    report = register_load(path=exported, source="flytt")
    assert report.stored
    assert report.as_dict()["files"]["certificates.csv"]["unchanged"] == 1
    assert CertificateVersion.objects.get().document is not None


def test_a_revoked_certificate_does_not_leave_with_the_register(cast, tmp_path):
    first = issued(ended_placement(cast.asa), cast.coach)
    revoked(first, cast.coach)
    Participant.objects.update(identity_number=None)
    register_export(folder=tmp_path, source="flytt")
    (heading,) = (tmp_path / "certificates.csv").read_text(encoding="utf-8").splitlines()
    assert "certificate" in heading
    second = issued(first.certificate.placement, cast.coach)
    register_export(folder=tmp_path, source="flytt")
    (row,) = (tmp_path / "certificates.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert f";{second.version};" in row
    assert register_load(path=tmp_path, source="flytt").stored


def test_a_register_does_not_change_a_certificate_that_was_issued_here(exported):
    version = CertificateVersion.objects.get()
    path = exported / "certificates.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(version.issued.isoformat(), "2026-01-02"), encoding="utf-8"
    )
    report = register_load(path=exported, source="flytt")
    assert not report.stored
    assert "utfärdades här" in report.errors[0].message
    version.refresh_from_db()
    assert version.issued.isoformat() == version.content["issued"]
