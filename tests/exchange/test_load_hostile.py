"""Files that nobody should send: always an error for people, never a stack trace, never much memory."""

import datetime as dt
import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from participants.models import Participant
from placements.models import GradeTerm
from tests.exchange.registers import base, faults, load, write

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
HEADER = b"unit;name;legal_basis\n"


def load_bytes(tmp_path, content: bytes, name="units.csv"):
    (tmp_path / name).write_bytes(content)
    return load(tmp_path)


@pytest.mark.parametrize(
    ("content", "row", "column", "code"),
    [
        (HEADER + "JC;Åsa;labour_market\n".encode("latin-1"), 2, "", "control_character"),
        ("unit;name;legal_basis\nJC;Å;labour_market\n".encode("utf-16"), 1, "", "control_character"),
        (HEADER + b"JC;a\x00b;labour_market\n", 2, "name", "control_character"),
        (HEADER + b'JC;"a;labour_market\n', 2, "", "control_character"),
        (HEADER + b'JC;"a"b;labour_market\n', 2, "", "control_character"),
        (HEADER + b"JC;a;labour_market;more\n", 2, "", "unknown_column"),
        (HEADER + b"JC;a\n", 2, "", "missing"),
        (b"unit;name;name;legal_basis\n", 1, "name", "duplicate_column"),
        (b"unit;name;legal_basis;\n", 1, "", "unknown_column"),
        (b"name;legal_basis\nJC;labour_market\n", 1, "unit", "missing"),
        (b"", 1, "", "missing"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_right_is_told_by_its_row(tmp_path, content, row, column, code):
    status, report = load_bytes(tmp_path, content)
    assert (status, report["stored"]) == (1, False)
    assert faults(report)[:1] == [("units.csv", row, column, code)]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + "JC;Å;labour_market\r\n".encode(),
        b"unit,name,legal_basis\r\nJC,\"a, b\",labour_market\r\n",
        HEADER + b"\n\nJC;a;labour_market\n;;\n\n",
        HEADER + b"JC;a;labour_market",
    ],
)  # fmt: skip
def test_ordinary_spellings_are_read(tmp_path, content):
    status, report = load_bytes(tmp_path, content)
    assert (status, report["files"]["units.csv"]["created"]) == (0, 1)


def test_a_header_alone_is_an_empty_file(tmp_path):
    assert load_bytes(tmp_path, HEADER)[1]["files"]["units.csv"] == {
        "rows": 0, "created": 0, "updated": 0, "unchanged": 0,
    }  # fmt: skip


def test_a_line_break_inside_quotation_marks_makes_no_new_row(tmp_path):
    register = base()
    register["placements"][0]["purpose"] = "ett\r\ntvå\ntre"
    register["placements"][1]["start"] = "x"
    assert faults(load(write(tmp_path, register))[1]) == [("placements.csv", 3, "start", "bad_date")]
    # An empty line is a row of the sheet, too.
    _status, report = load_bytes(tmp_path, HEADER + b"\nJC;;labour_market\n")
    assert ("units.csv", 3, "name", "missing") in faults(report)


def test_a_line_of_100_mb_is_refused_in_little_memory(tmp_path):
    with (tmp_path / "units.csv").open("wb") as file:
        file.write(HEADER + b"JC;")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, report = load(tmp_path)
    assert (status, faults(report)) == (1, [("units.csv", 2, "", "too_long")])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_a_row_that_never_ends_is_refused(tmp_path):
    with (tmp_path / "units.csv").open("wb") as file:
        file.write(HEADER)
        for _ in range(200_000):
            file.write(b'"a\n";')
    assert faults(load(tmp_path)[1]) == [("units.csv", 2, "", "too_long")]


def test_an_unknown_file_must_not_lose_data(tmp_path):
    write(tmp_path, base())
    (tmp_path / "particpants.csv").write_text("participant\nP1\n")
    (tmp_path / "notes.txt").write_text("not a register file")
    status, report = load(tmp_path)
    assert (status, faults(report)) == (1, [("particpants.csv", 1, "", "unknown_column")])


@pytest.mark.parametrize("make", ["nothing", "empty folder", "no known file", "text", "cut off"])
def test_what_cannot_be_read_at_all_ends_with_2(tmp_path, make):
    path = tmp_path / "register"
    if make == "empty folder":
        path.mkdir()
    elif make == "no known file":
        path.mkdir()
        (path / "people.csv").write_text("a;b\n")
    elif make == "text":
        path.write_text("unit;name\n")
    elif make == "cut off":
        book = openpyxl.Workbook()
        book.active.title = "units"
        book.save(path)
        path.write_bytes(path.read_bytes()[:-200])
    status, report = load(path)
    assert (status, report["stored"], report["files"]) == (2, False, {})
    assert report["unreadable"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = tmp_path / "register.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    assert load(bomb)[0] == 2


def workbook(path: Path, **sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_numbers_and_dates(tmp_path):
    sheets = {name: [list(rows[0]), *(list(row.values()) for row in rows)] for name, rows in base().items()}
    sheets["participants"][1][1] = 199203142386
    sheets["participants"][2][2] = dt.date(1987, 4, 30)
    grade = sheets["placements"][0].index("grade")
    sheets["placements"][1][grade] = 0.75
    status, report = load(workbook(tmp_path / "register.xlsx", **sheets))
    assert (status, faults(report)) == (0, [])
    assert Participant.objects.get(given_name="Amina").identity_number == "199203142386"
    assert Participant.objects.get(given_name="Jonas").birth_date == dt.date(1987, 4, 30)
    assert str(GradeTerm.objects.get().grade) == "0.7500"


def test_formulas_and_unknown_sheets_are_errors(tmp_path):
    path = workbook(
        tmp_path / "register.xlsx",
        units=[
            ["unit", "name", "legal_basis"],
            ["JC", '=HYPERLINK("x")', "labour_market"],
            [None],
            ["B", "#REF!", 1],
        ],
        Blad1=[["something"]],
    )
    assert set(faults(load(path)[1])) == {
        ("Blad1", 1, "", "unknown_column"),
        ("units.csv", 2, "name", "condition"),
        ("units.csv", 4, "name", "condition"),
        ("units.csv", 4, "legal_basis", "bad_code"),
    }


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_real_command_writes_json_and_nothing_else(tmp_path):
    """In a process of its own: exit status, standard output, and no trace of the numbers in what it logs."""
    register = base()
    register["participants"][0]["identity_number"] = "19920314-2387"
    write(tmp_path / "register", register)

    def run(path, *arguments):
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", "load_register", path, "--format", "json", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "LOG_LEVEL": "DEBUG", "DATABASE_URL": this_database()},
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout), done.stderr

    status, report, said = run(tmp_path / "register")
    assert (status, faults(report)) == (1, [("participants.csv", 2, "identity_number", "checksum")])
    assert "2387" not in said + str(report)
    status, report, said = run(tmp_path / "gone")
    assert (status, report["stored"]) == (2, False)
    assert "Traceback" not in said
    status, report, said = run(write(tmp_path / "register", base()))
    assert (status, report["stored"]) == (0, True)
    assert "199203142386" not in said


def this_database() -> str:
    """The address of the test database, for another process."""
    parameters = connection.get_connection_params()
    return f"postgres://{parameters['user']}@/{parameters['host']}/{parameters['dbname']}"
