"""What is written under the sections of a draft: saved while it is written, and never over what another has saved."""

import contextlib
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from reporting.figures.definition import Section
from reporting.frozen import SUMMARY
from reporting.models import Report, ReportComment
from reporting.report_forms import CommentForm
from reporting.services import reports as services
from reporting.views.drafts import draft_page
from reporting.views.opening import number_of, opened_report, report_of_ticket


def keep_comment(request: HttpRequest, public_id: uuid.UUID, section: str) -> str:
    """A comment that is sent after the session has ended is kept for the user who opened the page; where to go after
    signing in. A ticket that is false or old, a user who may not write there any more: nothing is kept."""
    found = report_of_ticket(request.POST.get("writer", ""), public_id)
    if found:
        writer, report = found
        form = _form(request, report, section)
        if form.is_valid():
            # Saved elsewhere meanwhile, or frozen: what is stored stays.
            with contextlib.suppress(services.CommentChanged, services.CannotChange):
                _save(request, report, section, form.cleaned_data["text"], writer)
    return f"{reverse('reporting:report', args=[public_id])}#{section}"


@require_POST
def report_comment(request: HttpRequest, public_id: uuid.UUID, section: str) -> HttpResponse:
    """Save the comment of a section. After somebody else has saved there meanwhile, `act` says what is to stand:
    `mine`, `theirs`, or `both`, mine after theirs; `theirs` carries the revision that was shown."""
    report = opened_report(request, public_id)
    form = _form(request, report, section)
    act = request.POST.get("act", "")
    if act == "theirs":
        return _answer(request, report, section)
    if not form.is_valid():
        return _refused(request, report, section, form)
    text = form.cleaned_data["text"]
    seen = request.POST.get("shown" if act in ("mine", "both") else "seen", "")
    if act == "both":
        text = _joined(report, section, text)
    try:
        _save(request, report, section, text, request.user, seen=seen)
    except services.CommentChanged as changed:
        return _conflict(request, report, section, form, changed.comment)
    except services.CannotChange as reason:
        return _too_late(request, report, section, form, str(reason))
    return _answer(request, report, section, saved=True)


report_comment.when_signed_out = keep_comment


def _form(request: HttpRequest, report: Report, section: str) -> CommentForm:
    return CommentForm(request.POST, section=section, label=_label(section))


def _label(section: str) -> str:
    if section == SUMMARY:
        return _("Summary")
    if section not in Section.values:
        raise Http404
    return str(Section(section).label)


def _save(request: HttpRequest, report: Report, section: str, text: str, author: User, *, seen=None) -> ReportComment:
    try:
        window = uuid.UUID(request.POST.get("window", ""))
    except ValueError:
        window = uuid.uuid4()
    seen = number_of(request.POST.get("seen", "") if seen is None else seen)
    return services.report_comment_save(
        report=report, section=section, text=text, author=author, seen=seen, window=window
    )


def _stored(report: Report, section: str) -> ReportComment | None:
    return report.comments.filter(section=section).first()


def _joined(report: Report, section: str, mine: str) -> str:
    """What is stored and what was written here, one after the other."""
    stored = _stored(report, section)
    return "\n\n".join(filter(None, (stored.text if stored else "", mine)))


def _answer(request: HttpRequest, report: Report, section: str, *, saved: bool = False) -> HttpResponse:
    """What stands now."""
    if not request.htmx:
        mark = f"?sparat={section}" if saved else ""
        return redirect(f"{report.get_absolute_url()}{mark}#{section}")
    comment = _stored(report, section)
    form = CommentForm(initial={"text": comment.text if comment else ""}, section=section, label=_label(section))
    form.fields["text"].widget.attrs["data-focus"] = True  # the button that was pressed is gone
    return _in_place(request, report, section, form=form, comment=comment, saved=saved)


def _conflict(request: HttpRequest, report: Report, section: str, form: CommentForm, other) -> HttpResponse:
    """Both texts, and the choice between them."""
    if request.htmx:
        return _in_place(request, report, section, form=form, other=other)
    return draft_page(request, report, sent=form, section=section, other=other, status=409)


def _refused(request: HttpRequest, report: Report, section: str, form: CommentForm) -> HttpResponse:
    if request.htmx:
        return _in_place(request, report, section, form=form, status=422)
    return draft_page(request, report, sent=form, section=section, status=422)


def _too_late(request: HttpRequest, report: Report, section: str, form: CommentForm, reason: str) -> HttpResponse:
    """Frozen meanwhile, or the section is gone: what was written stays on the page, to be copied."""
    if request.htmx:
        return _in_place(request, report, section, form=form, reason=reason)
    context = {"report": report, "reason": reason, "form": form}
    return render(request, "reporting/reports/too_late.html", context, status=409)


def _in_place(request: HttpRequest, report: Report, section: str, *, status: int = 200, **context) -> HttpResponse:
    """The part of the page that changes: while somebody writes only the line under the text, which is theirs; after
    a choice (`act`) the whole form."""
    part = "_comment_form" if request.POST.get("act") else "_comment_state"
    context |= {"report": report, "section": section, "label": _label(section), "answer": True}
    context |= {name: request.POST.get(name, "") for name in ("window", "writer", "seen")}
    return render(request, f"reporting/reports/{part}.html", context, status=status)
