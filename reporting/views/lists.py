"""The list behind a number. The address is the question and the number's place."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import AccessLogEntry
from reporting.engine import rows_behind
from reporting.figures import find_table
from reporting.figures.definition import TOTAL, Breakdown
from reporting.lists import listed, look_log, question_asked
from reporting.question import Question


@require_safe
def people(request: HttpRequest, table: str) -> HttpResponse:
    """The list behind a number: those the user may see by name, the others by how many they are."""
    form, denied = question_asked(request)
    if denied:
        return denied
    question = form.question
    row, column = request.GET.get("row", TOTAL.code), request.GET.get("column", TOTAL.code)
    figure, breakdown = find_table(table) or (None, None)
    if figure is None:
        raise Http404
    try:
        source, counted = rows_behind(figure, breakdown, question, row, column)
    except KeyError as error:
        raise Http404 from error
    found = listed(counted, source.listing, request.user, request.GET)
    place = {"table": table, "row": row, "column": column}
    opened = AccessLogEntry.Act.OPENED
    look_log(request, question, opened, "figure_list", **place, rows=found.shown, hidden=found.hidden)
    context = {
        "question": question,
        "query": urlencode(question.address),
        "figure": figure,
        "place": _labels(breakdown, question, row, column),
        **found.context,
        "counted": source.listing.counted % {"count": found.total},
        "template": source.listing.template,
    }
    return render(request, "reporting/list.html", context)


def _labels(breakdown: Breakdown, question: Question, row: str, column: str) -> list[str]:
    """The words of the row and the column; nothing for a total."""
    sides = zip(breakdown.sides, (row, column), strict=True)
    found = [
        *(each for side, code in sides if side for each in side.categories_for([question])[0] if each.code == code),
        *(each for each in breakdown.measured if each.code == column),
    ]
    return [str(each.label) for each in found]
