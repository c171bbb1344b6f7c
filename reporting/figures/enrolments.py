"""Figures that count participants by their enrolments: the last of them stands for the participant."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.models import Enrolment, UnitAssignment
from reporting.figures import results
from reporting.figures.definition import Breakdown, Category, Dimension, Figure, MeasuredIn, Share, Source
from reporting.question import Question
from vocabulary.codes import Gender

GENDER = Dimension(
    "gender",
    _("Gender"),
    (
        Category("women", _("Women"), Gender.WOMAN),
        Category("men", _("Men"), Gender.MAN),
        Category("unknown", pgettext_lazy("gender", "Unknown"), Gender.UNKNOWN, only_if_any=True),
    ),
)
RESULT = Dimension(
    "result",
    _("Result at closure"),
    (
        Category(
            results.WORK,
            _("A. Started working"),
            results.WORK,
            _(
                "Work or an own business that has lasted one continuous month, with or without support to the "
                "employer. A municipal employment never counts as work."
            ),
        ),
        Category(
            results.STUDIES,
            _("B. Started studying"),
            results.STUDIES,
            _("Studies that entitle to study aid. Without study aid, or when it is not known: E."),
        ),
        Category(
            results.TRANSFERRED,
            _("C. Transferred to another authority"),
            results.TRANSFERRED,
            _("Another authority has taken over the responsibility."),
        ),
        Category(
            results.COMPLETED,
            _("D. Assignment completed"),
            results.COMPLETED,
            _("What the referrer asked for is delivered, and the responsibility goes back."),
        ),
        Category(
            results.OTHER,
            pgettext_lazy("result", "E. Other"),
            results.OTHER,
            _(
                "Everything else: interrupted, moved, deceased, a job shorter than a month, a municipal employment, "
                "or a job whose start or form is not registered."
            ),
        ),
        Category(
            results.PENDING,
            _("Not yet determined"),
            results.PENDING,
            _("The job goes on but had not lasted a month on the as-of date. Part of the total, never of A."),
        ),
    ),
)


def last_of_each(enrolments: QuerySet) -> QuerySet:
    """Of each participant's rows the latest: enrolments of a participant never overlap, so there is one."""
    later = enrolments.filter(participant=OuterRef("participant"), start__gt=OuterRef("start"))
    return enrolments.filter(~Exists(later))


def active(question: Question) -> QuerySet:
    """For each participant with an enrolment in the period, the latest; in a unit, while the unit answered for it."""
    period = question.period
    ongoing = Q(end__isnull=True) | Q(end__gte=period.start)
    enrolments = Enrolment.objects.filter(ongoing, start__lte=period.end)
    if question.unit:
        here = UnitAssignment.objects.filter(
            ongoing, enrolment=OuterRef("pk"), unit=question.unit, start__lte=period.end
        )
        enrolments = enrolments.filter(Exists(here))
    return last_of_each(enrolments)


def new(question: Question) -> QuerySet:
    """For each participant whose enrolment starts in the period, the latest such; it counts in its first unit."""
    enrolments = Enrolment.objects.filter(start__range=(question.period.start, question.period.end))
    if question.unit:
        first = UnitAssignment.objects.filter(enrolment=OuterRef("pk")).order_by("start").values("unit")[:1]
        enrolments = enrolments.alias(first_unit=Subquery(first)).filter(first_unit=question.unit.pk)
    return last_of_each(enrolments)


def closed(question: Question) -> QuerySet:
    """For each participant whose enrolment ends in the period, the last closure; in a unit, the last there.

    An enrolment counts in its last unit. A participant closed by two units counts in both and once in the whole, as
    with `active` and `new`: only `revolving` looks beyond the unit.
    """
    enrolments = Enrolment.objects.filter(end__range=(question.period.start, question.period.end))
    return last_of_each(enrolments.filter(unit=question.unit) if question.unit else enrolments)


def by_gender(question: Question) -> dict:
    return {"gender": F("participant__gender")}


def by_gender_and_result(question: Question) -> dict:
    return by_gender(question) | {"result": results.result_of_closure(question.as_of)}


CLOSED_LABEL = pgettext_lazy("figure", "Closed")
LIST = "reporting/rows/enrolments.html"
ACTIVE = Source("active", active, by_gender, LIST)
NEW = Source("new", new, by_gender, LIST)
CLOSED = Source("closed", closed, by_gender_and_result, LIST)

FIGURES = (
    Figure(
        key="active",
        label=_("Participants during the period"),
        definition=_(
            "Persons who were enrolled on at least one day of the period. Everyone counts once, however many "
            "enrolments; a paused enrolment counts, a holiday job does not."
        ),
        source=ACTIVE,
        breakdowns=(Breakdown("active", _("Participants during the period"), columns=GENDER),),
        kolada="U40800",
    ),
    Figure(
        key="new",
        label=_("New participants"),
        definition=_("Persons with an enrolment that starts in the period. Everyone counts once."),
        source=NEW,
        breakdowns=(Breakdown("new", _("New participants"), columns=GENDER),),
    ),
    Figure(
        key="closed",
        label=CLOSED_LABEL,
        definition=_(
            "Persons with an enrolment that ends in the period. Everyone counts once: the last closure is the one "
            "that counts, here and in the results."
        ),
        source=CLOSED,
        breakdowns=(Breakdown("closed", CLOSED_LABEL, columns=GENDER),),
        kolada="N40450",
        linked=("results",),
    ),
    Figure(
        key="results",
        label=_("Result at closure"),
        definition=_(
            "What the closed participants went on to. Each has exactly one result, so the rows add up to all closed."
        ),
        source=CLOSED,
        breakdowns=(Breakdown("results", _("Result at closure"), rows=RESULT, columns=GENDER),),
        kolada="U40450–U40454",
        linked=("closed",),
    ),
    Figure(
        key="share_ab",
        label=_("Share to work or studies"),
        definition=_("The part of the closed participants that started working (A) or studying (B), in per cent."),
        source=CLOSED,
        breakdowns=(Breakdown("share_ab", _("Share to work or studies"), columns=GENDER),),
        measured_in=MeasuredIn.PERCENT,
        measure=Share("result", (results.WORK, results.STUDIES)),
        kolada="U40455",
        linked=("results", "closed"),
    ),
)
