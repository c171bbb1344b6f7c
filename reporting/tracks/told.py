"""What may be told of tracks and rounds side by side (docs/disclosure.md, "Job tracks").

First how many stand where on each track by itself, since a track is what a steering group reads about; then on its
rounds beside it; then of methods and of all together, as far as what is left of them tells nothing of a track. What
tells more of somebody (gender, steps, reasons, results) is told of a track where all of its own numbers are, under
disclosure control part by part; of a round only where nothing of the track's is hidden and no number of the round's,
or of what is left of the track, is small.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reporting.disclosure.control import control
from reporting.disclosure.model import HIDDEN, Before, Result
from reporting.disclosure.primary import is_small
from reporting.disclosure.tables import Draft
from reporting.figures.track_rows import COMPLETED, HERE, LEFT, ON, ONWARD
from reporting.tracks.counted import AFTER, EXCEPTION, GENDER, RESULT, STATE, STEP, WHY, Counts, Node

STATES = (ON, COMPLETED, LEFT)
OUTCOMES = (ONWARD, HERE, LEFT)
TOTAL = "total"
#: To work or studies, of those who have finished.
LASTING = "lasting"
#: The parts that are told of everything, a track or a method, as a whole or not at all.
ALONE = (LASTING, AFTER, EXCEPTION)
Shown = int | str
#: Numbers by what they are of; None where nothing of the part is told.
Part = Mapping[Hashable, Shown] | None


@dataclass
class Told:
    """What is told of one node."""

    state: dict[str, Shown]
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return HIDDEN not in self.state.values()

    def part(self, name: str) -> Part:
        return self.parts.get(name)


def told_of_tracks(whole: Node, threshold: int, *, in_full: Node | None = None) -> dict[str, Told]:
    """What is told of the whole, its methods and its tracks, by their keys; of the track `in_full` all its parts."""
    methods = whole.children
    tracks = [track for method in methods for track in method.children]
    told = {node.key: _told_by_itself(node, threshold) for node in tracks}
    _tell_sums_of_states(whole, told, threshold)
    for part in ALONE:
        for node in tracks:
            _tell_as_whole(part, node, told[node.key], threshold)
        for node in methods:
            _tell_sum(part, node, [node.children], told, threshold)
        _tell_sum(part, whole, [methods, tracks], told, threshold)
    if in_full:
        of_track = told[in_full.key]
        for part, write in _CONTROLLED.items():
            if of_track.is_whole and (part != RESULT or of_track.part(LASTING) is not None):
                of_track.parts[part] = _controlled(in_full, write, threshold)
    return told


def _told_by_itself(node: Node, threshold: int) -> Told:
    draft = Draft()
    _add_states(draft, node)
    return Told(_states(node, control(draft.publication(), threshold)))


def _tell_sums_of_states(whole: Node, told: dict[str, Told], threshold: int) -> None:
    """How many stand where of each method and of all, so far as no hidden number of a track can be worked out; where
    one can, nothing is told of them together."""
    methods = whole.children
    draft = Draft({name: was for method in methods for track in method.children for name, was in _done(track, told)})
    for node in (whole, *methods, *(track for method in methods for track in method.children)):
        _add_states(draft, node)
    for node in (whole, *methods):
        _add_sums(draft, node)
    result = control(draft.publication(), threshold)
    for node in (whole, *methods):
        states = dict.fromkeys((*STATES, TOTAL), HIDDEN) if result.exposed else _states(node, result)
        told[node.key] = Told(states)


def _done(node: Node, told: dict[str, Told]) -> list[tuple[str, Before]]:
    """What was settled about each number of a node."""
    return [
        (_name(node, state), Before.HIDDEN if shown == HIDDEN else Before.SHOWN)
        for state, shown in told[node.key].state.items()
    ]


def told_of_rounds(track: Node, of_track: Told, threshold: int) -> dict[str, Told]:
    """What is told of the rounds of a track, beside what is told of the track itself."""
    draft = Draft(dict(_done(track, {track.key: of_track})))
    for node in (track, *track.children):
        _add_states(draft, node)
    _add_sums(draft, track)
    result = control(draft.publication(), threshold)
    told = {node.key: Told(_states(node, result)) for node in track.children}
    if result.exposed:
        for node in track.children:
            told[node.key].state = dict.fromkeys((*STATES, TOTAL), HIDDEN)
    around = {track.key: of_track, **told}
    for part in (*ALONE, *_CONTROLLED):
        _tell_of_children(part, track, around, threshold)
    return told


# --- How many stand where -----------------------------------------------------------------------------------------


def _name(node: Node, state: str) -> str:
    return f"{node.key}/{state}"


def _state_counts(node: Node) -> dict[str, int]:
    counted = node.counts.parts[STATE]
    return {state: counted[state] for state in STATES} | {TOTAL: counted.total()}


def _add_states(draft: Draft, node: Node) -> None:
    for state, count in _state_counts(node).items():
        draft.cell(_name(node, state), count)
    draft.line(_name(node, TOTAL), [_name(node, state) for state in STATES], table=node.key)


def _add_sums(draft: Draft, node: Node) -> None:
    for state in (*STATES, TOTAL):
        draft.line(_name(node, state), [_name(child, state) for child in node.children], table=f"{node.key}+{state}")


def _states(node: Node, result: Result) -> dict[str, Shown]:
    return {
        state: count if result.shows(_name(node, state)) else HIDDEN for state, count in _state_counts(node).items()
    }


# --- Parts that are told as a whole or not at all ------------------------------------------------------------------


def cells(counts: Counts, part: str) -> Counter:
    """The numbers of a part, with the sums that are told beside them."""
    counted = counts.parts.get(part, Counter())
    if part == LASTING:
        results = counts.parts[RESULT]
        lasting = results["A"] + results["B"]
        return Counter({LASTING: lasting, "others": results.total() - lasting})
    if part in (GENDER, STEP):
        # The one is told apart by what stands last in its keys, the other by what stands first.
        sums: Counter = Counter()
        for key, count in counted.items():
            sums[(TOTAL, key[1]) if part == GENDER else (key[0], TOTAL)] += count
        return counted + sums
    return counted


def _guarded(counts: Counts, part: str) -> Counter:
    """What may not be small: the numbers, and of the steps how many more went on than came to the next one."""
    counted = cells(counts, part)
    steps = sorted({key[0] for key in counted}) if part == STEP else []
    between = {
        (here, following): abs(counted[here, ONWARD] - counted[following, TOTAL])
        for here, following in pairwise(steps)
    }
    return counted + Counter(between)


def _is_safe(counts: Counts, part: str, threshold: int) -> bool:
    return not any(is_small(count, threshold) for count in _guarded(counts, part).values())


def _tell_as_whole(part: str, node: Node, told: Told, threshold: int) -> None:
    needed = part in (AFTER, EXCEPTION) or told.is_whole
    if part == RESULT:
        needed = told.part(LASTING) is not None  # which they give away
    if needed and _is_safe(node.counts, part, threshold):
        told.parts[part] = dict(cells(node.counts, part))


def _tell_sum(part: str, node: Node, made_up_of: Sequence[list[Node]], told: dict[str, Told], threshold: int) -> None:
    """Tell the part of a sum where what is left of it, without those of which the part is told, gives nobody away."""
    for children in made_up_of:
        left = [
            child for child in children if told[child.key].part(part) is None and cells(child.counts, part).total()
        ]
        rest = Counts.together(child.counts for child in left)
        if len(left) == 1 or not _is_safe(rest, part, threshold):
            return
    _tell_as_whole(part, node, told[node.key], threshold)


def _tell_of_children(part: str, node: Node, told: dict[str, Told], threshold: int) -> None:
    """Tell the part of those children of which it can be told, when what is left of the node tells nothing of the
    others: no number of it is small, and it is of at least two. Where the node's own are not told, none is."""
    own = told[node.key].part(part)
    if own is None or HIDDEN in own.values():
        return
    with_any = [child for child in node.children if cells(child.counts, part).total()]
    if len(with_any) == 1:
        told[with_any[0].key].parts[part] = own
        return
    for child in with_any:
        _tell_as_whole(part, child, told[child.key], threshold)
    shown = [child for child in with_any if told[child.key].part(part) is not None]
    shown.sort(key=lambda child: cells(child.counts, part).total(), reverse=True)
    while shown:
        left = [child for child in with_any if told[child.key].part(part) is None]
        rest = Counts.together(child.counts for child in left)
        if not left or (len(left) > 1 and _is_safe(rest, part, threshold)):
            break
        del told[shown.pop().key].parts[part]
    for child in node.children:
        if child not in with_any and told[child.key].is_whole:
            told[child.key].parts[part] = {}


