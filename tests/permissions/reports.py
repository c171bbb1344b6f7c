"""Figures and the reports made of them."""

from django.utils import timezone

from delivery.services.documents import PDF, document_file_store
from reporting.periods import Period
from reporting.question import Question
from reporting.services.figures import figures_report_order
from tests.cast import Cast
from tests.permissions.rows import ALL_MANAGERS, CASE_WORK, MANAGERS, Row, only
from tests.tracks.making import round_of
from tracks.models import Track

#: Who may read about job tracks without a name.
SEES_TRACKS = CASE_WORK | {"analyst", "administrator"}


def figures_report(cast: Cast, _user) -> list:
    """The first quarter of the coach's unit as a PDF that is there."""
    quarter = Question(Period.parse("2026Q1"), timezone.localdate(), cast.centrum)
    report = figures_report_order(question=quarter, actor=cast.manager)
    document_file_store(document=report.document, name="siffror.pdf", media_type=PDF, content=b"%PDF")
    return [report.public_id]


def track(_cast: Cast, _user) -> list:
    """A shipped track."""
    return [Track.objects.get(code="koksbitrade").public_id]


def round_of_track(cast: Cast, _user) -> list:
    """A round of it in the coach's unit."""
    return [round_of("koksbitrade", cast.centrum).public_id]


REPORTS = (
    Row("reporting:figures", "The quarter's figures", get=only(ALL_MANAGERS | {"analyst"})),
    Row("reporting:csv", "The figures as CSV", get=only(ALL_MANAGERS)),
    Row("reporting:xlsx", "The figures as a workbook", get=only(ALL_MANAGERS)),
    Row("reporting:pdf_list", "Reports made as PDF", get=only(ALL_MANAGERS)),
    Row("reporting:pdf_order", "Make a report as PDF", post=only(ALL_MANAGERS, 302)),
    Row("reporting:pdf_file", "A report as PDF", figures_report, get=only(MANAGERS, other_manager=404)),
    Row(
        "reporting:pdf_retry",
        "Make a failed report again",
        figures_report,
        post=only(MANAGERS, 302, other_manager=404),
    ),
    Row("reporting:list", "The list behind a figure", lambda cast, user: ["active"], get=only(ALL_MANAGERS)),
    Row("reporting:missing", "What is missing for the figures", get=only(ALL_MANAGERS)),
    Row("reporting:missing_list", "The list of a gap", lambda cast, user: ["contact"], get=only(ALL_MANAGERS)),
    Row("reporting:as_published", "The figures as they would be published", get=only({"head"})),
    Row("reporting:kolada", "The answer to Kolada", get=only({"head"}), post=only({"head"}, 302)),
    Row("reporting:kolada_csv", "The answer to Kolada as CSV", get=only({"head"})),
    Row("reporting:kolada_xlsx", "The answer to Kolada as a workbook", get=only({"head"})),
    Row("reporting:targets", "Targets of departments", get=only({"head"})),
    Row("reporting:targets_csv", "The targets as CSV (none is set: led back)", get=only({"head"}, 302)),
    Row("reporting:targets_xlsx", "The targets as a workbook (none is set: led back)", get=only({"head"}, 302)),
    Row("reporting:targets_change", "Set targets", get=only({"head"}), post=only({"head"}, 302)),
    Row("reporting:tracks", "Job tracks followed up", get=only(ALL_MANAGERS)),
    Row("track_pictures:compare", "Tracks and methods beside each other", get=only(SEES_TRACKS)),
    Row("track_pictures:track", "A track, for the steering group", track, get=only(SEES_TRACKS)),
    Row("track_pictures:round", "A round, for the steering group", round_of_track, get=only(SEES_TRACKS)),
    Row("track_pictures:pictures_of_track", "A track in pictures", track, get=only(CASE_WORK)),
    Row("track_pictures:pictures_of_round", "A round in pictures", round_of_track, get=only(CASE_WORK)),
    Row("reporting:definitions", "What the figures mean", get=only(ALL_MANAGERS | {"analyst"})),
)
