"""What of the figures would be hidden if they were published."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.municipal import value_of
from reporting import permissions
from reporting.disclosure.of_answer import controlled
from reporting.engine import answer
from reporting.forms import PublishedQuestionForm
from reporting.moment import at_one_moment
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.statement import state
from reporting.telling.side_by_side import side_by_side


@require_safe
def as_published(request: HttpRequest) -> HttpResponse:
    """The figures of a period as they are and as they would be published, beside each other."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    form = PublishedQuestionForm(request.GET, user=request.user)
    context = {"form": form}
    if form.is_valid():
        threshold = value_of(DISCLOSURE_THRESHOLD.key)
        question = form.question
        figures = at_one_moment(lambda: answer(question))
        shown, reasons = controlled(figures, threshold)
        context |= {
            "question": question,
            "query": urlencode(question.address),
            "beside": side_by_side(state(figures), state(shown, published=True), reasons, threshold),
        }
    return render(request, "reporting/as_published.html", context)
