"""Somebody who reads all that is told of a track and its rounds, and knows how people move through one.

Written apart from the product: they think of the people themselves. Everybody is of one kind (round, gender, how far
they came, how they stand, why they left, what came of it); how many there are of each kind is what the reader looks
for, and each number that is told adds some of them up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import lil_array

from reporting.disclosure.model import HIDDEN
from reporting.tracks.told import Told

Kind = Mapping[str, str]
GENDERS = ("woman", "man")
RESULTS = ("A", "B", "other", "open")
WHYS = ("work", "health", "studies")


def kinds_of(apart: list[str], steps: int) -> list[Kind]:
    """All kinds that there may be. Everybody begins at the first step, and completes the track from its last."""
    ends = [("on", "", ""), *(("completed", "", result) for result in RESULTS)]
    ends += [("left", why, result) for why, result in product(WHYS, RESULTS)]
    return [
        {"of": of, "gender": gender, "step": step, "how": how, "why": why, "result": result}
        for of, gender, step in product(apart, GENDERS, range(1, steps + 1))
        for how, why, result in ends
    ]


def _is_of(kind: Kind, part: str, key) -> bool:
    """Whether a number of a part counts a kind."""
    if part == "state":
        return key in (kind["how"], "total")
    if part == "gender":
        return key[0] in (kind["how"], "total") and key[1] == kind["gender"]
    if part == "why":
        return kind["how"] == "left" and kind["why"] == key
    if part == "results":
        return kind["how"] != "on" and kind["result"] == key
    if part == "lasting":
        return kind["how"] != "on" and (kind["result"] in ("A", "B")) == (key == "lasting")
    step, outcome = key
    here = {"on": "here", "left": "left", "completed": "onward"}[kind["how"]]
    became = "onward" if step < kind["step"] else here if step == kind["step"] else None
    return became is not None and outcome in (became, "total")


def _numbers(
    told: Mapping[str, Told], sums: Mapping[str, set[str]], kinds: list[Kind]
) -> Iterator[tuple[tuple, object, tuple[int, ...]]]:
    for of, each in told.items():
        for part, shown in {"state": each.state, **each.parts}.items():
            if part in ("after", "exceptions") or shown is None:
                continue
            for key, value in shown.items():
                made_up_of = sums.get(of, {of})
                members = (n for n, kind in enumerate(kinds) if kind["of"] in made_up_of and _is_of(kind, part, key))
                yield (of, part, key), value, tuple(members)


def worked_out(
    told: Mapping[str, Told], true: Mapping[str, Told], sums: Mapping[str, set[str]], steps: int
) -> dict[tuple, tuple[int, int]]:
    """The small numbers of `true` that are not told and of which fewer than three values are left: the least and the
    greatest. `sums`: what is told of several together, and what they are made up of."""
    kinds = kinds_of([of for of in told if of not in sums], steps)
    shown, least_one = {}, defaultdict(bool)
    for _place, value, members in _numbers(told, sums, kinds):
        if value == HIDDEN:
            least_one[members] = True
        else:
            shown[members] = value
    rows = lil_array((len(shown) + len(least_one), len(kinds)))
    least, most = np.zeros(rows.shape[0]), np.full(rows.shape[0], np.inf)
    for line, (members, value) in enumerate(shown.items()):
        if members:
            rows[[line], list(members)] = 1
        least[line] = most[line] = value
    for line, members in enumerate(least_one, len(shown)):
        rows[[line], list(members)] = 1
        least[line] = 1
    known = LinearConstraint(rows.tocsr(), least, most)
    found = {}
    for place, value, members in _numbers(true, sums, kinds):
        if members in shown or not 0 < value < 5:
            continue
        aim = np.zeros(len(kinds))
        aim[list(members)] = 1
        solved = [milp(sign * aim, constraints=known, integrality=np.ones(len(kinds))) for sign in (1, -1)]
        assert not any(each.status == 2 for each in solved), "what is told contradicts itself"
        if any(each.fun is None for each in solved):
            continue  # without end: nothing is told that it could be measured by
        ends = [sign * each.fun for sign, each in zip((1, -1), solved, strict=True)]
        if round(ends[1] - ends[0]) < 2:
            found[place] = (round(ends[0]), round(ends[1]))
    return found
