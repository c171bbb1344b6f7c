"""Reports that are made of figures, what they were when they went out, and what is entered beside them."""

from reporting.models.figures_report import FiguresReport
from reporting.models.kolada import KoladaAnswer
from reporting.models.publication import Publication
from reporting.models.report import FrozenReport, Report, ReportComment, ReportKind
from reporting.models.target import Target

__all__ = [
    "FiguresReport",
    "FrozenReport",
    "KoladaAnswer",
    "Publication",
    "Report",
    "ReportComment",
    "ReportKind",
    "Target",
]
