"""The list of participants: mine, or my unit's; searched, filtered and sorted by what the address says."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from participants import permissions
from participants.listing.addresses import list_address
from participants.listing.columns import listed_columns
from participants.listing.providers import Column
from participants.listing.question import ListQuestion
from participants.listing.saved import choices_of
from participants.listing.saved_views import opened
from participants.merging.reading import merges_to_decide
from participants.models import Enrolment, SavedFilter

PAGE_SIZE = 50


class Pages(Paginator):
    """The pages of a list; the rows of one are asked for when it is known which."""

    def __init__(self, question: ListQuestion):
        super().__init__(range(question.count), PAGE_SIZE)
        self.question = question

    def rows_on(self, page: Page) -> list[Enrolment]:
        first = page.start_index() - 1
        return self.question.rows(first, first + PAGE_SIZE) if self.count else []


@require_safe
def participant_list(request: HttpRequest) -> HttpResponse:
    """One row a participant, with the latest enrolment within the user's scope."""
    user = request.user
    if not permissions.can_list_participants(user):
        raise PermissionDenied
    saved = list(SavedFilter.objects.filter(user=user))
    default = next((each for each in saved if each.is_default), None)
    if default and not request.GET:
        return opened(request, default)
    question = ListQuestion(user, request.GET)
    if not question.is_understood:
        return HttpResponseRedirect(list_address(question.filters.understood()))
    pages = Pages(question)
    page = pages.get_page(request.GET.get("page"))
    if question.filters.search_kind and page.number == 1:
        access_log_write(
            actor=user,
            act=AccessLogEntry.Act.SEARCHED,
            subject_kind="participant",
            request_id=request.id,
            kind=question.filters.search_kind,
            hits=question.count,
        )
    columns, choices = listed_columns(question), choices_of(question)
    context = {
        "question": question,
        "page": page,
        "rows": _rows(pages.rows_on(page), question, columns),
        "columns": columns,
        "filter": question.filters,
        "flags": _flags(question),
        "saved": [(each, each.choices == choices) for each in saved],
        "may_save": bool(choices) and choices not in [each.choices for each in saved],
        "may_export": permissions.can_export_list(user),
        "query": list_address(question.params).partition("?")[2],
        "names_staff": permissions.can_name_for_protected(user),
        "merges_waiting": merges_to_decide(user),
    }
    return _answer(request, context)


def _rows(rows: list[Enrolment], question: ListQuestion, columns: list[Column]) -> list[Enrolment]:
    """The rows, each with its address and its cells: what stands above a cell, and what is in it."""
    for row in rows:
        row.unit = question.units[row.unit_id]
    # What all rows have in common is worked out once, not once a row.
    opening = [(format_html('<td data-label="{}">', column.label), column.cells(rows)) for column in columns]
    nobody = uuid.UUID(int=0)
    address = reverse("participants:file", args=[nobody])
    for row in rows:
        row.address = address.replace(str(nobody), str(row.participant.public_id))
        row.cells = [(tag, values.get(row.pk)) for tag, values in opening]
    return rows


def _flags(question: ListQuestion) -> list[dict]:
    """What should be looked into, each with how many there are and the address that chooses it or takes it away."""
    chosen = question.params.getlist("flag")
    shown = []
    for flag, count in question.flag_counts:
        params = question.params.copy()
        params.pop("page", None)
        others = [key for key in chosen if key != flag.key]
        params.setlist("flag", others if flag.key in chosen else [*chosen, flag.key])
        query = f"?{params.urlencode()}"
        shown.append(
            {"key": flag.key, "label": flag.label, "count": count, "chosen": flag.key in chosen, "query": query}
        )
    return shown


def _answer(request: HttpRequest, context: dict) -> HttpResponse:
    """The whole page, or for htmx only what changes while typing."""
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "participants/listing/_results.html", context | {"fragment": True})
        response["HX-Push-Url"] = list_address(request.GET)
    else:
        response = render(request, "participants/listing/list.html", context | {"fragment": False})
    patch_vary_headers(response, ["HX-Request"])
    return response
