"""Writing a certificate, issuing, replacing, revoking it: the number in the act's transaction, the bytes afterwards.

Whoever writes about the certificate of a placement holds the placement.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.certifying.composing import (
    credentials_offered,
    draft_begun,
    holding_assessment,
    holding_assessments,
    recomposed,
    refilled,
)
from competence.certifying.reading import reading_lacking, reading_of
from competence.documents.certificate import certificate_content, version_pdf
from competence.documents.sources import Sources
from competence.models import Certificate, CertificateDraft, CertificateState, CertificateVersion, Credential
from competence.models.certificate import LONGEST_TASKS, MOST, SENTENCES, TRANSITIONS, sentence_count
from delivery.documents.letters import missing_letters
from delivery.kinds import JobRefused
from delivery.models import Job
from delivery.services.documents import document_job_enqueue, document_sealed_store, documents_issue
from placements.models import Placement

KIND = "certificate"
SERIES = "INTYG"
RENDER = "certificate_render"
#: So many days before the last day of a placement its certificate can be prepared.
BEFORE_DAYS = 14


class DraftChanged(Exception):
    """The stored draft was saved from another page since this one was opened."""

    def __init__(self, draft: CertificateDraft):
        super().__init__()
        self.draft = draft


class CannotIssue(Exception):
    """Why a certificate cannot be written or issued, in a sentence for the user."""


class NotSigned(CannotIssue):
    """There is no signed assessment to compose a certificate from."""

    def __init__(self):
        super().__init__(_("The assessment of competence is not signed."))


class CannotReplace(Exception):
    """Why there is nothing to replace, in a sentence for the user."""


class CannotRevoke(Exception):
    """Why the certificate cannot be revoked, in a sentence for the user."""


# --- What there is ------------------------------------------------------------------------------------------------


def issued_version(placement: Placement) -> CertificateVersion | None:
    """The version of the placement's certificate that holds. None: none was issued, or it was revoked."""
    rows = CertificateVersion.objects.in_force().filter(certificate__placement=placement)
    return rows.select_related("document", "assessment").order_by("-version").first()


def why_not(placement: Placement) -> str:
    """Why no certificate can be written for the placement: it does not end soon, or has one that nobody is replacing.
    Empty: one can, when its assessment is signed."""
    if reason := _too_early(placement):
        return reason
    if issued_version(placement) and not _is_being_replaced(placement):
        return _("The placement has a certificate already.")
    return ""


def _too_early(placement: Placement) -> str:
    if placement.end is None or placement.end > timezone.localdate() + dt.timedelta(days=BEFORE_DAYS):
        return _("The placement has not ended. A certificate is prepared from %(days)d days before its last day.") % {
            "days": BEFORE_DAYS
        }
    if placement.cancelled_on or placement.is_to_come:
        return _("The placement has not begun.")
    return ""


def _is_being_replaced(placement: Placement) -> bool:
    return CertificateDraft.objects.filter(placement=placement).exclude(replaces_why="").exists()


def draft_of(placement: Placement) -> CertificateDraft:
    """The placement's draft, composed from the assessment that holds; one that is not stored yet if there is none,
    with what can be known beforehand.

    `is_behind` says that the stored one was composed from another assessment: somebody has to look through it and
    save it. Raises NotSigned when there is no assessment to compose it from.
    """
    stored = _stored_drafts([placement]).get(placement.pk)
    return _composed(placement, stored, holding_assessment(placement))


def _stored_drafts(placements: Collection[Placement]) -> dict[int, CertificateDraft]:
    rows = CertificateDraft.objects.filter(placement__in=[each.pk for each in placements])
    related = ("catalogue", "area", "saved_by", "assessment__catalogue")
    return {each.placement_id: each for each in rows.select_related(*related)}


def _composed(placement: Placement, stored: CertificateDraft | None, assessment) -> CertificateDraft:
    if assessment is None:
        raise NotSigned
    if stored is None:
        draft = draft_begun(placement, assessment)
        draft.is_behind = False
        return draft
    stored.placement = placement
    stored.is_behind = stored.assessment_id != assessment.pk
    return recomposed(stored, assessment)


# --- The draft ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """What is chosen and typed on a draft. Area and levels come from the assessment."""

    occupation: str
    tasks: str
    statements: Collection[str]
    tasks_en: str = ""
    with_identity_number: bool = False
    with_workplace: bool = False
    with_language: bool = False
    with_english: bool = False
    credentials: Collection[Credential] = ()
    read_on: dt.date | None = None
    #: Only of a draft that replaces an issued one.
    replaces_why: str = ""


