"""The pages that a steering group reads, as plain data in words: one track or round; all tracks and methods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.disclosure.model import HIDDEN
from reporting.disclosure.primary import is_small
from reporting.figures.closures import GOING_ON, NEITHER, NOT_REACHED
from reporting.figures.definition import MeasuredIn, rounded
from reporting.figures.dimensions import GENDER as GENDER_SIDE
from reporting.figures.track_rows import COMPLETED, LEFT, ON, ONWARD, code_of_track
from reporting.figures.track_rows import RESULT as RESULT_SIDE
from reporting.telling.formats import grouped_number, written
from reporting.telling.presentation import Cell
from reporting.tracks.counted import AFTER, EXCEPTION, GENDER, RESULT, STEP, WHY, Counted, Counts, Node
from reporting.tracks.told import LASTING, STATES, TOTAL, Shown, Told, told_of_rounds, told_of_tracks
from tracks.models import LeftWhy, Round, Step, Track
from tracks.pictures.moving import FlowPicture, TimePicture, flow_picture, time_picture

#: The tables (of tracks, of rounds) whose lists stand behind how many stand where.
LISTS = {TOTAL: "during", ON: "on", COMPLETED: "completed", LEFT: "left"}


@dataclass(frozen=True)
class KeyNumber:
    label: str
    cell: Cell
    note: str = ""


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]
    is_total: bool = False
    url: str = ""
    headings: Sequence[str] = ()

    @property
    def labelled(self) -> list[tuple[str, Cell]]:
        """Each number with the words of its column, for the narrow page."""
        return list(zip(self.headings, self.cells, strict=True))


@dataclass(frozen=True)
class SmallTable:
    """A table; without rows nothing of it is told, and a sentence says why."""

    key: str
    title: str
    headings: list[str]
    rows: list[Row]

    @property
    def has_hidden(self) -> bool:
        return any(cell.is_hidden for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class SteeringPage:
    """One track, or one round."""

    title: str
    subtitle: str
    numbers: list[KeyNumber]
    flow: FlowPicture | None
    times: TimePicture
    tables: list[SmallTable]
    untold: list[str]
    has_hidden: bool


def words_of_state() -> dict[str, str]:
    return {
        TOTAL: pgettext("how many", "Began"),
        ON: pgettext("how many", "On the track now"),
        COMPLETED: pgettext("how many", "Completed the track"),
        LEFT: pgettext("how many", "Left the track"),
    }


def steering_page(
    tree: Counted, subject: Track | Round, threshold: int, *, linked: bool = False
) -> SteeringPage | None:
    """What is told of a track or a round; None where nobody has begun. `linked`: numbers open their lists."""
    is_round = isinstance(subject, Round)
    track = tree.of(subject.version.track if is_round else subject)
    node = tree.of(subject)
    if track is None or node is None:
        return None
    of_track = told_of_tracks(tree.whole, threshold, in_full=track)[track.key]
    rounds = told_of_rounds(track, of_track, threshold)
    told = rounds[node.key] if is_round else of_track
    links = _Links(tree, node if linked else None)
    tables = [*_tables(node, told)]
    if not is_round and len(track.children) > 1:
        tables.insert(0, _rounds_table(track, rounds, of_track))
    numbers = _numbers(node.counts, told, threshold, links)
    steps = _steps(subject)
    shown = [table for table in tables if table.rows]
    flow = None
    if told.part(STEP) is not None:
        flow = flow_picture(node.key, steps, _by_step(told.part(STEP)))
        # A picture in which every number is hidden tells nothing: a sentence says so.
        flow = flow if flow.tells_something else None
    return SteeringPage(
        track.label,
        node.label if is_round else "",
        numbers,
        flow,
        time_picture(node.key, steps, _took(node.counts, told, threshold)),
        shown,
        [table.title for table in tables if not table.rows],
        any(each.cell.is_hidden for each in numbers)
        or any(table.has_hidden for table in shown)
        or (flow is not None and flow.has_hidden),
    )


def _steps(subject: Track | Round) -> Sequence[Step]:
    if isinstance(subject, Round):
        return list(subject.version.steps.all())
    return list(subject.versions.published().order_by("-number").first().steps.all())


class _Links:
    """Where the lists behind the numbers of a node are; nowhere without one."""

    def __init__(self, tree: Counted, node: Node | None):
        self.query, self.node = tree.question.address, node

    def to(self, name: str, column: str = TOTAL) -> str:
        subject = self.node.subject if self.node else None
        if subject is None:
            return ""
        if isinstance(subject, Track):
            family, row = "track", code_of_track(subject)
        else:
            family, row = "round", f"r-{subject.public_id.hex[:8]}"
        address = urlencode({**self.query, "row": row, "column": column})
        return f"{reverse('reporting:list', args=[f'{family}_{name}'])}?{address}"


def _cell(value: Shown | None, url: str = "") -> Cell:
    if value is None:
        return Cell("–")
    return Cell(grouped_number(value), url if value and value != HIDDEN else "")


def _numbers(counts: Counts, told: Told, threshold: int, links: _Links) -> list[KeyNumber]:
    words = words_of_state()
    return [
        *(KeyNumber(words[each], _cell(told.state[each], links.to(LISTS[each]))) for each in (TOTAL, *STATES)),
        KeyNumber(_("To work or studies"), _lasting(told), _of_finished(told)),
        KeyNumber(_("Still there after 90 days"), _after(told), _of_due(told)),
        KeyNumber(_("Cost of a result"), _cost(counts, told)),
        KeyNumber(_("Exceptions from gates"), _exceptions(told, links)),
    ]


def _share(part: int, whole: int) -> Cell:
    return Cell(written(rounded(Decimal(100 * part) / whole, 1), MeasuredIn.PERCENT) if whole else "–")


def _lasting(told: Told) -> Cell:
    part = told.part(LASTING)
    return Cell(HIDDEN) if part is None else _share(part.get(LASTING, 0), sum(part.values()))


def _of_finished(told: Told) -> str:
    part = told.part(LASTING)
    if not part or not sum(part.values()):
        return ""
    return _("%(part)s of %(whole)s who have finished") % {"part": part.get(LASTING, 0), "whole": sum(part.values())}


def _after(told: Told) -> Cell:
    part = told.part(AFTER)
    return Cell(HIDDEN) if part is None else _share(part.get(GOING_ON, 0), sum(part.values()))


def _of_due(told: Told) -> str:
    part = told.part(AFTER)
    if not part or not sum(part.values()):
        return ""
    return _("%(part)s of %(whole)s who were to be asked") % {
        "part": part.get(GOING_ON, 0),
        "whole": sum(part.values()),
    }


def _cost(counts: Counts, told: Told) -> Cell:
    part = told.part(LASTING)
    if part is None:
        return Cell(HIDDEN)
    if counts.uncosted or not part.get(LASTING):
        return Cell("–")
    return Cell(written(rounded(counts.cost / part[LASTING], 0), MeasuredIn.KRONOR))


def _exceptions(told: Told, links: _Links) -> Cell:
    part = told.part(EXCEPTION)
    return Cell(HIDDEN) if part is None else _cell(part.get("made", 0), links.to("exceptions"))


def _by_step(part: Mapping) -> dict[int, dict[str, Shown]]:
    found: dict[int, dict[str, Shown]] = {}
    for (step, outcome), value in part.items():
        found.setdefault(step, {})[outcome] = value
    return found


def _took(counts: Counts, told: Told, threshold: int) -> dict[int, dict[str, float]]:
    """The median of each step that enough have ended, where it is told how many went on from it. How long one person
    took, the shortest or the longest, is told of nobody."""
    part = told.part(STEP)
    if part is None:
        return {}
    found = {}
    for step, days in counts.days.items():
        went_on = part.get((step, ONWARD), 0)
        if went_on != HIDDEN and not is_small(days.total(), threshold):
            found[step] = {"median": median(days.elements())}
    return found


def _tables(node: Node, told: Told) -> list[SmallTable]:
    words = words_of_state()
    return [
        _gender_table(node, told, words),
        _one_way(WHY, _("Why they left"), told.part(WHY), [(code, str(label)) for code, label in LeftWhy.choices]),
        _one_way(
            RESULT,
            _("What came of the track"),
            told.part(RESULT),
            [(each.code, str(each.label)) for each in RESULT_SIDE.categories],
        ),
        _one_way(
            AFTER,
            _("After 90 days"),
            told.part(AFTER),
            [(GOING_ON, _("In work or studies")), (NEITHER, _("Neither")), (NOT_REACHED, _("Not reached"))],
        ),
    ]


def _one_way(key: str, title: str, part: Mapping | None, codes: Sequence[tuple[str, str]]) -> SmallTable:
    """The rows where somebody is; where nobody is in any, a row that says so."""
    if part is None:
        return SmallTable(key, title, [], [])
    rows = [Row(label, [_cell(part[code])]) for code, label in codes if part.get(code)]
    return SmallTable(key, title, [pgettext("how many", "Number")], rows or [Row(_("Nobody"), [_cell(0)])])


def _gender_table(node: Node, told: Told, words: Mapping[str, str]) -> SmallTable:
    title, part = _("By gender"), told.part(GENDER)
    if part is None:
        return SmallTable(GENDER, title, [], [])
    there = {gender for _state, gender in node.counts.parts[GENDER]}
    sides = [each for each in GENDER_SIDE.categories if each.value in there]
    rows = [
        Row(
            words[state],
            [*(_cell(part.get((state, each.value), 0)) for each in sides), _cell(told.state[state])],
            is_total=state == TOTAL,
        )
        for state in (*STATES, TOTAL)
    ]
    return SmallTable(GENDER, title, [*(str(each.label) for each in sides), _("Total")], rows)


def _rounds_table(track: Node, rounds: Mapping[str, Told], of_track: Told) -> SmallTable:
    words = words_of_state()
    order = (TOTAL, *STATES)
    rows = [
        Row(
            child.label,
            [_cell(rounds[child.key].state[state]) for state in order],
            url=reverse("track_pictures:round", args=[child.subject.public_id]),
        )
        for child in track.children
    ]
    rows.append(Row(_("Total"), [_cell(of_track.state[state]) for state in order], is_total=True))
    return SmallTable("rounds", _("The rounds"), [words[state] for state in order], rows)


# --- Tracks and methods beside each other -------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    headings: list[str]
    #: The words of a method, its tracks, and the method as a whole.
    methods: list[tuple[str, list[Row]]]
    whole: Row
    has_hidden: bool


def comparison(tree: Counted, threshold: int, *, linked: bool = False) -> Comparison:
    """Every track with its method, and all of them, in the same columns."""
    told = told_of_tracks(tree.whole, threshold)
    words = words_of_state()

    def row(node: Node, label: str = "", *, is_total: bool = False) -> Row:
        of, links = told[node.key], _Links(tree, node if linked else None)
        cells = [_cell(of.state[each], links.to(LISTS[each])) for each in (TOTAL, *STATES)]
        cells += [_lasting(of), _after(of), _cost(node.counts, of), _exceptions(of, links)]
        url = reverse("track_pictures:track", args=[node.subject.public_id]) if node.subject else ""
        return Row(label or node.label, cells, is_total, url, headings)

    headings = [
        *(words[each] for each in (TOTAL, *STATES)),
        _("To work or studies"),
        _("Still there after 90 days"),
        _("Cost of a result"),
        _("Exceptions"),
    ]
    methods = [
        (
            method.label,
            [
                *(row(track) for track in method.children),
                *([row(method, _("The method as a whole"), is_total=True)] if len(method.children) > 1 else []),
            ],
        )
        for method in tree.whole.children
    ]
    whole = row(tree.whole, is_total=True)
    every = [each for _label, rows in methods for each in rows] + [whole]
    return Comparison(headings, methods, whole, any(cell.is_hidden for each in every for cell in each.cells))
