"""Whole reports for disclosure control: the acceptance quarter, and random ones that hang together like real ones."""

from collections import Counter
from random import Random

from reporting.disclosure import Draft
from reporting.disclosure.model import CellId, Median, Publication, Share
from reporting.disclosure.tables import TOTAL, Crossing
from tests.register import COLUMNS, cases


def one_way(name: str, counts: dict[str, int]) -> tuple[Publication, dict[str, CellId]]:
    """A table of one column, its total added; and the names of its cells by row."""
    draft = Draft()
    names = draft.table(name, with_totals({(row, TOTAL): number for row, number in counts.items()}, columns=False))
    return draft.publication(), {row: cell for (row, _column), cell in names.items()}


def two_way(name: str, counts: dict[Crossing, int]) -> Publication:
    draft = Draft()
    draft.table(name, with_totals(counts))
    return draft.publication()


def with_totals(counts: dict[Crossing, int], *, columns: bool = True) -> dict[Crossing, int]:
    """The counts with the total column (last) and the total row (last)."""
    rows = dict.fromkeys(row for row, _column in counts)
    heads = dict.fromkeys(column for _row, column in counts)
    full = {}
    for row in rows:
        full |= {(row, head): counts.get((row, head), 0) for head in heads}
        if columns:
            full[row, TOTAL] = sum(counts.get((row, head), 0) for head in heads)
    for head in (*heads, *((TOTAL,) if columns else ())):
        full[TOTAL, head] = sum(full[row, head] for row in rows)
    return full


def units(random: Random, persons: int) -> Publication:
    """Participants by unit and gender; some are in several units."""
    people = [
        (random.choice(["women", "women", "men"]), set(random.choices("ABC", k=random.choice([1, 1, 2, 3]))))
        for _each in range(persons)
    ]
    values = {}
    for unit in (*"ABC", TOTAL):
        present = Counter(gender for gender, inside in people if unit in inside or unit == TOTAL)
        values |= {(unit, gender): present[gender] for gender in ("women", "men")}
        values[unit, TOTAL] = present.total()
    draft = Draft()
    draft.table("units", values, exact_rows=False)
    return draft.publication()


# --- the acceptance quarter ---


def acceptance(snapshot: str) -> tuple[Publication, dict[str, dict[str, CellId]]]:
    """All tables of the quarter that the cases list as published, linked; and their cells by the cases' own names."""
    said = cases()[f"expected_{snapshot}"]
    draft = Draft()
    active = draft.table("active", {(TOTAL, COLUMNS[each]): number for each, number in said["active"].items()})
    draft.table("new", {(TOTAL, COLUMNS[each]): number for each, number in said["new"].items()})
    closed = draft.table("closed", {(TOTAL, COLUMNS[each]): number for each, number in said["closed"].items()})
    tables = {
        "age_by_gender": _by_gender(draft, "active_by_age", said["age_active"], active),
        "results_by_gender": _by_gender(draft, "results", said["results"], closed),
        "duration_bands": _by_row(draft, "duration", said["duration_bands"], closed[TOTAL, TOTAL]),
        "referrals": _by_row(draft, "referrals", said["referrals"]),
        "active_placements": _by_row(draft, "stock", said["active_placements"]),
        "delivered_employments": _by_row(draft, "delivered", said["delivered_employments"]),
    }
    certificates = draft.table(
        "certificates", {(TOTAL, COLUMNS[each]): number for each, number in said["certificates_issued"].items()}
    )
    tables["certificates_issued"] = {each: certificates[TOTAL, COLUMNS[each]] for each in COLUMNS}
    answers = ("work_or_studies", "neither", "not_reached")
    tables["aftercare_90"] = _by_row(draft, "aftercare_90", {each: said["aftercare_90"][each] for each in answers})
    tables["share_AB"] = {each: f"share_ab/{each}" for each in COLUMNS}
    cells = tables["results_by_gender"]
    for each, share in tables["share_AB"].items():
        draft.shares.append(_share(draft, share, [cells[f"A.{each}"], cells[f"B.{each}"]], cells[f"T.{each}"]))
        draft.medians.append(Median(f"median_days/{each}", cells[f"T.{each}"]))
    return draft.publication(), tables


def _by_gender(draft: Draft, name: str, said: dict, margin: dict[Crossing, CellId]) -> dict[str, CellId]:
    values = {(row, COLUMNS[each]): number for row, numbers in said.items() for each, number in numbers.items()}
    values |= {(TOTAL, column): draft.cells[cell].value for (_row, column), cell in margin.items()}
    cells = draft.table(name, values, same=margin)
    return {f"{row}.{each}": cells[row, COLUMNS[each]] for row in said for each in COLUMNS} | {
        f"T.{each}": cells[TOTAL, COLUMNS[each]] for each in COLUMNS
    }


def _by_row(draft: Draft, name: str, said: dict[str, int], total: CellId | None = None) -> dict[str, CellId]:
    counts = {row: number for row, number in said.items() if row != "T"}
    values = {(row, TOTAL): number for row, number in (counts | {TOTAL: sum(counts.values())}).items()}
    cells = draft.table(name, values, same={(TOTAL, TOTAL): total} if total else None)
    return {"T" if row == TOTAL else row: cell for (row, _column), cell in cells.items()}


# --- random reports ---


