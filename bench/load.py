"""How long a big register takes to load, and how much memory: `python bench/load.py [--participants 200000]`.

Writes an invented register (1.5 enrolments, 1.2 placements and 1.8 follow-ups a participant), loads it with
`manage.py load_register` into an empty database of its own, and prints seconds, rows a second and the largest memory
of the process; then the same load again, which must find everything unchanged.
"""

import argparse
import csv
import datetime as dt
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, ROOT / "manage.py"]
GIVEN = (
    "Åsa", "Amina", "Björn", "Carl", "Dawit", "Elif", "Fatima", "Gunnar", "Hodan",
    "Ingrid", "Jamal", "Karin", "Leila", "Mehdi", "Nadia", "Omar", "Örjan",
)  # fmt: skip
FAMILY = (
    "Andersson", "Öberg", "Ali", "Haddad", "Lindqvist", "Nguyen", "Sjögren",
    "Warsame", "Åkesson", "Yılmaz", "Kovalenko", "Ek", "Petrović",
)  # fmt: skip


def control_digit(nine: str) -> str:
    total = 0
    for place, digit in enumerate(nine):
        doubled = int(digit) * (2 - place % 2)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def identity_number(number: int) -> str:
    """A different number for each, of the coordination kind (day + 60)."""
    born = dt.date(1955, 1, 1) + dt.timedelta(days=number % 18_000)
    nine = f"{born:%y%m}{born.day + 60:02}{number // 18_000 + 101:03}"
    return f"{born:%Y%m}{nine[4:]}{control_digit(nine)}"


def write_register(folder: Path, participants: int, seed: int = 1) -> int:
    """Write the register; returns its number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    today = dt.date.today()
    count = 0

    def file(name: str, header: str):
        nonlocal count
        writer = csv.writer((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""), delimiter=";")
        writer.writerow(header.split())

        def row(*cells):
            nonlocal count
            count += 1
            writer.writerow(cells)

        return row

    unit = file("units", "unit name legal_basis")
    for number in range(8):
        unit(f"U{number}", f"Jobbcenter {number}", "labour_market" if number % 2 else "social_services")
    employer = file("employers", "employer name kind")
    workplace = file("workplaces", "workplace employer name occupational_area")
    for number in range(40):
        employer(f"E{number}", f"Arbetsgivare {number}", ("department", "private", "civil_society")[number % 3])
        for place in range(10):
            workplace(f"W{number}-{place}", f"E{number}", f"Arbetsplats {number}-{place}", "KOK")
    person = file("participants", "participant identity_number given_name family_name education phone city")
    enrolment = file(
        "enrolments", "enrolment participant unit case_number target_group start end closure_reason study_aid"
    )
    placement = file("placements", "placement participant workplace form start end grade purpose")
    followup = file("followups", "followup participant placement kind due filed")
    for n in range(participants):
        key = f"P{n}"
        person(
            key, identity_number(n), chance.choice(GIVEN), f"{chance.choice(FAMILY)} {chance.choice(FAMILY)}",
            "primary", f"070-{n:07}", "Björkåkra",
        )  # fmt: skip
        start = today - dt.timedelta(days=chance.randrange(400, 1500))
        end = start + dt.timedelta(days=chance.randrange(60, 300))
        unit_key = f"U{n % 8}"
        enrolment(f"N{n}", key, unit_key, f"AME-{n}", "income_support", start, end, "studies", "yes")
        if n % 2:
            enrolment(f"M{n}", key, unit_key, "", "preventive", end + dt.timedelta(days=30), "", "", "")
        if n % 5:
            first = start + dt.timedelta(days=10)
            placement(f"A{n}", key, f"W{n % 40}-{n % 10}", "internship", first, end, "", "Pröva på yrket")
            followup(f"F{n}", key, f"A{n}", "placement_mid", first + dt.timedelta(days=20), first)
            if n % 2:
                later = end + dt.timedelta(days=40)
                placement(
                    f"B{n}", key, f"W{n % 40}-{n % 7}", "municipal_employment", later, "", "0,75", "Arbeta i köket"
                )  # fmt: skip
                followup(f"G{n}", key, f"B{n}", "employment_1_month", later + dt.timedelta(days=30), "")
        if n % 5 < 3:
            followup(f"H{n}", key, "", "plan_review", start + dt.timedelta(days=50), start + dt.timedelta(days=49))
    return count


def run(label: str, rows: int, folder: Path) -> None:
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = subprocess.run([*MANAGE, "load_register", folder, "--format", "json"], capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    counts = json.loads(done.stdout)["files"].values()
    memory = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(
        f"{label}: {rows} rows in {seconds:.1f} s, {rows / seconds:.0f} rows/s, at most {memory:.0f} MB; "
        + ", ".join(f"{sum(file[what] for file in counts)} {what}" for what in ("created", "updated", "unchanged"))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--participants", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/jobbspar-bench"))
    arguments = parser.parse_args()
    data = arguments.folder / "data"
    shutil.rmtree(data, ignore_errors=True)
    os.environ["JOBBSPAR_DATA"] = str(data)
    rows = write_register(arguments.folder / "register", arguments.participants)
    subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], check=True)
    run("first load", rows, arguments.folder / "register")
    run("again", rows, arguments.folder / "register")
    shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
