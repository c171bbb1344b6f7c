import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.factories import EnrolmentFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2026Q5"], "2026Q5"),
        (["2026-03-31..2026-01-01"], "2026-01-01"),
        (["2026Q1", "--as-of", "2025-12-31"], "2025-12-31"),
        (["2026Q1", "--as-of", "i går"], "i går"),
        (["2026Q1", "--unit", "NOWHERE"], "NOWHERE"),
    ],
)
def test_a_wrong_question_gets_a_sentence_and_status_2(arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        call_command("statistics", *arguments)
    assert refused.value.returncode == 2


@pytest.mark.deep
@pytest.mark.beside
def test_the_shell_sees_status_2_and_the_sentence():
    ended = subprocess.run(
        [sys.executable, "manage.py", "statistics", "2026Q5"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "2026Q5" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_text_is_the_default_and_reads_as_tables(capsys):
    EnrolmentFactory(unit=UnitFactory(name="Jobbcenter Åby"))
    call_command("statistics", "2020Q1")
    lines = capsys.readouterr().out.splitlines()
    assert "2020-01-01..2020-03-31" in lines[0]
    assert "–" in next(line for line in lines if "studier" in line)
