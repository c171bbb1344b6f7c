"""The queue of referrals, registering one, and one referral's page."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from participants.models import Enrolment, Participant, Referral
from participants.permissions import can_handle_referral, can_list_participants, can_register_participants
from participants.person.past import told
from participants.referrals import services
from participants.referrals.filters import ReferralFilter
from participants.referrals.forms import FACTS, NewReferralForm, ReferralForm
from participants.referrals.history import changes_of, steps_of
from participants.referrals.opening import referral_opened, referral_touched
from participants.referrals.queue import counts_of, lead_times, thoughts, why
from participants.referrals.states import open_acts
from participants.registering.forms import PersonSection, unjudged
from participants.registering.services import NumberTaken, made_by
from participants.registering.telling import number_told, shown_write
from vocabulary.codes import ReferralState

PAGE_SIZE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Whose turn it is and why; or the referrals that the address asks for."""
    user, today = request.user, timezone.localdate()
    if not can_list_participants(user):
        raise PermissionDenied
    filters = ReferralFilter(request.GET, Referral.objects.visible_to(user), user=user)
    if filters.form.errors:
        return HttpResponseRedirect(_address(request, without=filters.form.errors))
    page = Paginator(filters.in_order.select_related("participant", "service_form"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = list(page.object_list)
    for row in rows:
        row.unit = filters.units[row.unit_id]
        row.why, row.thoughts = why(row, today), [each for each in thoughts(row, today) if each.short]
    context = {
        "page": page,
        "rows": rows,
        "filter": filters,
        "units": filters.units,
        "counts": counts_of(user),
        "lead_times": lead_times(user, filters.units.values(), today),
        "shown": filters.shown_state,
        "narrowed": any(filters.form.cleaned_data.values()),
    }
    return render(request, "participants/referrals/queue.html", context)


def _address(request: HttpRequest, without=()) -> str:
    params = request.GET.copy()
    for key in without:
        params.pop(key, None)
    return f"{request.path}?{params.urlencode()}" if params else request.path


# --- Registering --------------------------------------------------------------------------------------------------


@read_or_write
def referral_new(request: HttpRequest) -> HttpResponse:
    """Who it is, and who asks which unit for what. What to think of is told before it is saved."""
    if not can_register_participants(request.user):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    section = PersonSection(data, user=request.user, found=_known_from(request))
    form = NewReferralForm(data, user=request.user, initial={"token": uuid.uuid4()})
    told_now = []
    if section.is_step:
        unjudged(form)
    elif data is not None and _all_valid(section, form):
        unknown = form.cleaned_data["unknown"]
        told_now = _thoughts(section, form)
        if all(each.key in data.getlist("told") for each in told_now):
            try:
                received = services.referral_register(
                    section=None if unknown else section,
                    actor=request.user,
                    token=form.cleaned_data["token"],
                    unit=form.cleaned_data["unit"],
                    facts=form.facts,
                )
            except NumberTaken:
                section, told_now = section.again(), []
            else:
                return _registered(request, received)
    shown_write(request, section)
    told_keys = [each.key for each in told_now] or request.POST.getlist("told")  # what was told stays told
    context = {"section": section, "form": form, "told": told_now, "told_keys": told_keys}
    wrong = data is not None and not section.is_step and not told_now
    return render(request, "participants/referrals/new.html", context, status=422 if wrong else 200)


def _known_from(request: HttpRequest) -> uuid.UUID | None:
    """The person whose file the page was opened from."""
    try:
        return uuid.UUID(request.GET.get("person", ""))
    except ValueError:
        return None


def _all_valid(section: PersonSection, form: NewReferralForm) -> bool:
    """Everything that is wrong is told at once; nothing is asked of a person nobody knows."""
    right = form.is_valid()
    if not form.data.get("unknown"):
        return section.is_valid() and right
    if _typed_of_somebody(section):
        form.add_error("unknown", _("You have also written who it is. Choose one of the two."))
        section.is_valid()
        return False
    unjudged(section)
    return right


def _typed_of_somebody(section: PersonSection) -> bool:
    names = ("number", "temporary_number", "given_name", "family_name", "birth_date", "birth_year", "found")
    return any(section.data.get(section.add_prefix(name)) for name in names)


def _thoughts(section: PersonSection, form: NewReferralForm) -> list:
    """What to think of with what is typed; nothing is stored."""
    facts, person = dict(form.facts), None
    if not form.cleaned_data["unknown"]:
        known = section.known
        person = known.participant if known else Participant(**_born(section.facts))
    return thoughts(Referral(participant=person, **facts), timezone.localdate())


def _born(facts: dict) -> dict:
    return {name: facts[name] for name in ("birth_date", "birth_year")}


def _registered(request: HttpRequest, received: services.Received) -> HttpResponse:
    if received.repeated:
        messages.info(request, _("The referral was registered already. Here it is."))
    else:
        told = (
            _("The referral of %(name)s is registered.") if received.registered else _("The referral is registered.")
        )
        messages.success(request, told % {"name": received.referral.name})
    if received.registered:
        number_told(request, received.registered)
    return HttpResponseRedirect(received.referral.get_absolute_url())


# --- One referral -------------------------------------------------------------------------------------------------


@require_safe
def referral(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is asked, what to think of, what can be done, and what was done."""
    return referral_page(request, referral_opened(request, public_id))


def referral_page(request: HttpRequest, found: Referral, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    person, user = found.participant, request.user
    enrolled = Enrolment.objects.visible_to(user).filter(referral=found).first()
    may_handle = can_handle_referral(user, found)
    context = {
        "referral": found,
        "person": person,
        "age": person.age_on(today) if person else None,
        "has_file": bool(person) and Participant.objects.visible_to(user).filter(pk=person.pk).exists(),
        "enrolled": enrolled,
        "why": why(found, today),
        "thoughts": thoughts(found, today),
        "others": _others(user, found),
        "acts": open_acts(found) if may_handle and not enrolled else [],
        "may_handle": may_handle,
        "may_enrol": may_handle and not enrolled and found.state == ReferralState.ACCEPTED and bool(person),
        "may_undo": may_handle and not enrolled and found.state != ReferralState.RECEIVED,
        "steps": steps_of(found, enrolled),
        "past": changes_of(found),
        "today": today,
    }
    return render(request, "participants/referrals/referral.html", context, status=status)


def _others(user, found: Referral) -> list[Referral]:
    """The person's other referrals that nobody has decided yet, within the user's scope."""
    if found.participant_id is None:
        return []
    rows = Referral.objects.visible_to(user).waiting().filter(participant=found.participant_id)
    return list(rows.exclude(pk=found.pk).order_by("received", "pk")[:5])


@read_or_write
def referral_edit(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what is registered of a referral. The history keeps what it was."""
    posted = request.method == "POST"
    found = referral_touched(request, public_id) if posted else referral_opened(request, public_id, part="facts")
    if not can_handle_referral(request.user, found):
        raise PermissionDenied
    context = {"referral": found, "seen": found.revision}
    form = ReferralForm.of(found, request.POST if posted else None)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            services.referral_change(referral=found, facts=form.facts, seen=_revision(request))
        except services.ReferralChanged as changed:
            now = changed.referral
            differing = [name for name in FACTS if getattr(now, name) != form.facts[name]]
            context["overtaken"] = [
                {
                    "label": form.fields[name].label,
                    "now": told(Referral, name, getattr(now, name)),
                    "typed": told(Referral, name, form.facts[name]),
                }
                for name in differing
            ]
            context["seen"], status = now.revision, 409
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(found.get_absolute_url())
    return render(request, "participants/referrals/edit.html", context | {"form": form}, status=status)


def _revision(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


@read_or_write
def referral_person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write who a referral is about, which nobody knew when it came."""
    posted = request.method == "POST"
    found = referral_touched(request, public_id) if posted else referral_opened(request, public_id, part="person")
    if not can_handle_referral(request.user, found):
        raise PermissionDenied
    section = PersonSection(request.POST if posted else None, user=request.user)
    if found.participant_id and not (posted and _made_by_this_form(section, found, request)):
        messages.info(request, _("It is registered already who it is."))
        return HttpResponseRedirect(found.get_absolute_url())
    if posted and not section.is_step and section.is_valid():
        try:
            registered = services.referral_name_person(referral=found, section=section, actor=request.user)
        except NumberTaken:
            section = section.again()
        except services.ReferralChanged:
            messages.info(request, _("It is registered already who it is."))
            return HttpResponseRedirect(found.get_absolute_url())
        else:
            messages.success(request, _("It is registered who it is."))
            number_told(request, registered)
            return HttpResponseRedirect(found.get_absolute_url())
    shown_write(request, section)
    context = {"section": section, "form": forms.Form(), "referral": found}
    status = 422 if section.is_bound else 200
    return render(request, "participants/referrals/person.html", context, status=status)


def _made_by_this_form(section: PersonSection, found: Referral, request: HttpRequest) -> bool:
    try:
        token = uuid.UUID(request.POST.get(section.add_prefix("token"), ""))
    except ValueError:
        return False
    return found.participant.public_id == made_by(token, request.user)
