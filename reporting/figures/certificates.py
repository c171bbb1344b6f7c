"""The certificates of competence that were issued."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from competence.models import CertificateVersion
from reporting.figures.counted import counted_certificates, of_unit
from reporting.figures.definition import Breakdown, Figure, Listing, MeasuredIn, Section, Source
from reporting.figures.dimensions import GENDER
from reporting.question import Question


def issued(question: Question) -> QuerySet:
    """The certificates whose first issue lies in the period."""
    within = (question.period.start, question.period.end)
    # The versions' index finds the few of the period; of those alone the first issue is looked up.
    candidates = CertificateVersion.objects.filter(issued__range=within).values("certificate")
    certificates = counted_certificates().filter(pk__in=candidates, first_issued__range=within)
    return of_unit(certificates, question, "placement__")


CERTIFICATES = Source(
    "certificates",
    issued,
    lambda question: {"gender": F("placement__enrolment__participant__gender")},
    Listing(
        template="reporting/rows/certificates.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=ngettext_lazy("%(count)s certificate", "%(count)s certificates", "count"),
        person="placement__enrolment__participant",
        unit="placement__enrolment__unit",
        related=("placement__enrolment__participant", "placement__workplace__employer"),
        sorts={"issued": "first_issued"},
    ),
)
CERTIFICATES_FIGURE = Figure(
    key="certificates",
    label=_("Certificates of competence issued"),
    definition=_("Certificates whose first version was issued in the period. A new version is no new certificate."),
    section=Section.CERTIFICATES,
    source=CERTIFICATES,
    breakdowns=(Breakdown("certificates", _("Certificates of competence issued"), columns=GENDER),),
    measured_in=MeasuredIn.CERTIFICATES,
)
