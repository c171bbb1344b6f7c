"""What certificates add to a participant's file: the timeline, the step, the part."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competence.assessing import file as assessing
from competence.models import CertificateVersion
from competence.permissions import can_write_certificate
from participants.file import CaseRows, ParticipantFile
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline
from placements.models import Placement


def _versions(enrolments):
    return (
        CertificateVersion.objects.filter(certificate__placement__enrolment__in=enrolments)
        .select_related("certificate__placement__workplace__employer", "document")
        .order_by("-issued", "-pk")
    )


def _waiting(enrolments):
    """Placements that ended without a certificate, the latest first."""
    return Placement.objects.filter(
        enrolment__in=enrolments, certificate=None, end__lt=timezone.localdate()
    ).order_by("-end", "-pk")


VERSIONS = CaseRows(lambda enrolments, _user: _versions(enrolments))
WAITING = CaseRows(lambda enrolments, _user: _waiting(enrolments).select_related("workplace"))


def certificate_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """Every issue of a certificate up to today."""
    today = timezone.localdate()
    for version in file.rows(VERSIONS):
        if version.issued > today:
            continue
        title = _("Certificate issued") if version.version == 1 else _("New version of the certificate")
        where = version.certificate.placement.workplace.name
        if version.document is None:
            text, by = _("%(where)s. Issued elsewhere.") % {"where": where}, ""
        else:
            text, by = f"{where}. {version.document.number}", version.document.created_by_name
        yield TimelineEntry(date=version.issued, kind="certificate", title=title, text=text, by=by, order=4)


def certificate_step(file: ParticipantFile) -> Step:
    """Done when a placement of the enrolment has its certificate; a placement that ended without one comes next."""
    case = file.latest.pk
    issued = (each for each in file.rows(VERSIONS) if each.certificate.placement.enrolment_id == case)
    version = next(issued, None)
    missing = next((each for each in file.rows(WAITING) if each.enrolment_id == case), None)
    words = ""
    if missing:
        words = _("The placement at %(where)s has no certificate yet.") % {"where": missing.workplace.name}
    if version:
        return Step(StepState.DONE, _("issued %(day)s") % {"day": version.issued}, words)
    return Step(StepState.TODO, "", words)


def part_context(file: ParticipantFile, _params) -> dict:
    """The assessments and the levels of language; every issue of a certificate, and the ended placements that have
    none, with who may write one."""
    waiting = _waiting(file.enrolments).select_related("workplace__employer", "certificate_draft")
    enrolments = {enrolment.pk: enrolment for enrolment in file.enrolments}
    return assessing.part_context(file) | {
        "versions": _versions(file.enrolments),
        "waiting": [
            {
                "placement": placement,
                "has_draft": hasattr(placement, "certificate_draft"),
                "may_write": can_write_certificate(file.user, enrolments[placement.enrolment_id]),
            }
            for placement in waiting
        ],
    }


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
