"""What every list behind a number does alike: the question it is asked for, who is shown, what is logged."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.log import access_log_write
from accounts.models import Unit, User
from reporting import permissions
from reporting.figures.definition import Listing
from reporting.forms import QuestionForm, TrackQuestionForm
from reporting.question import Question

PAGE_SIZE = 50


def question_asked(
    request: HttpRequest, page: str = "reporting:figures"
) -> tuple[QuestionForm | None, HttpResponse | None]:
    """The form with its question, or the answer for those who may not ask it: 403, or the way to the `page` that says
    what is wrong with it."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    form = (TrackQuestionForm if request.GET.get("track") else QuestionForm)(request.GET, user=request.user)
    if not form.is_valid():
        response = redirect(page)
        response["Location"] += f"?{request.GET.urlencode()}"
        return None, response
    if not permissions.can_see_list_of(request.user, form.question.unit):
        raise PermissionDenied
    return form, None


@dataclass(frozen=True)
class Listed:
    """One page of a list: those the user may see, each with `unit_name`; how many are counted, and not shown."""

    page: Page
    rows: list
    total: int

    @property
    def shown(self) -> int:
        return self.page.paginator.count

    @property
    def hidden(self) -> int:
        return self.total - self.shown

    @property
    def context(self) -> dict:
        """What the templates of lists know it by."""
        return {"page": self.page, "rows": self.rows, "total": self.total, "hidden": self.hidden}


def listed(rows: QuerySet, listing: Listing, user: User, params: Mapping[str, str]) -> Listed:
    """The page and the order that `params` (an address) ask for, of the rows that are counted."""
    visible = _in_order(listing.visible(rows, user), listing, params.get("sort", ""))
    page = Paginator(visible, PAGE_SIZE).get_page(params.get("page"))
    found = list(page.object_list)
    names = {unit.pk: unit.name for unit in Unit.objects.named().filter(pk__in={each.of_unit for each in found})}
    for each in found:
        each.unit_name = names.get(each.of_unit, "")
    return Listed(page, found, rows.count())


def _in_order(rows: QuerySet, listing: Listing, sort: str) -> QuerySet:
    """The rows with what their list shows of them, sorted as asked; equal rows follow the name."""
    name = f"{listing.person}__sort_name"
    key = listing.sorts.get(sort.removeprefix("-"), name)
    order = F(key).desc(nulls_last=True) if sort.startswith("-") else F(key).asc(nulls_last=True)
    return rows.select_related(*listing.related).annotate(of_unit=F(listing.unit)).order_by(order, name, "pk")


def look_log(request: HttpRequest, question: Question, act: str, kind: str, **detail) -> None:
    """Write to the access log who saw or took out what, for which question."""
    access_log_write(
        actor=request.user, act=act, subject_kind=kind, request_id=request.id, **question.address, **detail
    )
