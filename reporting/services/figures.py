"""The live figures as a PDF: asked for, asked for anew."""

from django.db import transaction

from accounts.models import User
from delivery.models import Job
from delivery.services.documents import document_issue, document_job_enqueue
from reporting.models import FiguresReport
from reporting.moment import at_one_moment
from reporting.question import Question
from reporting.statement import state_with_earlier

#: The kind of background job that makes the PDF (`reporting.jobs`), and of the document it becomes.
FIGURES_PDF = "figures_pdf"
SERIES = "SIFFROR"


def figures_report_order(*, question: Question, actor: User) -> FiguresReport:
    """Ask for the figures as a PDF: keeps them as they are known now, takes the document's number and enqueues the
    job that makes it.

    Asked again while the same question is still being worked on for the same user (two clicks, two tabs), what is
    already under way is returned.
    """
    told = at_one_moment(lambda: state_with_earlier(question))
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
        asked = FiguresReport.objects.of_question(question).under_way().filter(document__created_by=actor)
        if report := asked.first():
            return report
        report = FiguresReport.objects.create(
            document=document_issue(kind=FIGURES_PDF, series=SERIES, actor=actor),
            unit=question.unit,
            period=question.period.name,
            period_start=question.period.start,
            period_end=question.period.end,
            as_of=question.as_of,
            statements=[statement.as_stored() for statement in told],
        )
        figures_report_make(report=report, actor=actor)
    return report


def figures_report_make(*, report: FiguresReport, actor: User) -> Job | None:
    """Have the PDF made, or made after all when its job failed, under the number it has."""
    report.document.job = document_job_enqueue(document=report.document, kind=FIGURES_PDF, owner=actor)
    return report.document.job
