"""Administrators add questions of the municipality's own to the mapping, change their words, and end them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import can_administer
from participants.mapping.forms import OwnQuestionForm
from participants.mapping.services import mapping_question_save
from participants.models import MappingQuestion
from participants.models.mapping import MappingSectionKey

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The municipality's own questions, section by section, those that are asked today first."""
    _check(request)
    today, rows = timezone.localdate(), list(MappingQuestion.objects.all())
    for row in rows:
        row.is_asked = row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)
    sections = [
        (label, sorted((row for row in rows if row.section == key), key=lambda row: (not row.is_asked, row.order)))
        for key, label in MappingSectionKey.choices
    ]
    context = {"sections": [(label, found) for label, found in sections if found]}
    return render(request, "participants/mapping/questions.html", context)


@read_or_write
def question_create(request: HttpRequest) -> HttpResponse:
    """A new question."""
    _check(request)
    return _edit(request, MappingQuestion())


@read_or_write
def question_edit(request: HttpRequest, key: int) -> HttpResponse:
    """The words of a question, its place, and the days on which it is asked."""
    _check(request)
    return _edit(request, get_object_or_404(MappingQuestion, pk=key))


def _edit(request: HttpRequest, row: MappingQuestion) -> HttpResponse:
    posted, label = request.method == "POST", row.label
    form = OwnQuestionForm(request.POST if posted else None, instance=row)
    if posted and form.is_valid():
        mapping_question_save(question=form.save(commit=False))
        messages.success(request, _("The question is saved."))
        return redirect("mapping_questions:list")
    context = {"form": form, "label": label, "row": row}
    return render(request, "participants/mapping/question.html", context, status=422 if posted else 200)


def _check(request: HttpRequest) -> None:
    if not can_administer(request.user):
        raise PermissionDenied
