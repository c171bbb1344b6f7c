"""Writing an entry in the open form of a file, and the draft of it."""

import uuid
from dataclasses import replace
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import municipal
from accounts.models import User
from participants import journal
from participants.file import ParticipantFile, case_to_write_in, file_for
from participants.journal import services
from participants.journal.forms import DraftForm, LogForm
from participants.models.journal import Wording
from participants.opening import opened_file, touched_file
from participants.permissions import can_write_journal
from participants.providers import timeline, timeline_page

FILES_ARE_GONE = gettext_lazy("Choose the files again: the browser does not keep them.")


def keeps_text(view):
    """A form that is sent after the session has ended is not lost: its text is kept as its writer's draft.

    The middleware that asks for sign-in calls this in place of the view and then leads to the address it gives.
    """
    view.when_signed_out = keep_text
    return view


def keep_text(request: HttpRequest, public_id: uuid.UUID, **_kwargs) -> str:
    """Keep what was typed, for the user who opened the form; where to go after signing in.

    Nothing is shown or opened. A ticket that is false or older than a day, a user who is no longer active or no
    longer may write there: nothing is kept.
    """
    form = DraftForm(request.POST)
    key = journal.writer_of(request.POST.get("writer", ""), public_id)
    writer = User.objects.filter(pk=key, is_active=True).first() if key else None
    file = file_for(writer, public_id) if writer else None
    if file and form.is_valid() and not form.wording.is_empty:
        enrolment = case_to_write_in(file)
        if can_write_journal(writer, enrolment):
            services.journal_draft_keep(
                enrolment=enrolment, author=writer, token=form.cleaned_data["token"], wording=form.wording
            )
    return reverse("participants:part", args=[public_id, journal.SLUG])


# --- Logging a contact --------------------------------------------------------------------------------------------


