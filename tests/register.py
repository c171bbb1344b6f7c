"""The acceptance quarter as a register: tests/acceptance/cases.yaml, written out in the public register format.

The cases use older Swedish codes; here they become the register's. Persons without a story get an invented name.
"""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import yaml

from vocabulary.codes import Education, TargetGroup

CASES = Path(__file__).parent / "acceptance" / "cases.yaml"

UNIT = "AME"
GENDERS = {"K": "woman", "M": "man"}
COLUMNS = {"K": "women", "M": "men", "T": "total"}
SOURCES = {
    "arbetsformedlingen": "employment_service",
    "socialtjanst": "social_services",
    "forsakringskassan": "insurance_agency",
    "individen": "self",
    "ovrigt": "other",
}
FORMS = {
    "praktik": "internship",
    "sprakpraktik": "language_internship",
    "arbetstraning": "work_training",
    "arbetsmarknadsanstallning": "municipal_employment",
}
PROTECTIONS = {"sekretessmarkering": "secrecy_mark"}
EMPLOYERS = {
    "SERV": ("Serviceförvaltningen", "department"),
    "VOF": ("Vård- och omsorgsförvaltningen", "department"),
    "SKOL": ("Skolförvaltningen", "department"),
    "TEKN": ("Tekniska förvaltningen", "department"),
    "AMF": ("Arbetsmarknadsförvaltningen", "department"),
    "PRIV": ("Bygg & Trä i Björkåkra AB", "private"),
}
WORKPLACES = {
    "SERV": ("Skolkök Ekbacken", "KOK"),
    "VOF": ("Äldreboendet Solgläntan", "VOF"),
    "SKOL": ("Björkskolan", ""),
    "TEKN": ("Parkenheten", ""),
    "AMF": ("Cykelverkstaden", ""),
    "PRIV": ("Brädgården", ""),
}
WOMEN = (
    "Åsa Holm", "Fatuma Ali", "Ebba Öström", "Mariam Khalil", "Kerstin Ågren", "Hana Tesfaye", "Linnéa Berg",
    "Oksana Kovalenko", "Zahra Rahimi", "Ulla Sjögren", "Elin Åkesson", "Rania Nasser", "Birgitta Löf", "Selam Haile",
    "Ida Norén", "Shirin Karimi", "Gunilla Ek", "Nadia Petrović", "Wilma Ström", "Aisha Mohamud", "Christina Öberg",
    "Thi Hoa Nguyễn", "Malin Ås", "Layla Aziz", "Marianne Dahl", "Hodan Yusuf", "Sofia Lindqvist", "Amal Saleh",
    "Eva-Lotta Bäck",
)  # fmt: skip
MEN = (
    "Anders Åberg", "Yusuf Demir", "Lars Östlund", "Mehdi Hosseini", "Elias Wikström", "Tesfay Gebre", "Nils Ödman",
    "Omar Farah", "Göran Lindh", "Viktor Sjö", "Ahmad Darwish", "Björn Hallberg", "Dawit Kebede", "Peter Nyström",
    "Hugo Ärlig", "Karol Łukaszewski", "Mikael Fors", "Abdi Warsame", "Simon Källgren", "Tomas Ring", "Reza Amini",
    "Åke Sandin", "Jamal Haddad", "Isak Grön", "Daniel Öhman", "Said Osman",
)  # fmt: skip


@cache
def cases() -> dict:
    """The acceptance cases as they are written."""
    return yaml.safe_load(CASES.read_text(encoding="utf-8"))


