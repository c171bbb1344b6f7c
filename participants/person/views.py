"""How a person is reached, who they are and the facts of an enrolment: shown, changed, and what they were before."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import AccessLogEntry
from participants.file import ParticipantFile, case_to_write_in
from participants.models import Enrolment, Participant
from participants.opening import enrolment_asked, opened_file, participant_log, touched_file
from participants.permissions import can_edit_person
from participants.person import numbers as identity_services
from participants.person import past as person
from participants.person.forms import ContactDetailsForm, FactsForm, NumberForm, PersonForm
from participants.person.services import FactsChanged, model_of, person_change
from participants.search import SearchKind

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def contact(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How the person is reached, and what it was before."""
    file = _opened(request, public_id, part="contact")
    enrolment = _checked(request, case_to_write_in(file))
    context = {"file": file, "past": person.changes_of_person(file, person.CONTACT_FACTS)}
    saved = f"{reverse('participants:file', args=[public_id])}?sparad=kontakt#contact"
    return _facts_page(request, ContactDetailsForm, enrolment, "participants/person/contact.html", context, saved)


@read_or_write
def facts(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who the person is, and the facts of one enrolment: the one that begins on the day `inskrivning` of the address,
    else the open or latest one."""
    file = _opened(request, public_id, part="facts")
    enrolment = _checked(request, enrolment_asked(request, file))
    context = {
        "file": file,
        "enrolment": enrolment,
        "others": [each for each in file.enrolments if each.pk != enrolment.pk],
        "number_saved": request.GET.get("sparad") == "nummer",
        "past": person.changes_of_case(file, enrolment, person.IDENTITY_FACTS),
    }
    saved = f"{reverse('participants:file', args=[public_id])}?sparad=uppgifter#case"
    return _facts_page(request, PersonForm, enrolment, "participants/person/facts.html", context, saved)


@read_or_write
def number(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Replace the identity number. The old one is kept."""
    file = _opened(request, public_id, part="identity_number")
    _checked(request, case_to_write_in(file))
    context = {"file": file, "past": person.changes_of_person(file, ("identity_number",))}
    current = file.participant.identity_number
    if request.method != "POST":
        return _number_page(request, context, NumberForm(initial=_seen(file.participant), current=current))
    form = NumberForm(request.POST, current=current)
    if not form.is_valid():
        return _number_page(request, context, form, status=422)
    try:
        identity_services.identity_number_change(
            participant=file.participant,
            number=form.cleaned_data["number"],
            actor=request.user,
            seen=form.cleaned_data["seen"],
            units=file.unit_codes,
            sure=form.is_sure,
        )
    except identity_services.NumberNotFree as refused:
        for holder in refused.holders:
            participant_log(request, holder.public_id, AccessLogEntry.Act.DENIED)
        form.add_error("number", _("The number cannot be saved. The administrator has been told."))
    except identity_services.NumberTaken as taken:
        form.add_error("number", _("The number is that of %(name)s.") % {"name": taken.holder.full_name})
        context |= {"holder": taken.holder, "opens": _opens(request, taken.holder)}
        _told_whose(request, taken.holder)
    except identity_services.NumberDoubted as doubted:
        typed = form.cleaned_data["number"]
        form = _again(form, asked=typed.number)
        form.add_error("sure", _("Check the number. Tick the box if it is right, and save again."))
        context |= {"doubted": doubted, "typed": typed, "opens": _opens(request, doubted.former_holder)}
        if doubted.former_holder:
            _told_whose(request, doubted.former_holder)
    except identity_services.PersonChanged as changed:
        form = _again(form, **_seen(changed.participant))
        form.add_error(None, _("Somebody else has changed this since you opened the page. Look, and save again."))
        context["past"] = person.changes_of_person(file, person.IDENTITY_FACTS)
    else:
        return redirect(f"{reverse('participants:facts', args=[public_id])}?sparad=nummer#number")
    return _number_page(request, context, form, status=422)


# --- What they share ----------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, public_id: uuid.UUID, *, part: str) -> ParticipantFile:
    if request.method == "POST":  # the look was written down when the page was opened
        return touched_file(request, public_id)
    return opened_file(request, public_id, part=part)


def _checked(request: HttpRequest, enrolment: Enrolment) -> Enrolment:
    if not can_edit_person(request.user, enrolment):
        raise PermissionDenied
    return enrolment


def _facts_page(
    request: HttpRequest, form_of: type[FactsForm], enrolment: Enrolment, template: str, context: dict, saved: str
) -> HttpResponse:
    """The form, or what became of it: saved, wrong, or changed by somebody else meanwhile."""
    form = form_of(request.POST if request.method == "POST" else None, enrolment=enrolment)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            person_change(enrolment=enrolment, changes=form.changes(), units=context["file"].unit_codes)
            return redirect(saved)
        except FactsChanged as changed:
            # Both stand on the page; whoever saves again has seen what is there.
            context["overtaken"] = [_overtaken(form, name, value) for name, value in changed.now.items()]
            form, status = form.as_of(changed.now), 409
        except ValidationError as problems:
            form.add_error(None, problems)
    return render(request, template, context | {"form": form}, status=status)


def _overtaken(form: FactsForm, name: str, now) -> dict[str, str]:
    model = model_of(name)
    typed = form.cleaned_data[name]
    return {
        "label": form.fields[name].label,
        "now": person.told(model, name, now),
        "typed": person.told(model, name, typed),
    }


def _number_page(request: HttpRequest, context: dict, form: NumberForm, status: int = 200) -> HttpResponse:
    return render(request, "participants/person/number.html", context | {"form": form}, status=status)


def _told_whose(request: HttpRequest, holder: Participant) -> None:
    """The page names who has or had a number that was typed: a search by number, and written down as one."""
    codes = Enrolment.objects.visible_to(request.user).filter(participant=holder).values_list("unit__code", flat=True)
    detail = {"units": sorted(set(codes)), "kind": SearchKind.IDENTITY_NUMBER, "hits": 1}
    participant_log(request, holder.public_id, AccessLogEntry.Act.SEARCHED, **detail)


def _opens(request: HttpRequest, holder: Participant | None) -> bool:
    """Whether the user can open the file of who has the number: who is only referred has none yet."""
    return bool(holder) and Participant.objects.visible_to(request.user).filter(pk=holder.pk).exists()


def _seen(participant: Participant) -> dict[str, int]:
    return {"seen": participant.revision}


def _again(form: NumberForm, **values) -> NumberForm:
    """The form with what was typed, and what it has to carry from now on."""
    data = form.data.copy()
    for name, value in values.items():
        data[name] = value
    again = NumberForm(data, current=form.current)
    again.is_valid()
    return again
