"""Writing a version of the plan: the draft that keeps itself, throwing it away, and deciding it."""

import contextlib
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from participants.file import file_for
from participants.journal.writing import writer_of, writer_ticket
from participants.models import PlanVersion
from participants.plan.compare import compared
from participants.plan.content import (
    ACTIVITY_FIELDS,
    MILESTONE_FIELDS,
    MOST_ROWS,
    blank_row,
    content_of_typed,
    content_of_version,
    is_blank,
    typed_of,
)
from participants.plan.forms import PlanForms
from participants.plan.reading import PlanCase, case_of
from participants.plan.services import versions as services
from participants.plan.views.opening import plan_to_write, read_or_write

#: What a form is sent for, besides saving it.
DECIDE, ADD_MILESTONE, ADD_ACTIVITY, REMOVE = "decide", "add-milestone", "add-activity", "remove-"


def keep_draft(request: HttpRequest, public_id: uuid.UUID) -> str:
    """A form that is sent after the session has ended is kept as the draft, for the user who opened it; where to go
    after signing in. A ticket that is false or old, a user who may not write there any more: nothing is kept."""
    key = writer_of(request.POST.get("writer", ""), public_id)
    writer = User.objects.filter(pk=key, is_active=True).first() if key else None
    file = file_for(writer, public_id) if writer else None
    case = case_of(file, request.GET) if file else None
    if case and case.may_write:
        # Saved elsewhere meanwhile, decided or closed: what is stored stays, and the page says so after signing in.
        with contextlib.suppress(services.DraftChanged, services.DraftGone, services.EnrolmentClosed):
            services.plan_draft_save(
                enrolment=case.enrolment, author=writer, typed=typed_of(request.POST), **_page_of(request)
            )
    return request.path


