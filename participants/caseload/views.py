"""The unit's view for managers, and the list behind each of its numbers."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import municipal
from accounts.models import Role, Unit, User
from participants.caseload.figures import Caseload, UnitCaseload, caseloads_of, number, numbers, visible
from participants.coaching.candidates import coach_known_in
from participants.coaching.forms import as_uuid
from participants.listing.providers import Moment
from participants.models import Enrolment
from participants.permissions import CASE_ROLES, can_name_for_protected, can_see_unit

PAGE_SIZE = 50
NOBODY = "none"


@require_safe
@municipal.read_at_once()
def unit_view(request: HttpRequest) -> HttpResponse:
    """The caseload of one unit; who manages several sees them all, each with its sum, and chooses."""
    units = _units(request.user)
    moment = Moment(timezone.localdate(), municipal.values())
    chosen = _chosen(units, request.GET.get("unit", ""))
    shown = [chosen] if chosen else list(units.values())
    loads = caseloads_of(request.user, shown, moment)
    context = {"units": units, "numbers": numbers(), "today": moment.today}
    if chosen is None:
        context |= {"loads": loads, **_together(request.user, loads)}
        return render(request, "participants/caseload/units.html", context)
    [load] = loads
    hidden = Enrolment.objects.protected_for(request.user).filter(unit=chosen).open_on(moment.today)
    context |= {
        "load": load,
        "unit": chosen,
        "hidden": hidden.count() if can_name_for_protected(request.user) else 0,
    }
    return render(request, "participants/caseload/unit.html", context)


@require_safe
def number_list(request: HttpRequest, key: str) -> HttpResponse:
    """Those whom one number counts: of a unit or of all, of one coach, of nobody, or of everybody."""
    units = _units(request.user)
    shown = number(key)
    if shown is None:
        raise Http404
    unit = _chosen(units, request.GET.get("unit", ""))
    moment = Moment(timezone.localdate(), municipal.values())
    asked_of = [unit] if unit else list(units.values())
    rows = visible(request.user, asked_of).filter(shown.holds(moment))
    coach, asked = None, request.GET.get("coach", "")
    if asked == NOBODY:
        rows = rows.filter(coach=None)
    elif asked:
        coach = _coach(request.user, asked_of, asked)
        rows = rows.filter(coach=coach)
    rows = rows.select_related("participant", "coach").order_by("participant__sort_name", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    for row in found:
        row.unit = units[row.unit_id]
    context = {
        "number": shown,
        "page": page,
        "rows": found,
        "units": units,
        "unit": unit,
        "coach": coach,
        "without": asked == NOBODY,
        "today": moment.today,
    }
    return render(request, "participants/caseload/list.html", context)


def _together(user: User, loads: list[UnitCaseload]) -> dict:
    """The sums of all units. What is late is linked only when the unit's day is of these units and no others."""
    total, without = Caseload(), Caseload()
    for load in loads:
        total.add(load.total)
        without.add(load.without)
    same = user.reach.scope(Role.MANAGER) == user.reach.scope(*CASE_ROLES)
    return {"total": total, "without_coach": without, "late_is_theirs": same}


def _units(user: User) -> dict[int, Unit]:
    """The units that the user manages, by key, in the order of their names."""
    if not can_see_unit(user):
        raise PermissionDenied
    return {unit.pk: unit for unit in Unit.objects.in_scope(user.reach.scope(Role.MANAGER)).by_name()}


def _chosen(units: dict[int, Unit], code: str) -> Unit | None:
    """The unit of the address; 404 for one that the user does not manage, or that does not exist. Without one in the
    address the only one, else None."""
    if code:
        found = next((unit for unit in units.values() if unit.code == code), None)
        if found is None:
            raise Http404
        return found
    return next(iter(units.values())) if len(units) == 1 else None


def _coach(user: User, units: Iterable[Unit], text: str) -> User:
    """The coach of the address; 404 for who neither works nor has anybody in the units, whoever it is."""
    key = as_uuid(text)
    coach = coach_known_in(user, [unit.pk for unit in units], key) if key else None
    if coach is None:
        raise Http404
    return coach
