"""The participant's file: the overview, the parts that every floor joins, and the identity number for who asks."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import municipal
from accounts.models import AccessLogEntry
from participants import providers
from participants.case_rows import PAUSES
from participants.closing.case import closed_case
from participants.enrolling.notices import CaseNotices
from participants.file import ParticipantFile
from participants.journal import FILE, log_for
from participants.models import Pause
from participants.opening import opened_file
from participants.permissions import can_change_coach, can_run_case, can_write_closure


@require_safe
def overview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who it is, where they stand on the way, the next step, and everything that has happened."""
    return _overview(request, opened_file(request, public_id, part="overview"))


@require_safe
@municipal.read_at_once()
def part(request: HttpRequest, public_id: uuid.UUID, slug: str) -> HttpResponse:
    """One of the parts that the apps have joined; 404 for one that does not exist for the reader."""
    file = opened_file(request, public_id, part=slug)
    chosen = next((each for each in providers.parts(file) if each.slug == slug), None)
    if chosen is None:
        raise Http404
    context = _frame(file, slug) | {"part": chosen} | chosen.context(file, request.GET)
    return render(request, "participants/part.html", context)


def unmask(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the identity number in this one answer, and write down that it was seen.

    An address that is only followed (after signing in again, say) leads to the file without showing anything.
    """
    if request.method != "POST":
        return redirect("participants:file", public_id)
    file = opened_file(request, public_id, act=AccessLogEntry.Act.UNMASKED)
    if request.htmx:
        return render(request, "participants/_number.html", {"file": file, "unmasked": True})
    return _overview(request, file, unmasked=True)


@municipal.read_at_once()
def _overview(request: HttpRequest, file: ParticipantFile, *, unmasked: bool = False) -> HttpResponse:
    entries = providers.timeline(file)
    context = _frame(file, "", unmasked=unmasked) | {
        "notices": CaseNotices(file),
        "way": providers.way(file),
        "log": log_for(file, origin=FILE, saved=request.GET.get("sparad", "")),
        "closed": closed_case(file, file.latest.start.isoformat()),
    }
    return render(request, "participants/file.html", context | providers.timeline_page(entries, request.GET))


def _frame(file: ParticipantFile, slug: str, *, unmasked: bool = False) -> dict:
    """What every part of the file shows: the head, and the tabs."""
    file.latest.pause_to_end = file.latest.pause_to_end_of(_pauses(file))
    return {
        "file": file,
        "person": file.participant,
        "age": file.participant.age_on(timezone.localdate()),
        "today": timezone.localdate(),
        "unmasked": unmasked,
        "may_change_coach": not file.latest.is_closed and can_change_coach(file.user, file.latest),
        "may_pause": _may_pause(file),
        "may_close": file.latest.end is None and can_write_closure(file.user, file.latest),
        "tabs": [
            {"slug": each.slug, "label": each.label, "current": each.slug == slug}
            for each in (providers.Part(slug="", label=_("Overview"), template="", order=0), *providers.parts(file))
        ],
    }


def _pauses(file: ParticipantFile) -> list[Pause]:
    return [pause for pause in file.rows(PAUSES) if pause.enrolment_id == file.latest.pk]


def _may_pause(file: ParticipantFile) -> bool:
    enrolment = file.latest
    return enrolment.end is None and can_run_case(file.user, enrolment) and enrolment.pause_to_end is None
