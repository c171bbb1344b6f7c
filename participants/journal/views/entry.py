"""What follows on an entry: changing it the same day, adding to it, its history."""

import uuid
from dataclasses import asdict
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants import journal
from participants.file import ParticipantFile
from participants.journal import services
from participants.journal.forms import AdditionForm, EditForm
from participants.journal.moves import was_moved_from
from participants.journal.views.contact import check_writer, files_are_gone, keeps_text
from participants.models import JournalEntry
from participants.models.journal import Wording
from participants.opening import opened_file, touched_file
from participants.permissions import can_add_to_entry, can_edit_entry


def entry_of(file: ParticipantFile, entry_id: uuid.UUID) -> JournalEntry:
    """The entry, within the enrolments the user may see, or 404."""
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    entry = journal.entries_in(file.enrolments).filter(public_id=entry_id).first()
    if entry is None:
        raise Http404
    entry.enrolment = cases[entry.enrolment_id]
    return entry


def opened_for(request: HttpRequest, public_id: uuid.UUID) -> ParticipantFile:
    opening = touched_file if request.method == "POST" else partial(opened_file, part=journal.SLUG)
    return opening(request, public_id)


def back_to(file: ParticipantFile, entry: JournalEntry) -> HttpResponse:
    return redirect(f"{journal.address_of(file)}?andrad={entry.public_id}#entry-{entry.public_id}")


def moved_away(request: HttpRequest, file: ParticipantFile) -> HttpResponse:
    """The entry was moved out of this file while somebody wrote: nothing is saved, and what they wrote is shown, for
    them alone, to be taken along. Whose the entry is now is not told."""
    context = {"file": file, "text": request.POST.get("text", "")}
    return render(request, "participants/journal/moved_away.html", context, status=409)


def _is_late(request: HttpRequest, file: ParticipantFile, entry_id: uuid.UUID) -> bool:
    return request.method == "POST" and was_moved_from(file, entry_id)


@keeps_text
def contact_edit(request: HttpRequest, public_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Change an entry: its author, the same day. After midnight what was written can be saved as an addition."""
    file = opened_for(request, public_id)
    if _is_late(request, file, entry_id):
        return moved_away(request, file)
    entry = entry_of(file, entry_id)
    may_edit = can_edit_entry(request.user, entry, timezone.localdate())
    if not may_edit and not (request.method == "POST" and entry.author_id == request.user.pk):
        raise PermissionDenied
    if not may_edit and not can_add_to_entry(request.user, entry):
        raise PermissionDenied
    context = {"file": file, "entry": entry, "writer": journal.writer_ticket(file)}
    known_since = min(journal.known_since(file), entry.occurred_on)
    if request.method != "POST":
        initial = asdict(Wording.of(entry)) | {"version": services.version_of(entry)}
        context["form"] = EditForm(initial=initial, known_since=known_since, auto_id="edit_%s")
        return render(request, "participants/journal/edit.html", context)
    form = EditForm(request.POST, known_since=known_since, auto_id="edit_%s")
    check_writer(request, form, public_id)
    context["form"] = form
    if not may_edit:
        return _day_is_over(request, context)
    if not form.is_valid():
        return render(request, "participants/journal/edit.html", context, status=422)
    try:
        services.journal_entry_edit(
            entry=entry, editor=request.user, wording=form.wording, version=form.cleaned_data["version"]
        )
    except services.DayIsOver:
        return _day_is_over(request, context)
    except services.EntryMoved:
        return moved_away(request, file)
    except services.EntryChanged as changed:
        # Both texts stay on the page; whoever saves again has seen what is there.
        data = request.POST.copy()
        data["version"] = services.version_of(changed.entry)
        context |= {"form": EditForm(data, known_since=known_since, auto_id="edit_%s"), "changed": changed.entry}
        return render(request, "participants/journal/edit.html", context, status=409)
    return back_to(file, entry)


def _day_is_over(request: HttpRequest, context: dict) -> HttpResponse:
    context["form"] = AdditionForm(initial={"text": request.POST.get("text", "")}, auto_id="add_%s")
    return render(request, "participants/journal/addition.html", context | {"day_is_over": True}, status=409)


@keeps_text
def contact_add(request: HttpRequest, public_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Add to an entry: text, files or both."""
    file = opened_for(request, public_id)
    if _is_late(request, file, entry_id):
        return moved_away(request, file)
    entry = entry_of(file, entry_id)
    if not can_add_to_entry(request.user, entry):
        raise PermissionDenied
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AdditionForm(*posted, auto_id="add_%s", there={each.sha256: each.size for each in entry.attached})
    if posted:
        check_writer(request, form, public_id)
        if form.is_valid():
            try:
                services.journal_addition_create(entry=entry, author=request.user, **form.cleaned_data)
            except services.EntryMoved:
                return moved_away(request, file)
            return back_to(file, entry)
        files_are_gone(request, form)
    context = {"file": file, "entry": entry, "form": form, "writer": journal.writer_ticket(file)}
    return render(request, "participants/journal/addition.html", context, status=422 if form.is_bound else 200)


@require_safe
def contact_history(request: HttpRequest, public_id: uuid.UUID, entry_id: uuid.UUID) -> HttpResponse:
    """Every wording an entry has had: who wrote it when, and what was changed."""
    file = opened_file(request, public_id, part="journal_history")
    entry = entry_of(file, entry_id)
    context = {"file": file, "entry": entry, "versions": journal.versions_of(entry)}
    return render(request, "participants/journal/history.html", context)
