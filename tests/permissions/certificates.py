"""Certificates: written, issued, downloaded, verified."""

import uuid

from competence.models import Credential
from tests.cast import Cast
from tests.competence.certificates import drafted, ended_placement, entered, issued, kept
from tests.factories import days_ago
from tests.permissions.rows import (
    CASE_WORK,
    WRITERS,
    Row,
    everybody,
    in_unit,
    only,
    person,
)


def placement_to_certify(cast: Cast, _user) -> list:
    """An ended placement of Åsa's without a certificate; its draft can be issued."""
    placement = ended_placement(cast.asa)
    drafted(placement, cast.coach)
    return [cast.person.public_id, placement.pk]


def certificate(cast: Cast, _user) -> list:
    """A placement of Åsa's whose certificate Alma has issued, and whose document is not made yet."""
    return [cast.person.public_id, issued(ended_placement(cast.asa), cast.coach).certificate.placement_id]


def certificate_document(cast: Cast, _user) -> list:
    version = kept(issued(ended_placement(cast.asa), cast.coach), content=b"%PDF")
    return [cast.person.public_id, version.certificate.placement_id, version.version]


def a_credential(cast: Cast, _user) -> list:
    return [cast.person.public_id, entered(cast.asa, cast.coach).public_id]


def paper(cast: Cast, _user) -> dict:
    """What a form says of a paper that somebody else has issued."""
    seen = Credential.objects.values_list("revision", flat=True).first() or 0
    return {
        "kind": "licence",
        "title": "Truckkort C",
        "issuer": "Transportutbildning AB",
        "issued_on": days_ago(9).isoformat(),
        "seen_on": days_ago(1).isoformat(),
        "token": str(uuid.uuid4()),
        "seen": str(seen),
    }


def certificate_code(cast: Cast, _user) -> list:
    return [issued(ended_placement(cast.asa), cast.coach).document.verification_code]


CERTIFICATES = (
    Row("competence:list", "Which certificates are missing and issued", get=only(CASE_WORK)),
    Row(
        "competence:certificate_write",
        "Write a certificate",
        placement_to_certify,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"window": str(uuid.uuid4()), "seen": "1"},
    ),
    Row("competence:certificate_preview", "The draft as PDF", placement_to_certify, get=in_unit(who=WRITERS)),
    Row(
        "competence:certificate_issue",
        "Issue it",
        placement_to_certify,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"seen": "1"},
    ),
    Row(
        "competence:certificate_discard",
        "Throw the draft away",
        placement_to_certify,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row(
        "competence:certificate_replace",
        "Replace it with a new version",
        certificate,
        get=in_unit(who=WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"why": "Fel stavat."},
    ),
    Row(
        "competence:certificate_revoke",
        "Revoke it",
        certificate,
        get=in_unit(),
        post=in_unit(302),
        data=lambda cast, user: {"why": "Fel person."},
    ),
    Row(
        "credentials:enter",
        "Enter a paper that others have issued",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=paper,
    ),
    Row(
        "credentials:change",
        "Change what is written of it",
        a_credential,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=paper,
    ),
    Row(
        "credentials:remove",
        "Take it away",
        a_credential,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"why": "Fel person."},
    ),
    Row("competence:certificate", "An issued certificate", certificate, get=in_unit()),
    Row("competence:certificate_state", "How far its document has come", certificate, get=in_unit(302)),
    Row(
        "competence:certificate_render",
        "Make its document again",
        certificate,
        get=in_unit(302, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row("competence:certificate_pdf", "Its document", certificate_document, get=in_unit()),
    Row("competence:verification_form", "Check a certificate", get=everybody(anonymous=200)),
    Row(
        "competence:verification",
        "Whether the certificate with a code is valid, and a file its original",
        certificate_code,
        get=everybody(anonymous=200),
        post=everybody(422, anonymous=422),
    ),
)
