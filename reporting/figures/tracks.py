"""Job tracks: who began, where they stand, how they finished and what came of it; of each track, or of each round.

Public are the figures of what happened in the period. How many were on a track before and after it stays inside: with
what happened between, two such numbers would tell those that are hidden.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants import results
from reporting.figures.closures import GOING_ON, NEITHER, NOT_REACHED, answered
from reporting.figures.definition import (
    Breakdown,
    CellRef,
    Dimension,
    Figure,
    Measured,
    MeasuredIn,
    Number,
    PerPart,
    Section,
    Share,
)
from reporting.figures.dimensions import GENDER
from reporting.figures.track_rows import (
    AFTERCARE,
    COMPLETED,
    EXCEPTIONS,
    LEFT,
    MEMBERS,
    ON,
    ONWARD,
    RESULT,
    ROUND,
    STEP,
    STEPS,
    TRACK,
    WHY,
)

FINISHED = {"how": (COMPLETED, LEFT)}
LASTING = Number({"came_of_it": (results.WORK, results.STUDIES)})


# --- The figures, once for tracks and once for rounds -------------------------------------------------------------


def _figures(family: str, side: Dimension) -> tuple[Figure, ...]:
    """The figures told apart by `side`; their tables are called `family`_something."""

    def key(name: str) -> str:
        return f"{family}_{name}"

    def by_gender(
        name: str, label, definition, only: dict, *, published: bool = True, made_up_of=(), highlight: str = ""
    ) -> Figure:
        table = Breakdown(key(name), label, rows=side, columns=GENDER, counts=key(name), made_up_of=made_up_of)
        return _figure(
            name, label, definition, only=only, breakdowns=(table,), published=published, highlight=highlight
        )

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
            published=False,
        ),
        by_gender(
            "started",
            _("Began a job track"),
            _("Those who came to their first step in the period."),
            {"since_before": (False,)},
            highlight="total",
        ),
        by_gender(
            "carried",
            _("On the track already"),
            _("Those who had begun before the period, and had not finished."),
            {"since_before": (True,)},
            published=False,
        ),
        by_gender(
            "on",
            _("On the track at the end"),
            _("Those who had not finished on the last day of the period."),
            ends["on"],
            published=False,
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
            published=False,
        ),
        by_gender(
            "finished",
            _("Finished a job track"),
            _("Those who completed the track in the period, and those who left it."),
            FINISHED,
            made_up_of=(key("completed"), key("left")),
            highlight="total",
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
                    _("Results after the track"),
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
            highlight="total",
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
    told = {
        "source": STEPS,
        "measured_in": MeasuredIn.STEPS_BEGUN,
        "section": Section.TRACKS,
        "published": False,
    }
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
                ),
            ),
            **told,
        ),
    )


TRACK_FIGURES = _figures("track", TRACK)
ROUND_FIGURES = _figures("round", ROUND)
#: What the page that a steering group reads is made of: the rounds of one track, and how people move along.
STEERING_FIGURES = (*ROUND_FIGURES, *_flow("round", ROUND))
