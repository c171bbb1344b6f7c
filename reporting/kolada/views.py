"""The yearly answer to the national survey: seen, filled in, taken out as a file. Of the whole municipality."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import municipal
from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from delivery.downloads import made_download
from reporting import permissions
from reporting.kolada.forms import SheetForm, YearForm
from reporting.kolada.sheet import sheet_of
from reporting.report_files import XLSX
from reporting.services.kolada import AnswersChanged, kolada_answers_save


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """The year's answers: what is counted, beside what is typed. POST keeps what is typed."""
    _check(request)
    asked = YearForm(request.GET)
    if not asked.is_valid():
        return render(request, "reporting/kolada/sheet.html", {"asked": asked}, status=422)
    form = SheetForm(sheet_of(asked.question), request.POST if request.method == "POST" else None)
    if form.is_valid():
        year = form.sheet.year
        try:
            saved = kolada_answers_save(year=year, values=form.values, seen=form.seen, actor=request.user)
        except AnswersChanged as changed:
            form.told_of(changed.found)
        else:
            messages.success(request, _saved(saved))
            # The page is long: the writer goes on where they were.
            place = f"#{form.first_changed}" if form.first_changed else ""
            return redirect(f"{request.get_full_path()}{place}")
    context = {
        "asked": asked,
        "form": form,
        "sheet": form.sheet,
        "query": request.GET.urlencode() or urlencode({"year": form.sheet.year}),
    }
    return render(request, "reporting/kolada/sheet.html", context, status=422 if form.is_bound else 200)


def _saved(number: int) -> str:
    if not number:
        return _("Nothing was changed.")
    return ngettext("%(count)s value saved.", "%(count)s values saved.", number) % {"count": number}


@require_safe
def csv_file(request: HttpRequest) -> HttpResponse:
    """The answers as CSV, in the order of the ids."""
    return _file(request, "csv", "text/csv; charset=utf-8")


@require_safe
def xlsx_file(request: HttpRequest) -> HttpResponse:
    """The answers as a workbook, in the order of the ids."""
    return _file(request, "xlsx", XLSX)


def _file(request: HttpRequest, extension: str, media_type: str) -> HttpResponse:
    from reporting.kolada.files import as_csv, as_xlsx  # its library is a tenth of the time it takes to start

    _check(request)
    asked = YearForm(request.GET)
    if not asked.is_valid():
        response = redirect("reporting:kolada")
        response["Location"] += f"?{request.GET.urlencode()}"
        return response
    found = sheet_of(asked.question)
    municipality = municipal.value_of(municipal.MUNICIPALITY_NAME.key)
    content = as_csv(found) if extension == "csv" else as_xlsx(found, municipality=municipality)
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.EXPORTED,
        subject_kind="kolada",
        request_id=request.id,
        format=extension,
        year=found.year,
        as_of=found.question.as_of.isoformat(),
        missing=found.missing,
    )
    name = f"jobbspar-kolada-{found.year}.{extension}"
    return made_download(content, name=name, media_type=media_type)


def _check(request: HttpRequest) -> None:
    """Managers of the whole municipality alone: the answer is of all of it."""
    if not permissions.can_see_figures_of(request.user, None):
        raise PermissionDenied
