"""Writing down a place, changing it, and saying whether it is open."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placements.models import Place, PlaceLanguage, Placement, PlaceOffer, Workplace
from placements.models.employer import WorkplaceClosed
from placements.models.place import PlaceState
from placements.offers.services import offer_take_up
from placements.services.schedules import Hours, hours_of, schedule_write

FACTS = (
    "title", "occupational_area", "tasks", "licence", "formal_requirements", "supervisor", "capacity", "start", "end",
)  # fmt: skip


class PlaceChanged(Exception):
    """Somebody else has changed the place since it was read."""

    def __init__(self, place: Place):
        super().__init__()
        self.place = place


class SeatsHeld(Exception):
    """Somebody has, or will have, a seat that would be no more. `seats` is the highest number that is held."""

    def __init__(self, seats: int):
        super().__init__()
        self.seats = seats


@transaction.atomic
def place_create(
    *,
    workplace: Workplace,
    token: uuid.UUID,
    facts: Mapping[str, Any],
    languages: Mapping[str, str],
    hours: Sequence[Hours] = (),
    on_holidays: bool = False,
    offer: PlaceOffer | None = None,
    actor: User | None = None,
) -> Place:
    """Write a place down. `languages` is the least level by skill; `token` belongs to the form and becomes the public
    id: a form that is sent twice makes one place. With the `offer` that becomes this place, and who reviews it
    (`actor`); raises OfferReviewed for one that somebody has reviewed meanwhile, and WorkplaceClosed."""
    held = Workplace.objects.select_for_update(of=("self",), no_key=True).get(pk=workplace.pk)
    if held.is_closed_on(timezone.localdate()) and not Place.objects.filter(public_id=token).exists():
        raise WorkplaceClosed
    place, created = Place.objects.get_or_create(public_id=token, defaults={"workplace": held, **facts})
    if created:
        _write_languages(place, languages)
        _write_hours(place, hours, on_holidays)
    if offer:
        offer_take_up(offer=offer, place=place, actor=actor)
    return place


@transaction.atomic
def place_change(
    *,
    place: Place,
    facts: Mapping[str, Any],
    languages: Mapping[str, str],
    hours: Sequence[Hours],
    on_holidays: bool,
    seen: int,
) -> Place:
    """Change what a place is. Raises PlaceChanged, and SeatsHeld when it would have fewer seats than are held today
    or later. The hours are those that new placements begin with; of those that are there nothing changes."""
    current = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if current.revision != seen:
        if _says(current, facts, languages, hours, on_holidays):
            return current
        raise PlaceChanged(current)
    if (held := _highest_held(current)) > facts["capacity"]:
        raise SeatsHeld(held)
    for name, value in facts.items():
        setattr(current, name, value)
    current.revision += 1
    current.save(update_fields=[*facts, "revision"])
    _write_languages(current, languages)
    _write_hours(current, hours, on_holidays)
    return current


@transaction.atomic
def place_set_state(*, place: Place, state: PlaceState) -> Place:
    """Open a place, pause it or close it. Whoever has a seat keeps it to its end; nobody new comes to a place that is
    not open."""
    current = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if current.state != state:
        current.state = state
        current.revision += 1
        current.save(update_fields=["state", "revision"])
    return current


def _highest_held(place: Place) -> int:
    held = Placement.objects.to_come_or_going_on().filter(place=place).order_by("-seat")
    return held.values_list("seat", flat=True).first() or 0


def _says(place: Place, facts, languages, hours, on_holidays) -> bool:
    """Whether the place says this already: the same form, sent once more."""
    schedule = place.schedules.first()
    return (
        all(getattr(place, name) == value for name, value in facts.items())
        and languages_of(place) == {skill: level for skill, level in languages.items() if level}
        and sorted(hours_of(schedule)) == sorted(hours)
        and (not hours or schedule.on_holidays == on_holidays)
    )


def _write_hours(place: Place, hours: Sequence[Hours], on_holidays: bool) -> None:
    """A place without hours has no schedule at all, so that nothing is said of holidays either."""
    if hours:
        schedule_write(owner=place, valid_from=None, on_holidays=on_holidays, hours=hours)
    elif schedule := place.schedules.first():
        schedule.hours.all().delete()
        schedule.delete()


def languages_of(place: Place) -> dict[str, str]:
    """The least level that the place requires, by skill."""
    return {each.skill: each.level for each in place.languages.all()}


def _write_languages(place: Place, languages: Mapping[str, str]) -> None:
    rows = {each.skill: each for each in PlaceLanguage.objects.filter(place=place)}
    for skill, level in languages.items():
        row = rows.get(skill)
        if not level:
            if row:
                row.delete()
        elif row is None:
            PlaceLanguage.objects.create(place=place, skill=skill, level=level)
        elif row.level != level:
            row.level = level
            row.save(update_fields=["level"])
