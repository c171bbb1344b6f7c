"""Participants and enrolments of which too little is known."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import municipal
from participants.calendar import MonthsAfter
from participants.models import Enrolment, Referral, UnitAssignment
from reporting.figures.certificates import issued
from reporting.figures.definition import Listing
from reporting.figures.enrolments import PARTICIPANTS, active, last_of_each, referred
from reporting.missing.closures import file_of_case
from reporting.missing.definition import FILL_IN, Gap, facts_of, file_of, seen
from reporting.municipal import MONTHS_WITHOUT_CONTACT
from reporting.question import Question
from vocabulary.codes import Gender, ReferralDecision

ENROLMENTS = Listing(
    template="reporting/missing/enrolments.html",
    visible=seen,
    counted=PARTICIPANTS,
    related=("participant", "coach"),
    sorts={"start": "start", "activity": "last_activity_on"},
)


def without_gender(question: Question) -> QuerySet:
    """For each participant who is told by gender in a figure, the latest enrolment. Whoever is new or closed in the
    period is active in it too; a certificate may be issued later."""
    unknown = Enrolment.objects.filter(participant__gender=Gender.UNKNOWN)
    certified = Q(pk__in=issued(question).values("placement__enrolment"))
    return last_of_each(unknown.filter(Q(pk__in=active(question).values("pk")) | certified))


def without_education(question: Question) -> QuerySet:
    return active(question).filter(participant__education="")


def without_target_group(question: Question) -> QuerySet:
    return active(question).filter(target_group="")


def months_without_contact() -> dict[str, int]:
    return {"months": municipal.value_of(MONTHS_WITHOUT_CONTACT.key)}


def without_contact(question: Question) -> QuerySet:
    """The open enrolments in which nothing has been noted for so long, from the start where nothing ever was."""
    silence = MonthsAfter(Greatest(F("start"), F("last_activity_on")), months_without_contact()["months"])
    silent = active(question).alias(heard_of_until=silence).filter(end=None, heard_of_until__lte=question.as_of)
    # After a transfer the unit that has the enrolment now is the one that can say something.
    return silent.filter(unit=question.unit) if question.unit else silent


def without_enrolment(question: Question) -> QuerySet:
    """The referrals that the unit accepted without anybody being enrolled there since. Only the unit's own enrolments
    are looked at: a list that is shorter because another unit knows the person would tell so."""
    enrolled = UnitAssignment.objects.filter(
        Q(enrolment__end=None) | Q(enrolment__end__gte=OuterRef("received")),
        Q(end=None) | Q(end__gte=OuterRef("received")),
        unit=OuterRef("unit"),
        enrolment__participant=OuterRef("participant"),
    )
    return referred(question).filter(~Exists(enrolled), decision=ReferralDecision.ACCEPTED)


def file_of_referred(referral: Referral) -> str:
    return file_of(referral.participant)


ENROLMENT_GAPS = (
    Gap(
        key="contact",
        label=_("Open, but nothing noted for %(months)s months"),
        effect=_("The person counts as a participant, and the time in the activity grows, even if it has ended."),
        remedy=_("Get in touch and write it down, or close the enrolment."),
        spoils=("active", "closed", "median_days", "duration"),
        rows=without_contact,
        listing=ENROLMENTS,
        mended_at=file_of_case,
        told=months_without_contact,
    ),
    Gap(
        key="referral",
        label=_("Accepted referral, but nobody enrolled"),
        effect=_("The person is in no figure but the referrals."),
        remedy=_("Enrol the person, or change the decision on the referral."),
        spoils=("active", "new"),
        rows=without_enrolment,
        listing=Listing(
            template="reporting/missing/referrals.html",
            visible=seen,
            counted=ngettext_lazy("%(count)s referral", "%(count)s referrals", "count"),
            related=("participant",),
            sorts={"received": "received"},
        ),
        mended_at=file_of_referred,
    ),
    Gap(
        key="gender",
        label=_("Gender not registered"),
        effect=_("The person stands under “unknown” in every table by gender."),
        remedy=_("Complete the participant with a personal identity number, or with the gender."),
        spoils=("active", "new", "closed", "share_ab", "median_days", "results", "certificates"),
        rows=without_gender,
        listing=ENROLMENTS,
        mended_at=facts_of,
        mending=FILL_IN,
    ),
    Gap(
        key="target_group",
        label=_("Target group not registered"),
        effect=_("The person stands under “not registered” in the table by target group."),
        remedy=_("Complete the enrolment with its target group."),
        spoils=("active",),
        rows=without_target_group,
        listing=ENROLMENTS,
        mended_at=facts_of,
        mending=FILL_IN,
    ),
    Gap(
        key="education",
        label=_("Education not registered"),
        effect=_("The person stands under “not registered” in the table by education."),
        remedy=_("Ask about education at the next meeting, and complete the participant."),
        spoils=("active",),
        rows=without_education,
        listing=ENROLMENTS,
        mended_at=facts_of,
        mending=FILL_IN,
    ),
)
