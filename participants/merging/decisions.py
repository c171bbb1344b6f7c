"""The merges: what waits for a decision, what was decided, and undoing it. By who knows both files, and by
administrators, who see units and case numbers only."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AccessLogEntry
from participants.merging import reading, services
from participants.merging.forms import FIRST, BlindMergeForm, DeclineForm, UndoForm
from participants.merging.hindrances import MergeDecided, MergeHindered
from participants.merging.undoing import Undoing, merge_undo, undoing_of
from participants.models import Merge, MergeState, NumberQuestion, Participant
from participants.opening import participant_log
from participants.permissions import can_decide_merge, can_handle_number_questions, can_list_participants

PAGE_SIZE = 50


@require_safe
def merge_list(request: HttpRequest) -> HttpResponse:
    """What waits first, then what was decided: of both files known to the user, and what is the administrator's."""
    user = request.user
    if not (can_list_participants(user) or can_handle_number_questions(user)):
        raise PermissionDenied
    page = Paginator(_merges(user).waiting_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    named = Merge.objects.visible_to(user).filter(pk__in=[row.pk for row in page]).select_related("winner", "loser")
    names = {row.pk: row for row in named}
    rows = [{"merge": row, "named": names.get(row.pk)} for row in page]
    return render(request, "participants/merging/list.html", {"page": page, "rows": rows})


@require_safe
def merge(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One merge: who proposed it and why, what was decided, what was moved; to decide on it, or to undo it."""
    found = _found(request, public_id)
    return _page(request, found)


@require_POST
def merge_decline(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The two are two, or this is not the way."""
    found = _found(request, public_id, to_decide=True)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, found, decline=form, status=422)
    try:
        services.merge_decline(merge=found, actor=request.user, note=form.cleaned_data["note"])
    except MergeDecided:
        messages.info(request, _("Somebody has decided already."))
    else:
        messages.success(request, _("The proposal is declined. Who made it sees why."))
    return redirect(found)


@require_POST
def merge_carry_out(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An administrator makes two files one that somebody has proposed, without seeing whose they are."""
    found = _found(request, public_id, to_decide=True)
    if not _is_blind(request, found):
        raise PermissionDenied  # who sees both compares them first
    form = BlindMergeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, blind=form, status=422)
    first, second = found.winner, found.loser
    return _made_one(
        request,
        form,
        first,
        second,
        lambda hindered: _page(request, found, blind=form, refused=hindered.reasons, status=409),
    )


@require_POST
def merge_undone(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a merge back."""
    found = _found(request, public_id, to_decide=True)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, found, undo=form, status=422)
    try:
        merge_undo(
            merge=found,
            actor=request.user,
            why=form.cleaned_data["why"],
            units=reading.side_codes(found, request.user),
        )
    except MergeHindered as hindered:
        return _page(request, found, undo=form, refused=hindered.reasons, status=409)
    except MergeDecided:
        messages.info(request, _("Somebody has decided already."))
    else:
        messages.success(request, _("The two files are apart again."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def of_question(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An administrator has found out that two files with one number are of one person."""
    if not can_handle_number_questions(request.user):
        raise PermissionDenied
    question = get_object_or_404(
        NumberQuestion.objects.select_related("participant", "known_on"), public_id=public_id
    )
    if question.handled_at:
        return redirect(question)
    first, second = question.participant, question.known_on
    form = BlindMergeForm(request.POST if request.method == "POST" else None)

    def page(reasons: list[str], status: int) -> HttpResponse:
        sides = [reading.side_of(each, None) for each in (first, second)]
        context = {"question": question, "sides": sides, "form": form, "hindrances": reasons}
        return render(request, "participants/merging/of_question.html", context, status=status)

    if form.is_valid():
        return _made_one(request, form, first, second, lambda hindered: page(hindered.reasons, 409))
    if request.method != "POST":
        for each in (first, second):
            _blind_look(request, each)
    return page(reading.hindrances_told(first, second, None), 422 if form.is_bound else 200)


# --- What they share ----------------------------------------------------------------------------------------------


def _merges(user):
    """The merges that the user may know of."""
    rows = Merge.objects.visible_to(user)
    return rows | Merge.objects.filter(for_administrator=True) if can_handle_number_questions(user) else rows


def _found(request: HttpRequest, public_id: uuid.UUID, *, to_decide: bool = False) -> Merge:
    user = request.user
    if not (can_list_participants(user) or can_handle_number_questions(user)):
        raise PermissionDenied
    found = _merges(user).select_related("winner", "loser").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    if to_decide and not can_decide_merge(user, found):
        raise PermissionDenied
    return found


def _is_blind(request: HttpRequest, found: Merge) -> bool:
    """Whether the user decides as an administrator, who may not know whose files they are."""
    return not Merge.objects.visible_to(request.user).filter(pk=found.pk).exists()


def _made_one(request: HttpRequest, form: BlindMergeForm, first: Participant, second: Participant, refused):
    winner, loser = (first, second) if form.cleaned_data["goes_on"] == FIRST else (second, first)
    try:
        done = services.merge_at_once(
            winner=winner,
            loser=loser,
            choices={},
            why=form.cleaned_data["why"],
            token=form.cleaned_data["token"],
            actor=request.user,
            units=[],
            blind=True,
        )
    except MergeHindered as hindered:
        return refused(hindered)
    except MergeDecided:
        messages.info(request, _("Somebody has decided already."))
        return redirect("merges:list")
    messages.success(request, _("The two files are one."))
    return redirect(done)


def _page(
    request: HttpRequest,
    found: Merge,
    *,
    decline: DeclineForm | None = None,
    blind: BlindMergeForm | None = None,
    undo: UndoForm | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_blind = _is_blind(request, found)
    user = None if is_blind else request.user
    decides = can_decide_merge(request.user, found)
    undoing = Undoing()
    waiting, merged = found.state == MergeState.WAITING, found.state == MergeState.MERGED
    hindrances = reading.hindrances_told(found.winner, found.loser, user) if waiting else []
    if merged and decides:
        undoing = undoing_of(found, found.winner, found.loser)
        hindrances = undoing.reasons
    if request.method != "POST":
        _looked(request, found, is_blind)
    context = {
        "merge": found,
        "is_blind": is_blind,
        "decides": decides,
        "sides": [] if merged else [reading.side_of(each, user) for each in (found.winner, found.loser)],
        "moved": reading.moved_told(found, user) if merged else [],
        "going_on": reading.side_of(found.winner, user) if merged else None,
        "compare": reading.compare_address(found, user) if waiting and user else "",
        "hindrances": refused or hindrances,
        "undoing": undoing,
        "decline": (decline or DeclineForm()) if waiting and decides else None,
        "blind": (blind or BlindMergeForm(initial={"why": found.why})) if waiting and is_blind else None,
        "undo": (undo or UndoForm()) if merged and decides else None,
        "refused": refused is not None,
    }
    return render(request, "participants/merging/merge.html", context, status=status)


def _looked(request: HttpRequest, found: Merge, is_blind: bool) -> None:
    for each in (found.winner, found.loser):
        if is_blind:
            _blind_look(request, each)
        else:
            codes = reading.side_codes(found, request.user)
            opened = AccessLogEntry.Act.OPENED
            participant_log(request, each.public_id, opened, units=codes, part="merge")


def _blind_look(request: HttpRequest, participant: Participant) -> None:
    codes = reading.side_of(participant, None).unit_codes
    participant_log(request, participant.public_id, AccessLogEntry.Act.OPENED, units=codes, part="merge")