_APART = ("credentials", "statements", "replaces_why", "read_on")
_COLUMNS = [each.name for each in fields(Written) if each.name not in _APART]


@transaction.atomic
def certificate_draft_save(
    *, placement: Placement, author: User, written: Written, seen: int, window: uuid.UUID, shown: str | None = None
) -> CertificateDraft:
    """Keep what has been chosen and typed so far, complete or not.

    `seen` is the revision that the page showed, `window` the page. What another page has saved meanwhile is not
    overwritten: DraftChanged. `shown` is the mark of what the page showed (`reading.mark_of`): the participant has
    read that and nothing else; None: what is written here. Raises CannotIssue when the placement has got its
    certificate, or never may, and NotSigned.
    """
    _lock(placement)
    if reason := why_not(placement):
        raise CannotIssue(reason)
    draft = draft_of(placement)
    facts = {name: getattr(written, name) for name in _COLUMNS} | {"statements": sorted(written.statements)}
    if draft.replaces_why:
        facts["replaces_why"] = written.replaces_why or draft.replaces_why
    chosen = {each.pk for each in written.credentials}
    had = set(draft.credentials.values_list("pk", flat=True)) if draft.pk else set()
    same = chosen == had and all(getattr(draft, name) == value for name, value in facts.items())
    if draft.pk and same and not draft.is_behind:
        read = reading_of(draft, written.read_on, shown)
        if read == (draft.read_on, draft.read_mark):
            return draft
    if draft.revision != seen and draft.window != window:
        raise DraftChanged(draft)
    for name, value in facts.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.window, draft.saved_by, draft.is_behind = window, author, False
    draft.save()
    draft.credentials.set(chosen)
    # What was chosen is read from the rows.
    draft.read_on, draft.read_mark = reading_of(draft, written.read_on, shown)
    draft.save(update_fields=["read_on", "read_mark"])
    return draft


@transaction.atomic
def certificate_draft_discard(*, placement: Placement) -> None:
    """Throw the draft away. What is issued stays as it is. Twice is once."""
    _lock(placement)
    CertificateDraft.objects.filter(placement=placement).delete()


def shortcomings(draft: CertificateDraft, sources: Sources | None = None) -> dict[str, str]:
    """What is missing before the draft can be issued: the field, and a sentence about it. `sources` is what has been
    read for this draft and others, by whoever asks about many."""
    sources, missing = sources or Sources([draft]), {}
    if draft.is_behind:
        missing["assessment"] = _(
            "The assessment was corrected after the draft was saved. Look through the competences, and save."
        )
    if not draft.chosen_occupation:
        missing["occupation"] = _("Choose the occupation.")
    if sentence := _statements_lacking(*sources.ticked(draft)):
        missing["statements"] = sentence
    if sentence := _tasks_lacking(draft.tasks):
        missing["tasks"] = sentence
    if draft.with_english and (sentence := _tasks_lacking(draft.tasks_en)):
        missing["tasks_en"] = sentence
    if sentence := reading_lacking(draft, sources):
        missing["read_on"] = sentence
    person = draft.placement.enrolment.participant
    if not (person.given_name or person.family_name):
        missing["name"] = _("The participant's name is missing in the register.")
    for field, text in (("name", person.full_name), ("tasks", draft.tasks), ("tasks_en", draft.tasks_en)):
        if letters := missing_letters(text):
            missing.setdefault(
                field, _("These characters cannot be printed on the certificate: %(letters)s") % {"letters": letters}
            )
    if letters := missing_letters(sources.told_by_others(draft)):
        missing["printed"] = _(
            "These characters, in the name of a workplace or a person or in a paper of somebody else, cannot be "
            "printed on the certificate: %(letters)s"
        ) % {"letters": letters}
    if not draft.placement.is_over:
        missing["end"] = _("The placement has not ended. The certificate is issued when it has.")
    return missing


def _statements_lacking(occupational: int, general: int) -> str:
    if not occupational + general:
        return _("Choose at least one statement.")
    for count, sentence in (
        (occupational, _("Choose at most %(most)d statements of the occupation; %(count)d are chosen.")),
        (general, _("Choose at most %(most)d general statements; %(count)d are chosen.")),
    ):
        if count > MOST:
            return sentence % {"most": MOST, "count": count}
    return ""


