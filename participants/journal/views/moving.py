"""Moving an entry that was written in the wrong person's file: whose it is, why, and there it stands."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from participants import journal
from participants.file import ParticipantFile, file_for
from participants.journal.forms import MoveForm
from participants.journal.moves import MayNoLonger, journal_entry_move, was_moved_from
from participants.journal.services import EntryMoved
from participants.journal.views.entry import entry_of, opened_for
from participants.journal.writing import case_of_day
from participants.models import Enrolment, JournalEntry, JournalMove
from participants.opening import not_found, participant_log
from participants.permissions import can_move_entry
from participants.search import search

#: More than these are not people one looks through; the search is made narrower.
MOST_FOUND = 20
LONGEST_SEARCH = 100
PART = "journal_move"


@require_http_methods(["GET", "HEAD", "POST"])
def contact_move(request: HttpRequest, public_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """`?q=` searches for whose the entry is, `?till=` names that person; then the reason is asked for."""
    file = opened_for(request, public_id)
    if request.method == "POST" and was_moved_from(file, entry_id):
        return _moved_already(request, file, entry_id)
    entry = entry_of(file, entry_id)
    if not can_move_entry(request.user, entry, timezone.localdate()):
        raise PermissionDenied
    if request.GET.get("till"):
        return _move(request, file, entry)
    context = {"file": file, "entry": entry} | _found(request, file)
    return render(request, "participants/journal/move_search.html", context)


def _found(request: HttpRequest, file: ParticipantFile) -> dict:
    """Of whom the words that were searched for are: the people the user may see, but not the one of this file."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if not text:
        return {"q": "", "found": None}
    user = request.user
    rows = Enrolment.objects.visible_to(user).latest_in_reach(user).exclude(participant=file.participant)
    rows, kind = search(rows, text, user)
    by_name = rows.select_related("participant", "coach").order_by("participant__sort_name", "participant_id")
    rows = list(by_name[: MOST_FOUND + 1])
    access_log_write(
        actor=user,
        act=AccessLogEntry.Act.SEARCHED,
        subject_kind="participant",
        request_id=request.id,
        kind=kind,
        hits=len(rows),
    )
    units = {unit.pk: unit for unit in Unit.objects.named().filter(pk__in={row.unit_id for row in rows})}
    for row in rows:
        row.unit = units[row.unit_id]
    return {"q": text, "found": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND}


def _target_file(request: HttpRequest, file: ParticipantFile) -> ParticipantFile:
    """The file of the person that the address names, as the user may see it. 404 for who is out of the user's scope,
    as if there were nobody, and for the person whose file this is."""
    try:
        asked = uuid.UUID(request.GET["till"])
    except ValueError as error:
        raise Http404 from error
    if asked == file.public_id:
        raise Http404
    target = file_for(request.user, asked)
    if target is None:
        raise not_found(request, asked)
    return target


def _move(request: HttpRequest, file: ParticipantFile, entry: JournalEntry) -> HttpResponse:
    target = _target_file(request, file)
    enrolment = case_of_day(target, entry.occurred_on)
    participant_log(request, target.public_id, AccessLogEntry.Act.OPENED, units=target.unit_codes, part=PART)
    posted = request.method == "POST"
    form = MoveForm(request.POST if posted else None, people=(entry.enrolment, enrolment))
    context = {"file": file, "entry": entry, "target": target, "enrolment": enrolment, "form": form}
    if not posted or not form.is_valid():
        return render(request, "participants/journal/move.html", context, status=422 if posted else 200)
    try:
        journal_entry_move(entry=entry, target=enrolment, actor=request.user, why=form.cleaned_data["why"])
    except MayNoLonger as error:
        raise PermissionDenied from error
    except EntryMoved:
        return _moved_already(request, file, entry.public_id)
    participant_log(request, file.public_id, AccessLogEntry.Act.OPENED, units=file.unit_codes, part=PART)
    return _to_the_entry(request, target, entry.public_id)


def _to_the_entry(request: HttpRequest, target: ParticipantFile, entry_id: uuid.UUID) -> HttpResponse:
    # Without a name: a message that nobody has read yet is shown to whoever signs in next on the same computer.
    messages.success(request, _("The entry is moved, and stands here now."))
    return redirect(f"{journal.address_of(target)}?andrad={entry_id}#entry-{entry_id}")


def _moved_already(request: HttpRequest, file: ParticipantFile, entry_id: uuid.UUID) -> HttpResponse:
    """A form that was sent twice leads where the first sending did; to whom others moved the entry is not told."""
    move = JournalMove.objects.filter(entry__public_id=entry_id, moved_by=request.user).last()
    if move and move.moved_from_id in {enrolment.pk for enrolment in file.enrolments}:
        target = file_for(request.user, move.moved_to.participant.public_id)
        if target and move.entry.enrolment_id == move.moved_to_id:
            return _to_the_entry(request, target, entry_id)
    messages.info(request, _("The entry has been moved from here already."))
    return redirect(journal.address_of(file))
