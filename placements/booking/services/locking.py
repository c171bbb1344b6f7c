"""Holding a placement while it is changed, and finding out that somebody was quicker."""

from participants.models import Enrolment
from placements.changing import Overtaken
from placements.models import Placement, Workplace
from placements.services.placements import placement_locked
from placements.services.seats import place_locked


def held(placement: Placement, *, with_place: bool = False) -> Placement:
    """The row as it is now, held; with its place, if it has one and a seat of it is to be looked for."""
    if with_place and placement.place_id:
        place_locked(placement.place)
    return placement_locked(placement)


def enrolment_held(enrolment_id: int) -> Enrolment:
    """The case as it is now, held: nothing is booked or goes on in one that is being closed, and two who change
    something for the same person come one after the other."""
    return Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment_id)


def workplace_held(workplace_id: int) -> Workplace:
    """The workplace as it is now, held: nobody comes to one, or stays longer, that is being closed."""
    return Workplace.objects.select_for_update(of=("self",), no_key=True).get(pk=workplace_id)


def check_seen(placement: Placement, seen: int) -> None:
    """Raises Overtaken when the page showed another revision. Asked after the question whether there is anything to
    change at all: the same form sent twice is no conflict."""
    if placement.revision != seen:
        raise Overtaken(placement)


def saved(placement: Placement, *fields: str) -> Placement:
    """Store what was changed, and count it."""
    placement.revision += 1
    placement.save(update_fields=[*fields, "revision"])
    return placement
