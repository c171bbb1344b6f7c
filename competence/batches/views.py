"""Rounds of certificates: who is ready, starting one, how far it has come, its documents for printing."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseStopPolling

from accounts.log import access_log_write_each
from accounts.models import AccessLogEntry, Unit
from competence.batches import services
from competence.batches.archive import zipped
from competence.batches.forms import RoundForm
from competence.batches.reading import files_of, items_shown, round_state, to_print
from competence.models import IssueBatch, ItemState
from competence.opening import PART
from competence.permissions import can_issue_rounds, can_run_round, can_stop_round, can_write_certificate, round_scope
from participants.opening import KIND
from placements.models import Placement

PAGE_SIZE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def for_issuers(view: Callable[..., HttpResponse]):
    """Decorator: for whoever may issue in rounds; others get 403."""

    @wraps(view)
    def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not can_issue_rounds(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return opened


def of_round(view: Callable[..., HttpResponse]):
    """Decorator: the view gets the round in place of its id; one that the user may not see is not found."""

    @wraps(view)
    def opened(request: HttpRequest, public_id: uuid.UUID, *args, **kwargs) -> HttpResponse:
        rounds = IssueBatch.objects.visible_to(request.user).select_related("job")
        return view(request, get_object_or_404(rounds, public_id=public_id), *args, **kwargs)

    return for_issuers(opened)


@require_safe
@for_issuers
def round_list(request: HttpRequest) -> HttpResponse:
    """The rounds that were started, the latest first."""
    visible = Q(items__placement__in=Placement.objects.visible_to(request.user))
    rounds = IssueBatch.objects.visible_to(request.user).annotate(
        **{
            str(state): Count("items", filter=visible & Q(items__state=state))
            for state in (ItemState.ISSUED, ItemState.REFUSED, ItemState.WAITING)
        }
    )
    page = Paginator(rounds.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    names = {unit.pk: unit.name for unit in Unit.objects.named()}
    rows = [{"batch": each, "unit": names.get(each.unit_id, "")} for each in page.object_list]
    return render(request, "competence/batches/list.html", {"page": page, "rows": rows})


@read_or_write
@for_issuers
def round_new(request: HttpRequest) -> HttpResponse:
    """Who is ready and what the others lack; pressed, those that were shown as ready are issued."""
    posted = request.method == "POST"
    said = request.POST if posted else request.GET
    form = RoundForm(said if "till" in said else RoundForm.usual() | said.dict(), scope=round_scope(request.user))
    status, rows, changed = 200, [], False
    if not form.is_valid():
        return _new_page(request, form, rows, status=422 if posted else 200)
    question = form.question
    if posted:
        try:
            batch = services.round_start(actor=request.user, seen=request.POST.get("seen", ""), **question)
        except services.CannotStart as reason:
            messages.error(request, str(reason))
            if reason.batch and IssueBatch.objects.visible_to(request.user).filter(pk=reason.batch.pk).exists():
                return redirect(reason.batch)
            status = 422
        except services.ReadyChanged:
            status, changed = 409, True
        else:
            return redirect(batch)
    rows = services.candidates(request.user, **question)
    return _new_page(request, form, rows, changed=changed, status=status)


def _new_page(request: HttpRequest, form: RoundForm, rows, *, changed: bool = False, status: int) -> HttpResponse:
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    ready = sum(each.is_ready for each in rows)
    names = {unit.pk: unit.name for unit in Unit.objects.named()}
    enrolments = [each.placement.enrolment for each in page.object_list]
    context = {
        "form": form,
        "page": page,
        "rows": [
            {"checked": each, "unit": names[each.placement.enrolment.unit_id], "may_write": may_write}
            for each, may_write in zip(
                page.object_list, (can_write_certificate(request.user, each) for each in enrolments), strict=True
            )
        ],
        "ready": ready,
        "missing": len(rows) - ready,
        "seen": services.seen_of_ready(rows),
        "changed": changed,
        "several": len({each.placement.enrolment.unit_id for each in rows}) > 1,
    }
    return render(request, "competence/batches/new.html", context, status=status)


@require_safe
@of_round
def round_page(request: HttpRequest, batch: IssueBatch) -> HttpResponse:
    """How far a round has come, what was issued, and why what was not."""
    unit = Unit.objects.named().filter(pk=batch.unit_id).first()
    return render(request, "competence/batches/round.html", _state(request, batch) | {"unit": unit})


@require_safe
@of_round
def round_progress(request: HttpRequest, batch: IssueBatch) -> HttpResponse:
    """The part of the page that changes, asked for until nothing changes any more."""
    if not request.htmx:
        return redirect(batch)
    context = _state(request, batch)
    response = render(request, "competence/batches/_state.html", context | {"answer": True})
    return HttpResponseStopPolling(response.content) if context["state"].is_finished else response


def _state(request: HttpRequest, batch: IssueBatch) -> dict:
    state = round_state(batch, request.user)
    printable = to_print(batch, request.user).count() if state.made else 0
    return {
        "batch": batch,
        "state": state,
        "printable": printable,
        "left_out": state.made - printable,
        "may_run": can_run_round(request.user, batch),
        "may_stop": can_stop_round(request.user, batch),
        "page": Paginator(items_shown(batch, request.user), PAGE_SIZE).get_page(request.GET.get("page")),
        "answer": False,
    }


@require_POST
@of_round
def round_resume(request: HttpRequest, batch: IssueBatch) -> HttpResponse:
    """Lets a round that broke off go on, and draws anew what could not be drawn."""
    try:
        services.round_resume(batch=batch, actor=request.user)
    except PermissionError:
        raise PermissionDenied from None
    return redirect(batch)


@read_or_write
@of_round
def round_stop(request: HttpRequest, batch: IssueBatch) -> HttpResponse:
    """Asks once, and lets those that wait go."""
    if not can_stop_round(request.user, batch):
        raise PermissionDenied
    if request.method == "POST":
        count = services.round_stop(batch=batch, actor=request.user)
        said = ngettext(
            "The round is stopped. %(count)d was not issued.",
            "The round is stopped. %(count)d were not issued.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect(batch)
    return render(
        request, "competence/batches/stop.html", {"batch": batch, "state": round_state(batch, request.user)}
    )


@require_safe
@of_round
def round_zip(request: HttpRequest, batch: IssueBatch) -> HttpResponse:
    """The documents that hold, for printing: as they are stored, named by their numbers. Written to the access log of
    each person before the first byte leaves."""
    versions = list(to_print(batch, request.user))
    if not versions:
        messages.error(request, _("There is no document to print yet."))
        return redirect(batch)
    placements = [version.certificate.placement for version in versions]
    round_id = str(batch.public_id)
    if request.method == "GET":
        access_log_write_each(
            actor=request.user,
            act=AccessLogEntry.Act.DOWNLOADED,
            subjects=(
                (
                    each.enrolment.participant.public_id,
                    {"part": PART, "placement": each.pk, "units": [each.enrolment.unit.code], "round": round_id},
                )
                for each in placements
            ),
            subject_kind=KIND,
        )
    files = files_of([version.document_id for version in versions])
    response = StreamingHttpResponse(zipped(files), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="intyg-{batch.created_at:%Y-%m-%d}.zip"'
    return response