def write_register(folder: Path | str, *, snapshot: dt.date | None = None, without: str = "") -> None:
    """Write the acceptance quarter into `folder` (made if need be) as the CSV files of the register format.

    `snapshot` leaves out what was not known that day: reports filed, certificates issued and aftercare answered
    later. Without it everything is written; the figures' as-of date gives the same answer. `without` leaves out
    everything about the person of a story ("S1").
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    known = (lambda day: day is None or day <= snapshot) if snapshot else (lambda day: True)
    for name, rows in _without(without, _files(known)).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)


def expected(day: dt.date) -> dict:
    """What the figures are on a snapshot day, in the shape of the tables: `{"active": {"women": 26, …}, …}`.

    The cases say nothing of education and target group (nobody's is known) nor of units (there is one).
    """
    name = {meta_day: name for name, meta_day in cases()["meta"]["snapshots"].items()}[day]
    given = cases()[f"expected_{name}"]

    def gendered(cells):
        return {COLUMNS[column]: value for column, value in cells.items()}

    closed = gendered(given["closed"])

    def with_total(cells, order, codes=None):
        """In the order in which the product shows them: sources as in their list, departments by name."""
        whole = cells.get("T", sum(cells.values()))
        return {(codes or {}).get(code, code): cells[code] for code in order if code in cells} | {"total": whole}

    departments = sorted(EMPLOYERS, key=lambda code: (EMPLOYERS[code][1] != "department", EMPLOYERS[code][0]))
    active = gendered(given["active"])
    return {
        "active": active,
        "active_by_age": {row: gendered(cells) for row, cells in given["age_active"].items()} | {"total": active},
        "active_by_education": nobody_s(Education, active["total"]),
        "active_by_target_group": nobody_s(TargetGroup, active["total"]),
        "active_by_unit": {UNIT: active["total"], "total": active["total"]},
        "new": gendered(given["new"]),
        "referrals": with_total(given["referrals"], SOURCES, SOURCES),
        "revolving": {"total": len(given["revolving_door_flags"])},
        "closed": closed,
        "share_ab": gendered(given["share_AB"]),
        "median_days": gendered(given["median_days"]),
        "results": {row: gendered(cells) for row, cells in given["results"].items()} | {"total": closed},
        "duration": with_total(given["duration_bands"], given["duration_bands"]),
        "stock": with_total(given["active_placements"], departments, {"PRIV": "private"}),
        "delivered": with_total(given["delivered_employments"], departments),
        "fte": {
            "total" if code == "T" else code: {
                "days": given["fte_days"][code],
                "quarter": given["fte_quarter"][code],
                "year": given["fte_year_share"][code],
            }
            for code in (*departments, "T")
            if code in given["fte_days"]
        },
        "followups": given["followups"],
        "certificates": gendered(given["certificates_issued"]),
        "coverage": given["certificate_coverage"],
        "aftercare_90": given["aftercare_90"],
    }


def nobody_s(choices, number: int) -> dict:
    """A table of a list of which nothing is registered for anybody."""
    return dict.fromkeys(choices.values, 0) | {"unknown": number, "total": number}


def _files(known) -> dict[str, list[dict]]:
    enrolments = _enrolments()
    return {
        "units": [{"unit": UNIT, "name": "Arbetsmarknadsenheten", "legal_basis": "labour_market"}],
        "employers": [{"employer": code, "name": name, "kind": kind} for code, (name, kind) in EMPLOYERS.items()],
        "workplaces": [
            {"workplace": code, "employer": code, "name": name, "occupational_area": area}
            for code, (name, area) in WORKPLACES.items()
        ],
        "participants": _participants(),
        "referrals": [
            {
                "referral": f"R{number:02}",
                "participant": person or "",
                "unit": UNIT,
                "source": SOURCES[source],
                "received": received,
                "decision": decision,
            }
            for number, (person, source, received, decision) in enumerate(cases()["referrals"], start=1)
        ],
        "enrolments": enrolments,
        "placements": _placements(),
        "followups": _followups(known),
        "certificates": [
            {"certificate": key, "placement": placement, "version": version, "issued": issued}
            for key, placement, version, issued in cases()["certificates"]
            if known(issued)
        ],
        "aftercare": _aftercare(enrolments, known),
    }


def _without(person: str, files: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """The files without what is about the person: by their key, and what hangs on their enrolments and placements."""
    of = ("participant", "enrolment", "placement")
    gone = {row[key] for rows in files.values() for row in rows if person and row.get("participant") == person
            for key in of if row.get(key)}  # fmt: skip
    return {name: [row for row in rows if not gone & {row.get(key) for key in of}] for name, rows in files.items()}


def _participants() -> list[dict]:
    stories = {story["id"]: story["person"] for story in cases()["narratives"]}
    names = {"K": iter(WOMEN), "M": iter(MEN)}
    rows = {}
    for key, gender, birth_year, *_ in cases()["enrolments"]:
        if key in rows:
            continue
        story = stories.get(key, {})
        given, _, family = (story.get("name") or next(names[gender])).rpartition(" ")
        rows[key] = {
            "participant": key,
            "identity_number": story.get("personnummer", ""),
            "birth_date": "" if story else dt.date(birth_year, 6, 15),
            "gender": GENDERS[gender],
            "given_name": given,
            "family_name": family,
            "protection": PROTECTIONS.get(story.get("protection"), "none"),
        }
    return list(rows.values())


def _enrolments() -> list[dict]:
    rows = []
    seen: dict[str, int] = {}
    for person, _gender, _year, start, end, reason, detail in cases()["enrolments"]:
        seen[person] = seen.get(person, 0) + 1
        rows.append(
            {
                "enrolment": f"{person}-{seen[person]}",
                "participant": person,
                "unit": UNIT,
                "start": start,
                "end": end or "",
                "closure_reason": reason or "",
                "job_start": detail.get("s") or "",
                "job_end": detail.get("e") or "",
                "job_form": detail.get("t") or "",
                "study_aid": {True: "yes", False: "no", None: ""}[detail.get("csn")],
            }
        )
    return rows


def _placements() -> list[dict]:
    consulted = {
        event["date"]: event["union_consultation_done"]
        for story in cases()["narratives"]
        for event in story["story"]
        if "union_consultation_done" in event
    }
    employments = [
        [key, person, "arbetsmarknadsanstallning", employer, start, end, grade]
        for key, person, employer, start, end, grade in cases()["employments"]
    ]
    return [
        {
            "placement": key,
            "participant": person,
            "workplace": employer,
            "form": FORMS[form],
            "start": start,
            "end": end,
            "grade": grade or "",
            "purpose": "Prova och stärka det som behövs för ett arbete",
            "union_consulted": consulted.get(start, "") if key == "E01" else "",
        }
        for key, person, form, employer, start, end, grade in (
            employments + [[*row, None] for row in cases()["placements"]]
        )
    ]


def _followups(known) -> list[dict]:
    employment = {person: key for key, person, *_ in cases()["employments"]}
    internship = {person: key for key, person, *_ in cases()["placements"]}
    rows = []
    for number, (person, kind, due, filed) in enumerate(cases()["followups"], start=1):
        of_kind = {"employment": employment, "three": internship}.get(kind.partition("_")[0], {})
        rows.append(
            {
                "followup": f"U{number:02}",
                "participant": person,
                "placement": of_kind.get(person, ""),
                "kind": kind,
                "due": due,
                "filed": filed if filed and known(filed) else "",
            }
        )
    return rows


def _aftercare(enrolments: list[dict], known) -> list[dict]:
    """The cases tell the answer, not its day: it is asked for on the ninetieth day after the closure."""
    last = {row["participant"]: row for row in enrolments}
    rows = []
    for person, status in cases()["aftercare"]:
        checked = last[person]["end"] + dt.timedelta(days=90)
        if known(checked):
            rows.append(
                {"enrolment": last[person]["enrolment"], "days_after": 90, "status": status, "checked": checked}
            )
    return rows