@keeps_text
@municipal.read_at_once()
def contact_log(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Store a contact. With htmx the form and the list of the page are answered, otherwise the page is shown anew."""
    if request.method != "POST":
        return redirect("participants:part", public_id, journal.SLUG)
    opening = partial(opened_file, part=journal.SLUG) if request.htmx else touched_file
    file = opening(request, public_id)
    enrolment = case_to_write_in(file)
    if not can_write_journal(request.user, enrolment):
        raise PermissionDenied
    origin = journal.FILE if request.POST.get("origin") == journal.FILE else journal.SLUG
    form = LogForm(request.POST, request.FILES, known_since=journal.known_since(file), auto_id="log_%s")
    log = journal.Log(file=file, enrolment=enrolment, form=form, origin=origin)
    check_writer(request, form, public_id)
    if not form.is_valid():
        files_are_gone(request, form)
        return _log_again(request, log)
    try:
        entry = services.journal_entry_create(
            enrolment=enrolment,
            author=request.user,
            token=form.cleaned_data["token"],
            wording=form.wording,
            files=form.cleaned_data["files"],
            draft_seen=form.cleaned_data["draft_seen"],
        )
    except services.AlreadySaved as already:
        # The same form with something else in it: kept, under a token of its own.
        data = request.POST.copy()
        data["token"] = uuid.uuid4()
        form = LogForm(data, known_since=form.known_since, auto_id="log_%s")
        form.is_valid()
        form.add_error(None, _("This form has been sent before. What you have written now is not saved yet."))
        if request.FILES:
            form.add_error("files", FILES_ARE_GONE)
        mine = already.entry.author_id == request.user.pk and already.entry.enrolment_id == enrolment.pk
        return _log_again(request, replace(log, form=form, already=already.entry if mine else None))
    if not request.htmx:
        page = reverse("participants:file", args=[public_id]) if origin == journal.FILE else journal.address_of(file)
        return redirect(f"{page}?sparad={entry.public_id}#journal-log")
    fresh = journal.log_for(file, origin=origin, saved=str(entry.public_id))
    fresh.form.fields["kind"].widget.attrs["data-focus"] = True  # ready for the next one
    return _log_answer(request, fresh, status=200)


def _log_again(request: HttpRequest, log: journal.Log) -> HttpResponse:
    """The form with its errors, and everything that was typed."""
    if request.htmx:
        keep_chosen_files(log.form)
        return render(request, "participants/_journal_refused.html", {"log": log}, status=422)
    return render(request, "participants/journal/log.html", {"log": log, "file": log.file}, status=422)


def _log_answer(request: HttpRequest, log: journal.Log, *, status: int) -> HttpResponse:
    """A fresh form, what was saved, and the list of the page it was sent from with the new entry in it."""
    file, context = log.file, {"log": log, "file": log.file}
    if log.origin == journal.FILE:
        context |= timeline_page(timeline(file), {})
    else:
        context["journal"] = journal.journal_page(file, {})
    response = render(request, "participants/_journal_saved.html", context, status=status)
    # The address of the whole of it, on its first page: as the list is shown now.
    whole = journal.address_of(file)
    if log.origin == journal.FILE:
        whole = reverse("participants:file", args=[file.public_id])
    response["HX-Replace-Url"] = whole
    return response


def keep_chosen_files(form: LogForm) -> None:
    """Where htmx puts the form in place, the field of files stays as it is, unless something is wrong with them."""
    if "files" not in form.errors:
        form.fields["files"].widget.attrs["hx-preserve"] = "true"


def files_are_gone(request: HttpRequest, form) -> None:
    """Say at a form that comes back wrong that its files must be chosen again: no browser fills them in. Where htmx
    puts the form in place they are still there."""
    if request.FILES and not request.htmx and "files" not in form.errors:
        form.add_error("files", FILES_ARE_GONE)


def check_writer(request: HttpRequest, form, public_id: uuid.UUID) -> None:
    """Refuse a form that somebody else opened before `request.user` signed in on the same computer."""
    writer = journal.writer_of(request.POST.get("writer", ""), public_id)
    form.is_valid()  # its own errors first
    if writer is not None and writer != request.user.pk:
        form.add_error(
            None,
            _("Somebody else was signed in when this form was opened. Nothing is saved. Load the page again."),
        )


# --- The draft ----------------------------------------------------------------------------------------------------


def contact_draft(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """POST: keep what has been typed. GET: what a page needs to go on after its user has signed in again.

    Only for htmx; every other visitor is led to the journal. The file has been opened, and written down, already.
    """
    if not request.htmx:
        return redirect("participants:part", public_id, journal.SLUG)
    file = touched_file(request, public_id)
    enrolment = case_to_write_in(file)
    if not can_write_journal(request.user, enrolment):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "participants/_journal_renewed.html")
    form = DraftForm(request.POST)
    check_writer(request, form, public_id)
    if not form.is_valid():
        return _draft_status(request, file, problems=[error for errors in form.errors.values() for error in errors])
    return _draft_saved(request, file, enrolment, form.cleaned_data, form.wording)


def _draft_saved(request, file: ParticipantFile, enrolment, typed: dict, wording: Wording) -> HttpResponse:
    seen = typed["draft_seen"]
    stored = services.draft_of(request.user, file.participant.pk)
    choice = request.POST.get("choice")
    if choice == "mine":
        seen = typed["other_seen"]
    elif choice == "both" and stored:
        wording = wording.with_text(f"{wording.text.rstrip()}\n\n{stored.text}".lstrip())
        seen = services.version_of(stored)
    try:
        draft = services.journal_draft_save(
            enrolment=enrolment,
            author=request.user,
            token=typed["token"],
            wording=wording,
            seen=seen,
        )
    except services.DraftChanged as changed:
        if choice is None and typed["other_seen"] == services.version_of(changed.draft):
            return HttpResponse(status=204)  # the page shows it already
        return _draft_status(request, file, other=changed.draft)
    if choice == "both":
        form = journal.new_log_form(file, draft, token=typed["token"])
        keep_chosen_files(form)
        origin = request.POST.get("origin", "")
        log = journal.Log(file=file, enrolment=enrolment, form=form, origin=origin, draft=draft)
        response = render(request, "participants/_journal_form.html", {"log": log})
        response["HX-Retarget"], response["HX-Reswap"] = "#journal-form", "innerHTML"
        return response
    return _draft_status(request, file, draft=draft)


def _draft_status(request, file: ParticipantFile, **state) -> HttpResponse:
    return render(request, "participants/_journal_draft.html", {"file": file, "answer": True, **state})


@require_POST
def contact_draft_discard(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Throw the draft away if it is still the one that was shown; otherwise show what it has become, and ask."""
    file = touched_file(request, public_id)
    if not can_write_journal(request.user, case_to_write_in(file)):
        raise PermissionDenied
    try:
        services.journal_draft_discard(
            author=request.user, participant=file.participant, seen=request.POST.get("draft_seen", "")
        )
    except services.DraftChanged as changed:
        context = {"file": file, "draft": changed.draft}
        return render(request, "participants/journal/draft_changed.html", context, status=409)
    if request.POST.get("origin") == journal.FILE:
        return redirect(f"{reverse('participants:file', args=[public_id])}#journal-log")
    return redirect(f"{journal.address_of(file)}#journal-log")
