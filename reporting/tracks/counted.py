"""What the figures say of every round of a job track since the first one began, added up to tracks and methods.

The rows, and what tells them apart, are those of the figures (`reporting.figures.track_rows`); each is read once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Max, Min
from django.utils.translation import gettext as _

from accounts.swedish import sort_key
from participants.calendar import DaysFrom
from reporting.engine import groups_of
from reporting.figures.track_rows import AFTERCARE, EXCEPTIONS, MEMBERS, ON, STEPS
from reporting.periods import Period
from reporting.question import Question
from tracks.models import Passage, Round, Track, TrackMethod, TrackVersion

#: The parts that the numbers are told in. Keys: how; how and gender; step and outcome; why; result; answer.
STATE, GENDER, STEP, WHY, RESULT, AFTER, EXCEPTION = (
    "state", "gender", "steps", "why", "results", "after", "exceptions",
)  # fmt: skip
PARTS = (STATE, GENDER, STEP, WHY, RESULT, AFTER, EXCEPTION)


@dataclass
class Counts:
    """How many there are, part by part; what the seats of those who have finished cost; how long the steps took."""

    parts: dict[str, Counter] = field(default_factory=lambda: {part: Counter() for part in PARTS})
    cost: Decimal = Decimal(0)
    #: How many of those who have finished had a seat whose cost is not entered.
    uncosted: int = 0
    #: For each step that was ended how many took so many days.
    days: dict[int, Counter] = field(default_factory=dict)

    @classmethod
    def together(cls, several: Iterable["Counts"]) -> "Counts":
        whole = cls()
        for each in several:
            for part, counted in each.parts.items():
                whole.parts[part].update(counted)
            whole.cost += each.cost
            whole.uncosted += each.uncosted
            for step, days in each.days.items():
                whole.days.setdefault(step, Counter()).update(days)
        return whole

    @property
    def began(self) -> int:
        return self.parts[STATE].total()

    def total_of(self, part: str) -> int:
        return self.parts[part].total()

    @property
    def finished(self) -> int:
        return self.began - self.parts[STATE][ON]


@dataclass
class Node:
    """The whole, a method, a track or a round: what it is called, what is counted, what it is made up of."""

    key: str
    label: str
    counts: Counts
    children: list["Node"] = field(default_factory=list)
    subject: Track | Round | None = None

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Counted:
    """The tree of all rounds, and the days that it tells of."""

    whole: Node
    question: Question

    @property
    def tracks(self) -> list[Node]:
        return [track for method in self.whole.children for track in method.children]

    def of(self, subject: Track | Round) -> Node | None:
        """The track or the round; None where nobody has begun."""
        return next((each for each in self.whole.walk() if each.subject == subject), None)


def counted(day: dt.date) -> Counted:
    """Everything that has happened on tracks until a day. As many questions to the database whatever there is."""
    first = Passage.objects.filter(start__lte=day).aggregate(first=Min("start"))["first"] or day
    question = Question(Period.of_days(first, day), day)
    found = _by_round(question)
    rounds = Round.objects.filter(pk__in=found).select_related("version__track").order_by("start", "name", "pk")
    methods = _methods()
    of_track: dict[Track, list[Node]] = {}
    for each in rounds:
        node = Node(f"round-{each.pk}", each.name, found[each.pk], subject=each)
        of_track.setdefault(each.version.track, []).append(node)
    of_method: dict[str, list[Node]] = {}
    for track in sorted(of_track, key=lambda each: (sort_key(each.name), each.pk)):
        node = _joined(f"track-{track.pk}", track.name, of_track[track], track)
        of_method.setdefault(methods[track.pk], []).append(node)
    told = [
        _joined(f"method-{code}", str(label), of_method[code])
        for code, label in TrackMethod.choices
        if code in of_method
    ]
    return Counted(_joined("whole", _("All job tracks"), told), question)


def _joined(key: str, label: str, children: list[Node], subject: Track | None = None) -> Node:
    return Node(key, label, Counts.together(each.counts for each in children), children, subject)


def _methods() -> dict[int, str]:
    """The method of each track: that of its latest published version, so that a track is of one method only."""
    latest = TrackVersion.objects.published().values("track").annotate(latest=Max("number"))
    numbers = {each["track"]: each["latest"] for each in latest.order_by()}
    versions = TrackVersion.objects.published().order_by("track", "number").values_list("track", "number", "method")
    return {track: method for track, number, method in versions if numbers[track] == number}


def _by_round(question: Question) -> dict[int, Counts]:
    found: dict[int, Counts] = {}

    def of(round_: int) -> Counts:
        return found.setdefault(round_, Counts())

    for group in groups_of(MEMBERS, ["gender", "how", "in_round", "left_for", "came_of_it"], [question])[0]:
        said, counts = group.values, of(group.values["in_round"])
        counts.parts[STATE][said["how"]] += group.count
        counts.parts[GENDER][said["how"], said["gender"]] += group.count
        if said["left_for"]:
            counts.parts[WHY][said["left_for"]] += group.count
        if said["how"] != ON:
            counts.parts[RESULT][said["came_of_it"]] += group.count
            counts.cost += group.amounts["cost"]
            counts.uncosted += group.amounts["uncosted"]
    for group in groups_of(STEPS, ["in_round", "on_step", "outcome"], [question])[0]:
        of(group.values["in_round"]).parts[STEP][group.values["on_step"], group.values["outcome"]] += group.count
    for group in groups_of(AFTERCARE, ["in_round", "status"], [question])[0]:
        of(group.values["in_round"]).parts[AFTER][group.values["status"]] += group.count
    for group in groups_of(EXCEPTIONS, ["in_round"], [question])[0]:
        of(group.values["in_round"]).parts[EXCEPTION]["made"] += group.count
    took = (
        Passage.objects.been_on()
        .filter(end__lte=question.period.end)
        .order_by()
        .annotate(days=DaysFrom(F("start"), F("end")))
    )
    for row in took.values("member__round", "step__position", "days").annotate(many=Count("pk")):
        days = of(row["member__round"]).days.setdefault(row["step__position"], Counter())
        days[row["days"] + 1] += row["many"]
    return found
