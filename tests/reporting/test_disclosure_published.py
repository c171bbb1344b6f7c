"""The acceptance quarter as it may be published, through the front door."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import call_command

from accounts.models import MunicipalSetting
from delivery.sheets.delimited import BYTE_ORDER_MARK
from reporting.disclosure import Reason, of_answer
from reporting.engine import answer
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.periods import Period
from reporting.question import Question
from tests.register import COLUMNS, SOURCES, cases, expected

SNAPSHOTS = ("preliminary", "final")

#: The cases' names of published tables, and the contract's.
LISTED = {
    "referrals": "referrals",
    "active_placements": "stock",
    "delivered_employments": "delivered",
    "duration_bands": "duration",
    "share_AB": "share_ab",
    "certificates_issued": "certificates",
    "aftercare_90": "aftercare_90",
    "results_by_gender": "results",
    "age_by_gender": "active_by_age",
}

pytestmark = pytest.mark.usefixtures("acceptance_quarter")


def said(capsys, *arguments: str, **options) -> str:
    capsys.readouterr()
    call_command("statistics", "2026Q1", *arguments, **options)
    return capsys.readouterr().out


def flat(table: dict) -> dict:
    """`{"A": {"women": 5}}` as `{("A", "women"): 5}`, `{"women": 5}` as `{("women",): 5}`."""
    rows = ((row, value if isinstance(value, dict) else {"": value}) for row, value in table.items())
    return {(row, *([column] if column else [])): value for row, cells in rows for column, value in cells.items()}


def hidden(cells: dict) -> list:
    return [name for name, value in cells.items() if value == ".."]


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_the_command_hides_no_more_than_the_listed_tables_and_shows_nothing_else(snapshot, capsys):
    day = cases()["meta"]["snapshots"][snapshot]
    answer = json.loads(said(capsys, "--published", as_of=str(day), format="json"))
    assert answer["published"] is True
    internal = expected(day)
    assert answer["tables"].keys() == internal.keys()
    for key, table in answer["tables"].items():
        shown = {name: value for name, value in flat(table).items() if value != ".."}
        assert shown.items() <= flat(internal[key]).items()
        assert flat(table).keys() == flat(internal[key]).keys()
    for name, listed in cases()[f"expected_{snapshot}"]["published"].items():
        assert len(hidden(answer_of(answer, name, listed))) == len(hidden(listed)), name


def answer_of(answer: dict, name: str, listed: dict) -> dict:
    """The cells of the answer that the listed table has."""
    table = flat(answer["tables"][LISTED[name]])
    codes = COLUMNS | SOURCES | {"PRIV": "private"}
    if name == "aftercare_90":
        codes |= {"T": "due"}
    return {cell: table[tuple(codes.get(part, part) for part in cell.split("."))] for cell in listed}


def test_each_figure_is_hidden_by_the_rule_for_what_it_tells_about(capsys):
    tables = json.loads(said(capsys, "--published", as_of="2026-04-15", format="json"))["tables"]
    # The work: shown as it is.
    assert not hidden(tables["followups"])
    assert not hidden(tables["coverage"])
    # Full-time equivalents: hidden where few employments lie behind, in every unit of measure.
    fte = tables["fte"]
    assert {code for code, values in fte.items() if hidden(values)} == {"SKOL", "TEKN"}
    assert all(len(hidden(values)) in (0, len(values)) for values in fte.values())
    # Five of eight are in work or studies, two are not: all three answers are hidden, and the shares with them.
    assert tables["aftercare_90"].pop("due") == 8
    assert set(tables["aftercare_90"].values()) == {".."}


def test_the_files_and_the_terminal_show_two_dots(capsys):
    file = said(capsys, "--published", as_of="2026-04-15", format="csv").removeprefix(BYTE_ORDER_MARK)
    rows = csv.DictReader(io.StringIO(file), delimiter=";")
    values = {(row["table"], row["row"], row["column"]): row["value"] for row in rows}
    assert values["results", "B", "women"] == ".."
    assert values["share_ab", "total", "women"] == ".."
    assert values["share_ab", "total", "total"] == "64,3"
    text = said(capsys, "--published", as_of="2026-04-15")
    assert ".." in text
    assert "..\N{NO-BREAK SPACE}%" not in text


def test_the_municipality_sets_what_is_small(capsys):
    assert hidden(json.loads(said(capsys, "--published", format="json"))["tables"]["certificates"])
    MunicipalSetting.objects.create(key=DISCLOSURE_THRESHOLD.key, value=3)
    assert not hidden(json.loads(said(capsys, "--published", format="json"))["tables"]["certificates"])


def test_every_hidden_value_has_a_reason_for_those_who_may_see_it():
    question = Question(Period.parse("2026Q1"), dt.date(2026, 4, 15))
    shown, reasons = of_answer.controlled(answer(question), 5)
    hidden_values = {
        (table.key, *crossing)
        for table in shown.tables.values()
        for crossing, value in table.values.items()
        if value == ".."
    }
    assert reasons.keys() == hidden_values
    internal = answer(question).tables
    for (table, row, column), reason in reasons.items():
        if reason == Reason.SMALL and table != "fte":
            assert 1 <= internal[table].value(row, column) <= 4
    assert reasons["results", "B", "women"] == Reason.PROTECTS
    assert reasons["share_ab", "total", "women"] == Reason.DERIVED
    assert Reason.SMALL in reasons.values()
