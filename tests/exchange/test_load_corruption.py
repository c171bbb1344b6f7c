"""Anything broken anywhere: each corruption of a right register gives an error, and nothing is stored."""

import random

import pytest

from exchange.models import RegisterKey
from exchange.register.columns import BY_NAME, Kind
from participants.models import Participant
from tests.exchange.registers import base, load, write

BAD = {
    Kind.CODE: ["nothing", "Work", "wörk", "-"],
    Kind.DATE: ["2024-13-01", "2024-02-30", "24-01-01", "01/02/2024", "2024-01-01 00:00", "idag", "0"],
    Kind.REFERENCE: ["unknown", "P1 P2", "p1"],
    Kind.GRADE: ["0", "-0.5", "1,01", "halv", "1e-1", "inf", "0.5.5"],
    Kind.VERSION: ["0", "-1", "1.0", "ett", "99999999"],
    Kind.IDENTITY_NUMBER: ["19920314-2380", "19920314", "000101-T220", "19921314-2386", "19920314-2386x"],
    Kind.LANGUAGE: ["Swedish", "s", "SV", "s-"],
    Kind.AREA: ["XYZ", "Kök"],
}


def wrong_cell(chance, register):
    name = chance.choice(list(register))
    row = chance.choice(register[name])
    column = BY_NAME[name].column(chance.choice(list(row)))
    spoilt = ["a\x00b", "\x1b[31m", "a\u202eb", "x" * (column.longest + 1), *BAD.get(column.kind, [])]
    if column.required:
        spoilt += ["", "  ", "\t"]
    row[column.name] = chance.choice(spoilt)


def row_twice(chance, register):
    rows = chance.choice(list(register.values()))
    rows.append(dict(chance.choice(rows)))


def column_misspelt(chance, register):
    name = chance.choice(list(register))
    column = chance.choice(list(register[name][0]))
    register[name] = [{f"{column}x" if key == column else key: row[key] for key in row} for row in register[name]]


def bytes_spoilt(chance, folder):
    path = chance.choice(sorted(folder.iterdir()))
    content = path.read_bytes()
    place = chance.randrange(len(content))
    path.write_bytes(content[:place] + chance.choice([b"\xff", b"\x00", b"\xc3\x28", b"\x80"]) + content[place:])


def cell_too_much_or_too_little(chance, folder):
    path = chance.choice(sorted(folder.iterdir()))
    lines = path.read_text().splitlines()
    lines[-1] = chance.choice([lines[-1] + ";more", lines[-1].rpartition(";")[0]])
    path.write_text("\n".join(lines))


@pytest.mark.beside
@pytest.mark.django_db
@pytest.mark.parametrize(
    "seed", [*range(20), *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(20, 80))]
)
def test_every_corruption_is_told_and_nothing_is_stored(tmp_path, seed):
    chance = random.Random(seed)
    register = base()
    corrupt = chance.choice(
        [wrong_cell, wrong_cell, wrong_cell, row_twice, column_misspelt, bytes_spoilt, cell_too_much_or_too_little]
    )
    if corrupt in (bytes_spoilt, cell_too_much_or_too_little):
        write(tmp_path, register)
        corrupt(chance, tmp_path)
    else:
        corrupt(chance, register)
        write(tmp_path, register)
    status, report = load(tmp_path)
    assert (status, report["stored"]) == (1, False), corrupt.__name__
    assert report["error_count"] >= 1
    assert not Participant.objects.exists()
    assert not RegisterKey.objects.exists()
