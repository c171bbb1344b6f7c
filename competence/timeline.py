"""What certificates add to a participant's file: the timeline, the step, the part."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from competence.models import CertificateVersion
from participants.file import ParticipantFile
from participants.models import Enrolment
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline
from placements.models import Placement


def _versions(enrolments):
    return (
        CertificateVersion.objects.filter(certificate__placement__enrolment__in=enrolments)
        .select_related("certificate__placement__workplace__employer")
        .order_by("-issued", "-pk")
    )


def certificate_entries(enrolments: list[Enrolment], _user: User) -> Iterator[TimelineEntry]:
    """Every issue of a certificate up to today."""
    today = timezone.localdate()
    for version in _versions(enrolments):
        if version.issued > today:
            continue
        title = _("Certificate issued") if version.version == 1 else _("New version of the certificate")
        where = version.certificate.placement.workplace.name
        text = _("%(where)s. Issued elsewhere.") % {"where": where} if version.issued_elsewhere else where
        yield TimelineEntry(date=version.issued, kind="certificate", title=title, text=text, order=4)


def certificate_step(enrolment: Enrolment, _user: User) -> Step:
    """Done when a placement of the enrolment has its certificate; a placement that ended without one comes next."""
    version = _versions([enrolment]).first()
    missing = (
        Placement.objects.filter(enrolment=enrolment, certificate=None, end__lt=timezone.localdate())
        .select_related("workplace")
        .order_by("-end", "-pk")
        .first()
    )
    words = ""
    if missing:
        words = _("The placement at %(where)s has no certificate yet.") % {"where": missing.workplace.name}
    if version:
        return Step(StepState.DONE, _("issued %(day)s") % {"day": version.issued}, words)
    return Step(StepState.TODO, "", words)


def part_context(file: ParticipantFile, _params) -> dict:
    return {"versions": _versions(file.enrolments)}


def join() -> None:
    join_timeline(certificate_entries)
    join_steps("certificate", certificate_step)
    join_parts(
        Part(
            slug="kompetens",
            label=gettext_lazy("Competence"),
            template="competence/part.html",
            order=40,
            context=part_context,
        )
    )