def _tasks_lacking(text: str) -> str:
    sentences = sentence_count(text)
    if not sentences:
        return _("Write what the work was about.")
    if sentences not in SENTENCES:
        return _("Write two to four sentences; there are %(count)d now.") % {"count": sentences}
    if len(text) > LONGEST_TASKS:
        return _("Shorten the text to %(most)d characters; it has %(count)d now.") % {
            "most": LONGEST_TASKS,
            "count": len(text),
        }
    return ""


# --- Issued, replaced, revoked ------------------------------------------------------------------------------------


@transaction.atomic
def certificate_issue(*, placement: Placement, actor: User, seen: int) -> CertificateVersion:
    """Issue the placement's certificate from its draft, of today, under a number of its own: the first version, the
    one that replaces the version before, or a new one after it was revoked.

    What will stand on the paper is frozen; a worker draws it afterwards. `seen` is the draft's revision that the
    issuer has read: DraftChanged when it is another now. Raises CannotIssue when the placement has not ended or has
    a certificate that nobody is replacing, also one issued elsewhere, and when something is missing; NotSigned.
    """
    found = certificates_issue(placements=[placement], actor=actor, seen={placement.pk: seen})[placement.pk]
    if isinstance(found, Exception):
        raise found
    certificate_render_enqueue(version=found)
    return found


@transaction.atomic
def certificates_issue(
    *, placements: Collection[Placement], actor: User, seen: Mapping[int, int], drawn_by: Job | None = None
) -> dict[int, CertificateVersion | Exception]:
    """Issue the certificates of several placements, as `certificate_issue` does of one: of each, by its key, the
    version, or what `certificate_issue` would have raised, which hinders no other. `drawn_by` is the job that draws
    them; without it that is for the caller to see to.

    All placements are held before the series of numbers is, which is last: whoever issues one waits in no circle.
    """
    _lock(*placements)
    found: dict[int, CertificateVersion | Exception] = {}
    stored, held = _stored_drafts(placements), holding_assessments(placements)
    drafts = []
    for placement in placements:
        try:
            drafts.append(_composed(placement, stored.get(placement.pk), held.get(placement.pk)))
        except NotSigned as error:
            found[placement.pk] = CannotIssue(early) if (early := _too_early(placement)) else error
    sources, last = Sources(drafts), _last_versions(placements)
    issued, contents = timezone.localdate(), []
    for draft in drafts:
        try:
            _check_issuable(draft, sources, last.get(draft.placement_id), seen[draft.placement_id])
            number = (last[draft.placement_id].version if draft.placement_id in last else 0) + 1
            content = certificate_content(draft=draft, issuer=actor, version=number, issued=issued, sources=sources)
            contents.append((draft, number, content))
        except DatabaseError:
            raise
        except Exception as error:
            found[draft.placement_id] = error
    certificates = _certificates([draft.placement for draft, _number, _content in contents], last)
    for draft, _number, _content in contents:
        if draft.placement_id not in certificates:  # a register that was loaded at this very moment brought one
            found[draft.placement_id] = CannotIssue(_("The placement has a certificate already."))
    contents = [each for each in contents if each[0].placement_id in certificates]
    # The series is locked from here to the end of the transaction: only rows are written meanwhile.
    documents = documents_issue(
        kind=KIND, series=SERIES, actor=actor, count=len(contents), verifiable=True, job=drawn_by
    )
    versions = CertificateVersion.objects.bulk_create(
        CertificateVersion(
            certificate=certificates[draft.placement_id],
            version=number,
            issued=issued,
            document=document,
            content=content,
            assessment=draft.assessment,
            replaces_why=draft.replaces_why,
        )
        for (draft, number, content), document in zip(contents, documents, strict=True)
    )
    CertificateDraft.objects.filter(pk__in=[draft.pk for draft, _number, _content in contents]).delete()
    return found | {draft.placement_id: each for (draft, *_rest), each in zip(contents, versions, strict=True)}


def _check_issuable(draft: CertificateDraft, sources: Sources, last: CertificateVersion | None, seen: int) -> None:
    """Raises what hinders the certificate from being issued from this draft."""
    reason = _too_early(draft.placement)
    if not reason and last and last.revoked_on is None and not draft.replaces_why:
        reason = _("The placement has a certificate already.")
    if reason:
        raise CannotIssue(reason)
    if missing := shortcomings(draft, sources):
        raise CannotIssue(" ".join(missing.values()))
    if draft.revision != seen:
        raise DraftChanged(draft)


