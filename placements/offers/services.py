"""Receiving an offer, and saying what became of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from placements.employers.services import contact_create, employer_create, workplace_create
from placements.models import Employer, Place, PlaceOffer, Workplace
from placements.models.place import OfferState


class OfferReviewed(Exception):
    """Somebody has reviewed the offer already."""

    def __init__(self, offer: PlaceOffer):
        super().__init__()
        self.offer = offer


def offer_receive(*, token: uuid.UUID, facts: Mapping[str, Any]) -> PlaceOffer:
    """Keep what an employer has offered. `token` belongs to the form: one that is sent twice is kept once."""
    offer, _created = PlaceOffer.objects.get_or_create(public_id=token, defaults=facts)
    return offer


@transaction.atomic
def offer_enter(
    *, offer: PlaceOffer, employer: Employer | None, employer_facts: Mapping[str, Any], facts: Mapping[str, Any]
) -> Workplace:
    """Enter where an offer came from: the workplace, with `facts`, and whom to turn to there, at the `employer`, or
    at one that is entered with `employer_facts`. Each offer enters them once, however often it is asked to. Raises
    NumberTaken, and OfferReviewed."""
    current = PlaceOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not current.is_waiting:
        raise OfferReviewed(current)
    if entered := Workplace.objects.filter(public_id=_made_of(offer, "workplace")).first():
        return entered
    employer = employer or employer_create(token=_made_of(offer, "employer"), facts=employer_facts)
    workplace = workplace_create(employer=employer, token=_made_of(offer, "workplace"), facts=facts)
    contact = {"workplace": workplace, "name": offer.contact_name, "title": ""}
    contact |= {"email": offer.contact_email, "phone": offer.contact_phone}
    contact_create(employer=employer, token=_made_of(offer, "contact"), facts=contact)
    return workplace


def _made_of(offer: PlaceOffer, what: str) -> uuid.UUID:
    """The public id of what is entered from an offer: always the same, so that it is entered once."""
    return uuid.uuid5(offer.public_id, what)


@transaction.atomic
def offer_take_up(*, offer: PlaceOffer, place: Place, actor: User) -> None:
    """The offer became a place. Raises OfferReviewed, also for one that was declined meanwhile."""
    _reviewed(offer, OfferState.TAKEN_UP, actor, place=place)


@transaction.atomic
def offer_decline(*, offer: PlaceOffer, why: str, actor: User) -> None:
    """Nothing comes of the offer, with why. Declined twice is once; raises OfferReviewed if it became a place."""
    _reviewed(offer, OfferState.DECLINED, actor, note=why)


def _reviewed(
    offer: PlaceOffer, state: OfferState, actor: User, *, place: Place | None = None, note: str = ""
) -> None:
    current = PlaceOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if current.state == state and current.place_id == (place and place.pk):
        return
    if current.state != OfferState.RECEIVED:
        raise OfferReviewed(current)
    current.state, current.place, current.review_note = state, place, note
    current.reviewed_at, current.reviewed_by, current.reviewed_by_name = timezone.now(), actor, actor.full_name
    current.save(update_fields=["state", "place", "review_note", "reviewed_at", "reviewed_by", "reviewed_by_name"])
