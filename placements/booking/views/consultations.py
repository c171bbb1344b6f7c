"""The consultations, as a union representative sees them."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from placements.booking.consultations import consultations_for, form_label
from placements.booking.permissions import can_see_consultations


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Workplace, sort of placement, period and number: never a person, a unit or a case."""
    if not can_see_consultations(request.user):
        raise PermissionDenied
    page = Paginator(consultations_for(request.user), 50).get_page(request.GET.get("page"))
    for row in page:
        row["label"] = form_label(row["form"])
    return render(request, "placements/booking/consultations.html", {"page_obj": page})