def _last_versions(placements: Collection[Placement]) -> dict[int, CertificateVersion]:
    """The latest version of each placement's certificate. All versions are revoked together."""
    rows = CertificateVersion.objects.filter(certificate__placement__in=[each.pk for each in placements])
    rows = rows.select_related("certificate").defer("content").order_by("version")
    return {each.certificate.placement_id: each for each in rows}


def _certificates(
    placements: Collection[Placement], last: Mapping[int, CertificateVersion]
) -> dict[int, Certificate]:
    """The certificate of each placement, a new one where there is none. Left out are those that have got a version
    which is not known of."""
    keys = [each.pk for each in placements]
    there = set(Certificate.objects.filter(placement__in=keys).values_list("placement", flat=True))
    new = [Certificate(placement=each) for each in placements if each.pk not in there]
    Certificate.objects.bulk_create(new, ignore_conflicts=True)
    now = _last_versions(placements) if new else last
    return {
        each.placement_id: each
        for each in Certificate.objects.filter(placement__in=keys)
        if each.placement_id not in now or each.placement_id in last
    }


@transaction.atomic
def certificate_replace_begin(*, placement: Placement, why: str, actor: User) -> CertificateDraft:
    """Begin the version that replaces the issued one: a draft that says what that one says, as far as the assessment
    that holds now still does. The draft that is at work, if there is one. What is issued holds until the new version
    is. Raises CannotReplace and NotSigned."""
    _lock(placement)
    version = issued_version(placement)
    if version is None:
        raise CannotReplace(_("There is no valid certificate to replace."))
    if version.issued_elsewhere:
        raise CannotReplace(_("The certificate was issued in an earlier system. It is replaced there."))
    if _is_being_replaced(placement):
        return draft_of(placement)
    CertificateDraft.objects.filter(placement=placement).delete()
    assessment = holding_assessment(placement)
    if assessment is None:
        raise NotSigned
    draft = draft_begun(placement, version.assessment or assessment)
    credentials = refilled(draft, version, credentials_offered(placement, actor))
    draft = recomposed(draft, assessment)
    draft.replaces_why, draft.saved_by, draft.revision, draft.is_behind = why, actor, 1, False
    draft.save()
    draft.credentials.set(credentials)
    return draft


@transaction.atomic
def certificate_revoke(*, placement: Placement, why: str, actor: User) -> CertificateVersion:
    """Revoke the certificate: all its versions, from today, for a reason. A new one may be issued afterwards; what is
    being written goes on as that one's draft. Returns the latest version; raises CannotRevoke."""
    _lock(placement)
    rows = CertificateVersion.objects.select_for_update(of=("self",)).filter(certificate__placement=placement)
    versions = list(rows.order_by("-version"))
    if not versions:
        raise CannotRevoke(_("No certificate has been issued."))
    latest = versions[0]
    if CertificateState.REVOKED not in TRANSITIONS[latest.state_among(versions)]:
        raise CannotRevoke(
            _("The certificate was revoked on %(day)s by %(who)s.")
            % {"day": latest.revoked_on, "who": latest.revoked_by_name}
        )
    if latest.issued_elsewhere:
        raise CannotRevoke(_("The certificate was issued in an earlier system. It is revoked there."))
    for each in versions:
        if CertificateState.REVOKED in TRANSITIONS[each.state_among(versions)]:
            each.revoked_on, each.revoked_by = timezone.localdate(), actor
            each.revoked_by_name, each.revoked_why = actor.full_name, why
            each.save(update_fields=["revoked_on", "revoked_by", "revoked_by_name", "revoked_why"])
    # Who has read that draft has read that it replaces something.
    drafts = CertificateDraft.objects.filter(placement=placement).exclude(replaces_why="")
    drafts.update(replaces_why="", revision=F("revision") + 1, window=None)
    return latest


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


def _lock(*placements: Placement) -> None:
    """One writer of a placement's certificate at a time, who sees how the placement is now. Several are held in the
    order of their keys."""
    rows = Placement.every.select_for_update(of=("self",), no_key=True).order_by("pk")
    current = {each.pk: each for each in rows.filter(pk__in=[each.pk for each in placements])}
    for placement in placements:
        for name in ("start", "end", "form", "cancelled_on", "why_interrupted"):
            setattr(placement, name, getattr(current[placement.pk], name))
