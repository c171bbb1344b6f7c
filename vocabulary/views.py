"""Administrators keep the field's words that come and go."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import can_administer
from accounts.swedish import sort_key
from vocabulary.forms import ActivityFormForm
from vocabulary.models import ActivityForm
from vocabulary.services import activity_form_save

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def activity_form_list(request: HttpRequest) -> HttpResponse:
    """Every form of activity: those that may be chosen today, and those that are only read."""
    _check(request)
    today = timezone.localdate()
    every = sorted(ActivityForm.objects.all(), key=lambda form: sort_key(form.label))
    choosable = [form for form in every if form.is_choosable_on(today)]
    context = {"groups": [(True, choosable), (False, [form for form in every if form not in choosable])]}
    return render(request, "vocabulary/activity_form_list.html", context)


@read_or_write
def activity_form_create(request: HttpRequest) -> HttpResponse:
    """A form of activity of the municipality's own."""
    _check(request)
    return _edit(request, ActivityForm())


@read_or_write
def activity_form_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Name, kind, and the days on which it may be chosen."""
    _check(request)
    return _edit(request, get_object_or_404(ActivityForm, pk=code))


def _edit(request: HttpRequest, row: ActivityForm) -> HttpResponse:
    posted, label = request.method == "POST", row.label
    form = ActivityFormForm(request.POST if posted else None, instance=row)
    if posted and form.is_valid():
        saved = activity_form_save(form=form.save(commit=False))
        messages.success(request, _("%(name)s is saved.") % {"name": saved.label})
        return redirect("vocabulary:activity_form_list")
    context = {"form": form, "label": label}
    return render(request, "vocabulary/activity_form.html", context, status=422 if posted else 200)


def _check(request: HttpRequest) -> None:
    if not can_administer(request.user):
        raise PermissionDenied
