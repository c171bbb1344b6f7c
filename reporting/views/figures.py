"""The reports page, its files, and what every figure means. The address is the question."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accounts import municipal
from accounts.models import AccessLogEntry
from delivery.downloads import made_download
from reporting import permissions
from reporting.engine import answer
from reporting.figures import FIGURES, TRACK_FIGURES
from reporting.forms import QuestionForm
from reporting.lists import look_log, question_asked
from reporting.moment import at_one_moment
from reporting.report_files import XLSX
from reporting.services.figures import figures_report_order
from reporting.statement import state, state_with_earlier
from reporting.telling import presentation
from reporting.telling.formats import as_csv
from reporting.views.publications import publication_list


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The key figures and tables of a period, set against the period before and the same period last year."""
    if not permissions.can_open_reports(request.user):
        raise PermissionDenied
    if not permissions.can_see_internal_figures(request.user):
        return publication_list(request)
    form = QuestionForm(request.GET, user=request.user)
    context = {"form": form}
    if form.is_valid():
        question = form.question
        context |= {
            "question": question,
            "query": urlencode(question.address),
            "shown": presentation.present(at_one_moment(lambda: state_with_earlier(question)), linked=True),
            "may_be_published": permissions.can_publish(request.user)
            and question.unit is None
            and question.period.is_standard,
        }
    return render(request, "reporting/figures.html", context)


@require_safe
def csv_file(request: HttpRequest) -> HttpResponse:
    """The same tables as CSV, in the form of docs/statistics.md."""
    return _file(request, "csv", "text/csv; charset=utf-8", as_csv)


@require_safe
def xlsx_file(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook."""
    from reporting.telling.workbook import as_xlsx  # its library is a tenth of the time it takes to start

    municipality = municipal.value_of(municipal.MUNICIPALITY_NAME.key)
    return _file(request, "xlsx", XLSX, lambda figures: as_xlsx(figures, municipality=municipality))


def _file(request: HttpRequest, extension: str, media_type: str, write) -> HttpResponse:
    form, denied = question_asked(request)
    if denied:
        return denied
    question = form.question
    content = write(state(at_one_moment(lambda: answer(question))))
    look_log(request, question, AccessLogEntry.Act.EXPORTED, "figures", format=extension)
    name = "-".join(
        filter(None, ("jobbspar", question.period.name, slugify(question.unit.code if question.unit else "")))
    )
    return made_download(content, name=f"{name}.{extension}", media_type=media_type)


@require_POST
def pdf_order(request: HttpRequest) -> HttpResponse:
    """Ask for the figures of the page as a PDF; the job's page tells how far it has come."""
    form, denied = question_asked(request)
    if denied:
        return denied
    return redirect(figures_report_order(question=form.question, actor=request.user).document.job)


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means."""
    if not permissions.can_open_reports(request.user):
        raise PermissionDenied
    return render(request, "reporting/definitions.html", {"figures": (*FIGURES, *TRACK_FIGURES)})
