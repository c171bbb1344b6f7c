"""The basis on paper, and the file for the benefit system: told from a version's content and nothing else."""

from pathlib import Path

from django.template.loader import render_to_string

from accounts import municipal
from delivery.documents.pdf import render_pdf
from delivery.sheets.delimited import delimited, plain_text
from placements.models import AttendanceReport
from placements.monthly.content import sessions_by_day

STYLE = Path(__file__).parent / "document.css"
#: The headings of the file: they are the contract with the system that reads it, and are not translated.
COLUMNS = (
    "manad", "personnummer", "arendenummer", "insats_kod", "insats", "start", "slut", "planerade_timmar",
    "narvarande_timmar", "giltig_franvaro_timmar", "ogiltig_franvaro_timmar", "omarkerade_timmar",
)  # fmt: skip


def basis_pdf(report: AttendanceReport) -> bytes:
    """The version as PDF/A and PDF/UA."""
    context = {
        "report": report,
        "sessions": sessions_by_day(report.content),
        "person": report.enrolment.participant,
        "enrolment": report.enrolment,
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
    }
    return render_pdf(html=render_to_string("placements/monthly/document.html", context), style=STYLE)


def benefit_csv(report: AttendanceReport) -> str:
    """A row for each person and activity: UTF-8 with semicolons, hours with a decimal comma."""
    month = f"{report.month:%Y-%m}"
    return delimited(
        COLUMNS,
        (
            [
                month, row["identity_number"], plain_text(row["case_number"]), row["form"], plain_text(row["label"]),
                row["start"], row["end"],
                *(row[part].replace(".", ",") for part in ("planned", "present", "valid", "invalid", "unmarked")),
            ]
            for row in report.content["rows"]
        ),
    )  # fmt: skip
