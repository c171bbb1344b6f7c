"""Before the track: who is proposed for which round, offered a seat, and what they answer."""

import uuid
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import Enrolment
from participants.querysets import hidden_from
from placements.booking.rules import Refused
from placements.kept_forms import FormPage, form_page
from tracks.designing.told import steps_of
from tracks.members.forms import AnswerForm, OfferForm, PlainForm, ProposeForm
from tracks.members.permissions import can_offer
from tracks.members.services import applying
from tracks.members.told import known_of_one, steps_shown
from tracks.members.views.opening import (
    PART,
    address_of,
    case_to_lead,
    crumbs_of,
    opened_case,
    opened_member,
    read_or_write,
)
from tracks.models import Member, MemberState, Round
from tracks.rounds.seats import seats_of, taken_in
from tracks.rounds.views import address_of as round_address
from tracks.rounds.views import crumbs_to, round_name, round_of

FORM = "tracks/members/form.html"
ROUND_FORM = "tracks/rounds/form.html"


# --- Proposing ----------------------------------------------------------------------------------------------------


@read_or_write
def propose(request: HttpRequest, public_id: uuid.UUID, round_id: uuid.UUID) -> HttpResponse:
    """Gate by gate what is met and what is missing, and why the track suits."""
    file = opened_case(request, public_id)
    case = case_to_lead(request, file)
    rounds = Round.objects.visible_to(request.user).select_related("version__track", "unit")
    round = get_object_or_404(rounds.prefetch_related("unit__terms"), public_id=round_id)
    steps, today = steps_of(round.version), timezone.localdate()
    page = FormPage(
        title=_("Propose %(name)s") % {"name": file.participant.full_name},
        save=_("Propose"),
        back=reverse("participants:part", args=[file.public_id, PART]),
        crumbs=crumbs_of(file),
        lead=round_name(round),
        more={
            "round": round,
            "steps": steps_shown(round, known_of_one(case, today)),
            "closed": applying.closed_for_applications(round, today),
            "elsewhere": _elsewhere(case, round),
        },
    )

    def act(form: ProposeForm) -> str:
        said = form.cleaned_data
        try:
            member = applying.member_propose(
                round=round, enrolment=case, actor=request.user, why=said["why"], enters_at=said["enters_at"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return ""
        member.enrolment = case
        page.back = address_of(member)
        return _("The participant is proposed, and waits for a seat.")

    make = partial(ProposeForm, steps=steps)
    return form_page(request, make=make, act=act, page=page, template="tracks/members/propose.html")


def _elsewhere(case: Enrolment, round: Round) -> str:
    """The round in which the participant is on the track now; empty if that is none, or this one."""
    rows = Member.objects.filter(enrolment=case, state=MemberState.ON_TRACK).exclude(round=round)
    there = rows.select_related("round__version__track").first()
    return round_name(there.round) if there else ""


@read_or_write
def withdraw(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Ask, and take the application back."""
    opened = opened_member(request, public_id, member_id)
    without = opened.member.state == MemberState.NO_SEAT
    page = FormPage(
        title=_("Is nothing more to follow?") if without else _("Withdraw the application?"),
        save=_("Nothing more follows") if without else _("Withdraw the application"),
        back=address_of(opened.member),
        crumbs=crumbs_of(opened.file, opened.member),
        lead=_("The participant got no seat. It does not stand in My day any more.")
        if without
        else _("The participant waits no longer for a seat. They can be proposed again."),
        danger=not without,
    )

    def act(form: PlainForm) -> str:
        try:
            applying.member_withdraw(member=opened.member, seen=form.revision)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("It does not stand in My day any more.") if without else _("The application is withdrawn.")

    return form_page(request, make=partial(PlainForm, member=opened.member), act=act, page=page, template=FORM)


# --- Offering -----------------------------------------------------------------------------------------------------


def _in_round(request: HttpRequest, round_id: uuid.UUID, member_id: uuid.UUID) -> tuple[Round, Member, bool]:
    """The round, somebody in it, and whether their case is open to the user. A protected person whom nobody shows the
    user is not there."""
    round = round_of(request, round_id)
    if not can_offer(request.user, round):
        raise PermissionDenied
    rows = round.members.exclude(enrolment__participant__in=hidden_from(request.user))
    member = get_object_or_404(rows.select_related("enrolment__participant", "enters_at"), public_id=member_id)
    member.round = round
    return round, member, Member.objects.visible_to(request.user).filter(pk=member.pk).exists()


def _called(member: Member, is_named: bool) -> str:
    if is_named:
        return member.enrolment.participant.full_name
    return _("a participant whose case another unit answers for")


@read_or_write
def offer(request: HttpRequest, round_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Offer a seat; to somebody whom others come before with the reason."""
    round, member, is_named = _in_round(request, round_id, member_id)
    step = member.enters_at or steps_of(round.version)[0]
    seats = seats_of(round).get(step.pk)
    page = FormPage(
        title=_("Offer a seat"),
        save=_("Offer the seat"),
        back=round_address(round),
        crumbs=crumbs_to(round),
        lead=_("To %(who)s, on the step “%(step)s”.") % {"who": _called(member, is_named), "step": step.title},
        more={"step": step, "seats": seats, "free": None if seats is None else seats - taken_in(round)[step.pk]},
    )

    def act(form: OfferForm) -> str:
        try:
            applying.member_offer(
                member=member,
                actor=request.user,
                deviation=form.cleaned_data.get("deviation", ""),
                seen=form.revision,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _("The seat is offered. The participant's job coach sees it in My day.")

    make = partial(OfferForm, member=member, is_next=applying.is_next(round, member))
    return form_page(request, make=make, act=act, page=page, template="tracks/members/offer.html")


@read_or_write
def offer_back(request: HttpRequest, round_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Ask, and take an offer back."""
    round, member, is_named = _in_round(request, round_id, member_id)
    page = FormPage(
        title=_("Take the offer back?"),
        save=_("Take back"),
        back=round_address(round),
        crumbs=crumbs_to(round),
        lead=_("The seat is free again, and %(who)s waits for one.") % {"who": _called(member, is_named)},
        danger=True,
    )

    def act(form: PlainForm) -> str:
        try:
            applying.member_offer_back(member=member, seen=form.revision)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("The offer is taken back.")

    return form_page(request, make=partial(PlainForm, member=member), act=act, page=page, template=ROUND_FORM)


@read_or_write
def answer(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Note what the participant answers to the offer."""
    opened = opened_member(request, public_id, member_id)
    page = FormPage(
        title=_("The answer to the offer"),
        save=_("Save the answer"),
        back=address_of(opened.member),
        crumbs=crumbs_of(opened.file, opened.member),
        lead=f"{opened.file.participant.full_name} · {round_name(opened.member.round)}",
    )

    def act(form: AnswerForm) -> str:
        try:
            applying.member_answer(
                member=opened.member, accepts=form.accepts, day=form.cleaned_data["day"], seen=form.revision
            )
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The answer is saved.")

    return form_page(request, make=partial(AnswerForm, member=opened.member), act=act, page=page, template=FORM)
