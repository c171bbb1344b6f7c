"""The page of somebody's place in a round, how it ends, what is taken back, and which documents were shown."""

import uuid
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from placements.booking.rules import Refused
from placements.kept_forms import FormPage, form_page
from tracks.members import told
from tracks.members.forms import CompleteForm, DocumentForm, LeaveForm, PlainForm
from tracks.members.permissions import can_lead
from tracks.members.services import documents, finishing, undoing
from tracks.members.views.opening import OpenedMember, address_of, crumbs_of, opened_member, read_or_write
from tracks.models import RoundState, ShownDocument
from tracks.rounds.views import round_name

FORM = "tracks/members/form.html"


@require_safe
def member(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Where on the steps, what is next, since when, what is missing, and everything that was said."""
    opened = opened_member(request, public_id, member_id, to_lead=False)
    row, today = opened.member, timezone.localdate()
    known = told.known_of_one(row.enrolment, today, row)
    passages = list(row.passages.all())
    steps = told.steps_shown(row.round, known, passages, enters_at=row.enters_at)
    may_lead = can_lead(request.user, row.enrolment) and not row.enrolment.is_closed
    now = next((each for each in passages if each.end is None), None)
    shown = ShownDocument.objects.filter(enrolment=row.enrolment, withdrawn_on=None)
    context = {
        "file": opened.file,
        "member": row,
        "steps": steps,
        "now": now,
        "next": told.next_of(steps, row, today),
        "booked": told.booked_for(now),
        "number": told.place_in_queue(row),
        "may_lead": may_lead,
        "takes_applications": row.round.takes_applications_on(today),
        "is_running": row.round.state == RoundState.RUNNING,
        "documents": told.documents_asked(row.round.version),
        "shown_documents": list(shown),
        "undo": undoing.last_move(row) if may_lead else "",
        "crumbs": crumbs_of(opened.file),
    }
    return render(request, "tracks/members/member.html", context)


def _page(opened: OpenedMember, **more) -> FormPage:
    return FormPage(
        back=address_of(opened.member),
        crumbs=crumbs_of(opened.file, opened.member),
        **{"lead": f"{opened.file.participant.full_name} · {round_name(opened.member.round)}"} | more,
    )


@read_or_write
def complete(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """The track is completed, and where it led."""
    opened = opened_member(request, public_id, member_id)
    page = _page(opened, title=_("The track is completed"), save=_("Save that the track is completed"))

    def act(form: CompleteForm) -> str:
        said = form.cleaned_data
        try:
            finishing.member_complete(
                member=opened.member, actor=request.user, day=said["day"], result=form.left,
                hired_on=said["hired_on"], hired_by=said["hired_by"], seen=form.revision,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The track is completed.")

    return form_page(request, make=partial(CompleteForm, member=opened.member), act=act, page=page, template=FORM)


@read_or_write
def leave(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """The participant leaves the track before its end, and why."""
    opened = opened_member(request, public_id, member_id)
    page = _page(opened, title=_("Leave the track"), save=_("Save that the participant leaves"), danger=True)

    def act(form: LeaveForm) -> str:
        said = form.cleaned_data
        try:
            finishing.member_leave(
                member=opened.member, actor=request.user, day=said["day"], result=form.left, why=said["why"],
                note=said["reason"], seen=form.revision,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The participant has left the track, and the seat is free.")

    return form_page(request, make=partial(LeaveForm, member=opened.member), act=act, page=page, template=FORM)


@read_or_write
def undo(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Ask, and take back the last thing that was said."""
    opened = opened_member(request, public_id, member_id)
    page = _page(
        opened,
        title=_("Take back a mistake?"),
        save=_("Take it back"),
        lead=undoing.last_move(opened.member) or _("There is nothing to take back."),
        danger=True,
    )

    def act(form: PlainForm) -> str:
        try:
            undoing.member_undo(member=opened.member, actor=request.user, seen=form.revision)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("It is taken back. The history keeps what it said.")

    return form_page(request, make=partial(PlainForm, member=opened.member), act=act, page=page, template=FORM)


# --- Documents ----------------------------------------------------------------------------------------------------


@read_or_write
def document(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Note that a document which a gate asks for was shown."""
    opened = opened_member(request, public_id, member_id)
    asked = told.documents_asked(opened.member.round.version)
    page = _page(
        opened,
        title=_("A document was shown"),
        save=_("Save that it was shown"),
        more={
            "note": _("Only that it was shown, when, and by whom it was seen. Nothing of what it says, and no copy.")
        },
    )

    def act(form: DocumentForm) -> str:
        said = form.cleaned_data
        try:
            documents.document_note(
                enrolment=opened.member.enrolment, actor=request.user, words=said["words"], shown_on=said["shown_on"]
            )
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("It is saved that the document was shown.")

    return form_page(request, make=partial(DocumentForm, documents=asked), act=act, page=page, template=FORM)


@read_or_write
def document_withdraw(
    request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID, document_id: int
) -> HttpResponse:
    """Ask, and take back that a document was shown."""
    opened = opened_member(request, public_id, member_id)
    shown = get_object_or_404(ShownDocument, enrolment=opened.member.enrolment, pk=document_id)
    page = _page(
        opened,
        title=_("Take back that “%(document)s” was shown?") % {"document": shown.words},
        save=_("Take it back"),
        danger=True,
    )

    def act(form: PlainForm) -> str:
        try:
            documents.document_withdraw(shown=shown)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("It is taken back. The history keeps what it said.")

    return form_page(request, make=partial(PlainForm, member=opened.member), act=act, page=page, template=FORM)
