"""Participants by their enrolments: where several count, the last of them stands for the participant."""

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants.models import Enrolment, Referral, UnitAssignment
from participants.revolving import going_round
from reporting.figures.definition import Breakdown, Figure, Listing, MeasuredIn, Section, Source
from reporting.figures.dimensions import AGE, EDUCATION, GENDER, SOURCE, TARGET_GROUP, UNIT, age_group
from reporting.question import Question

PARTICIPANTS = ngettext_lazy("%(count)s participant", "%(count)s participants", "count")
LISTING = Listing(
    template="reporting/rows/enrolments.html",
    visible=lambda rows, user: rows.visible_to(user),
    counted=PARTICIPANTS,
    related=("participant", "coach"),
    sorts={"start": "start", "end": "end"},
)


def last_of_each(enrolments: QuerySet) -> QuerySet:
    """Of each participant's rows the latest: enrolments of a participant never overlap, so there is one."""
    later = enrolments.filter(participant=OuterRef("participant"), start__gt=OuterRef("start"))
    return enrolments.filter(~Exists(later))


def ongoing_in(question: Question, prefix: str = "") -> Q:
    """That the days from `start` to `end` have one in common with the period."""
    period = question.period
    reached = Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gte": period.start})
    return reached & Q(**{f"{prefix}start__lte": period.end})


def active(question: Question) -> QuerySet:
    """For each participant with an enrolment in the period, the latest; in a unit, while the unit answered for it."""
    enrolments = Enrolment.objects.filter(ongoing_in(question))
    if question.unit:
        here = UnitAssignment.objects.filter(ongoing_in(question), enrolment=OuterRef("pk"), unit=question.unit)
        enrolments = enrolments.filter(Exists(here))
    return last_of_each(enrolments)


def active_in_units(question: Question) -> QuerySet:
    """For each participant and each unit that answered for the participant in the period, the latest enrolment."""
    answered = ongoing_in(question, "assignments__")
    if question.unit:
        answered &= Q(assignments__unit=question.unit)
    enrolments = Enrolment.objects.filter(ongoing_in(question)).annotate(
        here=FilteredRelation("assignments", condition=answered)
    )
    later = UnitAssignment.objects.filter(
        ongoing_in(question),
        ongoing_in(question, "enrolment__"),
        enrolment__participant=OuterRef("participant"),
        unit=OuterRef("here__unit"),
        start__gt=OuterRef("here__start"),
    )
    return enrolments.filter(~Exists(later), here__isnull=False)


def starting(question: Question) -> QuerySet:
    """The enrolments that start in the period; an enrolment starts in its first unit."""
    enrolments = Enrolment.objects.filter(start__range=(question.period.start, question.period.end))
    if question.unit:
        first = UnitAssignment.objects.filter(enrolment=OuterRef("pk")).order_by("start").values("unit")[:1]
        enrolments = enrolments.alias(first_unit=Subquery(first)).filter(first_unit=question.unit.pk)
    return enrolments


def new(question: Question) -> QuerySet:
    """For each participant whose enrolment starts in the period, the latest such."""
    return last_of_each(starting(question))


def revolving(question: Question) -> QuerySet:
    """For each participant who goes round, the latest enrolment in the period by whose start that shows.

    All of the participant's enrolments are looked at, whatever their units.
    """
    return last_of_each(going_round(starting(question), question.as_of))


def referred(question: Question) -> QuerySet:
    """The referrals received in the period, by the unit or by all."""
    referrals = Referral.objects.filter(received__range=(question.period.start, question.period.end))
    return referrals.filter(unit=question.unit) if question.unit else referrals


def by_gender(question: Question) -> dict:
    return {"gender": F("participant__gender")}


def by_person(question: Question) -> dict:
    return by_gender(question) | {
        "age": age_group(question, "participant"),
        "education": F("participant__education"),
        "target": F("target_group"),
    }


ACTIVE = Source("active", active, by_person, LISTING)
ACTIVE_IN_UNITS = Source(
    "active_in_units",
    active_in_units,
    lambda question: {"in_unit": F("here__unit")},
    Listing(
        template=LISTING.template,
        visible=LISTING.visible,
        counted=PARTICIPANTS,
        unit="here__unit",
        related=LISTING.related,
        sorts=LISTING.sorts,
    ),
)
NEW = Source("new", new, by_gender, LISTING)
REVOLVING = Source("revolving", revolving, lambda question: {}, LISTING)
REFERRALS = Source(
    "referrals",
    referred,
    lambda question: {"referred_by": F("source")},
    Listing(
        template="reporting/rows/referrals.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=ngettext_lazy("%(count)s referral", "%(count)s referrals", "count"),
        related=("participant",),
        sorts={"received": "received"},
    ),
)

ACTIVE_FIGURE = Figure(
    key="active",
    label=_("Participants during the period"),
    definition=_(
        "Persons who were enrolled on at least one day of the period. Everyone counts once, however many "
        "enrolments; a paused enrolment counts, a holiday job does not."
    ),
    section=Section.PARTICIPANTS,
    source=ACTIVE,
    breakdowns=(
        Breakdown("active", _("Participants during the period"), columns=GENDER),
        Breakdown("active_by_age", _("Participants by age"), rows=AGE, columns=GENDER, margin="active"),
        Breakdown("active_by_education", _("Participants by education"), rows=EDUCATION, margin="active"),
        Breakdown("active_by_target_group", _("Participants by target group"), rows=TARGET_GROUP, margin="active"),
        Breakdown("active_by_unit", _("Participants by unit"), rows=UNIT, margin="active", in_rows=ACTIVE_IN_UNITS),
    ),
    kolada="U40800",
    highlight="total",
    compared=True,
)
NEW_FIGURE = Figure(
    key="new",
    label=_("New participants"),
    definition=_("Persons with an enrolment that starts in the period. Everyone counts once."),
    section=Section.PARTICIPANTS,
    source=NEW,
    breakdowns=(Breakdown("new", _("New participants"), columns=GENDER),),
    highlight="total",
    compared=True,
)
REFERRALS_FIGURE = Figure(
    key="referrals",
    label=_("Referrals by source"),
    definition=_("Referrals received in the period, by who referred. A person may be referred several times."),
    section=Section.PARTICIPANTS,
    source=REFERRALS,
    breakdowns=(Breakdown("referrals", _("Referrals by source"), rows=SOURCE),),
    measured_in=MeasuredIn.REFERRALS,
    kolada="U40806–U40810",
)
REVOLVING_FIGURE = Figure(
    key="revolving",
    label=_("Going round"),
    definition=_(
        "Persons who were enrolled in the period for at least the third time within 36 months, where no earlier "
        "enrolment of those months led to work or studies. All units are looked at."
    ),
    section=Section.PARTICIPANTS,
    source=REVOLVING,
    breakdowns=(Breakdown("revolving", _("Going round")),),
)
