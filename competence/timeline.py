"""What certificates add to a participant's file: the timeline, the step, the part."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competence.assessing import file as assessing
from competence.certifying.readiness import lacks_in_words, may_be_written, with_lacks
from competence.certifying.services import BEFORE_DAYS
from competence.credentials import file as credentials
from competence.models import CertificateDraft, CertificateVersion
from competence.permissions import can_write_certificate
from competence.querysets import lacking_certificate
from participants.file import CaseRows, ParticipantFile
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline
from placements.models import Placement


def _versions(enrolments):
    return (
        CertificateVersion.objects.filter(certificate__placement__enrolment__in=enrolments)
        .select_related("certificate__placement__workplace__employer", "document")
        .order_by("-issued", "-pk")
    )


def _waiting(enrolments, until: dt.date | None = None):
    """Placements without a certificate that have ended, or end on the day `until` at the latest; the latest first."""
    today = timezone.localdate()
    rows = Placement.objects.filter(lacking_certificate(), enrolment__in=enrolments, start__lte=today)
    return rows.filter(end__lte=until or today - dt.timedelta(days=1)).order_by("-end", "-pk")


VERSIONS = CaseRows(lambda enrolments, _user: _versions(enrolments))
WAITING = CaseRows(lambda enrolments, _user: _waiting(enrolments).select_related("workplace"))


def certificate_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Every issue of a certificate up to today, and that one was revoked."""
    today = timezone.localdate()
    for version in file.rows(VERSIONS):
        if version.issued > today:
            continue
        placement = version.certificate.placement
        address = reverse("competence:certificate", args=[file.public_id, placement.pk])
        where = placement.workplace.name
        if version.document is None:
            text, by = _("%(where)s. Issued elsewhere.") % {"where": where}, ""
        else:
            text, by = f"{where}. {version.document.number}", version.document.created_by_name
        if version.replaces_why:
            text = f"{text}. {version.replaces_why}"
        yield TimelineEntry(
            date=version.issued, kind="certificate", title=_title(version), text=text, by=by, link=address, order=4
        )
        if version.revoked_on:
            yield TimelineEntry(
                date=version.revoked_on,
                kind="certificate",
                title=_("Certificate revoked"),
                text=f"{where}. {_name(version)}. {version.revoked_why}",
                by=version.revoked_by_name,
                link=address,
                order=5,
            )


def _title(version: CertificateVersion) -> str:
    if version.version == 1:
        return _("Certificate issued")
    if not version.replaces_why and version.document:
        return _("New certificate issued, after the one before was revoked")
    return _("New version of the certificate")


def _name(version: CertificateVersion) -> str:
    return version.document.number if version.document else _("version %(number)s") % {"number": version.version}


def certificate_step(file: ParticipantFile) -> Step:
    """Done when a placement of the enrolment has its certificate; a placement that ended without one comes next."""
    case = file.latest.pk
    issued = (
        each
        for each in file.rows(VERSIONS)
        if each.certificate.placement.enrolment_id == case and each.revoked_on is None
    )
    version = next(issued, None)
    missing = next((each for each in file.rows(WAITING) if each.enrolment_id == case), None)
    words = ""
    if missing:
        words = _("The placement at %(where)s has no certificate yet.") % {"where": missing.workplace.name}
    if version:
        return Step(StepState.DONE, _("issued %(day)s") % {"day": version.issued}, words)
    return Step(StepState.TODO, "", words)


def part_context(file: ParticipantFile, _params) -> dict:
    """The assessments and the levels of language; what others certify; every issue of a certificate, and the
    placements that have ended or end soon and have none, with what is missing and who may write one."""
    soon = timezone.localdate() + dt.timedelta(days=BEFORE_DAYS)
    waiting = with_lacks(_waiting(file.enrolments, until=soon)).select_related("workplace__employer")
    enrolments = {enrolment.pk: enrolment for enrolment in file.enrolments}
    versions = list(_versions(file.enrolments))
    of_certificate: dict[int, list[CertificateVersion]] = {}
    for version in versions:
        of_certificate.setdefault(version.certificate_id, []).append(version)
    for version in versions:
        version.state = version.state_among(of_certificate[version.certificate_id])
    drafts = CertificateDraft.objects.filter(placement__enrolment__in=enrolments)
    being_written = set(drafts.values_list("placement_id", flat=True))
    return (
        assessing.part_context(file)
        | credentials.part_context(file)
        | {
            "versions": versions,
            "waiting": [
                {
                    "placement": placement,
                    "has_draft": placement.pk in being_written,
                    "missing": lacks_in_words(placement.lacks),
                    "may_be_written": may_be_written(placement.lacks),
                    "may_write": can_write_certificate(file.user, enrolments[placement.enrolment_id]),
                }
                for placement in waiting
            ],
        }
    )


def join() -> None:
    join_timeline(certificate_entries, kinds={"certificate": gettext_lazy("Certificates")}, rows=[VERSIONS])
    join_steps("certificate", certificate_step, rows=[WAITING])
    join_parts(
        Part(
            slug="kompetens",
            label=gettext_lazy("Competence"),
            template="competence/part.html",
            order=40,
            context=part_context,
        )
    )
