"""How long do the files of a report take? `.venv/bin/python bench/report.py [PARTICIPANTS]`, 2,000 unless told.

Makes an installation of its own in a temporary folder with the demo municipality and freezes a report of a quarter
with all its sections: once as it is, once with the figures of 12 units, once with what a big municipality could have
(60 departments, 40 units, long comments). Prints for each format the seconds in a process that has made one before,
and the size; then the seconds of freezing.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMENT = "Fler deltagare än väntat har gått vidare till arbete, och uppföljningarna kommer in i tid. " * 4


def install(participants: str) -> None:
    """An installation with the demo municipality, in a folder that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="jobbspar-bench-"))
    folder.chmod(0o755)  # the embedded servers run as another user when this runs as root
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"JOBBSPAR_DATA": str(folder), "JOBBSPAR_DEMO": "true", "DJANGO_SETTINGS_MODULE": "config.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    from config import embedded

    embedded.postgres.acquire()
    embedded.valkey.acquire()
    call_command("migrate", verbosity=0)
    call_command("make_demo", "--participants", participants, verbosity=0)


def frozen():
    """A report of the latest ended quarter with all its sections and units, and the seconds it took to freeze it."""
    from django.utils import timezone

    from accounts.models import User
    from reporting.figures.definition import Section
    from reporting.frozen import Frozen
    from reporting.periods import latest_ended_quarter
    from reporting.question import Question
    from reporting.services.reports import report_freeze, report_start

    head = User.objects.filter(memberships__role="manager", memberships__unit=None).first()
    today = timezone.localdate()
    report = report_start(
        actor=head, kind="quarterly", title="Kvartalsrapport", case_number="AMN 2026/1", with_units=True,
        question=Question(latest_ended_quarter(today), today), sections=Section.values,
    )  # fmt: skip
    started = time.perf_counter()
    report = report_freeze(report=report, actor=head, seen=report.revision)
    return Frozen.from_stored(report.frozen.content), time.perf_counter() - started


def with_units(report, number: int):
    units = [
        replace(report.units[each % len(report.units)], scope_label=f"Enhet {each + 1}") for each in range(number)
    ]
    return replace(report, units=tuple(units), comments=dict.fromkeys(("summary", *report.sections), COMMENT))


def with_departments(report, number: int):
    """Every table by employer with so many rows."""
    from reporting.statement import StatedLine

    tables = dict(report.now.tables)
    for key in ("stock", "delivered", "fte"):
        table = tables[key]
        *parts, total = table.rows
        rows = [StatedLine(f"D{each}", f"Förvaltningen för område {each}") for each in range(number)]
        values = {place: value for place, value in table.values.items() if place[0] == total.code}
        for each, row in enumerate(rows):
            like = parts[each % len(parts)]
            values |= {(row.code, column.code): table.value(like.code, column.code) for column in table.columns}
        tables[key] = replace(table, rows=(*rows, total), values=values)
    statement = replace(report.now, tables=tables)
    long = {section: "\n\n".join([COMMENT] * 10) for section in report.comments}
    return replace(report, statements=(statement, *report.statements[1:]), comments=long)


def main() -> None:
    install(sys.argv[1] if len(sys.argv) > 1 else "2000")
    from reporting.documents.report_csv import report_csv
    from reporting.documents.report_json import report_json
    from reporting.documents.report_pdf import report_pdf
    from reporting.documents.report_xlsx import report_xlsx

    report, freezing = frozen()
    cases = {
        "without units": replace(report, units=()),
        "with 12 units": with_units(report, 12),
        "60 departments, 40 units": with_departments(with_units(report, 40), 60),
    }
    report_pdf(cases["without units"], "RAPPORT-2026-00001")  # the library and its fonts
    for words, case in cases.items():
        print(words)
        for make in (report_pdf, report_xlsx, report_csv, report_json):
            started = time.perf_counter()
            content = make(case, "RAPPORT-2026-00001")
            print(f"  {make.__name__:12} {time.perf_counter() - started:6.2f} s  {len(content) / 1024:6.0f} kB")
    print(f"freezing, with {len(report.units)} units: {freezing:.2f} s")


if __name__ == "__main__":
    main()
