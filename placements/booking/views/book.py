"""Booking a placement from the participant's file: first where and for what, then everything else."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.file import ParticipantFile
from participants.models import Activity
from participants.opening import opened_file, touched_file
from placements.booking import permissions, rules
from placements.booking.forms.acts import supervisors_at
from placements.booking.forms.book import BookForm, SearchForm
from placements.booking.services.book import placement_book
from placements.booking.views.opening import PART
from placements.models import Place, SupervisorTraining, Workplace
from placements.schedule_forms import HoursRows, more_rows, rows_of, rows_typed
from placements.services.schedules import hours_of
from placements.services.seats import with_free_seats

#: How many places and workplaces are shown to choose among; who has more to choose among searches.
MOST_SHOWN = 20


@dataclass
class Where:
    """What has been chosen so far: for which activity, in which place or at which workplace."""

    activity: Activity | None = None
    place: Place | None = None
    workplace: Workplace | None = None

    @property
    def is_whole(self) -> bool:
        return self.activity is not None and self.workplace is not None


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Book a placement for an activity of the plan (`?insats=`), in a place (`?plats=`) or at a workplace
    (`?arbetsplats=`); what is not chosen is asked first."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part=PART)
    cases = [each for each in file.enrolments if permissions.can_book(request.user, each)]
    if not cases:
        raise PermissionDenied
    case = next((each for each in cases if each.is_open), cases[0])
    activities = [] if case.is_closed else rules.workplace_activities(case)
    if not activities:
        refused = _why_not(case)
        return render(
            request,
            "placements/booking/nothing.html",
            {"file": file, "refused": refused},
            status=422 if posted else 200,
        )
    for activity in activities:
        activity.enrolment = case
    where = where_asked(request, activities)
    return _form(request, file, where) if where.is_whole else _search(request, file, activities, where)


def _why_not(case) -> str:
    try:
        rules.check_open(case)
    except rules.Refused as refused:
        return str(refused)
    return rules.why_nothing_to_book(case)


def where_asked(request: HttpRequest, activities: list[Activity]) -> Where:
    """What the address says. What it says wrongly is asked for again."""
    asked = request.GET
    by_key = {str(each.public_id): each for each in activities}
    only = activities[0] if len(activities) == 1 else None
    where = Where(activity=by_key.get(asked.get("insats", ""), only))
    if place := _uuid(asked.get("plats", "")):
        rows = Place.objects.visible_to(request.user).select_related("workplace__employer", "supervisor")
        where.place = rows.filter(public_id=place).first()
        where.workplace = where.place.workplace if where.place else None
    elif workplace := _uuid(asked.get("arbetsplats", "")):
        rows = Workplace.objects.visible_to(request.user).select_related("employer")
        where.workplace = rows.filter(public_id=workplace).first()
    return where


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# --- Where, and for which activity --------------------------------------------------------------------------------


def _search(request: HttpRequest, file: ParticipantFile, activities: list[Activity], where: Where) -> HttpResponse:
    form = SearchForm(request.GET or {}, activities=activities)
    q = form.cleaned_data.get("q", "") if form.is_valid() else ""
    chosen = where.activity or activities[0]
    form.initial["insats"] = str(chosen.public_id)
    today = timezone.localdate()
    day = max(today, chosen.start or today)
    places, workplaces = places_to_book(request.user, q, day), workplaces_to_book(request.user, q, day)
    context = {
        "file": file,
        "form": form,
        "activities": activities,
        "activity": chosen,
        "asks_activity": where.workplace is not None,
        "where": where,
        "places": [(each, _is_led(each, day)) for each in places[:MOST_SHOWN]],
        "workplaces": workplaces[:MOST_SHOWN],
        "more": len(places) > MOST_SHOWN or len(workplaces) > MOST_SHOWN,
        "q": q,
        "day": day,
    }
    return render(request, "placements/booking/where.html", context)


def places_to_book(user, q: str, day: dt.date) -> list[Place]:
    """The places with a seat free on the day, called so: at most one more than is shown."""
    trainings = Prefetch("supervisor__trainings", SupervisorTraining.objects.all())
    rows = with_free_seats(Place.objects.visible_to(user), day)
    if q:
        rows = rows.filter(
            Q(title__icontains=q) | Q(workplace__name__icontains=q) | Q(workplace__employer__name__icontains=q)
        )
    rows = rows.select_related("workplace__employer", "supervisor", "occupational_area").prefetch_related(trainings)
    return list(rows.order_by("title", "pk")[: MOST_SHOWN + 1])


def workplaces_to_book(user, q: str, day: dt.date) -> list[Workplace]:
    """The workplaces that are open on the day, called so: at most one more than is shown."""
    rows = Workplace.objects.visible_to(user).open_on(day)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(employer__name__icontains=q))
    return list(rows.select_related("employer").order_by("name", "pk")[: MOST_SHOWN + 1])


def _is_led(place: Place, day: dt.date) -> bool:
    return place.supervisor is not None and rules.is_trained(place.supervisor, day)


# --- Everything else ----------------------------------------------------------------------------------------------


def _form(request: HttpRequest, file: ParticipantFile, where: Where) -> HttpResponse:
    posted, more = request.method == "POST", "more" in request.POST
    data = more_rows(request.POST) if more else request.POST
    form, rows = _forms(where, data if posted else None)
    context = {"file": file, "form": form, "rows": rows, "where": where}
    if not posted or more:
        return render(request, "placements/booking/book.html", context | {"asked_for_more": more})
    if form.is_valid() & rows.is_valid():
        said = form.cleaned_data
        try:
            placement = placement_book(activity=where.activity, booked=form.booked(rows), token=said["token"])
        except rules.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("The placement is booked. See to what is left before it begins."))
            return redirect("booking:placement", file.public_id, placement.public_id)
    return render(request, "placements/booking/book.html", context, status=422)


def _forms(where: Where, data) -> tuple[BookForm, HoursRows]:
    offered = where.place.schedules.prefetch_related("hours").first() if where.place else None
    supervisors = supervisors_at(where.workplace.pk, timezone.localdate())
    form = BookForm(
        data, activity=where.activity, workplace=where.workplace, place=where.place, supervisors=supervisors
    )
    form.initial["on_holidays"] = bool(offered and offered.on_holidays)
    return form, rows_of(hours_of(offered)) if data is None else rows_typed(data)
