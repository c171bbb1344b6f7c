"""The staircase of a round: its steps from the lowest up, and who stands on each."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from accounts.swedish import sort_key
from tracks.designing.told import weeks_told
from tracks.models import Member, MemberState, Passage, Round, Step, TrackVersion
from tracks.pictures.wording import wrapped
from tracks.rounds.seats import seats_of, taken_in

WIDTH = 360
#: How much further in the highest stair begins than the lowest.
DEEPEST = 110
STAIR = 24
LINE = 20
PADDING = 10
#: So many names stand on a stair; the others are in the list below the picture.
MOST_NAMES = 10

WAITING, COMPLETED = "waiting", "completed"


@dataclass(frozen=True)
class Person:
    """Somebody whom the reader may see, and the page about them on the track."""

    name: str
    url: str


@dataclass(frozen=True)
class Standing:
    """Those who stand at one place of the picture: by name those whom the reader may see, of the others how many."""

    people: tuple[Person, ...] = ()
    others: int = 0

    @property
    def count(self) -> int:
        return len(self.people) + self.others

    @property
    def in_words(self) -> str:
        return ngettext("%(count)s person", "%(count)s persons", self.count) % {"count": self.count}

    @property
    def others_in_words(self) -> str:
        if self.people:
            return ngettext("and %(count)s more", "and %(count)s more", self.others) % {"count": self.others}
        return ngettext("%(count)s person", "%(count)s persons", self.others) % {"count": self.others}


@dataclass(frozen=True)
class Line:
    """A line of text: how far down its foot is, and what kind it is (title, soft, name)."""

    y: int
    text: str
    kind: str = "soft"


@dataclass
class Stair:
    """One stair, or what lies below or above the stairs: where it is drawn, and what stands there."""

    kind: str
    title: str
    standing: Standing
    number: int = 0
    #: How many seats the step has, and how many are taken by those on it or held by those who are offered one.
    seats: int | None = None
    taken: int = 0
    least_weeks: int | None = None
    most_weeks: int | None = None
    x: int = 0
    y: int = 0
    height: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def width(self) -> int:
        return WIDTH - self.x

    @property
    def text_x(self) -> int:
        return self.x + 14

    @property
    def is_full(self) -> bool:
        return self.seats is not None and self.taken >= self.seats

    @property
    def facts(self) -> str:
        """Seats and weeks, in words."""
        found = []
        if self.seats is not None:
            words = {"taken": self.taken, "seats": self.seats}
            found.append(ngettext("%(taken)s of %(seats)s seat", "%(taken)s of %(seats)s seats", self.seats) % words)
            if self.is_full:
                found.append(pgettext("step", "full"))
        if weeks := weeks_told(self.least_weeks, self.most_weeks):
            found.append(weeks)
        return " · ".join(found)


@dataclass(frozen=True)
class Staircase:
    """The picture: stairs from the top of the page down, the last step first; `with_people` where it is a round's."""

    key: str
    title: str
    stairs: list[Stair]
    height: int
    with_people: bool
    left: int = 0
    width: int = WIDTH

    @property
    def from_below(self) -> list[Stair]:
        """In the order in which one walks."""
        return list(reversed(self.stairs))

    @property
    def description(self) -> str:
        """The picture in words."""
        said = []
        for stair in self.from_below:
            of_step = _("Step %(number)s: %(title)s") % {"number": stair.number, "title": stair.title}
            words = of_step if stair.number else stair.title
            told = ", ".join(filter(None, (stair.standing.in_words if self.with_people else "", stair.facts)))
            said.append(f"{words}: {told}" if told else words)
        return ". ".join(said) + "."


def staircase_of_version(version: TrackVersion) -> Staircase:
    """The steps of a track, with nobody on them."""
    stairs = [_stair(step, Standing()) for step in version.steps.all()]
    return _drawn(f"staircase-v{version.pk}", _("The steps of the track"), stairs, with_people=False)