def report(random: Random, persons: int) -> Publication:
    """A quarter's linked tables about so many participants, of whom some are closed, some have an unknown gender."""
    draft = Draft()
    people = [_person(random, units=random.choice([1, 3, 5])) for _each in range(persons)]
    tables_of(draft, "", people)
    _apart(draft, random, "referrals", ["socialtjanst", "af", "individen", "fk", "ovrigt"], persons)
    _apart(draft, random, "stock", ["SERV", "VOF", "SKOL", "TEKN", "private"], persons)
    _apart(draft, random, "delivered", ["SERV", "VOF", "SKOL", "TEKN"], persons)
    _apart(draft, random, "aftercare_90", ["work_or_studies", "neither", "not_reached"], persons)
    return draft.publication()


def year(random: Random, persons: int) -> Publication:
    """Four quarters and their year in one publication; a participant is active, and closed, in some of them."""
    draft = Draft()
    people = [_person(random) for _each in range(persons)]
    for person in people:
        first = random.randrange(4)
        person["quarters"] = set(range(first, random.randrange(first, 4) + 1))
    names = [tables_of(draft, "2026/", people)]
    for quarter in range(4):
        present = [each | {"closed": each["closed"] and quarter == max(each["quarters"])} for each in people]
        names.append(
            tables_of(draft, f"2026Q{quarter + 1}/", [each for each in present if quarter in each["quarters"]])
        )
    for table, crossings in names[0].items():
        for crossing, whole in crossings.items():
            parts = [each[table][crossing] for each in names[1:] if crossing in each[table]]
            # Nobody is closed twice here, so closures add up; somebody active in two quarters counts in both.
            draft.line(whole, parts, table=table, exact=table in ("closed", "results", "duration"))
    return draft.publication()


def tables_of(draft: Draft, prefix: str, people: list[dict]) -> dict[str, dict[Crossing, CellId]]:
    """The tables about participants, with the links between them."""
    closed = [each for each in people if each["closed"]]
    names = {
        "active": draft.table(f"{prefix}active", _count(people, None)),
        "closed": draft.table(f"{prefix}closed", _count(closed, None)),
    }
    total = names["active"][TOTAL, TOTAL]
    for table, rows, kept in (
        ("active_by_age", "age", True),
        ("active_by_education", "education", False),
        ("active_by_target_group", "group", False),
    ):
        values = _count(people, rows)
        same = _margin(names["active"])
        if not kept:
            values = {crossing: number for crossing, number in values.items() if crossing[1] == TOTAL}
            same = {(TOTAL, TOTAL): total}
        names[table] = draft.table(f"{prefix}{table}", values, same=same)
    units = Counter(unit for person in people for unit in person["units"])
    names["active_by_unit"] = draft.table(
        f"{prefix}active_by_unit",
        {**{(unit, TOTAL): number for unit, number in sorted(units.items())}, (TOTAL, TOTAL): len(people)},
        same={(TOTAL, TOTAL): total},
        exact_rows=False,
    )
    names["results"] = draft.table(f"{prefix}results", _count(closed, "result"), same=_margin(names["closed"]))
    durations = {crossing: number for crossing, number in _count(closed, "duration").items() if crossing[1] == TOTAL}
    names["duration"] = draft.table(
        f"{prefix}duration", durations, same={(TOTAL, TOTAL): names["closed"][TOTAL, TOTAL]}
    )
    results = names["results"]
    for _row, gender in names["closed"]:
        parts = [results[row, gender] for row in "AB" if (row, gender) in results]
        draft.shares.append(_share(draft, f"{prefix}share_ab/{gender}", parts, names["closed"][TOTAL, gender]))
    return names


ROWS = {
    "age": ["le24", "ge25"],
    "education": ["none", "primary", "secondary", "tertiary", "unknown"],
    "group": ["ekonomiskt_bistand", "kaa", "lss", "nyanlanda", "unknown"],
    "result": ["A", "B", "C", "D", "E", "pending"],
    "duration": ["m0_6", "m6_12", "m12_24", "m24_"],
}


def _person(random: Random, units: int = 3) -> dict:
    """Somebody; the first categories are the common ones."""
    found = {side: random.choices(rows, range(len(rows), 0, -1))[0] for side, rows in ROWS.items()}
    found["gender"] = random.choices(["women", "men", "unknown"], [50, 45, 2])[0]
    found["closed"] = random.random() < 0.55
    found["units"] = {f"U{random.randrange(units)}" for _each in range(random.choice([1, 1, 1, 1, 2]))}
    return found


def _count(people: list[dict], side: str | None) -> dict[Crossing, int]:
    """How many by `side` and gender; the column for an unknown gender only where somebody stands in it."""
    known = ["women", "men"] + ["unknown"] * any(each["gender"] == "unknown" for each in people)
    counted = Counter((each[side] if side else TOTAL, each["gender"]) for each in people)
    rows = ROWS[side] if side else [TOTAL]
    counts = {(row, gender): counted[row, gender] for row in rows for gender in known}
    return with_totals(counts) if side else counts | {(TOTAL, TOTAL): len(people)}


def _share(draft: Draft, name: CellId, parts: list[CellId], group: CellId) -> Share:
    part = sum(draft.cells[each].value for each in parts)
    return Share(name, (*parts, group), part, draft.cells[group].value)


def _margin(names: dict[Crossing, CellId]) -> dict[Crossing, CellId]:
    return {(TOTAL, column): cell for (_row, column), cell in names.items()}


def _apart(draft: Draft, random: Random, name: str, rows: list[str], persons: int) -> None:
    """A table that is linked to no other."""
    counted = Counter(random.choices(rows, range(len(rows), 0, -1), k=random.randint(0, persons // 2)))
    draft.table(name, {**{(row, TOTAL): counted[row] for row in rows}, (TOTAL, TOTAL): counted.total()})
