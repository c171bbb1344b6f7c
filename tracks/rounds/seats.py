"""The seats of a round's steps: who has one is asked of its members, never kept beside them.

A seat is taken by whoever is on the step, and held by whoever is offered one, on the step at which they are to enter.
Whoever takes or offers a seat, or changes how many there are, holds the round's row first (`round_held`), so that two
cannot get the last one at the same moment.
"""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from placements.booking.rules import Refused
from tracks.models import Member, MemberState, Passage, Round, Step, StepSeats


def round_held(round_id: int) -> Round:
    """The row as it is now, held until the transaction ends. Before the case and everything of it: the round, a place
    or a group, the activity, the case, the member."""
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("version__track")
    return rows.get(pk=round_id)


def first_step(round: Round) -> Step:
    return round.version.steps.order_by("position").first()


def taken_in(round: Round, *, besides: Member | None = None) -> Counter:
    """How many seats are taken or held on each step, by its key; what `besides` has does not count."""
    on_step = Passage.objects.filter(member__round=round, member__state=MemberState.ON_TRACK, end=None)
    offered = round.members.filter(state=MemberState.OFFERED)
    if besides:
        on_step, offered = on_step.exclude(member=besides), offered.exclude(pk=besides.pk)
    found = Counter(on_step.order_by().values_list("step", flat=True))
    entering = list(offered.order_by().values_list("enters_at", flat=True))
    if None in entering:
        first = first_step(round).pk
        entering = [each or first for each in entering]
    return found + Counter(entering)


def free_to_begin(rounds: Iterable[Round]) -> dict[int, int | None]:
    """How many seats are free on the first step of each round (with the steps of its version), by its key; None where
    there is no limit. Three questions, however many rounds there are."""
    first = {round.pk: steps[0].pk for round in rounds if (steps := list(round.version.steps.all()))}
    limits = StepSeats.objects.filter(round__in=first).values_list("round", "step", "seats")
    seats = {round: number for round, step, number in limits if first[round] == step}
    taken: Counter = Counter()
    on_step = Passage.objects.filter(member__round__in=seats, member__state=MemberState.ON_TRACK, end=None)
    for round, step in on_step.order_by().values_list("member__round", "step"):
        taken[round] += step == first[round]
    offered = Member.objects.filter(round__in=seats, state=MemberState.OFFERED)
    for round, step in offered.order_by().values_list("round", "enters_at"):
        taken[round] += step in (None, first[round])
    return {round: max(seats[round] - taken[round], 0) if round in seats else None for round in first}


def seats_of(round: Round) -> dict[int, int]:
    """How many seats each step has, by its key; a step without limit is not there."""
    return dict(round.seats.values_list("step", "seats"))


def check_seat(round: Round, step: Step, *, member: Member) -> None:
    """Raises Refused when the step is full, not counting what the member has already. The round must be held."""
    seats = seats_of(round).get(step.pk)
    if seats is None or taken_in(round, besides=member)[step.pk] < seats:
        return
    if seats == 1:
        words = _("The only seat on “%(step)s” is taken.")
    else:
        words = _("All %(seats)s seats on “%(step)s” are taken.")
    raise Refused(words % {"step": step.title, "seats": seats}, "step")


def too_few(round: Round, seats: Iterable[tuple[Step, int | None]]) -> list[tuple[Step, int]]:
    """The steps on which more seats are taken than there would be, each with how many."""
    taken = taken_in(round)
    return [(step, taken[step.pk]) for step, wanted in seats if wanted is not None and taken[step.pk] > wanted]
