"""Which placements, follow-ups and certificates count at all, and to which unit they belong."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from competence.models import Certificate, CertificateVersion
from participants.models import UnitAssignment
from placements.models import FollowUp, Placement
from reporting.question import Question
from vocabulary.codes import PlacementForm


def counted_placements() -> QuerySet:
    """The placements that count: a holiday job is in no figure, nor is what was cancelled before it began."""
    return Placement.objects.exclude(form=PlacementForm.HOLIDAY_JOB)


def counted_followups() -> QuerySet:
    """The follow-ups that count: wanted ones, of placements that count or of none."""
    counts = ~Q(placement__form=PlacementForm.HOLIDAY_JOB) & Q(placement__cancelled_on=None)
    return FollowUp.objects.wanted().filter(Q(placement__isnull=True) | counts)


def counted_certificates() -> QuerySet:
    """The certificates that count, with `first_issued`: the day of the first issue. A revoked one counts nowhere."""
    issues = CertificateVersion.objects.in_force().filter(certificate=OuterRef("pk"))
    first = issues.order_by("issued").values("issued")[:1]
    certificates = Certificate.objects.filter(Exists(issues), placement__cancelled_on=None)
    return certificates.exclude(placement__form=PlacementForm.HOLIDAY_JOB).annotate(first_issued=Subquery(first))


def of_unit(rows: QuerySet, question: Question, placement: str = "") -> QuerySet:
    """The rows whose placement belongs to the unit asked about: the one that answered for its enrolment on its first
    day. `placement` is the path from the row."""
    if question.unit is None:
        return rows
    return rows.filter(unit_answered(question, f"{placement}enrolment", f"{placement}start"))


def unit_answered(question: Question, enrolment: str, day: str) -> Exists:
    """That the unit asked about answered for an enrolment on a day; both are paths from the row."""
    return Exists(
        UnitAssignment.objects.filter(
            Q(end__isnull=True) | Q(end__gte=OuterRef(day)),
            enrolment=OuterRef(enrolment),
            unit=question.unit,
            start__lte=OuterRef(day),
        )
    )
