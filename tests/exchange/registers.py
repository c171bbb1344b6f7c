"""A small register that is right in everything, to be changed in one place at a time."""

import copy
import csv
import io
import json
from contextlib import redirect_stdout
from pathlib import Path

from django.core.management import call_command

BASE = {
    "units": [
        {"unit": "JC", "name": "Jobbcenter", "legal_basis": "labour_market"},
        {"unit": "SOC", "name": "Socialtjänsten", "legal_basis": "social_services"},
        {"unit": "NY", "name": "Ny enhet", "legal_basis": "social_services"},
    ],
    "employers": [
        {"employer": "SERV", "name": "Serviceförvaltningen", "kind": "department", "organisation_number": "212000-0"}
    ],
    "workplaces": [
        {"workplace": "EK", "employer": "SERV", "name": "Skolkök Ekbacken", "occupational_area": "KOK"},
    ],
    "participants": [
        {
            "participant": "P1", "identity_number": "19920314-2386", "birth_date": "", "gender": "",
            "given_name": "Amina", "family_name": "Warsame", "protection": "", "education": "primary",
            "phone": "070-1", "email": "amina@example.org", "street_address": "Storgatan 1", "postal_code": "123 45",
            "city": "Björkåkra", "language": "so",
        },
        {
            "participant": "P2", "identity_number": "", "birth_date": "1987-04-30", "gender": "man",
            "given_name": "Jonas", "family_name": "Ärlig", "protection": "secrecy_mark", "education": "",
            "phone": "", "email": "", "street_address": "", "postal_code": "", "city": "", "language": "",
        },
    ],
    "referrals": [
        {
            "referral": "R1", "participant": "", "unit": "JC", "source": "self", "received": "2025-01-02",
            "decision": "accepted",
        }
    ],
    "enrolments": [
        {
            "enrolment": "N1", "participant": "P1", "unit": "JC", "case_number": "AME-1",
            "target_group": "income_support", "start": "2024-01-01", "end": "2024-06-30", "closure_reason": "work",
            "job_start": "2024-07-01", "job_end": "2024-12-31", "job_form": "unsubsidised", "study_aid": "",
        },
        {
            "enrolment": "N2", "participant": "P1", "unit": "SOC", "case_number": "", "target_group": "",
            "start": "2025-01-01", "end": "", "closure_reason": "", "job_start": "", "job_end": "", "job_form": "",
            "study_aid": "",
        },
        {
            "enrolment": "N3", "participant": "P2", "unit": "JC", "case_number": "", "target_group": "",
            "start": "2024-01-01", "end": "2024-03-31", "closure_reason": "studies", "job_start": "", "job_end": "",
            "job_form": "", "study_aid": "yes",
        },
    ],
    "placements": [
        {
            "placement": "A1", "participant": "P1", "workplace": "EK", "form": "municipal_employment",
            "start": "2024-02-01", "end": "2024-03-31", "grade": "0,75", "purpose": "Pröva;\nsedan mer",
            "expected_outcome": "", "union_consulted": "2024-01-20", "result": "met",
        },
        {
            "placement": "A2", "participant": "P2", "workplace": "EK", "form": "internship", "start": "2024-02-01",
            "end": "", "grade": "", "purpose": "", "expected_outcome": "", "union_consulted": "", "result": "",
        },
    ],
    "followups": [
        {
            "followup": "F1", "participant": "P1", "placement": "A1", "kind": "placement_mid", "due": "2024-03-01",
            "filed": "2024-03-02",
        },
        {
            "followup": "F2", "participant": "P1", "placement": "", "kind": "plan_review", "due": "2025-03-01",
            "filed": "",
        },
    ],
    "certificates": [
        {"certificate": "C1", "placement": "A1", "version": "1", "issued": "2024-04-01"},
        {"certificate": "C1", "placement": "A1", "version": "2", "issued": "2024-05-01"},
    ],
    "aftercare": [{"enrolment": "N1", "days_after": "90", "status": "work", "checked": "2024-10-01"}],
}  # fmt: skip


def base() -> dict[str, list[dict]]:
    """A copy of the small register, to change."""
    return copy.deepcopy(BASE)


def write(folder: Path, register: dict[str, list[dict]], *, delimiter: str = ";") -> Path:
    """Write a register as CSV files; returns the folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in register.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def load(path: Path, *arguments: str) -> tuple[int, dict]:
    """Run the command with a report in JSON: its exit status, and what it wrote on standard output."""
    out, status = io.StringIO(), 0
    try:
        with redirect_stdout(out):
            call_command("load_register", str(path), "--format", "json", *arguments, stderr=io.StringIO())
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(out.getvalue())


def faults(report: dict) -> list[tuple]:
    """The errors of a report as (file, row, column, code)."""
    return [(error["file"], error["row"], error["column"], error["code"]) for error in report["errors"]]
