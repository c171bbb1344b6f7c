"""Tracks for a participant, and participants for a round."""

import uuid

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.opening import opened_file
from participants.querysets import CASE_ROLES
from tracks.matching.suggestions import AT_MOST, candidates_for, cases_for, tracks_for
from tracks.members.permissions import can_lead
from tracks.models import Round
from tracks.rounds.views import round_of

PAGE_SIZE = 20


@require_safe
def tracks(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The tracks for one participant, the most suitable first, each with why."""
    file = opened_file(request, public_id, part="tracks")
    case, today = file.latest, timezone.localdate()
    suggestions = tracks_for(case, today) if case.end is None else []
    page = Paginator(suggestions, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"file": file, "case": case, "page": page, "today": today, "may_lead": can_lead(request.user, case)}
    return render(request, "tracks/matching/tracks.html", context)


@require_safe
def participants(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Those of the reader's participants whom a round suits, the most suitable first, each with why; with `q` those
    who are called so."""
    if not request.user.reach.has(*CASE_ROLES):
        raise PermissionDenied
    round, today = round_of(request, public_id, opening=True, part="matching"), timezone.localdate()
    q = request.GET.get("q", "").strip()
    own = not q and _own(request, round)
    candidates = candidates_for(round, request.user, own=own, called=q)
    number = candidates.count()
    page = Paginator(cases_for(candidates, round, today), PAGE_SIZE).get_page(request.GET.get("page"))
    for suggested in page.object_list:
        suggested.case.may_lead = can_lead(request.user, suggested.case)
    context = {
        "round": round,
        "page": page,
        "q": q,
        "own": own,
        "number": number,
        "at_most": AT_MOST if number > AT_MOST else None,
        "takes": round.takes_applications_on(today),
    }
    return render(request, "tracks/matching/participants.html", context)


def _own(request: HttpRequest, round: Round) -> bool:
    """Whether only those are asked for whom the reader is the coach of: as the address says, otherwise whoever is a
    coach of somebody at all begins with their own."""
    asked = request.GET.get("vilka", "")
    if asked in ("mina", "alla"):
        return asked == "mina"
    return candidates_for(round, request.user, own=True).exists()
