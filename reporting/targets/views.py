"""The page of targets, its files, and the page where they are entered."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import municipal
from accounts.models import AccessLogEntry
from accounts.swedish import sort_key
from delivery.downloads import made_download
from reporting import permissions
from reporting.engine import answer
from reporting.figures.placements import DELIVERED_FIGURE
from reporting.lists import look_log
from reporting.models import Target
from reporting.periods import Period
from reporting.question import Question
from reporting.report_files import XLSX
from reporting.targets.forms import PeriodForm, TargetsForm
from reporting.targets.page import targets_shown, targets_stated
from reporting.targets.services import TargetsChanged, departments, target_changes, targets_save
from reporting.targets.told import KEY, year_around
from reporting.telling.formats import as_csv


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """What the departments have received in a period, set against their targets."""
    if not permissions.can_see_targets(request.user):
        raise PermissionDenied
    form = PeriodForm(request.GET)
    context = {"form": form}
    if form.is_valid():
        period = form.chosen
        question = _question(period)
        context |= {
            "question": question,
            "shown": targets_shown(question),
            "changes": target_changes(period),
            "year": year_around(period),
            "begins_later": period.start > timezone.localdate(),
            "others": [each for name in Target.objects.periods() if (each := Period.parse(name)) != period],
            "can_set": permissions.can_set_targets(request.user),
        }
    return render(request, "reporting/targets/page.html", context)


@require_safe
def targets_csv(request: HttpRequest) -> HttpResponse:
    """The table as CSV, in the form of docs/statistics.md."""
    return _file(request, "csv", "text/csv; charset=utf-8", as_csv)


@require_safe
def targets_xlsx(request: HttpRequest) -> HttpResponse:
    """The table as a workbook."""
    from reporting.telling.workbook import as_xlsx  # its library is a tenth of the time it takes to start

    municipality = municipal.value_of(municipal.MUNICIPALITY_NAME.key)
    return _file(request, "xlsx", XLSX, lambda statement: as_xlsx(statement, municipality=municipality))


def _file(request: HttpRequest, extension: str, media_type: str, write) -> HttpResponse:
    if not permissions.can_see_targets(request.user):
        raise PermissionDenied
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return _to_page(form)
    question = _question(form.chosen)
    statement, table, _before = targets_stated(question)
    if table is None:
        return _to_page(form)  # it says that no target is set
    content = write(replace(statement, tables={KEY: table}))
    look_log(request, question, AccessLogEntry.Act.EXPORTED, "targets", format=extension)
    name = f"jobbspar-mal-{question.period.name}.{extension}"
    return made_download(content, name=name, media_type=media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def targets_change(request: HttpRequest) -> HttpResponse:
    """Enter the targets of all departments for a period. The button `copy` writes those of an earlier period into the
    empty fields, to begin from."""
    if not permissions.can_set_targets(request.user):
        raise PermissionDenied
    asked = PeriodForm(request.GET)
    if not asked.is_valid():
        return _to_page(asked)
    period = asked.chosen
    sources = _sources(period)
    form = TargetsForm(
        request.POST if request.method == "POST" else None,
        departments=sorted(departments(), key=lambda each: (sort_key(each.name), each.code)),
        targets={each.employer_id: each for each in Target.objects.for_period(period)},
        help_texts=_last_year(period),
    )
    context = {"form": form, "period": period, "sources": sources, "asked": urlencode({"period": period.name})}
    if request.method != "POST":
        return render(request, "reporting/targets/change.html", context)
    if source := next((each for each in sources if each.name == request.POST.get("copy")), None):
        form.fill_empty(dict(Target.objects.for_period(source).values_list("employer_id", "number")))
        return render(request, "reporting/targets/change.html", context | {"copied": source})
    if form.is_valid():
        try:
            targets_save(period=period, entered=form.entered)
        except TargetsChanged as changed:
            latest = {each.employer_id: each.who for each in reversed(target_changes(period))}
            form.add_overtaken(changed.now, latest)
        else:
            messages.success(request, _("The targets are saved."))
            return _to_page(asked)
    return render(request, "reporting/targets/change.html", context, status=422)


def _question(period: Period) -> Question:
    """The period as known today; of one that is still to come, as it will begin."""
    return Question(period, max(timezone.localdate(), period.start))


def _to_page(form: PeriodForm) -> HttpResponse:
    return redirect(f"{reverse('reporting:targets')}?{urlencode({'period': form.data['period']})}")


def _sources(period: Period) -> list[Period]:
    """The earlier periods whose targets may be begun from: the same last year, and the one before."""
    named = set(Target.objects.periods())
    return [each for each in dict.fromkeys((period.year_before, period.previous)) if each.name in named]


def _last_year(period: Period) -> dict[int, str]:
    """What is told of last year beside each department's field."""
    before = period.year_before
    delivered = answer(_question(before), (DELIVERED_FIGURE,)).tables["delivered"]
    numbers = dict(Target.objects.for_period(before).values_list("employer_id", "number"))
    return {
        each.pk: (
            _("%(period)s: target %(target)s, delivered %(delivered)s")
            if each.pk in numbers
            else _("%(period)s: no target, delivered %(delivered)s")
        )
        % {"period": before.label, "target": numbers.get(each.pk), "delivered": delivered.value(each.code)}
        for each in departments()
    }
