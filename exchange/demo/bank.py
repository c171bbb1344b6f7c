"""The place bank of the invented municipality: a place or two at each workplace, who is on them, what was offered."""

import datetime as dt
import random
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from placements.models import Place, Placement, Workplace
from placements.models.place import PlaceState
from placements.models.schedule import Weekday, Weeks
from placements.offers.services import offer_decline, offer_receive
from placements.places.services import place_create, place_set_state
from placements.services.schedules import Hours
from placements.services.seats import free_seat

#: By occupational area: what a place is called, what there is to do, the least Swedish (skill, level), other demands.
WORK = {
    "KOK": (
        "Köksbiträde",
        "Förbereda frukt och grönt, duka, diska och hålla rent i köket.",
        "INTERACTION",
        "A2",
        "Utbildning i livsmedelshygien, ges på plats",
    ),
    "LOK": ("Lokalvårdare", "Städa kontor, trapphus och gemensamma rum efter en veckolista.", "LISTENING", "A1", ""),
    "VOF": (
        "Vårdbiträde, medhjälpare",
        "Hjälpa till vid måltider, gå på promenader och hålla ordning i köket.",
        "INTERACTION",
        "B1",
        "Utdrag ur belastningsregistret visas upp",
    ),
    "BAR": (
        "Medhjälpare i förskola",
        "Duka, följa med ut och hjälpa personalen med det praktiska.",
        "INTERACTION",
        "B1",
        "Utdrag ur belastningsregistret visas upp",
    ),
    "LAG": ("Lagerarbetare", "Plocka ordrar, packa och ta emot gods.", "READING", "A2", ""),
    "BUT": ("Butiksmedarbetare", "Packa upp varor, prismärka och hålla ordning i butiken.", "INTERACTION", "A2", ""),
    "PAR": ("Parkarbetare", "Rensa, klippa, kratta och sköta redskap.", "", "", ""),
}
OTHER = ("Medhjälpare", "Hjälpa till med det som görs på arbetsplatsen, tillsammans med en kollega.", "LISTENING",
         "A1", "")  # fmt: skip
OFFERS = (
    ("Café Lindblom", "556677-8899", "Caféet på torget", "Torget 3", "Sara Lindblom", "KOK",
     "Vi behöver någon som kan hjälpa till i köket på förmiddagarna.", 1),
    ("Björkåkra Tryckeri AB", "556012-3456", "Tryckeriet", "Industrigatan 9", "Per Hall", None,
     "Packning och efterbehandling. Lugnt tempo, vi visar hur man gör.", 2),
    ("Ridklubben", "", "Stallet", "Norra vägen 12", "Anna Ek", None, "Stalltjänst, mockning och fodring.", 1),
)  # fmt: skip


@transaction.atomic
def demo_bank_create() -> None:
    """Fill the place bank, and give seats to those who are at the workplaces today. Twice is once."""
    if Place.objects.exists():
        return
    chance, today = random.Random("bank"), timezone.localdate()
    for number, workplace in enumerate(Workplace.objects.open_on(today).order_by("employer__code", "name", "pk")):
        _places_at(workplace, number, chance, today)
    _offers(today)


def _places_at(workplace: Workplace, number: int, chance: random.Random, today: dt.date) -> None:
    title, tasks, skill, level, formal = WORK.get(workplace.occupational_area_id, OTHER)
    going_on = list(
        Placement.objects.to_come_or_going_on().filter(workplace=workplace, place=None).order_by("start", "pk")[:6]
    )
    place = place_create(
        workplace=workplace,
        token=uuid.UUID(int=chance.getrandbits(128), version=4),
        facts={
            "title": title, "occupational_area_id": workplace.occupational_area_id or "KON", "tasks": tasks,
            "licence": "B" if workplace.occupational_area_id == "PAR" else "", "formal_requirements": formal,
            "supervisor": workplace.supervisors.order_by("pk").first(), "capacity": 1 + number % 3,
            "start": today - dt.timedelta(days=400),
            "end": None if number % 5 else today + dt.timedelta(days=300),
        },
        languages={skill: level} if skill else {},
        hours=_hours(number),
        on_holidays=workplace.occupational_area_id == "VOF",
    )  # fmt: skip
    for placement in going_on:
        seat = free_seat(place, placement.start, placement.end)
        if seat:
            placement.place, placement.seat = place, seat
            placement.save(update_fields=["place", "seat"])
    if number % 11 == 4:
        place_set_state(place=place, state=PlaceState.PAUSED)


def _hours(number: int) -> list[Hours]:
    """Half days of every week; at every fourth place whole days of every second."""
    days = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY)
    if number % 4:
        return [Hours(Weeks.EVERY, day, dt.time(8), dt.time(12)) for day in days]
    return [Hours(Weeks.FIRST, day, dt.time(7, 30), dt.time(16), 30) for day in days]


def _offers(today: dt.date) -> None:
    for number, (employer, code, workplace, address, name, area, tasks, seats) in enumerate(OFFERS):
        offer = offer_receive(
            token=uuid.uuid5(uuid.NAMESPACE_DNS, employer),
            facts={
                "employer_name": employer, "organisation_number": code, "workplace_name": workplace,
                "address": address, "contact_name": name, "contact_email": f"kontakt{number}@arbetsgivare.example",
                "occupational_area_id": area, "tasks": tasks, "seats": seats,
                "available_from": today + dt.timedelta(days=14),
            },
        )  # fmt: skip
    coordinator = User.objects.filter(memberships__role=Role.PLACEMENT_COORDINATOR).order_by("email").first()
    if coordinator:
        offer_decline(offer=offer, why="Ingen buss dit. Vi har ringt och tackat.", actor=coordinator)