# --- Parts of a track that are controlled by themselves ------------------------------------------------------------

#: Adds the part's cells and lines to a publication in which how many stand where is known; each key's cell.
Write = Callable[[Draft, Node], dict[Hashable, str]]


def _controlled(node: Node, write: Write, threshold: int) -> Part:
    known = (*STATES, TOTAL, LASTING, "others", "finished")
    draft = Draft({_name(node, each): Before.SHOWN for each in known})
    _add_states(draft, node)
    names = write(draft, node)
    result = control(draft.publication(), threshold)
    if result.exposed:
        return None
    return {key: draft.cells[name].value if result.shows(name) else HIDDEN for key, name in names.items()}


def _add(draft: Draft, node: Node, part: str, keys: Sequence[Hashable]) -> dict[Hashable, str]:
    names = {key: f"{node.key}/{part}/{key}" for key in keys}
    for key, name in names.items():
        draft.cell(name, node.counts.parts[part][key])
    return names


def _write_gender(draft: Draft, node: Node) -> dict[Hashable, str]:
    counted = node.counts.parts[GENDER]
    genders = sorted({gender for _how, gender in counted})
    names = _add(draft, node, GENDER, [(state, gender) for state in STATES for gender in genders])
    for state in STATES:
        draft.line(_name(node, state), [names[state, gender] for gender in genders], table=f"{GENDER}/{state}")
    for gender in genders:
        name = names[TOTAL, gender] = f"{node.key}/{GENDER}/{gender}"
        draft.cell(name, sum(counted[state, gender] for state in STATES))
        draft.line(name, [names[state, gender] for state in STATES], table=f"{GENDER}/{gender}")
    draft.line(_name(node, TOTAL), [names[TOTAL, gender] for gender in genders], table=GENDER)
    return names


