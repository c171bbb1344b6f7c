"""Places for a participant, and participants for a place."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from participants.models import Activity, Enrolment
from participants.opening import opened_file
from participants.permissions import can_run_case
from participants.plan.booking import activities_to_book
from placements.matching.ranking import activities_for, places_for
from placements.matching.reasons import reasons
from placements.matching.wishes import first_day, wishes_of, wishes_of_each
from placements.models import Place
from placements.places.permissions import can_see_places
from placements.places.vacancy import vacancy_of
from placements.training import is_trained
from vocabulary.codes import ActivityKind

PAGE_SIZE = 20


@require_safe
def places(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The places for one participant, the most suitable first, each with why. Nothing is suggested before an activity
    at a workplace is decided, with its purpose and what is expected of it."""
    file, today = opened_file(request, public_id, part="matching"), timezone.localdate()
    case = file.latest
    activities = list(activities_to_book(case).filter(form__kind=ActivityKind.WORKPLACE)) if case.end is None else []
    context = {"file": file, "activities": activities, "may_book": can_run_case(request.user, case)}
    if not activities:
        return render(request, "placements/matching/nothing.html", context)
    activity = _chosen(request, activities)
    wishes, day = wishes_of(case), first_day(activity.start, today)
    ranked = places_for(Place.objects.visible_to(request.user), wishes, day, today)
    # All of them are put in order by their keys alone; what the page tells is read of those that stand on it.
    page = Paginator(ranked.values_list("pk", flat=True), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = places_for(Place.objects.filter(pk__in=list(page.object_list)), wishes, day, today)
    shown = list(shown.select_related("workplace__employer", "occupational_area").prefetch_related("languages"))
    vacancies = vacancy_of(shown, day)
    suggestions = [
        (place, reasons(place, wishes, vacancies[place.pk], today, is_led=place.is_led)) for place in shown
    ]
    context |= {"activity": activity, "wishes": wishes, "day": day, "page": page, "suggestions": suggestions}
    return render(request, "placements/matching/places.html", context)


def _chosen(request: HttpRequest, activities: list[Activity]) -> Activity:
    """The activity that the address names; the first one without."""
    asked = request.GET.get("insats", "")
    found = next((each for each in activities if str(each.public_id) == asked), None)
    if asked and found is None:
        raise Http404
    return found or activities[0]


@require_safe
def participants(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Those of the reader's participants whom a place suits, the most suitable first, each with why."""
    if not can_see_places(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    found = Place.objects.visible_to(request.user).annotate(is_led=is_trained(today, "supervisor"))
    found = found.select_related("workplace__employer", "occupational_area").prefetch_related("languages")
    place = get_object_or_404(found, public_id=public_id)
    seen = Activity.objects.filter(enrolment__in=Enrolment.objects.visible_to(request.user))
    rows = activities_for(seen, place, today).select_related("enrolment__participant", "enrolment__coach", "form")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.OPENED,
        subject=public_id,
        subject_kind="place",
        request_id=request.id,
        part="matching",
    )
    wishes = wishes_of_each([activity.enrolment for activity in page.object_list])
    suggestions = [
        (activity, reasons(place, wishes[activity.enrolment_id], None, today, is_led=place.is_led))
        for activity in page.object_list
    ]
    for activity, _why in suggestions:
        activity.may_book = can_run_case(request.user, activity.enrolment)
    context = {
        "place": place,
        "page": page,
        "suggestions": suggestions,
        "vacancy": vacancy_of([place], today)[place.pk],
    }
    return render(request, "placements/matching/participants.html", context)
