"""Job tracks: who began, where they stand, how they finished and what came of it; of each track, or of each round.

A row is somebody's participation in one round: who was in two rounds counts in both. A round belongs to one unit and
one track, so units and tracks add up.
"""

from collections.abc import Sequence

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models import Value as Constant
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.swedish import sort_key
from participants import results
from participants.models import Enrolment
from reporting.figures.closures import (
    GOING_ON,
    NEITHER,
    NOT_REACHED,
    answered,
    by_answer,
    due_after_closure,
)
from reporting.figures.definition import (
    Breakdown,
    Category,
    CellRef,
    Dimension,
    Figure,
    Listing,
    Measured,
    MeasuredIn,
    Number,
    PerPart,
    Section,
    Share,
    Source,
)
from reporting.figures.dimensions import GENDER, of_choices
from reporting.question import Question
from tracks.models import GateException, LeftWhy, Member, MemberState, Passage, Round, Track

#: How a participation stands when the period ends.
ON, COMPLETED, LEFT = "on", "completed", "left"
#: What became of a step that was begun.
ONWARD, HERE = "onward", "here"
#: A track with more steps than this is told as far as here.
MOST_STEPS = 20
#: The enrolment of somebody who has finished goes on.
OPEN = "open"


def code_of_track(track: Track) -> str:
    """What a track is called in files: the code of a shipped one, else a code of its own that never changes."""
    return track.code or f"t-{track.public_id.hex[:8]}"