def staircase_of_round(round_: Round, user: User) -> Staircase:
    """A round with those on its steps, those who wait below, and those who have completed it at the top. As
    many questions to the database, however many they are."""
    steps = list(round_.version.steps.all())
    seats, taken = seats_of(round_), taken_in(round_)
    last = Passage.objects.been_on().filter(member=OuterRef("pk")).order_by("-start", "-pk").values("step")[:1]
    first = steps[0].pk if steps else None
    members = Member.objects.filter(round=round_).annotate(
        at=Coalesce(Subquery(last), F("enters_at"), first, output_field=BigIntegerField())
    )
    counts: Counter = Counter()
    for state, at in members.order_by().values_list("state", "at"):
        counts[_place(state, at)] += 1
    named = defaultdict(list)
    shown = members.visible_to(user).exclude(state__in=(MemberState.DECLINED, MemberState.NO_SEAT, MemberState.LEFT))
    for member in shown.select_related("enrolment__participant"):
        named[_place(member.state, member.at)].append(member)
    standing = {place: _standing(named[place], count) for place, count in counts.items()}
    stairs = [_stair(step, standing.get(step.pk, Standing()), seats.get(step.pk), taken[step.pk]) for step in steps]
    below = Stair(WAITING, _("Waiting"), standing.get(WAITING, Standing()))
    above = Stair(COMPLETED, _("Completed the track"), standing.get(COMPLETED, Standing()))
    title = _("Who stands where in %(round)s") % {"round": round_.name}
    return _drawn(
        f"staircase-{round_.pk}", title, [below, *stairs, above], with_people=True, left=counts[MemberState.LEFT]
    )


def _place(state: str, at: int | None) -> str | int | None:
    """Where somebody stands: the key of a step, below it, at the top; or their state, of those who are not there."""
    if state in (MemberState.WAITING, MemberState.OFFERED):
        return WAITING
    if state == MemberState.COMPLETED:
        return COMPLETED
    return at if state == MemberState.ON_TRACK else state


def _standing(members: Iterable[Member], count: int) -> Standing:
    people = sorted(members, key=lambda each: sort_key(each.enrolment.participant.full_name))
    found = tuple(Person(each.enrolment.participant.full_name, _address(each)) for each in people)
    return Standing(found, count - len(found))


def _address(member: Member) -> str:
    return reverse("track_members:member", args=[member.enrolment.participant.public_id, member.public_id])


def _stair(step: Step, standing: Standing, seats: int | None = None, taken: int = 0) -> Stair:
    return Stair("step", step.title, standing, step.position, seats, taken, step.least_weeks, step.most_weeks)


def _drawn(key: str, title: str, stairs: list[Stair], *, with_people: bool, left: int = 0) -> Staircase:
    """Lay the stairs out, the last one at the top."""
    steps = [stair for stair in stairs if stair.number]
    inset = min(DEEPEST // max(len(steps) - 1, 1), STAIR) if steps else 0
    for number, stair in enumerate(steps):
        stair.x = number * inset
    y = 0
    for stair in reversed(stairs):
        if stair.kind == COMPLETED:
            stair.x = (len(steps) - 1) * inset if steps else 0
        stair.y = y
        stair.lines = _lines(stair, with_people)
        stair.height = (stair.lines[-1].y - y if stair.lines else 0) + PADDING
        y += stair.height + (0 if stair.number else 6)
    return Staircase(key, title, list(reversed(stairs)), y, with_people, left)


def _lines(stair: Stair, with_people: bool) -> list[Line]:
    title = f"{stair.number}. {stair.title}" if stair.number else stair.title
    said = [(text, "title") for text in wrapped(title, stair.width - 28)]
    if stair.facts:
        said += [(text, "soft") for text in wrapped(stair.facts, stair.width - 28)]
    if with_people:
        said += [(text, "name") for text in _names(stair)] or [(_("Nobody"), "soft")]
    return [Line(stair.y + PADDING + LINE * number - 5, text, kind) for number, (text, kind) in enumerate(said, 1)]


def _names(stair: Stair) -> list[str]:
    people, standing = stair.standing.people[:MOST_NAMES], stair.standing
    others = standing.count - len(people)
    names = [wrapped(each.name, stair.width - 50, most=1)[0] for each in people]
    if others:
        names.append(Standing(people, others).others_in_words)
    return names
