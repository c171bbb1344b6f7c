"""Comparing two files that may be of one person, and making them one."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry
from participants.file import ParticipantFile, case_to_write_in
from participants.merging import reading, services
from participants.merging.facts import doubts
from participants.merging.forms import MergeForm
from participants.merging.hindrances import MergeDecided, MergeHindered, MergeNotTold
from participants.models import Enrolment, Merge, MergeState, Participant
from participants.opening import not_found, opened_file, participant_log, touched_file
from participants.permissions import can_edit_person, can_merge
from participants.person.numbers import PersonChanged
from participants.registering.duplicates import Known, known_alike, known_people, typed_of
from participants.registering.forms import unjudged
from participants.search import SearchKind, search

#: How many are shown of those whom a search finds.
MOST_FOUND = 10
UNMASK = "unmask"


@require_safe
def same_person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who may be the same person as the participant: found by themselves, or searched for."""
    file = opened_file(request, public_id, part="same_person")
    _check(request, file)
    alike = known_alike(request.user, typed_of(file.participant), but=file.public_id)
    for each in alike:
        detail = {"units": each.unit_codes, "kind": SearchKind.LIKENESS, "hits": len(alike)}
        participant_log(request, each.participant.public_id, AccessLogEntry.Act.SEARCHED, **detail)
    text = request.GET.get("q", "").strip()[:100]
    found, more = _search(request, file, text) if text else ([], False)
    context = {"file": file, "alike": alike, "q": text, "found": found, "more": more}
    return render(request, "participants/merging/same_person.html", context)


def _search(request: HttpRequest, file: ParticipantFile, text: str) -> tuple[list[Known], bool]:
    rows = Enrolment.objects.visible_to(request.user).latest_in_reach(request.user)
    rows, kind = search(rows.exclude(participant=file.participant), text, request.user)
    keys = list(rows.order_by("participant__sort_name", "pk").values_list("participant", flat=True)[: MOST_FOUND + 1])
    access_log_write(
        actor=request.user,
        act=AccessLogEntry.Act.SEARCHED,
        subject_kind="participant",
        request_id=request.id,
        kind=kind,
        hits=len(keys),
    )
    shown = known_people(request.user, dict.fromkeys(keys[:MOST_FOUND], ()))
    return shown, len(keys) > MOST_FOUND


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, public_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Two files side by side: which facts stay, what moves, what stands in the way. A manager of both makes them one;
    others propose it."""
    posted = request.method == "POST"
    file = touched_file(request, public_id) if posted else opened_file(request, public_id, part="compare")
    _check(request, file)
    first = file.participant
    second = Participant.objects.known_to(request.user).filter(public_id=other_id).exclude(pk=first.pk).first()
    if second is None:
        if _are_one(first, public_id, other_id):  # sent twice, or decided in another tab
            messages.info(request, _("The two files are one already."))
            return redirect("participants:file", first.public_id)
        raise not_found(request, other_id)
    sides = [reading.side_of(each, request.user) for each in (first, second)]
    if not posted:
        opened = AccessLogEntry.Act.OPENED
        participant_log(request, other_id, opened, units=sides[1].unit_codes, part="compare")
    unmasked = posted and UNMASK in request.POST
    if unmasked:
        for side in sides:
            unmask = AccessLogEntry.Act.UNMASKED
            participant_log(request, side.participant.public_id, unmask, units=side.unit_codes)
    pair = [first.pk, second.pk]
    proposed = Merge.objects.filter(state=MergeState.WAITING, winner__in=pair, loser__in=pair).first()
    form = MergeForm(
        request.POST if posted else None, first=first, second=second, unmasked=unmasked, proposed=proposed
    )
    context = {
        "file": file,
        "sides": sides,
        "form": form,
        "facts": reading.facts_told([first, second], unmasked=unmasked),
        "unmasked": unmasked,
        "moving": [reading.moving_told(each, request.user) for each in (first, second)],
        "doubts": doubts(first, second),
        "becomes_protected": first.protection != second.protection,
        "hindrances": reading.hindrances_told(first, second, request.user),
        "proposed": proposed,
        "decides": can_merge(request.user, first) and can_merge(request.user, second),
    }
    if unmasked:
        unjudged(form)
        return _compare_page(request, context)
    if posted and form.is_valid():
        return _act(request, form, context)
    return _compare_page(request, context, status=422 if posted else 200)


def _are_one(participant: Participant, *ids: uuid.UUID) -> bool:
    """Whether both addresses lead to the file of the participant."""
    others = set(ids) - {participant.public_id}
    if not others:
        return False
    return Participant.objects.filter(public_id__in=others, merged_into=participant).count() == len(others)


def _act(request: HttpRequest, form: MergeForm, context: dict) -> HttpResponse:
    winner, loser = form.pair
    what = {
        "winner": winner,
        "loser": loser,
        "choices": form.choices,
        "why": form.cleaned_data["why"],
        "token": form.cleaned_data["token"],
        "actor": request.user,
    }
    try:
        if not context["decides"]:
            services.merge_propose(**what)
            messages.success(request, _("The proposal is left to the managers. Nothing has been moved yet."))
            return redirect("participants:file", context["file"].public_id)
        units = sorted({code for side in context["sides"] for code in side.unit_codes})
        services.merge_at_once(**what, units=units, seen=form.seen)
    except MergeNotTold:
        messages.warning(request, _("The files cannot be merged now. The administrator has been told."))
        return redirect("participants:file", context["file"].public_id)
    except MergeDecided:
        messages.info(request, _("Somebody has decided already."))
        return redirect("participants:file", context["file"].public_id)
    except MergeHindered as hindered:
        context["hindrances"] = hindered.reasons
        return _compare_page(request, context | {"refused": True}, status=409)
    except PersonChanged:
        return _overtaken(request, form, context)
    except ValidationError as problems:
        form.add_error(None, problems)
        return _compare_page(request, context, status=422)
    messages.success(request, _("The two files are one. Everything has moved here."))
    return redirect("participants:file", winner.public_id)


def _overtaken(request: HttpRequest, form: MergeForm, context: dict) -> HttpResponse:
    """Somebody has changed one of the two since the page was opened: the page shows them as they are now, with what
    was chosen and written."""
    data = request.POST.copy()
    for name, person in (("seen_first", form.first), ("seen_second", form.second)):
        person.refresh_from_db()
        data[name] = person.revision
    form = MergeForm(data, first=form.first, second=form.second, unmasked=False)
    form.is_valid()
    facts = reading.facts_told([form.first, form.second], unmasked=False)
    return _compare_page(request, context | {"form": form, "facts": facts, "overtaken": True}, status=409)


def _compare_page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    context = {"refused": False, "overtaken": False} | context
    return render(request, "participants/merging/compare.html", context, status=status)


def _check(request: HttpRequest, file: ParticipantFile) -> None:
    if not can_edit_person(request.user, case_to_write_in(file)):
        raise PermissionDenied
