"""What came of the activities that ended, by form, for managers; and the list behind each number."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Role, Unit
from participants.permissions import can_see_unit
from participants.plan.outcomes import OutcomeFilter, ended_in, outcomes_by_form, total_of
from vocabulary.codes import ActivityOutcome
from vocabulary.models import ActivityForm

PAGE_SIZE = 50


@require_safe
def activity_outcomes(request: HttpRequest) -> HttpResponse:
    """A row for each form of activity; with `form` or `utfall` in the address also those whom a number counts."""
    if not can_see_unit(request.user):
        raise PermissionDenied
    units = list(Unit.objects.in_scope(request.user.reach.scope(Role.MANAGER)).by_name())
    asked = OutcomeFilter(request.GET, units=units)
    valid = asked.is_valid()
    first, last = asked.period
    context = {"filter": asked, "units": units, "first": first, "last": last, "outcomes": ActivityOutcome.choices}
    if not valid:
        return render(request, "participants/plan/outcomes.html", context, status=422)
    asked.initial = {"fran": first, "till": last}
    activities = ended_in(request.user, asked.chosen, first, last)
    rows = outcomes_by_form(activities)
    context |= {"rows": rows, "total": total_of(rows), "address": _address(request)}
    form, outcome = asked.cleaned_data["form"], asked.cleaned_data["utfall"]
    if "form" in request.GET or outcome:
        context |= _list(request, activities, form, outcome, {unit.pk: unit for unit in units})
    return render(request, "participants/plan/outcomes.html", context)


def _address(request: HttpRequest) -> str:
    """The address without what names one number's list."""
    rest = request.GET.copy()
    for name in ("form", "utfall", "page"):
        rest.pop(name, None)
    return rest.urlencode()


def _list(request: HttpRequest, activities, form: str, outcome: str, units: dict[int, Unit]) -> dict:
    """Those whom one number counts."""
    if form:
        activities = activities.filter(form=form)
    if outcome:
        activities = activities.filter(outcome=outcome)
    listed = activities.select_related("enrolment__participant", "form")
    listed = listed.order_by("enrolment__participant__sort_name", "ended_on", "pk")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    for activity in page.object_list:
        activity.enrolment.unit = units[activity.enrolment.unit_id]
    chosen = ActivityForm.objects.filter(pk=form).first() if form else None
    return {
        "page": page,
        "chosen_form": chosen,
        "chosen_outcome": ActivityOutcome(outcome).label if outcome else "",
    }
