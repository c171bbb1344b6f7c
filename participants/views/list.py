"""The list of participants: mine, or my unit's; searched, filtered and sorted by what the address says."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Role
from participants import permissions
from participants.filters import EnrolmentFilter, in_order
from participants.models import Enrolment
from participants.querysets import CASE_ROLES

PAGE_SIZE = 50
MINE, ALL = "mine", "all"
#: What a row shows. The database sorts thousands of rows for fifty: narrow ones.
SHOWN = (
    "start",
    "end",
    "last_activity_on",
    "target_group",
    "unit_id",
    "coach__given_name",
    "coach__family_name",
    "participant__public_id",
    "participant__given_name",
    "participant__family_name",
    "participant__birth_year",
    "participant__protection",
)


@require_safe
def participant_list(request: HttpRequest) -> HttpResponse:
    """One row a participant, with the latest enrolment within the user's scope."""
    user, today = request.user, timezone.localdate()
    if not permissions.can_list_participants(user):
        raise PermissionDenied
    has_own = user.reach.has(*permissions.WRITING_ROLES)
    shown = _shown(request, has_own)
    rows = Enrolment.objects.visible_to(user).latest_in_reach(user)
    if shown == MINE:
        rows = rows.filter(coach=user).open_on(today)
    filters = EnrolmentFilter(request.GET, rows, user=user, own=shown == MINE)
    if filters.form.errors:
        return HttpResponseRedirect(_address(request, without=filters.form.errors))
    found = in_order(filters.qs.select_related("participant", "coach").only(*SHOWN), request.GET.get("sort", ""))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if filters.search_kind and page.number == 1:
        access_log_write(
            actor=user,
            act=AccessLogEntry.Act.SEARCHED,
            subject_kind="participant",
            request_id=request.id,
            kind=filters.search_kind,
            hits=page.paginator.count,
        )
    rows = list(page.object_list)
    for row in rows:
        row.unit = filters.units[row.unit_id]
    context = {
        "page": page,
        "rows": rows,
        "units": filters.units,
        "filter": filters,
        "narrowed": any(filters.form.cleaned_data.values()),
        "shown": shown,
        "has_own": has_own,
        "everywhere": user.reach.scope(*CASE_ROLES).everything,
        "names_staff": permissions.can_name_for_protected(user),
        "today": today,
    }
    return _answer(request, context)


def _shown(request: HttpRequest, has_own: bool) -> str:
    """Which list: the one the address names; else everybody for a search, a coach's own, or the unit's."""
    asked = request.GET.get("show")
    if asked == ALL or not has_own:
        return ALL
    if asked == MINE:
        return MINE
    if request.GET.get("q"):
        return ALL
    return MINE if request.user.reach.has(Role.JOB_COACH) else ALL


def _answer(request: HttpRequest, context: dict) -> HttpResponse:
    """The whole page, or for htmx only what changes while typing."""
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "participants/_list_results.html", context | {"fragment": True})
        response["HX-Push-Url"] = _address(request)
    else:
        response = render(request, "participants/list.html", context | {"fragment": False})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _address(request: HttpRequest, without=()) -> str:
    """This page's address without empty parameters and without those in `without`."""
    params = request.GET.copy()
    for key in list(params):
        if key in without or not any(params.getlist(key)):
            del params[key]
    return f"{request.path}?{params.urlencode()}" if params else request.path
