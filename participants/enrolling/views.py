"""Enrolling somebody: from a referral that is accepted, with everything filled in, or without one."""

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import municipal
from accounts.models import AccessLogEntry
from participants.agreements.rules import AGREEMENT_NEEDED
from participants.cautions import Caution, cautions
from participants.enrolling import services
from participants.enrolling.forms import EnrolForm, known_person
from participants.models import Enrolment, Participant, ProtectedAccess, Referral
from participants.municipal import CASE_NUMBER_PATTERN
from participants.opening import participant_log
from participants.permissions import can_handle_referral, can_register_participants
from participants.referrals.opening import referral_opened, referral_touched
from participants.registering.forms import PersonSection, unjudged
from participants.registering.services import NumberTaken
from participants.registering.telling import number_told, shown_write
from participants.revolving import Round, round_of
from vocabulary.codes import ReferralState

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
REVOLVING = "revolving"


@dataclass(frozen=True)
class Told:
    """What is told before somebody is enrolled: what to think of, how often they have come before, and a referral of
    theirs that nobody has decided."""

    cautions: list[Caution]
    round: Round | None
    undecided: Referral | None

    @property
    def keys(self) -> list[str]:
        keys = [each.key for each in self.cautions]
        return keys + [REVOLVING] * bool(self.round) + ["referral"] * bool(self.undecided)


@read_or_write
def participant_new(request: HttpRequest) -> HttpResponse:
    """Enrol somebody new, or known, who comes without a referral."""
    if not can_register_participants(request.user):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    found = known_person(request.GET.get("person", ""))
    section = PersonSection(data, user=request.user, found=found)
    education = section.known.participant.education if section.known else ""
    form = _form(request, initial={"education": education})
    if section.is_step:
        unjudged(form)
        form.initial["education"] = form.initial.get("education") or education
    elif data is not None and all([section.is_valid(), form.is_valid()]):
        known = section.known
        person = known.participant if known else Participant(**_born(section))
        return _told_or_enrolled(request, form, person, {"section": section})
    return _page(request, form, {"section": section})


