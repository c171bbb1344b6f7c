"""An employer with a workplace, and what is typed about both."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from placements.models import Commitment, Employer, EmployerAgreement, Place, Workplace, WorkplaceCheck
from tests.factories import EmployerFactory, WorkplaceFactory, days_ago
from vocabulary.codes import EmployerKind
from vocabulary.models import OccupationalArea

#: Invented numbers whose control digits agree.
NUMBER, OTHER_NUMBER, MUNICIPALITY = "556677-0003", "556677-0011", "212000-9994"


def of(name, *rows):
    """The address of a page about an employer, a workplace, or something of it."""
    return reverse(f"employers:{name}", args=[row.public_id for row in rows])


def check_of(workplace, actor, day=None, **fields) -> WorkplaceCheck:
    told = {"risks_assessed": True, "introduction": True, "insurance": "municipality"} | fields
    return WorkplaceCheck.objects.create(
        workplace=workplace, checked_on=day or days_ago(10), by=actor, by_name=actor.full_name, **told
    )


def agreement_of(employer, **fields) -> EmployerAgreement:
    options = {"kind": "places", "valid_from": days_ago(300), "valid_until": days_ago(-60)}
    return EmployerAgreement.objects.create(employer=employer, **options | fields)


def commitment_of(employer, **fields) -> Commitment:
    options = {"kind": "placement", "promised": 3, "fulfilled": 1, "due": days_ago(-30)}
    return Commitment.objects.create(employer=employer, **options | fields)


def place_of(workplace, **fields) -> Place:
    area, _new = OccupationalArea.objects.get_or_create(code="KOK", defaults={"label": "Kök och måltid"})
    options = {"title": "Köksbiträde", "occupational_area": area, "start": days_ago(60)}
    return Place.objects.create(workplace=workplace, **options | fields)


def employer_form(**fields) -> dict:
    data = {"name": "Lundbergs Livs AB", "kind": "private", "organisation_number": NUMBER, "code": ""}
    return data | {"token": uuid.uuid4()} | fields


def check_form(**fields) -> dict:
    data = {
        "checked_on": days_ago(0).isoformat(), "risks_assessed": "yes", "introduction": "yes",
        "insurance": "municipality", "note": "", "token": uuid.uuid4(),
    }  # fmt: skip
    return data | fields


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def employer(db) -> Employer:
    return EmployerFactory(name="Renströms Städ AB", kind=EmployerKind.PRIVATE, organisation_number=OTHER_NUMBER)


@pytest.fixture
def workplace(employer) -> Workplace:
    return WorkplaceFactory(employer=employer, name="Renströms städlag")


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client
