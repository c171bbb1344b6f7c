"""Deputies: one's own, or those of the units one manages; who stands in now, who will, and who did."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Role, Unit, User
from participants.coaching.candidates import coaches_of_each
from participants.deputies.forms import DeputyForm
from participants.deputies.services import deputy_end, deputy_name, stands_in_meanwhile
from participants.models import Deputy
from participants.permissions import WRITING_ROLES, can_end_deputy, can_list_participants

#: Of what is over, the latest are shown.
PAST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """Name a deputy for oneself or, as a manager, for somebody of one's units; and see who stands in when."""
    user = request.user
    if not can_list_participants(user):
        raise PermissionDenied
    form = _form(user, request.POST if request.method == "POST" else None)
    if form is None or request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            row = deputy_name(actor=user, **form.cleaned_data)
        except ValidationError as error:
            _add(form, error)
        else:
            words = {"deputy": row.deputy.full_name, "absent": row.absent.full_name, "end": f"{row.end:%Y-%m-%d}"}
            messages.success(request, _("%(deputy)s stands in for %(absent)s until %(end)s.") % words)
            if other := stands_in_meanwhile(row):
                words = {
                    "absent": row.absent.full_name,
                    "other": other.absent.full_name,
                    "start": f"{other.start:%Y-%m-%d}",
                    "end": f"{other.end:%Y-%m-%d}",
                }
                said = _("%(absent)s was to stand in for %(other)s from %(start)s to %(end)s. Name somebody else.")
                messages.warning(request, said % words)
            return redirect("deputies:deputies")
    return _page(request, form, status=422)


@require_POST
def end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """End it now, or take back what is to come."""
    if not can_list_participants(request.user):
        raise PermissionDenied
    row = get_object_or_404(_seen_by(request.user), public_id=public_id)
    if not can_end_deputy(request.user, row):
        raise PermissionDenied
    deputy_end(deputy=row, actor=request.user)
    words = {"deputy": row.deputy.full_name, "absent": row.absent.full_name}
    messages.success(request, _("%(deputy)s no longer stands in for %(absent)s.") % words)
    return redirect("deputies:deputies")


def _form(user: User, data) -> DeputyForm | None:
    """None for who neither is away from anything nor manages anybody."""
    manages = bool(user.reach.scope(Role.MANAGER))
    scope = user.reach.scope(Role.MANAGER, *WRITING_ROLES)
    units = {unit.pk: unit for unit in Unit.objects.in_scope(scope).by_name()}
    people = coaches_of_each(units)
    units = {key: unit for key, unit in units.items() if len(people[key]) > 1}
    if not units:
        return None
    return DeputyForm(data, user=user, units=units, people=people, manages=manages)


def _add(form: DeputyForm, error: ValidationError) -> None:
    """What the row refuses, beside the field that it is about."""
    named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in named.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _seen_by(user: User):
    """Those the user is part of, and those of the units the user manages."""
    own = Q(absent=user) | Q(deputy=user)
    scope = user.reach.scope(Role.MANAGER)
    if scope.everything:
        return Deputy.objects.all()
    return Deputy.objects.filter(own | Q(unit__in=scope.unit_ids))


def _page(request: HttpRequest, form: DeputyForm | None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    rows = _seen_by(request.user).select_related("absent", "deputy").prefetch_related("unit__terms")
    to_come = list(rows.filter(ended_at=None, end__gte=today).order_by("start", "pk"))
    context = {
        "form": form,
        "to_come": [(row, can_end_deputy(request.user, row)) for row in to_come],
        "past": rows.exclude(ended_at=None, end__gte=today).order_by("-start", "-pk")[:PAST_SHOWN],
        "today": today,
    }
    return render(request, "participants/deputies/page.html", context, status=status)
