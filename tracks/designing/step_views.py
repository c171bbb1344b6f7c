"""The steps of a draft: added, written, put in order, taken away."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from placements.changing import Overtaken
from placements.schedule_forms import HoursRows, more_rows, rows_of, rows_typed
from tracks.designing import services
from tracks.designing.facts import MOST_STEPS, seen_of_step, step_facts
from tracks.designing.lacking import lacking
from tracks.designing.opening import of_draft
from tracks.designing.step_forms import GateRows, StepForm
from tracks.designing.told import ToldStep, steps_of, steps_told
from tracks.hours import hours_of
from tracks.models import Step, TrackVersion
from tracks.words import words_of

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
#: How much of the form's token stands in the key of the step that it adds.
TOKEN = 8


@read_or_write
@of_draft
def step_new(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """Add a step after the others."""
    return _page(request, draft, None)


@read_or_write
@of_draft
def step(request: HttpRequest, draft: TrackVersion, key: str) -> HttpResponse:
    """Change a step: what it is, its hours, gates and competences."""
    return _page(request, draft, _step(draft, key))


def _page(request: HttpRequest, draft: TrackVersion, row: Step | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    steps = steps_of(draft)
    earlier = [each for each in steps if row is None or each.position < row.position]
    now = step_facts(row) if row else None
    asked_hours = data is not None and "more" in data
    lacks = [each for each in lacking(draft) if row and each.step and each.step.pk == row.pk]
    form = StepForm(data, instance=row, lacks=() if data else lacks)
    form.initial["seen"] = seen_of_step(now) if now else ""
    form.initial["token"] = uuid.uuid4()
    gates = GateRows(data, gates=now.gates if now else (), steps=earlier, groups=form.groups, lacks=lacks)
    hours = _hours(data, row)
    status, overtaken = 200, None
    if data is not None and (asked_hours or gates.asked_for_more):
        form.unjudged()
        for each in gates.forms:
            each.unjudged()
    elif data is not None:
        status = 422
        if all([form.is_valid(), gates.is_valid(), hours.is_valid()]):
            facts = form.facts(hours.hours, gates.facts)
            try:
                if _store(draft, row, form, facts):
                    messages.success(request, _("The step is saved."))
                    return redirect(_back(draft))
            except Overtaken as changed:
                status, overtaken = 409, _told(changed.row)
                again = data.copy()
                again["seen"] = seen_of_step(step_facts(changed.row))
                form = StepForm(again, instance=row)
    context = {
        "track": draft.track,
        "version": draft,
        "step": row,
        "form": form,
        "gates": gates,
        "rows": hours,
        "asked_for_more": asked_hours,
        "overtaken": overtaken,
        "last": steps[-1] if steps and row is None else None,
    }
    return render(request, "tracks/designing/step.html", context, status=status)


def _store(draft: TrackVersion, row: Step | None, form: StepForm, facts) -> bool:
    """Whether it is stored; else the form says why not."""
    if row:
        services.step_change(version=draft, key=row.key, facts=facts, seen=form.cleaned_data["seen"])
        return True
    token = form.cleaned_data["token"] or uuid.uuid4()
    try:
        services.step_add(version=draft, facts=facts, token=token.hex[:TOKEN])
    except services.TooManySteps:
        form.add_error(None, _("A track has at most %(most)s steps.") % {"most": MOST_STEPS})
        return False
    return True


def _hours(data, row: Step | None) -> HoursRows:
    if data is None:
        return rows_of(hours_of(row) if row else [])
    return rows_typed(more_rows(data) if "more" in data else data)


def _told(row: Step) -> ToldStep:
    """The step as somebody else has saved it."""
    steps = steps_of(row.version)
    return next(each for each in steps_told(steps, words_of(steps)) if each.step.pk == row.pk)


@require_POST
@of_draft
def step_move(request: HttpRequest, draft: TrackVersion, key: str) -> HttpResponse:
    """One place up (`riktning=upp`) or down."""
    try:
        services.step_move(
            version=draft, key=key, up=request.POST.get("riktning") == "upp", seen=request.POST.get("seen", "")
        )
    except Overtaken:
        messages.warning(request, _("Somebody else has changed the order meanwhile. This is how it is now."))
    return redirect(_back(draft))


@read_or_write
@of_draft
def step_remove(request: HttpRequest, draft: TrackVersion, key: str) -> HttpResponse:
    """Asks once, and takes a step out of the draft."""
    row = _step(draft, key)
    if request.method == "POST":
        services.step_remove(version=draft, key=key)
        messages.success(request, _("The step “%(title)s” is taken out of the draft.") % {"title": row.title})
        return redirect(_back(draft))
    context = {"track": draft.track, "version": draft, "step": row}
    return render(request, "tracks/designing/step_remove.html", context)


def _step(draft: TrackVersion, key: str) -> Step:
    row = draft.steps.select_related("form").prefetch_related("gates").filter(key=key).first()
    if row is None:
        if Step.objects.filter(version__track=draft.track, key=key).exists():
            raise services.NoSuchStep
        raise Http404
    return row


def _back(draft: TrackVersion) -> str:
    return reverse("tracks:draft", args=[draft.track.public_id]) + "#steps"
