"""Placements, follow-ups and certificates that lack what the figures count by."""

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants.models import Participant
from placements.models import FollowUp, GradeTerm, Placement
from reporting.figures.counted import counted_certificates
from reporting.figures.definition import Listing
from reporting.figures.followups import due
from reporting.figures.placements import placements_in
from reporting.missing.definition import Gap, file_of, file_part_of, seen
from reporting.question import Question
from vocabulary.codes import PlacementForm

#: What belongs to the activity itself, and therefore ends when the enrolment does; an employment may go on.
UNPAID = (
    PlacementForm.INTERNSHIP,
    PlacementForm.LANGUAGE_INTERNSHIP,
    PlacementForm.WORK_TRAINING,
    PlacementForm.WORK_ASSESSMENT,
)
PLACEMENTS = Listing(
    template="reporting/missing/placements.html",
    visible=seen,
    counted=ngettext_lazy("%(count)s placement", "%(count)s placements", "count"),
    person="enrolment__participant",
    unit="enrolment__unit",
    related=("enrolment__participant", "enrolment__coach", "workplace__employer"),
    sorts={"start": "start", "end": "end"},
)
FOLLOWUPS = Listing(
    template="reporting/missing/followups.html",
    visible=seen,
    counted=ngettext_lazy("%(count)s follow-up", "%(count)s follow-ups", "count"),
    unit="enrolment__unit",
    related=("participant", "enrolment__coach", "placement__workplace"),
    sorts={"due": "due"},
)
#: Those of no enrolment: the participant alone decides who sees them.
FOLLOWUPS_OUTSIDE = Listing(
    template=FOLLOWUPS.template,
    visible=lambda rows, user: rows.filter(participant__in=Participant.objects.visible_to(user)),
    counted=FOLLOWUPS.counted,
    unit=FOLLOWUPS.unit,
    related=FOLLOWUPS.related,
    sorts=FOLLOWUPS.sorts,
)


def employments_in(question: Question) -> QuerySet:
    return placements_in(question).filter(form=PlacementForm.MUNICIPAL_EMPLOYMENT)


def without_grade(question: Question) -> QuerySet:
    """The employments with a day in the period of which nobody knows what part of full time it was."""
    from_the_first_day = GradeTerm.objects.filter(
        placement=OuterRef("pk"), valid_from__lte=Greatest(OuterRef("start"), Value(question.period.start))
    )
    return employments_in(question).filter(~Exists(from_the_first_day))


def without_certificate(question: Question) -> QuerySet:
    """The employments that ended in the period and have no certificate."""
    ended = employments_in(question).filter(end__lte=question.period.end, end__lt=question.as_of)
    return ended.filter(~Exists(counted_certificates().filter(placement=OuterRef("pk"))))


def without_end(question: Question) -> QuerySet:
    """The unpaid placements that go on although the enrolment they belong to is closed."""
    return placements_in(question).filter(end=None, form__in=UNPAID, enrolment__end__lt=question.as_of)


def without_filing(question: Question) -> QuerySet:
    """The follow-ups whose day has passed without anybody having filed them. The last day still counts as in time."""
    return due(question).filter(filed=None, due__lt=question.as_of)


def outside_enrolment(question: Question) -> QuerySet:
    """The follow-ups due before the participant's first enrolment: they count in the whole and in no unit."""
    return due(question).filter(enrolment=None)


def placements_of_participant(placement: Placement) -> str:
    return file_part_of(placement.enrolment.participant, "placeringar")


def certificate_of(placement: Placement) -> str:
    return file_part_of(placement.enrolment.participant, "kompetens")


def certificates_in(question: Question) -> str:
    """The same employments in the list of certificates, where who writes them works."""
    chosen = {
        "visa": "saknas",
        "vems": "alla",
        "form": PlacementForm.MUNICIPAL_EMPLOYMENT.value,
        "fran": question.period.start.isoformat(),
        "till": question.period.end.isoformat(),
    }
    unit = {"enhet": question.unit.code} if question.unit else {}
    return f"{reverse('competence:list')}?{urlencode(chosen | unit)}"


def page_of_followup(followup: FollowUp) -> str:
    """Its own page. One of no placement has none, but stands in the file; one of no enrolment stands nowhere."""
    if followup.enrolment_id is None:
        return file_of(followup.participant)
    if followup.placement_id is None:
        return file_part_of(followup.participant, "placeringar")
    return reverse("placements:followup", args=[followup.participant.public_id, followup.public_id])


PLACEMENT_GAPS = (
    Gap(
        key="certificate",
        label=_("Municipal employment that has ended, without a certificate"),
        effect=_("The certificate coverage falls, and the person has no paper to show."),
        remedy=_("Write and issue the certificate."),
        spoils=("coverage", "certificates"),
        rows=without_certificate,
        listing=PLACEMENTS,
        mended_at=certificate_of,
        mending=_("Choose a row to open the certificates."),
        worked_at=certificates_in,
        working=_("The list of certificates, with what each one lacks"),
    ),
    Gap(
        key="grade",
        label=_("Municipal employment without a part of full time"),
        effect=_("Its days count as no work at all in the full-time equivalents."),
        remedy=_("Complete the employment with the part of full time from its first day."),
        spoils=("fte",),
        rows=without_grade,
        listing=PLACEMENTS,
        mended_at=placements_of_participant,
        mending=_("Choose a row to open the placements."),
    ),
    Gap(
        key="placement_end",
        label=_("Placement without an end, although the enrolment is closed"),
        effect=_("It counts as ongoing for ever."),
        remedy=_("Find out when the placement ended, and enter its last day."),
        spoils=("stock",),
        rows=without_end,
        listing=PLACEMENTS,
        mended_at=placements_of_participant,
        mending=_("Choose a row to open the placements."),
    ),
    Gap(
        key="followup",
        label=_("Follow-up that is not filed"),
        effect=_("It counts as missing, and the share on time falls."),
        remedy=_("File what was said, or withdraw the follow-up if it is no longer wanted."),
        spoils=("followups",),
        rows=without_filing,
        listing=FOLLOWUPS,
        mended_at=page_of_followup,
        mending=_("Choose a row to come to the follow-up."),
    ),
    Gap(
        key="followup_outside",
        label=_("Follow-up before the participant's first enrolment"),
        effect=_("It counts in the whole municipality and in no unit, so the units do not add up."),
        remedy=_("Correct its day, or the start of the enrolment, in the register it came from."),
        spoils=("followups",),
        rows=outside_enrolment,
        listing=FOLLOWUPS_OUTSIDE,
        mended_at=page_of_followup,
    ),
)
