"""The consultations, as a union representative sees them."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from placements.booking.consultations import consultations_for, form_label
from placements.booking.permissions import can_see_consultations


class SearchForm(forms.Form):
    """What the consultations are narrowed to."""

    q = forms.CharField(label=_("Workplace or employer"), required=False, max_length=200)


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Workplace, sort of placement, period and number: never a person, a unit or a case."""
    if not can_see_consultations(request.user):
        raise PermissionDenied
    form = SearchForm(request.GET)
    searched = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(consultations_for(request.user, searched), 50).get_page(request.GET.get("page"))
    for row in page:
        row["label"] = form_label(row["form"])
    context = {"page_obj": page, "form": form, "searched": searched}
    return render(request, "placements/booking/consultations.html", context)
