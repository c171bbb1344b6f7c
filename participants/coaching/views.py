"""Giving one participant to another job coach: in the file, and by case number for protected persons."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from participants.coaching.candidates import caseloads, coaches_in
from participants.coaching.forms import CoachForm, as_uuid, with_caseload
from participants.coaching.services import CannotBeCoach, CoachChanged, coach_assign
from participants.models import Enrolment, Handover, ProtectedAccess
from participants.opening import opened_file, touched_file
from participants.permissions import can_change_coach

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def coach_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another job coach for the participant of a file, with a note for who takes over."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="coach")
    enrolment = file.latest
    if not can_change_coach(request.user, enrolment):
        raise PermissionDenied
    coaches = list(coaches_in(enrolment.unit_id))
    form = coach_form(request.POST if posted else None, user=request.user, enrolment=enrolment, coaches=coaches)
    context = {"file": file, "enrolment": enrolment, "form": form}
    if not posted:
        return render(request, "participants/coaching/change.html", context)
    if not form.is_valid():
        return render(request, "participants/coaching/change.html", context, status=422)
    if problem := assigned(request, enrolment, form):
        context["problem"] = problem
        return render(request, "participants/coaching/change.html", context, status=409)
    return redirect("participants:file", public_id)


def coach_form(data, *, user: User, enrolment: Enrolment, coaches: list[User]) -> CoachForm:
    """The form with how many each coach has; of a protected person with who could not open the file."""
    if enrolment.participant.is_protected:
        return protected_coach_form(enrolment, coaches, _named(enrolment), data=data, prefix=None)
    counts = caseloads(user, enrolment.unit_id, coaches, timezone.localdate())
    labels = {coach.pk: with_caseload(coach, counts[coach.pk]) for coach in coaches}
    return CoachForm(data, enrolment=enrolment, coaches=coaches, labels=labels)


def protected_coach_form(
    enrolment: Enrolment, coaches: list[User], named: set[int], *, data=None, prefix: str | None = ""
) -> CoachForm:
    """For a protected person: says of each coach whether they could open the file. `prefix` empty: by the person."""
    labels = {
        coach.pk: coach.full_name
        if coach.pk in named
        else _("%(name)s, not on the access list") % {"name": coach.full_name}
        for coach in coaches
    }
    prefix = f"coach-{enrolment.participant.public_id}" if prefix == "" else prefix
    return CoachForm(data, enrolment=enrolment, coaches=coaches, labels=labels, prefix=prefix)


def assigned(request: HttpRequest, enrolment: Enrolment, form: CoachForm) -> str:
    """Do what a valid form says, and tell the user; what was in the way, in words, if nothing was done. The form,
    with what was typed, is then one of the coach of today."""
    if problem := _problem(request, enrolment, form):
        enrolment.refresh_from_db()
        form.data = form.data.copy()
        form.data[form.add_prefix("seen")] = str(enrolment.coach.public_id) if enrolment.coach else ""
    return problem


def _problem(request: HttpRequest, enrolment: Enrolment, form: CoachForm) -> str:
    coach = form.cleaned_data["coach"]
    shown = User.objects.filter(public_id=as_uuid(form.cleaned_data["seen"])).first()
    note = form.cleaned_data["note"].strip()
    try:
        done = coach_assign(enrolment=enrolment, from_coach=shown, to=coach, note=note, actor=request.user)
    except CoachChanged as changed:
        now = changed.enrolments[0].coach
        if now is None:
            return _("Somebody has changed it meanwhile: now there is no job coach. Save again to go on.")
        return _("Somebody was quicker: now %(name)s is the job coach. Save again to go on.") % {
            "name": now.full_name
        }
    except CannotBeCoach:
        return _("%(name)s no longer works in this unit. Choose somebody else.") % {"name": coach.full_name}
    sent_before = {"enrolment": enrolment, "to_coach": coach, "by": request.user, "note": note}
    if done is None and note and not Handover.objects.filter(**sent_before).exists():
        return _("%(name)s is the job coach already. What you wrote is not saved: write it in the journal.") % {
            "name": coach.full_name
        }
    messages.success(request, _("%(name)s is the job coach from now on, and sees it in Min dag.") % {
        "name": coach.full_name
    })  # fmt: skip
    if enrolment.participant.is_protected and coach.pk not in _named(enrolment):
        messages.warning(
            request,
            _("%(name)s is not on the access list and cannot open the file until a manager names them.")
            % {"name": coach.full_name},
        )
    return ""


def _named(enrolment: Enrolment) -> set[int]:
    """Who may see a protected participant."""
    return set(ProtectedAccess.objects.filter(participant=enrolment.participant_id).values_list("user", flat=True))
