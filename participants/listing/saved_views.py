"""Saved filters: saved from the list, opened, renamed, thrown away. Everybody sees only their own."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from participants.listing.addresses import list_address
from participants.listing.forms import NewFilterForm, SavedFilterForm
from participants.listing.question import ListQuestion
from participants.listing.reader import Reader
from participants.listing.saved import NEVER_KEPT, choices_of, lost_choices, proposed_name, question_of, words_of
from participants.listing.services import (
    NameTaken,
    saved_filter_change,
    saved_filter_create,
    saved_filter_delete,
)
from participants.models import SavedFilter
from participants.permissions import can_list_participants

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def saved_list(request: HttpRequest) -> HttpResponse:
    """One's own filters: what each asks today, and which the list begins with."""
    _check(request)
    found, reader = [], Reader(request.user)
    for saved in SavedFilter.objects.filter(user=request.user):
        question = question_of(saved, reader)
        found.append((saved, words_of(question.mended()), lost_choices(saved, question)))
    return render(request, "participants/listing/saved_list.html", {"found": found})


@require_safe
def saved_open(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The list as the filter asks for it. What means nothing any more is left out, and told."""
    return opened(request, _own(request, public_id))


def opened(request: HttpRequest, saved: SavedFilter) -> HttpResponse:
    question = question_of(saved, Reader(request.user))
    if lost := lost_choices(saved, question):
        said = _(
            "Some of what “%(name)s” chooses is no longer there for you and was left out: %(lost)s. The list may "
            "show more than before."
        )
        messages.warning(request, said % {"name": saved.name, "lost": ", ".join(lost).lower()})
    params = question.filters.understood()
    for name in set(params) - {*question.filters.form.fields, "show", "sort"}:
        del params[name]
    params["show"] = question.shown
    if question.sort != params.get("sort", question.sort):
        del params["sort"]
    return HttpResponseRedirect(list_address(params))


@read_or_write
def saved_new(request: HttpRequest) -> HttpResponse:
    """Give what the list shows now a name. The address is the list's."""
    _check(request)
    question = ListQuestion(request.user, request.GET).mended()
    choices = choices_of(question)
    if request.method != "POST":
        form = NewFilterForm(offers_to_replace=False, initial={"name": proposed_name(question)})
        return _new_page(request, question, form)
    form = NewFilterForm(request.POST, offers_to_replace=False)
    if form.is_valid():
        try:
            saved = saved_filter_create(user=request.user, choices=choices, **form.cleaned_data)
        except NameTaken:
            form = NewFilterForm(request.POST, offers_to_replace=True)
            form.add_error("name", _("You have a filter with this name. Choose another name, or replace it."))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": saved.name})
            return HttpResponseRedirect(list_address(question.params))
    return _new_page(request, question, form)


def _new_page(request: HttpRequest, question: ListQuestion, form: NewFilterForm) -> HttpResponse:
    context = {
        "form": form,
        "words": words_of(question),
        "searched": bool(question.params.get(NEVER_KEPT)),
        "back": list_address(question.params),
    }
    return render(request, "participants/listing/saved_new.html", context, status=422 if form.errors else 200)


@read_or_write
def saved_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another name; whether the list begins with it."""
    saved = _own(request, public_id)
    name = saved.name
    form = SavedFilterForm(request.POST if request.method == "POST" else None, instance=saved)
    if form.is_bound and form.is_valid():
        try:
            saved_filter_change(saved=saved, **form.cleaned_data)
        except NameTaken:
            form.add_error("name", _("You have another filter with this name."))
        except SavedFilter.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": saved.name})
            return redirect("participants:saved_list")
    context = {"form": form, "saved": saved, "name": name}
    return render(request, "participants/listing/saved_change.html", context, status=422 if form.errors else 200)


@read_or_write
def saved_delete(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask once, then throw it away."""
    saved = _own(request, public_id)
    if request.method != "POST":
        return render(request, "participants/listing/saved_delete.html", {"saved": saved})
    saved_filter_delete(saved=saved)
    messages.success(request, _("The filter “%(name)s” is thrown away.") % {"name": saved.name})
    return HttpResponseRedirect(reverse("participants:saved_list"))


def _check(request: HttpRequest) -> None:
    if not can_list_participants(request.user):
        raise PermissionDenied


def _own(request: HttpRequest, public_id: uuid.UUID) -> SavedFilter:
    _check(request)
    return get_object_or_404(SavedFilter.objects.select_related("user"), user=request.user, public_id=public_id)
