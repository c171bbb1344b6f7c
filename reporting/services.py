"""What is done with reports: asked for, asked for anew."""

from django.db import transaction

from accounts.models import User
from delivery.services.documents import document_issue
from delivery.services.jobs import job_enqueue
from reporting.models import FiguresReport
from reporting.question import Question

#: The kind of background job that makes the PDF (`reporting.jobs`), and of the document it becomes.
FIGURES_PDF = "figures_pdf"
SERIES = "SIFFROR"


@transaction.atomic
def figures_report_order(*, question: Question, actor: User) -> FiguresReport:
    """Ask for the figures as a PDF: takes the document's number and enqueues the job that makes it.

    Asked again while the same question is still being worked on for the same user (two clicks, two tabs), what is
    already under way is returned.
    """
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
    )
    return _set_to_work(report, actor)


@transaction.atomic
def figures_report_retry(*, report: FiguresReport, actor: User) -> FiguresReport:
    """Have a report made whose job failed, under the number it has. One that is made, or under way, stays so."""
    report = FiguresReport.objects.select_for_update(of=("self",)).select_related("document", "job").get(pk=report.pk)
    return _set_to_work(report, actor) if report.has_failed else report


def _set_to_work(report: FiguresReport, actor: User) -> FiguresReport:
    report.job = job_enqueue(kind=FIGURES_PDF, owner=actor, params={"report": str(report.public_id)})
    report.save(update_fields=["job"])
    return report