def _write_steps(draft: Draft, node: Node) -> dict[Hashable, str]:
    """Who came to each step went on from it, is there, or left. Those who went on and those who came to the next step
    are mostly the same: how many more there are of the one is a number of persons too."""
    counted = node.counts.parts[STEP]
    steps = sorted({step for step, _outcome in counted})
    names = _add(draft, node, STEP, [(step, outcome) for step in steps for outcome in OUTCOMES])
    for step in steps:
        name = names[step, TOTAL] = f"{node.key}/{STEP}/{step}"
        draft.cell(name, sum(counted[step, outcome] for outcome in OUTCOMES))
        draft.line(name, [names[step, outcome] for outcome in OUTCOMES], table=f"{STEP}/{step}")
    draft.line(_name(node, ON), [names[step, HERE] for step in steps], table=f"{STEP}/{HERE}")
    draft.line(_name(node, LEFT), [names[step, LEFT] for step in steps], table=f"{STEP}/{LEFT}")
    if steps:
        draft.revision(_name(node, TOTAL), names[steps[0], TOTAL])
        draft.revision(_name(node, COMPLETED), names[steps[-1], ONWARD])
    for here, following in pairwise(steps):
        draft.revision(names[here, ONWARD], names[following, TOTAL])
    return names


def _write_why(draft: Draft, node: Node) -> dict[Hashable, str]:
    names = _add(draft, node, WHY, sorted(node.counts.parts[WHY]))
    if names:
        draft.line(_name(node, LEFT), list(names.values()), table=WHY)
    return names


def _write_results(draft: Draft, node: Node) -> dict[Hashable, str]:
    """Results of all who have finished; and of those to work or studies, as `lasting` tells them."""
    counted = node.counts.parts[RESULT]
    names = _add(draft, node, RESULT, sorted(counted))
    finished = _name(node, "finished")
    draft.cell(finished, counted.total())
    draft.line(finished, [_name(node, COMPLETED), _name(node, LEFT)], table="finished")
    lasting = [names[result] for result in ("A", "B") if result in names]
    others = [name for result, name in names.items() if result not in ("A", "B")]
    for key, parts in ((LASTING, lasting), ("others", others)):
        draft.cell(_name(node, key), draft.value(parts))
        if parts:
            draft.line(_name(node, key), parts, table=key)
    return names


_CONTROLLED: dict[str, Write] = {GENDER: _write_gender, STEP: _write_steps, WHY: _write_why, RESULT: _write_results}
