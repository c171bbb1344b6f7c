"""How people move through the steps, and how long each takes: counted for a round, or for a track over its rounds."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tracks.designing.told import weeks_told
from tracks.models import Member, MemberState, Passage, Round, Step
from tracks.pictures.wording import wrapped

#: What stands for a number that is not told (docs/disclosure.md).
HIDDEN = ".."
Number = int | str
ONWARD, HERE, LEFT = "onward", "here", "left"
OUTCOMES = (ONWARD, HERE, LEFT)
#: The part of a bar of which it is not told what it is.
REST = "rest"
WIDTH, BAR, LINE = 360, 18, 20
#: Fewer who have ended a step have no median of their own, where the reader does not see who they are.
FEWEST = 5


# --- Counting -----------------------------------------------------------------------------------------------------


@dataclass
class Moved:
    """Of each step (by its number) how many went on, are there and left; and how many days it took who ended it."""

    outcomes: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))
    days: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    #: Whether everybody who is counted may be seen by the reader.
    all_seen: bool = False


def moved_in(rounds: Sequence[Round], user: User) -> Moved:
    """What has happened in these rounds until now. Three questions to the database, however many there are."""
    passages = Passage.objects.been_on().filter(member__round__in=rounds).order_by("member", "start", "pk")
    of_member: dict[int, list[tuple]] = defaultdict(list)
    for member, state, step, start, end in passages.values_list(
        "member", "member__state", "step__position", "start", "end"
    ):
        of_member[member].append((state, step, start, end))
    seen = Member.objects.visible_to(user).filter(round__in=rounds, pk__in=of_member).count()
    found = Moved(all_seen=seen == len(of_member))
    ends = {MemberState.LEFT: LEFT, MemberState.COMPLETED: ONWARD}
    for way in of_member.values():
        state, last, *_days = way[-1]
        for step in {step for _state, step, _start, _end in way}:
            found.outcomes[step][ends.get(state, HERE) if step == last else ONWARD] += 1
        for _state, step, start, end in way:
            if end:
                found.days[step].append((end - start).days + 1)
    return found


# --- How people move through the steps ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Segment:
    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Flow:
    """One step: how many came, went on, are there, left. `..` for a number that is not told."""

    number: int
    title: str
    entered: Number
    onward: Number
    here: Number
    left: Number
    y: int = 0
    title_lines: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def in_words(self) -> str:
        return _("%(entered)s came, %(onward)s went on, %(here)s are there, %(left)s left") % {
            "entered": self.entered,
            "onward": self.onward,
            "here": self.here,
            "left": self.left,
        }

    @property
    def in_short(self) -> list[str]:
        """The same in few words, under the bar."""
        words = {"entered": self.entered, "onward": self.onward, "here": self.here, "left": self.left}
        return [_("%(entered)s came · %(onward)s went on · %(here)s there · %(left)s left") % words]

    @property
    def has_hidden(self) -> bool:
        return HIDDEN in (self.entered, self.onward, self.here, self.left)

    @property
    def bar_y(self) -> int:
        return self.y + LINE * len(self.title_lines) + 4

    @property
    def title_at(self) -> list[tuple[int, str]]:
        return [(self.y + LINE * number - 5, text) for number, text in enumerate(self.title_lines, 1)]

    @property
    def words_at(self) -> list[tuple[int, str]]:
        return [(self.bar_y + BAR + LINE * number - 3, text) for number, text in enumerate(self.in_short, 1)]


@dataclass(frozen=True)
class FlowPicture:
    key: str
    title: str
    flows: list[Flow]
    height: int
    width: int = WIDTH
    bar: int = BAR

    @property
    def description(self) -> str:
        return " ".join(f"{each.number}. {each.title}: {each.in_words}." for each in self.flows)

    @property
    def has_hidden(self) -> bool:
        return any(each.has_hidden for each in self.flows)

    @property
    def has_rest(self) -> bool:
        return any(segment.kind == REST for each in self.flows for segment in each.segments)

    @property
    def is_empty(self) -> bool:
        return not any(each.entered for each in self.flows)

    @property
    def tells_something(self) -> bool:
        """Whether it is told of any step how many came to it."""
        return any(each.entered not in (0, HIDDEN) for each in self.flows)


def flow_picture(key: str, steps: Sequence[Step], told: Mapping[int, Mapping[str, Number]]) -> FlowPicture:
    """The picture of what is told of each step: the outcomes and `total`, each a number or `..`; what is not there is
    zero. What is not told of a bar is one part of it, without number."""
    rows = [
        (step, {each: told.get(step.position, {}).get(each, 0) for each in (*OUTCOMES, "total")}) for step in steps
    ]
    largest = max((row["total"] for _step, row in rows if row["total"] != HIDDEN), default=0)
    flows, y = [], 0
    for step, row in rows:
        lines = tuple(wrapped(f"{step.position}. {step.title}", WIDTH, most=2))
        flow = Flow(
            step.position, step.title, row["total"], *(row[each] for each in OUTCOMES), y, lines, _bar(row, largest)
        )
        flows.append(flow)
        y = flow.words_at[-1][0] + 22
    return FlowPicture(f"flow-{key}", _("How people move through the steps"), flows, max(y - 12, 0))


def _bar(row: Mapping[str, Number], largest: int) -> tuple[Segment, ...]:
    if not largest or row["total"] == HIDDEN:
        return ()
    told = {kind: row[kind] for kind in OUTCOMES if row[kind] != HIDDEN}
    told[REST] = row["total"] - sum(told.values())
    found, x = [], 0.0
    for kind, count in told.items():
        width = round(count / largest * WIDTH, 1)
        if width:
            found.append(Segment(kind, round(x, 1), width))
        x += width
    return tuple(found)


# --- How long the steps take --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Time:
    """How long a step has taken those who have ended it, in weeks, beside what it is meant to take."""

    number: int
    title: str
    median: float | None
    shortest: float | None = None
    longest: float | None = None
    least_weeks: int | None = None
    most_weeks: int | None = None
    y: int = 0
    title_lines: tuple[str, ...] = ()
    scale: float = 0

    @property
    def meant(self) -> str:
        return weeks_told(self.least_weeks, self.most_weeks)

    @property
    def told_median(self) -> str:
        return _in_weeks(self.median)

    @property
    def told_shortest(self) -> str:
        return _in_weeks(self.shortest)

    @property
    def told_longest(self) -> str:
        return _in_weeks(self.longest)

    @property
    def in_words(self) -> str:
        if self.median is None:
            took = _("too few have ended the step")
        elif self.shortest is None:
            took = _("half took at most %(median)s") % {"median": self.told_median}
        else:
            took = _("half took at most %(median)s, shortest %(shortest)s, longest %(longest)s") % {
                "median": self.told_median,
                "shortest": self.told_shortest,
                "longest": self.told_longest,
            }
        meant = _("meant %(weeks)s") % {"weeks": self.meant} if self.meant else ""
        return f"{took} ({meant})" if meant else took

    @property
    def in_short(self) -> list[str]:
        took = _("median %(median)s") % {"median": self.told_median} if self.median is not None else _("too few")
        meant = _("meant %(weeks)s") % {"weeks": self.meant} if self.meant else ""
        return [" · ".join(filter(None, (took, meant)))]

    @property
    def bar_y(self) -> int:
        return self.y + LINE * len(self.title_lines) + 4

    @property
    def middle(self) -> int:
        return self.bar_y + BAR // 2

    @property
    def bottom(self) -> int:
        return self.bar_y + BAR

    @property
    def meant_x(self) -> float:
        return self.at(self.least_weeks or 0)

    @property
    def meant_width(self) -> float:
        """What is meant; without a longest time to the edge, and one week's line where both are the same."""
        if not self.meant:
            return 0
        end = WIDTH if self.most_weeks is None else self.at(self.most_weeks)
        return max(round(end - self.meant_x, 1), 3)

    @property
    def median_x(self) -> float:
        return self.at(self.median or 0)

    @property
    def shortest_x(self) -> float:
        return self.at(self.shortest or 0)

    @property
    def longest_x(self) -> float:
        return self.at(self.longest or 0)

    def at(self, weeks: float) -> float:
        return round(weeks * self.scale, 1)

    @property
    def title_at(self) -> list[tuple[int, str]]:
        return [(self.y + LINE * number - 5, text) for number, text in enumerate(self.title_lines, 1)]

    @property
    def words_at(self) -> list[tuple[int, str]]:
        return [(self.bottom + LINE * number - 3, text) for number, text in enumerate(self.in_short, 1)]