def tracks_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The tracks by name; of a question about one track that one."""
    found = sorted(Track.objects.all(), key=lambda each: (sort_key(each.name), each.pk))
    return [
        tuple(
            Category(code_of_track(each), each.name, each.pk, only_if_any=True)
            for each in found
            if question.track in (None, each)
        )
        for question in questions
    ]


def rounds_of(questions: Sequence[Question]) -> list[tuple[Category, ...]]:
    """The rounds of the track that is asked about, or of all, the earliest first."""
    found = list(Round.objects.select_related("version").order_by("start", "name", "pk"))
    return [
        tuple(
            Category(f"r-{each.public_id.hex[:8]}", each.name, each.pk, only_if_any=True)
            for each in found
            if question.track is None or each.version.track_id == question.track.pk
        )
        for question in questions
    ]


TRACK = Dimension("in_track", _("Job track"), known=tracks_of, codes="the code of each track where someone is")
ROUND = Dimension("in_round", _("Round"), known=rounds_of, codes="a code of each round where someone is")
STEP = Dimension(
    "on_step",
    _("Step"),
    tuple(
        Category(str(number), format_lazy(_("Step {number}"), number=number), number, only_if_any=True)
        for number in range(1, MOST_STEPS + 1)
    ),
)
WHY = Dimension("left_for", _("Why they left"), of_choices(LeftWhy))
RESULT = Dimension(
    "result",
    _("What came of it"),
    (
        Category(results.WORK, _("A. Started working"), results.WORK),
        Category(results.STUDIES, _("B. Started studying"), results.STUDIES),
        Category(
            "other",
            _("C, D or E"),
            "other",
            _("The enrolment was closed with another result than work or studies."),
        ),
        Category(results.PENDING, _("Not yet determined"), results.PENDING),
        Category(
            OPEN,
            _("Still enrolled"),
            OPEN,
            _("The track is finished, and the enrolment was not closed by the as-of date."),
        ),
    ),
)


# --- The rows -----------------------------------------------------------------------------------------------------


def of_track(rows: QuerySet, question: Question, path: str = "") -> QuerySet:
    """The rows of the unit and the track that are asked about; `path` leads to the participation."""
    if question.unit:
        rows = rows.filter(**{f"{path}round__unit": question.unit})
    if question.track:
        rows = rows.filter(**{f"{path}round__version__track": question.track})
    return rows


def during(question: Question) -> QuerySet:
    """The participations that went on for at least one day of the period: from the first step to the end."""
    first = Passage.objects.filter(member=OuterRef("pk")).order_by("start", "pk").values("start")[:1]
    rows = Member.objects.annotate(began=Subquery(first)).filter(
        Q(finished_on=None) | Q(finished_on__gte=question.period.start), began__lte=question.period.end
    )
    return of_track(rows, question)


def how(question: Question, path: str = "") -> Case:
    """How a participation stands on the last day of the period."""
    finished = {f"{path}finished_on__lte": question.period.end}
    return Case(
        When(**{f"{path}state": MemberState.COMPLETED}, **finished, then=Constant(COMPLETED)),
        When(**{f"{path}state": MemberState.LEFT}, **finished, then=Constant(LEFT)),
        default=Constant(ON),
    )


def last_passage(question: Question, member: str) -> QuerySet:
    """The step that somebody has come to by the last day of the period."""
    rows = Passage.objects.filter(member=OuterRef(member), start__lte=question.period.end)
    return rows.order_by("-start", "-pk")


def result(question: Question) -> Coalesce:
    """What the closure of the enrolment says (results A to E), where it was closed by the as-of date."""
    shown = (results.WORK, results.STUDIES, results.PENDING)
    closed = Enrolment.objects.filter(pk=OuterRef("enrolment"), end__lte=question.as_of)
    told = closed.annotate(letter=results.result_of_closure(question.as_of)).annotate(
        told=Case(When(letter__in=shown, then=F("letter")), default=Constant("other"))
    )
    return Coalesce(Subquery(told.values("told")[:1]), Constant(OPEN))


def by_member(question: Question) -> dict:
    left = Q(state=MemberState.LEFT, finished_on__lte=question.period.end)
    return {
        "gender": F("enrolment__participant__gender"),
        "in_track": F("round__version__track"),
        "in_round": F("round_id"),
        "since_before": ExpressionWrapper(Q(began__lt=question.period.start), output_field=BooleanField()),
        "how": how(question),
        "left_for": Case(When(left, then=F("left_why")), default=Constant("")),
        "on_step": Subquery(last_passage(question, "pk").values("step__position")[:1]),
        "result": result(question),
    }


def steps_begun(question: Question) -> QuerySet:
    """The steps begun by those who were on a track in the period, each once for everybody who has come to it."""
    again = Passage.objects.filter(
        Q(start__gt=OuterRef("start")) | Q(start=OuterRef("start"), pk__gt=OuterRef("pk")),
        member=OuterRef("member"),
        step__position=OuterRef("step__position"),
        start__lte=question.period.end,
    )
    later = Passage.objects.filter(
        Q(start__gt=OuterRef("start")) | Q(start=OuterRef("start"), pk__gt=OuterRef("pk")),
        member=OuterRef("member"),
        start__lte=question.period.end,
    )
    rows = Passage.objects.filter(
        ~Exists(again), member__in=during(question).values("pk"), start__lte=question.period.end
    )
    rows = rows.annotate(stands=how(question, "member__"), is_last=~Exists(later))
    return of_track(rows, question, "member__")


def by_step(question: Question) -> dict:
    return {
        "in_track": F("member__round__version__track"),
        "in_round": F("member__round_id"),
        "on_step": F("step__position"),
        "outcome": Case(
            When(Q(stands=ON, is_last=True), then=Constant(HERE)),
            When(Q(stands=LEFT, is_last=True), then=Constant(LEFT)),
            default=Constant(ONWARD),
        ),
    }


def exceptions(question: Question) -> QuerySet:
    """The exceptions from gates that were made in the period."""
    within = (question.period.start, question.period.end)
    return of_track(GateException.objects.filter(made_at__date__range=within), question, "passage__member__")


def due(question: Question) -> QuerySet:
    """Of the closures that the figure after 90 days counts, those of people who had finished a track."""
    closures = due_after_closure(Question(question.period, question.as_of))
    finished = Member.objects.filter(
        state__in=(MemberState.COMPLETED, MemberState.LEFT),
        finished_on__lte=F("enrolment__end"),
        enrolment__in=closures.values("pk"),
    )
    return of_track(finished, question)


def by_answer_of_member(question: Question) -> dict:
    closures = due_after_closure(Question(question.period, question.as_of)).filter(pk=OuterRef("enrolment"))
    return {
        "in_track": F("round__version__track"),
        "in_round": F("round_id"),
        "status": Subquery(closures.annotate(told=by_answer(question)["status"]).values("told")[:1]),
    }


PARTICIPATIONS = ngettext_lazy("%(count)s participation", "%(count)s participations", "count")
RELATED = ("enrolment__participant", "round__version__track")
LISTING = Listing(
    template="reporting/rows/track_members.html",
    visible=lambda rows, user: rows.visible_to(user),
    counted=PARTICIPATIONS,
    person="enrolment__participant",
    unit="round__unit",
    related=RELATED,
    sorts={"start": "began", "end": "finished_on"},
)
MEMBERS = Source(
    "track_members",
    during,
    by_member,
    LISTING,
    amounts={
        "cost": lambda question: Sum("round__version__seat_cost"),
        "uncosted": lambda question: Count("pk", filter=Q(round__version__seat_cost=None)),
    },
)
STEPS = Source(
    "track_steps",
    steps_begun,
    by_step,
    Listing(
        template="reporting/rows/track_steps.html",
        visible=lambda rows, user: rows.filter(member__in=Member.objects.visible_to(user)),
        counted=ngettext_lazy("%(count)s step begun", "%(count)s steps begun", "count"),
        person="member__enrolment__participant",
        unit="member__round__unit",
        related=("member__enrolment__participant", "member__round__version__track", "step"),
        sorts={"start": "start", "end": "end"},
    ),
)
EXCEPTIONS = Source(
    "track_exceptions",
    exceptions,
    lambda question: {
        "in_track": F("passage__member__round__version__track"),
        "in_round": F("passage__member__round_id"),
    },
    Listing(
        template="reporting/rows/track_exceptions.html",
        visible=lambda rows, user: rows.filter(passage__member__in=Member.objects.visible_to(user)),
        counted=ngettext_lazy("%(count)s exception", "%(count)s exceptions", "count"),
        person="passage__member__enrolment__participant",
        unit="passage__member__round__unit",
        related=(
            "passage__member__enrolment__participant",
            "passage__member__round__version__track",
            "passage__step",
        ),
        sorts={"start": "made_at"},
    ),
)
AFTERCARE = Source(
    "track_aftercare",
    due,
    by_answer_of_member,
    Listing(
        template="reporting/rows/track_after.html",
        visible=lambda rows, user: rows.visible_to(user),
        counted=PARTICIPATIONS,
        person="enrolment__participant",
        unit="round__unit",
        related=RELATED,
        sorts={"start": "enrolment__start", "end": "finished_on"},
    ),
)

FINISHED = {"how": (COMPLETED, LEFT)}
LASTING = Number({"result": (results.WORK, results.STUDIES)})


# --- The figures, once for tracks and once for rounds -------------------------------------------------------------


def _figures(family: str, side: Dimension) -> tuple[Figure, ...]:
    """The figures told apart by `side`; their tables are called `family`_something."""

    def key(name: str) -> str:
        return f"{family}_{name}"

    def by_gender(name: str, label, definition, only: dict, **ties) -> Figure:
        table = Breakdown(key(name), label, rows=side, columns=GENDER, counts=key(name), **ties)
        return _figure(name, label, definition, only=only, breakdowns=(table,))

    def _figure(name: str, label, definition, **more) -> Figure:
        told = {"source": MEMBERS, "measured_in": MeasuredIn.PARTICIPATIONS, "section": Section.TRACKS} | more
        return Figure(key=key(name), label=label, definition=definition, **told)

    ends = {"on": {"how": (ON,)}, "completed": {"how": (COMPLETED,)}, "left": {"how": (LEFT,)}}
    results_key, finished_key = key("results"), key("finished")
    return (
        by_gender(
            "during",
            pgettext_lazy("figure", "On a job track"),
            _(
                "Participations in a round of a job track that went on for at least one day of the period: from the "
                "first step until the track is completed or left. Who was in two rounds counts in both."
            ),
            {},
            made_up_of=((key("started"), key("carried")), (key("on"), finished_key)),
        ),
        by_gender(
            "started",
            _("Began a job track"),
            _("Those who came to their first step in the period."),
            {"since_before": (False,)},
        ),
        by_gender(
            "carried",
            _("On the track already"),
            _("Those who had begun before the period, and had not finished."),
            {"since_before": (True,)},
        ),
        by_gender(
            "on",
            _("On the track at the end"),
            _("Those who had not finished on the last day of the period."),
            ends["on"],
        ),
        _figure(
            "on_step",
            _("Step at the end of the period"),
            _("Those who were on the track on the last day of the period, by the step that they had come to."),
            only=ends["on"],
            breakdowns=(
                Breakdown(
                    key("on_step"), _("Step at the end of the period"), rows=side, columns=STEP, counts=key("on")
                ),
            ),
        ),
        by_gender(
            "finished",
            _("Finished a job track"),
            _("Those who completed the track in the period, and those who left it."),
            FINISHED,
            made_up_of=((key("completed"), key("left")),),
        ),
        by_gender(
            "completed",
            _("Completed the track"),
            _("Those who came to the end of the track in the period."),
            ends["completed"],
        ),
        by_gender(
            "left", _("Left the track"), _("Those who left the track before its end, in the period."), ends["left"]
        ),
        _figure(
            "left_why",
            _("Why they left"),
            _("Those who left the track before its end, by why."),
            only=ends["left"],
            breakdowns=(
                Breakdown(key("left_why"), _("Why they left"), rows=WHY, columns=GENDER, counts=key("left")),
            ),
        ),
        _figure(
            "left_at",
            _("Drop-out by step"),
            _("Those who left the track before its end, by the last step that they had come to."),
            only=ends["left"],
            breakdowns=(
                Breakdown(key("left_at"), _("Drop-out by step"), rows=side, columns=STEP, counts=key("left")),
            ),
        ),
        _figure(
            "results",
            _("What came of the track"),
            _(
                "Those who finished the track, by the result with which the enrolment was closed. The results are "
                "those of all closures: a job counts when it has lasted one continuous month, and a municipal "
                "employment never."
            ),
            only=FINISHED,
            breakdowns=(
                Breakdown(results_key, _("What came of the track"), rows=side, columns=RESULT, counts=finished_key),
                Breakdown(
                    key("results_by_gender"),
                    _("What came of the track, by gender"),
                    rows=RESULT,
                    columns=GENDER,
                    counts=finished_key,
                ),
            ),
        ),
        _figure(
            "share_ab",
            _("Finished, to work or studies"),
            _("The part of those who finished the track that went to work (A) or studies (B), in per cent."),
            only=FINISHED,
            breakdowns=(Breakdown(key("share_ab"), _("Finished, to work or studies"), rows=side),),
            measured_in=MeasuredIn.PERCENT,
            measure=Share(LASTING),
            computed_from=_lasting_cells(results_key),
        ),
        _figure(
            "cost",
            _("Cost of a result"),
            _(
                "What the seats of those who finished the track cost, divided by how many of them went to work (A) "
                "or studies (B). Empty where nobody did, or where the cost of a seat is not entered."
            ),
            only=FINISHED,
            breakdowns=(Breakdown(key("cost"), _("Cost of a result"), rows=side),),
            measured_in=MeasuredIn.KRONOR,
            measure=PerPart("cost", "uncosted", LASTING),
            computed_from=_lasting_cells(results_key),
        ),
        _figure(
            "after",
            _("Still there 90 days after the track"),
            _(
                "Closures with result A or B whose ninetieth day lies in the period, of those who had finished the "
                "track by then, and what was known of them. The answers are those of the aftercare."
            ),
            source=AFTERCARE,
            breakdowns=(_after(key("after"), side),),
        ),
        _figure(
            "exceptions",
            _("Exceptions from gates"),
            _("How many times somebody was let past a gate that they did not meet, in the period."),
            source=EXCEPTIONS,
            breakdowns=(Breakdown(key("exceptions"), _("Exceptions from gates"), rows=side),),
            measured_in=MeasuredIn.EXCEPTIONS,
        ),
    )  # fmt: skip


def _lasting_cells(table: str) -> tuple[CellRef, ...]:
    """What a share of the lasting results follows from, in the same row: A, B and all who finished."""
    return (
        CellRef(table, column=results.WORK),
        CellRef(table, column=results.STUDIES),
        CellRef(table, column="total"),
    )


def _after(key: str, side: Dimension) -> Breakdown:
    """The columns of the figure after 90 days, for each track or round."""
    going_on, due_column = CellRef(key, column=GOING_ON), CellRef(key, column="due")
    closures = MeasuredIn.PARTICIPATIONS
    return Breakdown(
        key,
        _("Still there 90 days after the track"),
        rows=side,
        columns=(
            Measured("due", _("To be asked"), Number(), closures, sum_of=(GOING_ON, NEITHER, NOT_REACHED)),
            Measured(GOING_ON, _("In work or studies"), answered(GOING_ON), closures),
            Measured(NEITHER, _("Neither"), answered(NEITHER), closures),
            Measured(NOT_REACHED, _("Not reached"), answered(NOT_REACHED), closures),
            Measured(
                "share_of_due",
                _("In work or studies, of all"),
                Share(answered(GOING_ON)),
                MeasuredIn.PERCENT,
                computed_from=(going_on, due_column),
            ),
        ),
    )


def _flow(family: str, side: Dimension) -> tuple[Figure, ...]:
    """How people move through the steps: for the pictures, over all the time that a track has gone on."""
    entered, onward = f"{family}_entered", f"{family}_onward"
    told = {"source": STEPS, "measured_in": MeasuredIn.STEPS_BEGUN, "section": Section.TRACKS}
    return (
        Figure(
            key=entered,
            label=_("Came to the step"),
            definition=_("Those who have come to each step."),
            breakdowns=(
                Breakdown(
                    entered,
                    _("Came to the step"),
                    rows=side,
                    columns=STEP,
                    counts=entered,
                    made_up_of=((onward, f"{family}_on_step", f"{family}_left_at"),),
                ),
            ),
            **told,
        ),
        Figure(
            key=onward,
            label=_("Went on from the step"),
            definition=_("Those who went on from the step to another one, or completed the track from it."),
            only={"outcome": (ONWARD,)},
            breakdowns=(
                Breakdown(
                    onward,
                    _("Went on from the step"),
                    rows=side,
                    columns=STEP,
                    counts=onward,
                    flows_into=entered,
                ),
            ),
            **told,
        ),
    )


TRACK_FIGURES = _figures("track", TRACK)
ROUND_FIGURES = _figures("round", ROUND)
#: What the page that a steering group reads is made of: the rounds of one track, and how people move along.
STEERING_FIGURES = (*ROUND_FIGURES, *_flow("round", ROUND))
#: Those whose numbers are the same as known on the day before the period and on its last day.
ON_FIGURES = ("track_on", "round_on")