@read_or_write
def referral_enrol(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enrol the person of an accepted referral."""
    posted = request.method == "POST"
    referral = referral_touched(request, public_id) if posted else referral_opened(request, public_id, part="enrol")
    if not can_handle_referral(request.user, referral):
        raise PermissionDenied
    if referral.state != ReferralState.ACCEPTED or referral.participant is None:
        messages.info(request, _("Accept the referral first. Then the person can be enrolled."))
        return HttpResponseRedirect(referral.get_absolute_url())
    if not posted and (before := Enrolment.objects.visible_to(request.user).filter(referral=referral).first()):
        return _enrolled_already(request, before)
    form = _form(request, referral=referral, initial={"education": referral.participant.education})
    if posted and form.is_valid():
        return _told_or_enrolled(request, form, referral.participant, {"referral": referral})
    return _page(request, form, {"referral": referral})


def _form(request: HttpRequest, **options) -> EnrolForm:
    data = request.POST if request.method == "POST" else None
    numbered = bool(municipal.value_of(CASE_NUMBER_PATTERN.key))
    return EnrolForm(data, user=request.user, numbered=numbered, **options)


def _born(section: PersonSection) -> dict:
    return {name: section.facts[name] for name in ("birth_date", "birth_year")}


def _told_or_enrolled(request: HttpRequest, form: EnrolForm, person: Participant, by: dict) -> HttpResponse:
    told = _told(request, form, person, by.get("referral"))
    if not set(told.keys) <= set(request.POST.getlist("told")):
        return _page(request, form, by, told=told, status=200)
    said = form.cleaned_data
    plans = services.Plans(review_on=said["review_on"], motivation=said["motivation"]) if told.round else None
    try:
        enrolled = services.enrolment_create(
            actor=request.user,
            unit=next(unit for unit in form.units if unit.pk == said["unit"].pk),
            coach=said["coach"],
            start=said["start"],
            facts=form.facts,
            education=said["education"],
            case_number=said["case_number"],
            legal_basis=said["legal_basis"],
            plans=plans,
            **by,
        )
    except services.EnrolledAlready as before:
        if before.enrolment.start == said["start"]:
            return _enrolled_already(request, before.enrolment)
        form.add_error(None, _already_since(before.enrolment))
        return _page(request, form, by, before=before.enrolment)
    except services.NotFree as refused:
        participant_log(request, refused.participant.public_id, AccessLogEntry.Act.DENIED)
        form.add_error(None, _("The enrolment cannot be saved. The administrator has been told, and finds out why."))
    except services.NotAccepted:
        messages.warning(request, _("The referral has changed meanwhile. Nothing was saved. This is how it stands."))
        return HttpResponseRedirect(by["referral"].get_absolute_url())
    except services.CannotBeCoach as gone:
        form.add_error("coach", _("%(name)s does not work in the unit.") % {"name": gone.coach.full_name})
    except NumberTaken:
        by["section"] = by["section"].again()
    else:
        return _enrolled(request, enrolled, form)
    return _page(request, form, by)


def _already_since(before: Enrolment) -> str:
    return _("The person is enrolled already, since %(day)s.") % {"day": date_format(before.start)}


def _told(request: HttpRequest, form: EnrolForm, person: Participant, referral: Referral | None) -> Told:
    draft, today = form.draft(person), timezone.localdate()
    found = cautions(draft, person, draft.groups, today)
    if draft.target_group == AGREEMENT_NEEDED:
        found.append(_agreement_caution())
    if person.pk is None:
        return Told(found, None, None)
    undecided = Referral.objects.visible_to(request.user).waiting().filter(participant=person)
    same_unit = undecided.filter(unit=form.cleaned_data["unit"]).order_by("received", "pk")
    return Told(
        cautions=found,
        round=round_of(person, draft.start, request.user, as_of=today),
        undecided=None if referral else same_unit.first(),
    )


def _agreement_caution() -> Caution:
    return Caution(
        key="agreement",
        short="",
        title=_("Who comes preventively needs an agreement with the employment service"),
        advice=_("Write it down in the file before anything begins."),
        urgent=False,
    )


def _enrolled(request: HttpRequest, enrolled: services.Enrolled, form: EnrolForm) -> HttpResponse:
    case, coach = enrolled.enrolment, form.cleaned_data["coach"]
    if enrolled.repeated:
        return _enrolled_already(request, case)
    told = _("%(name)s is enrolled, with %(coach)s as job coach.")
    messages.success(request, told % {"name": case.participant.full_name, "coach": coach.full_name})
    if enrolled.registered:
        number_told(request, enrolled.registered)
    named = ProtectedAccess.objects.filter(participant=case.participant, user=coach)
    if case.participant.is_protected and not named.exists():
        messages.warning(
            request,
            _("%(name)s is not on the access list and cannot open the file until a manager names them.")
            % {"name": coach.full_name},
        )
    return redirect("participants:file", case.participant.public_id)


def _enrolled_already(request: HttpRequest, before: Enrolment) -> HttpResponse:
    messages.info(request, _("The person was enrolled already. This is the file."))
    return redirect("participants:file", before.participant.public_id)


def _page(
    request: HttpRequest,
    form: EnrolForm,
    by: dict,
    *,
    told: Told | None = None,
    before: Enrolment | None = None,
    status: int | None = None,
) -> HttpResponse:
    section, referral = by.get("section"), by.get("referral")
    if section:
        shown_write(request, section)
    step = section is not None and section.is_step
    if status is None:
        status = 422 if request.method == "POST" and not step else 200
    told_keys = told.keys if told else request.POST.getlist("told")  # what was told stays told
    if REVOLVING not in told_keys:
        _hide_plans(form)
    context = {"form": form, "told_keys": told_keys, "goes_round": REVOLVING in told_keys}
    context |= {"section": section, "referral": referral, "told": told, "before": before}
    context["person"] = referral.participant if referral else None
    return render(request, "participants/enrolling/enrol.html", context, status=status)


def _hide_plans(form: EnrolForm) -> None:
    """Who does not go round is not asked about a joint review."""
    for name in ("review_on", "motivation"):
        if not form.errors.get(name):
            form.fields[name].widget = forms.HiddenInput()
