"""The acceptance quarter in the database."""

import csv
import datetime as dt

import pytest

from accounts.models import LegalBasis, Unit
from participants.models import Enrolment, Participant, UnitAssignment
from tests.factories import UnitFactory
from tests.register import write_register


@pytest.fixture
def acceptance_quarter(db, tmp_path) -> Unit:
    """Björkåkra's first quarter of 2026, loaded from the register of the acceptance cases; its one unit."""
    write_register(tmp_path)
    unit = UnitFactory(code="AME", name="Arbetsmarknadsenheten")

    def day(text):
        return dt.date.fromisoformat(text) if text else None

    people = {}
    for row in csv.DictReader((tmp_path / "participants.csv").open(encoding="utf-8"), delimiter=";"):
        number = row["identity_number"].replace("-", "")
        people[row["participant"]] = Participant.objects.create(
            identity_number=number or None,
            birth_date=day(row["birth_date"]),
            birth_year=int((number or row["birth_date"])[:4]),
            gender=row["gender"],
            given_name=row["given_name"],
            family_name=row["family_name"],
            protection=row["protection"],
        )
    for row in csv.DictReader((tmp_path / "enrolments.csv").open(encoding="utf-8"), delimiter=";"):
        enrolment = Enrolment.objects.create(
            participant=people[row["participant"]],
            unit=unit,
            start=day(row["start"]),
            end=day(row["end"]),
            closure_reason=row["closure_reason"],
            job_start=day(row["job_start"]),
            job_end=day(row["job_end"]),
            job_form=row["job_form"],
            study_aid={"yes": True, "no": False, "": None}[row["study_aid"]],
        )
        UnitAssignment.objects.create(
            enrolment=enrolment, unit=unit, legal_basis=LegalBasis.LABOUR_MARKET, start=enrolment.start
        )
    return unit
