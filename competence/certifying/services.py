"""Writing a certificate and issuing it: the draft, the number in the act's transaction, the bytes afterwards."""

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.documents.certificate import certificate_content, version_pdf
from competence.models import (
    Assessment,
    AssessmentStage,
    CatalogueArea,
    CatalogueVersion,
    Certificate,
    CertificateDraft,
    CertificateVersion,
)
from competence.querysets import chosen_statements
from delivery.documents.letters import missing_letters
from delivery.kinds import JobRefused
from delivery.models import Job
from delivery.services.documents import document_issue, document_job_enqueue, document_sealed_store
from placements.models import Placement
from placements.models.placement import OVER

KIND = "certificate"
SERIES = "INTYG"
RENDER = "certificate_render"


class DraftChanged(Exception):
    """The stored draft was saved from another page since this one was opened."""

    def __init__(self, draft: CertificateDraft):
        super().__init__()
        self.draft = draft


class CannotIssue(Exception):
    """Why a certificate cannot be written or issued, in a sentence for the user."""


def why_not(placement: Placement) -> str:
    """Why no certificate can be written for the placement: it has not ended, or has one. Empty: one can."""
    if placement.state not in OVER:
        return _("The placement has not ended. A certificate is written when it has.")
    if Certificate.objects.filter(placement=placement).exists():
        return _("The placement has a certificate already.")
    return ""


def draft_of(placement: Placement) -> CertificateDraft:
    """The placement's draft; one that is not stored yet if there is none, with what can be known beforehand."""
    drafts = CertificateDraft.objects.select_related("catalogue", "area", "saved_by", "assessment__catalogue")
    stored = drafts.filter(placement=placement).first()
    if stored:
        stored.placement = placement
        return stored
    catalogue = CatalogueVersion.objects.current()
    area = CatalogueArea.objects.filter(
        version=catalogue, area=placement.workplace.occupational_area_id, area__isnull=False
    ).first()
    signed = Assessment.objects.filter(placement=placement, stage=AssessmentStage.FINAL).holding()
    return CertificateDraft(
        placement=placement,
        assessment=signed.select_related("catalogue").first(),
        catalogue=catalogue,
        area=area,
        occupation=area.occupations[0]["code"] if area and area.occupations else "",
        revision=0,
    )


@transaction.atomic
def certificate_draft_save(
    *,
    placement: Placement,
    author: User,
    area: CatalogueArea | None,
    occupation: str,
    with_identity_number: bool,
    with_workplace: bool,
    tasks: str,
    statements: Iterable[str],
    seen: int,
    window: uuid.UUID,
) -> CertificateDraft:
    """Keep what has been chosen and typed so far, complete or not.

    `seen` is the revision that the page showed, `window` the page. What another page has saved meanwhile is not
    overwritten: DraftChanged. Raises CannotIssue when the placement has got its certificate, or never may.
    """
    _lock(placement)
    if reason := why_not(placement):
        raise CannotIssue(reason)
    draft = draft_of(placement)
    written = {
        "area": area,
        "occupation": occupation,
        "with_identity_number": with_identity_number,
        "with_workplace": with_workplace,
        "tasks": tasks,
        "statements": sorted(statements),
    }
    if draft.pk and all(getattr(draft, name) == value for name, value in written.items()):
        return draft
    if draft.revision != seen and draft.window != window:
        raise DraftChanged(draft)
    for name, value in written.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.window, draft.saved_by = window, author
    draft.save()
    return draft


@transaction.atomic
def certificate_issue(*, placement: Placement, actor: User, seen: int) -> CertificateVersion:
    """Issue the placement's certificate from its draft: version 1, of today, under a number of its own.

    What will stand on the paper is frozen; a worker draws it afterwards. `seen` is the draft's revision that the
    issuer has read: DraftChanged when it is another now. Raises CannotIssue when the placement has not ended or has
    a certificate, also one issued elsewhere, and when something is missing.
    """
    _lock(placement)
    if reason := why_not(placement):
        raise CannotIssue(reason)
    draft = draft_of(placement)
    if missing := shortcomings(draft):
        raise CannotIssue(" ".join(missing.values()))
    if draft.revision != seen:
        raise DraftChanged(draft)
    try:
        with transaction.atomic():
            certificate = Certificate.objects.create(placement=placement)
    except IntegrityError:  # a register that was loaded at this very moment brought one
        raise CannotIssue(_("The placement has a certificate already.")) from None
    issued = timezone.localdate()
    content = certificate_content(draft=draft, issuer=actor, version=1, issued=issued)
    # The series is locked from here to the end of the transaction: only rows are written meanwhile.
    document = document_issue(kind=KIND, series=SERIES, actor=actor, verifiable=True)
    version = CertificateVersion.objects.create(
        certificate=certificate,
        version=1,
        issued=issued,
        document=document,
        content=content,
        assessment=draft.assessment,
    )
    draft.delete()
    certificate_render_enqueue(version=version)
    return version


def shortcomings(draft: CertificateDraft) -> dict[str, str]:
    """What is missing before the draft can be issued: the field, and a sentence about it."""
    missing = draft.shortcomings(len(chosen_statements(draft)))
    if draft.assessment is None:
        missing["assessment"] = _("The assessment at the end is not signed yet.")
    person = draft.placement.enrolment.participant
    if not (person.given_name or person.family_name):
        missing["name"] = _("The participant's name is missing in the register.")
    for field, text in (("name", person.full_name), ("tasks", draft.tasks), ("tasks_en", draft.tasks_en)):
        if letters := missing_letters(text):
            missing.setdefault(
                field, _("These characters cannot be printed on the certificate: %(letters)s") % {"letters": letters}
            )
    return missing


# --- The bytes ----------------------------------------------------------------------------------------------------


def certificate_render_enqueue(*, version: CertificateVersion) -> Job | None:
    """Have the version's document drawn. The system's own job: it is done even if the issuer leaves meanwhile."""
    return document_job_enqueue(document=version.document, kind=RENDER, owner=None)


def certificate_render(*, version: CertificateVersion) -> None:
    """Draw the version's document and keep its bytes. What is kept already is left as it is."""
    if version.document.made_at:
        return
    reason = _("Issued by %(municipality)s") % {"municipality": version.content["municipality"]}
    document_sealed_store(document=version.document, content=version_pdf(version), reason=reason)


def run_render(job: Job, _progress) -> dict:
    """The work of a rendering job. JobRefused for a version that is gone, and where PDFs cannot be drawn."""
    versions = CertificateVersion.objects.select_related("document")
    version = versions.filter(document__public_id=job.params["document"]).first()
    if version is None:
        raise JobRefused(_("The certificate is not there any more."))
    certificate_render(version=version)
    return {"number": version.document.number}


def _lock(placement: Placement) -> None:
    """One writer of a placement's certificate at a time, who sees how the placement is now."""
    current = Placement.objects.select_for_update(of=("self",), no_key=True).get(pk=placement.pk)
    placement.start, placement.end, placement.form = current.start, current.end, current.form