@read_or_write
def plan_write(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The page where a plan is written. What is sent is kept as the draft, and then what was asked for is done."""
    case = plan_to_write(request, public_id)
    if not case.may_write:
        return _closed(request, case)
    if request.method != "POST":
        draft = services.draft_of(case.enrolment)
        checked = request.GET.get("kontroll") == "ja" and draft.pk is not None
        return _page(request, case, draft, draft.typed, checked=checked)
    if _somebody_else(request, public_id):
        raise PermissionDenied
    act, typed = request.POST.get("act", ""), typed_of(request.POST)
    added = _change_rows(act, typed)
    try:
        draft = services.plan_draft_save(
            enrolment=case.enrolment, author=request.user, typed=typed, **_page_of(request)
        )
    except services.DraftChanged as changed:
        return _changed(request, case, changed.draft, typed)
    except services.DraftGone:
        return _gone(request, case, typed)
    except services.EnrolmentClosed:
        return _closed(request, case)
    return _act(request, case, draft, act, added)


plan_write.when_signed_out = keep_draft


def _act(request: HttpRequest, case: PlanCase, draft: PlanVersion, act: str, added: str) -> HttpResponse:
    """What the pressed button asks for, now that the draft is saved."""
    if request.htmx:
        template = "_rows" if _changes_rows(act) else "_draft_state"
        context = _context(case, draft, draft.typed) | {"answer": True, "added": added}
        return render(request, f"participants/plan/{template}.html", context)
    if act == DECIDE:
        forms = PlanForms(case.enrolment, draft.typed, checked=True)
        if forms.is_valid():
            return HttpResponseRedirect(case.address("plan_decide"))
        return _page(request, case, draft, draft.typed, checked=True, status=422)
    here = case.address("plan_write")
    if _changes_rows(act):
        return HttpResponseRedirect(f"{here}#{added or 'rows'}")
    return HttpResponseRedirect(f"{here}?sparat=ja")


def _changes_rows(act: str) -> bool:
    return act in (ADD_MILESTONE, ADD_ACTIVITY) or act.startswith(REMOVE)


def _change_rows(act: str, typed: dict) -> str:
    """Add a row to what was typed, or take one away; the key of the row that was added."""
    rows = {ADD_MILESTONE: ("milestones", MILESTONE_FIELDS), ADD_ACTIVITY: ("activities", ACTIVITY_FIELDS)}
    if act in rows:
        name, fields = rows[act]
        if len(typed[name]) < MOST_ROWS:
            typed[name].append(blank_row(fields))
            return f"row-{typed[name][-1]['key']}"
    elif act.startswith(REMOVE):
        gone = act.removeprefix(REMOVE)
        for name in ("milestones", "activities"):
            typed[name] = [row for row in typed[name] if row["key"] != gone]
    return ""


def _page_of(request: HttpRequest) -> dict:
    """Which page sent the form, and which revision of the draft it showed."""
    try:
        window = uuid.UUID(request.POST.get("window", ""))
    except ValueError:
        window = uuid.uuid4()
    return {"seen": _seen(request), "window": window}


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0


def _somebody_else(request: HttpRequest, public_id: uuid.UUID) -> bool:
    """Whether somebody else opened the form, before `request.user` signed in on the same computer."""
    writer = writer_of(request.POST.get("writer", ""), public_id)
    return writer is not None and writer != request.user.pk


def _changed(request: HttpRequest, case: PlanCase, stored: PlanVersion, typed: dict) -> HttpResponse:
    """Somebody else saved meanwhile, or the same person in another window: both stay, and whoever saves again has
    seen what differs."""
    if request.htmx:
        return _told(request, {"case": case, "other": stored})
    theirs, mine = (content_of_typed(case.enrolment, each) for each in (stored.typed, typed))
    sections = [section for section in compared(theirs, mine) if section.is_changed]
    extra = {"other": stored, "sections": sections}
    return _page(request, case, stored, typed, status=409, **extra)


def _gone(request: HttpRequest, case: PlanCase, typed: dict) -> HttpResponse:
    """The draft was decided or thrown away: what was typed stays, and can be saved as a new one."""
    if request.htmx:
        return _told(request, {"case": case, "gone": True})
    fresh = services.draft_of(case.enrolment)
    return _page(request, case, fresh, typed, status=409, gone=True)


def _told(request: HttpRequest, context: dict) -> HttpResponse:
    """Beside the buttons, whatever the request was for: nothing was saved, and why."""
    response = render(request, "participants/plan/_draft_state.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#draft-state", "innerHTML"
    return response


def _closed(request: HttpRequest, case: PlanCase) -> HttpResponse:
    messages.info(request, _("The enrolment is closed, so no plan can be written."))
    response = HttpResponseRedirect(case.part_address)
    if request.htmx:  # the answer is shown by going there, not in the middle of the form
        response = HttpResponse(status=204, headers={"HX-Redirect": case.part_address})
    return response


def _context(case: PlanCase, draft: PlanVersion, typed: dict, *, checked: bool = False) -> dict:
    forms = PlanForms(case.enrolment, typed, checked=checked)
    wrong = checked and not forms.is_valid()
    return {
        "file": case.file,
        "case": case,
        "draft": draft,
        "forms": forms,
        "wrong": wrong,
        "most": MOST_ROWS,
        "rows_left": {name: MOST_ROWS - len(typed[name]) for name in ("milestones", "activities")},
    }


def _page(
    request: HttpRequest, case: PlanCase, draft: PlanVersion, typed: dict, *, checked=False, status=200, **extra
) -> HttpResponse:
    window = request.POST.get("window") or str(uuid.uuid4())
    context = _context(case, draft, typed, checked=checked) | {
        "writer": writer_ticket(case.file),
        "window": window if status != 409 else str(uuid.uuid4()),
        "saved": request.GET.get("sparat") == "ja",
        "before": case.shown,
        "before_content": case.content,
    }
    return render(request, "participants/plan/write.html", context | extra, status=status)


# --- Deciding, throwing away --------------------------------------------------------------------------------------


@read_or_write
def plan_decide(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The question before deciding, with the plan as it will stand; a press on the button decides."""
    case = plan_to_write(request, public_id)
    if not case.may_write:
        return _closed(request, case)
    draft, status, extra = case.draft, 200, {}
    if request.method == "POST" and (draft is None or request.POST.get("number") != str(draft.number)):
        return _decided_already(request, case)
    if draft is None:
        return HttpResponseRedirect(case.part_address)
    forms = PlanForms(case.enrolment, draft.typed, checked=True)
    if not forms.is_valid():
        return HttpResponseRedirect(f"{case.address('plan_write')}?kontroll=ja")
    content = content_of_version(draft)
    if request.method == "POST":
        try:
            services.plan_decide(
                enrolment=case.enrolment,
                actor=request.user,
                number=draft.number,
                seen=_seen(request),
                content=content,
            )
        except services.DraftChanged:
            status, extra = 409, {"changed": True}
        except services.DraftGone:
            return _decided_already(request, case)
        else:
            messages.success(request, _("The plan is decided."))
            return HttpResponseRedirect(case.part_address)
    context = {
        "file": case.file,
        "case": case,
        "draft": draft,
        "content": content,
        "left_out": sum(is_blank(row) for row in (*draft.typed["milestones"], *draft.typed["activities"])),
    }
    return render(request, "participants/plan/decide.html", context | extra, status=status)


def _decided_already(request: HttpRequest, case: PlanCase) -> HttpResponse:
    """The form was sent twice, or somebody else was quicker: the page says what holds now."""
    if case.current is not None and request.POST.get("number") == str(case.current.number):
        messages.success(request, _("The plan is decided."))
    else:
        messages.info(request, _("There is no such draft any more: it is decided, or was thrown away."))
    return HttpResponseRedirect(case.part_address)


@read_or_write
def plan_discard(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Asks, and throws the draft away if it is still the one that was shown."""
    case = plan_to_write(request, public_id)
    if case.draft is None:
        return HttpResponseRedirect(case.part_address)
    changed = False
    if request.method == "POST":
        try:
            services.plan_draft_discard(enrolment=case.enrolment, seen=_seen(request))
        except services.DraftChanged:
            changed = True
        else:
            messages.success(request, _("The draft is thrown away. Nothing that is decided has changed."))
            return HttpResponseRedirect(case.part_address)
    context = {"file": case.file, "case": case, "draft": case.draft, "changed": changed}
    return render(request, "participants/plan/discard.html", context, status=409 if changed else 200)
