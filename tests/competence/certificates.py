"""What the tests of certificates share: an ended placement, a draft that says enough, an issued certificate."""

import datetime as dt
import uuid
from collections.abc import Mapping

from accounts.models import User
from competence.certifying.services import (
    Written,
    certificate_draft_save,
    certificate_issue,
    certificate_replace_begin,
    certificate_revoke,
    draft_of,
)
from competence.credentials.services import credential_enter
from competence.documents.certificate import version_pdf
from competence.models import (
    AssessedCompetence,
    Assessment,
    CatalogueArea,
    CatalogueVersion,
    CertificateDraft,
    CertificateVersion,
    Competence,
    Credential,
)
from delivery.models import Job
from delivery.running import job_run
from delivery.services.documents import document_file_store
from delivery.states import JobState
from participants.models import Enrolment
from placements.models import Placement
from tests.factories import EmployerFactory, GradeTermFactory, PlacementFactory, WorkplaceFactory, days_ago
from vocabulary.codes import PlacementForm

TASKS = "Arbetet har handlat om att laga och servera mat till 120 barn. Hon har skött disken och tagit emot varor."
#: Eight statements: five of the kitchen, three of use everywhere.
STATEMENTS = ("KOK-01", "KOK-02", "KOK-03", "KOK-06", "KOK-07", "SPRAK-01", "SOCIALA-02", "ALLMANNA-04")


def ended_placement(
    enrolment: Enrolment, *, area: str | None = "KOK", grade: str | None = "0.75", **fields
) -> Placement:
    """A municipal employment at 75 % in a school kitchen that ended two days ago."""
    workplace = fields.pop("workplace", None) or WorkplaceFactory(
        name="Köket på Ekbackens förskola",
        occupational_area_id=area,
        employer=EmployerFactory(name="Skolförvaltningen"),
    )
    given = {"start": days_ago(50), "end": days_ago(2), "form": PlacementForm.MUNICIPAL_EMPLOYMENT} | fields
    placement = PlacementFactory(enrolment=enrolment, workplace=workplace, **given)
    if grade:
        GradeTermFactory(placement=placement, grade=grade)
    return placement


def assessed(
    placement: Placement,
    levels: Mapping[str, int] | None = None,
    *,
    stage: str = "final",
    area: str = "",
    day: dt.date | None = None,
    by: str = "Lena Holm",
    evidence: tuple[str, ...] = ("OBSERVED",),
) -> Assessment:
    """A signed assessment with these levels by the competences' codes, or with every competence at level 3."""
    catalogue = CatalogueVersion.objects.current()
    code = area or placement.workplace.occupational_area_id or "KOK"
    chosen = CatalogueArea.objects.get(version=catalogue, code=code)
    day = day or days_ago(3)
    assessment = Assessment.objects.create(
        placement=placement, stage=stage, catalogue=catalogue, area=chosen, begun_by_name="Alma Alm"
    )
    offered = Competence.objects.offered(version=catalogue, area=chosen)
    AssessedCompetence.objects.bulk_create(
        AssessedCompetence(
            assessment=assessment,
            competence=each,
            level=3 if levels is None else levels[each.code],
            evidence=list(evidence),
        )
        for each in offered
        if levels is None or each.code in levels
    )
    Assessment.objects.filter(pk=assessment.pk).update(
        state="signed", completed_on=day, signed_on=day, signed_how="paper", signed_by_name=by
    )
    assessment.refresh_from_db()
    return assessment


def drafted(placement: Placement, author: User, **changes) -> CertificateDraft:
    """A draft that can be issued, or one with `changes`. Of a placement that nobody has assessed, everything is at
    level 3."""
    if not placement.assessments.exists():
        assessed(placement)
    draft = draft_of(placement)
    said = {"occupation": draft.occupation, "tasks": TASKS, "statements": STATEMENTS, "read_on": days_ago(0)}
    said |= changes
    return certificate_draft_save(
        placement=placement, author=author, written=Written(**said), seen=draft.revision, window=uuid.uuid4()
    )


def issued(placement: Placement, actor: User, **changes) -> CertificateVersion:
    """An issued certificate whose document is not made yet."""
    draft = drafted(placement, actor, **changes)
    return certificate_issue(placement=placement, actor=actor, seen=draft.revision)


def replaced(version: CertificateVersion, actor: User, why: str = "Fel stavat.", **changes) -> CertificateVersion:
    """The version that takes the place of an issued one."""
    placement = version.certificate.placement
    certificate_replace_begin(placement=placement, why=why, actor=actor)
    return issued(placement, actor, **changes)


def revoked(version: CertificateVersion, actor: User, why: str = "Fel person.") -> CertificateVersion:
    return certificate_revoke(placement=version.certificate.placement, why=why, actor=actor)


def entered(enrolment: Enrolment, actor: User, **facts) -> Credential:
    """A forklift licence that somebody else has issued."""
    said = {
        "kind": "licence",
        "title": "Truckkort A+B",
        "level": "",
        "issuer": "Transportutbildning AB",
        "issued_on": days_ago(200),
        "valid_until": None,
        "seen_on": days_ago(20),
    }
    return credential_enter(enrolment=enrolment, facts=said | facts, actor=actor)


def kept(version: CertificateVersion, content: bytes = b"") -> CertificateVersion:
    """The version with its document kept: the real one, or `content` where the bytes do not matter."""
    name = f"{version.document.number}.pdf"
    document_file_store(
        document=version.document, name=name, media_type="application/pdf", content=content or version_pdf(version)
    )
    return version


def work() -> None:
    """Do what waits, as a worker does."""
    for job in Job.objects.filter(state=JobState.QUEUED):
        job_run(job_id=job.pk)
