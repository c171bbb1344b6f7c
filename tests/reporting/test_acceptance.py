"""The acceptance quarter, tallied by hand: every way out says the same."""

import csv
import io
import json
import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from tests.factories import UserFactory
from tests.register import cases, expected

SNAPSHOTS = tuple(cases()["meta"]["snapshots"].values())

pytestmark = [pytest.mark.usefixtures("acceptance_quarter"), pytest.mark.parametrize("day", SNAPSHOTS, ids=str)]


#: Tables of several rows and one column.
OF_ROWS = (
    "active_by_education", "active_by_target_group", "active_by_unit", "referrals", "duration", "stock", "delivered",
)  # fmt: skip


def flat(tables: dict) -> dict[tuple[str, str, str], float | None]:
    """Tables as (table, row, column) -> value; the side that a table does not have is `total`."""
    cells = {}
    for table, content in tables.items():
        for key, value in content.items():
            if isinstance(value, dict):
                cells |= {(table, key, column): number for column, number in value.items()}
            else:
                cells[(table, key, "total") if table in OF_ROWS else (table, "total", key)] = value
    return cells


@pytest.fixture
def head(client):
    user = UserFactory(role=Role.MANAGER)
    client.force_login(user)
    return client


def test_the_command_says_so_as_json(day, capsys):
    call_command("statistics", "2026Q1", as_of=str(day), format="json")
    said = json.loads(capsys.readouterr().out)
    assert said["tables"] == expected(day)
    assert said["period"] == {"name": "2026Q1", "from": "2026-01-01", "to": "2026-03-31"}
    assert (said["as_of"], said["unit"], said["published"]) == (str(day), None, False)


def test_the_command_says_so_as_csv(day, capsys):
    call_command("statistics", "2026Q1", as_of=str(day), format="csv")
    text = capsys.readouterr().out
    assert text.startswith("\ufefftable;row;column;value\r\n")
    assert read_csv(text) == flat(expected(day))


def read_csv(text: str) -> dict:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    return {
        (row["table"], row["row"], row["column"]): float(row["value"].replace(",", ".")) if row["value"] else None
        for row in rows
    }


def test_the_unit_s_own_figures_are_the_same_when_it_is_the_only_one(day, capsys, acceptance_quarter):
    call_command("statistics", "2026Q1", as_of=str(day), unit=acceptance_quarter.code, format="json")
    said = json.loads(capsys.readouterr().out)
    assert said["tables"] == expected(day)
    assert said["unit"] == acceptance_quarter.code


def test_the_page_shows_them(day, head):
    page = head.get(reverse("reporting:figures"), {"period": "2026Q1", "as_of": str(day)})
    html = page.content.decode().replace("&nbsp;", "\xa0")
    shown = {}
    for block in (block for section in page.context["shown"].sections for block in section.blocks):
        shown[block.key] = [[number(cell.text) for cell in line.cells] for line in block.lines]
        assert all(cell.text in html for line in block.lines for cell in line.cells)
    wanted = lines_of(expected(day))
    assert shown == wanted | {
        "active": [wanted["active"][0], wanted.pop("new")[0]],
        "closed": [wanted["closed"][0], wanted.pop("share_ab")[0], wanted.pop("median_days")[0]],
    }


#: Tables of one line, whose columns stand under each other.
DOWNWARDS = ("revolving", "followups", "coverage", "aftercare_90")
BY_GENDER = ("active", "new", "closed", "share_ab", "median_days", "certificates")


def lines_of(tables: dict) -> dict[str, list[list[float]]]:
    """The tables as lines of numbers, as they stand on the page."""
    lines = {}
    for key, content in tables.items():
        values = [list(value.values()) if isinstance(value, dict) else [value] for value in content.values()]
        lines[key] = [list(content.values())] if key in BY_GENDER else values
    return lines


def number(text: str) -> float:
    return float(re.sub(r"[^0-9,]", "", text).replace(",", "."))


def test_the_csv_file_has_them(day, head):
    response = head.get(reverse("reporting:csv"), {"period": "2026Q1", "as_of": str(day)})
    assert read_csv(response.content.decode()) == flat(expected(day))


def test_the_workbook_has_them_as_numbers(day, head):
    response = head.get(reverse("reporting:xlsx"), {"period": "2026Q1", "as_of": str(day)})
    sheets = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets
    for sheet, (key, content) in zip(sheets[:-1], expected(day).items(), strict=True):
        rows = [list(row) for row in sheet.iter_rows(min_row=2, min_col=2, values_only=True)]
        assert rows == ([list(content.values())] if key in DOWNWARDS else lines_of({key: content})[key])
        assert all(isinstance(value, int | float | Decimal) for row in rows for value in row)