def _in_weeks(weeks: float | None) -> str:
    if weeks is None:
        return "–"
    number = f"{weeks:.1f}".removesuffix(".0").replace(".", ",")
    return ngettext("%(number)s week", "%(number)s weeks", 1 if weeks == 1 else 2) % {"number": number}


@dataclass(frozen=True)
class TimePicture:
    key: str
    title: str
    times: list[Time]
    height: int
    longest: int
    with_range: bool
    width: int = WIDTH
    bar: int = BAR

    @property
    def description(self) -> str:
        return " ".join(f"{each.number}. {each.title}: {each.in_words}." for each in self.times)


def time_picture(key: str, steps: Sequence[Step], took: Mapping[int, Mapping[str, float]]) -> TimePicture:
    """The picture of `median` and, where they are told, `shortest` and `longest`, in days, of each step by its
    number. A job at the end, which is meant to take no time, is left out when nobody has ended it."""
    shown = [step for step in steps if step.position in took or step.least_weeks or step.most_weeks]
    reached = [(step.most_weeks or step.least_weeks or 0) for step in shown]
    reached += [max(each.values()) / 7 for each in took.values() if each]
    longest = int(max(reached, default=0)) + 1
    times, y = [], 0
    for step in shown:
        weeks = {name: days / 7 for name, days in took.get(step.position, {}).items()}
        time = Time(
            step.position, step.title, weeks.get("median"), weeks.get("shortest"), weeks.get("longest"),
            step.least_weeks, step.most_weeks, y, tuple(wrapped(f"{step.position}. {step.title}", WIDTH, most=2)),
            WIDTH / longest,
        )  # fmt: skip
        times.append(time)
        y = time.words_at[-1][0] + 22
    with_range = any(time.shortest is not None for time in times)
    return TimePicture(f"time-{key}", _("How long the steps take"), times, max(y - 12, 0), longest, with_range)


def took_in(moved: Moved) -> dict[int, dict[str, float]]:
    """Median, shortest and longest of each step. The two are of one person each: only for whoever sees them all."""
    found = {}
    for step, days in moved.days.items():
        if moved.all_seen:
            found[step] = {"median": median(days), "shortest": min(days), "longest": max(days)}
        elif len(days) >= FEWEST:
            found[step] = {"median": median(days)}
    return found


def told_in(moved: Moved) -> dict[int, dict[str, int]]:
    """The numbers of each step, with how many came to it."""
    return {step: {**counted, "total": counted.total()} for step, counted in moved.outcomes.items()}
