"""Managers name the staff who may see a protected participant; the page shows case numbers, never a name."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Unit, User
from participants import permissions
from participants.coaching.candidates import coaches_in, coaches_of_each
from participants.coaching.forms import CoachForm
from participants.coaching.views import assigned, protected_coach_form
from participants.models import Enrolment, ProtectedAccess
from participants.opening import not_found
from participants.protecting.forms import NameForm
from participants.protecting.services import protected_access_grant, protected_access_withdraw
from participants.querysets import CASE_ROLES


@require_safe
def protected_list(request: HttpRequest) -> HttpResponse:
    """The protected participants of the manager's units, by case number, and who is named for each."""
    _check(request)
    return _page(request)


@require_POST
def access_grant(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = _enrolment_or_404(request, public_id)
    form = NameForm(request.POST, enrolment=enrolment, staff=_staff(), prefix=str(public_id))
    if not form.is_valid():
        return _page(request, wrong=(public_id, form))
    protected_access_grant(participant=enrolment.participant, user=form.cleaned_data["user"], actor=request.user)
    return redirect("participants:protected")


@require_POST
def access_withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    enrolment = _enrolment_or_404(request, public_id)
    try:
        named = enrolment.participant.access_list.get(user__public_id=uuid.UUID(request.POST.get("user", "")))
    except (ValueError, ProtectedAccess.DoesNotExist):
        raise Http404 from None
    protected_access_withdraw(participant=enrolment.participant, user=named.user)
    return redirect("participants:protected")


@require_POST
def protected_coach(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another job coach for somebody whom the manager knows by case number alone."""
    enrolment = _enrolment_or_404(request, public_id)
    named = set(enrolment.participant.access_list.values_list("user", flat=True))
    form = protected_coach_form(enrolment, list(coaches_in(enrolment.unit_id)), named, data=request.POST)
    if form.is_valid():
        problem = assigned(request, enrolment, form)
        if not problem:
            return redirect("participants:protected")
        form.add_error(None, problem)
    return _page(request, wrong_coach=(public_id, form))


def _staff():
    return User.objects.who_may_be(*CASE_ROLES).in_swedish_order()


def _check(request: HttpRequest) -> None:
    if not permissions.can_name_for_protected(request.user):
        raise PermissionDenied


def _enrolment_or_404(request: HttpRequest, public_id: uuid.UUID) -> Enrolment:
    """The protected participant's latest enrolment in the manager's units."""
    _check(request)
    enrolment = Enrolment.objects.protected_for(request.user).filter(participant__public_id=public_id).first()
    if enrolment is None:
        raise not_found(request, public_id)
    return enrolment


def _page(
    request: HttpRequest,
    wrong: tuple[uuid.UUID, NameForm] | None = None,
    wrong_coach: tuple[uuid.UUID, CoachForm] | None = None,
) -> HttpResponse:
    named = ProtectedAccess.objects.select_related("user").order_by("granted_at", "pk")
    enrolments = (
        Enrolment.objects.protected_for(request.user)
        .select_related("participant", "coach")
        .prefetch_related(
            Prefetch("unit", queryset=Unit.objects.named()), Prefetch("participant__access_list", queryset=named)
        )
    )
    rows, staff, today = [], list(_staff()), timezone.localdate()
    enrolments = list(enrolments)
    coaches = coaches_of_each({each.unit_id for each in enrolments})
    for enrolment in enrolments:
        public_id = enrolment.participant.public_id
        form = NameForm(enrolment=enrolment, staff=staff, prefix=str(public_id))
        if wrong and wrong[0] == public_id:
            form = wrong[1]
        coach = None
        if wrong_coach and wrong_coach[0] == public_id:
            coach = wrong_coach[1]
        elif enrolment.end is None or enrolment.end > today:
            named = {access.user_id for access in enrolment.participant.access_list.all()}
            coach = protected_coach_form(enrolment, coaches[enrolment.unit_id], named)
        rows.append({"enrolment": enrolment, "public_id": public_id, "form": form, "coach_form": coach})
    status = 422 if wrong or wrong_coach else 200
    return render(request, "participants/protected.html", {"rows": rows}, status=status)
