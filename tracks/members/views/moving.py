"""Beginning at a step and moving on to another: gate by gate, with what is booked at once if that is known."""

import uuid
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import Activity
from placements.booking import rules
from placements.booking.forms.acts import supervisors_at
from placements.booking.forms.book import BookForm
from placements.booking.rules import Refused
from placements.booking.views.book import MOST_SHOWN, Where, places_to_book, where_asked, workplaces_to_book
from placements.changing import Overtaken
from placements.groups.told import groups_to_join
from placements.models import Group
from placements.schedule_forms import HoursRows, more_rows, rows_of, rows_typed
from placements.services.schedules import hours_of as hours_of_schedule
from tracks.designing.told import steps_of
from tracks.hours import hours_of
from tracks.members.forms import EntryForm
from tracks.members.ready import next_step
from tracks.members.services.moving import (
    Booking,
    GatesLack,
    activity_planned,
    member_move,
    member_start,
)
from tracks.members.told import ShownStep, known_of_one, steps_shown
from tracks.members.views.opening import OpenedMember, address_of, crumbs_of, opened_member, read_or_write
from tracks.models import MemberState, Passage, Step
from vocabulary.codes import ActivityKind

#: Kinds of form for which a placement is booked; of the others a seat in a group, or nothing.
AT_WORK = (ActivityKind.WORKPLACE, ActivityKind.SUBSIDISED)


@dataclass
class Coming:
    """The step that somebody comes to, from which (None: they begin), and what can be booked for it."""

    opened: OpenedMember
    steps: list[Step]
    step: Step
    now: Passage | None
    activity: Activity | None = None
    groups: list[Group] = field(default_factory=list)
    where: Where = field(default_factory=Where)

    @property
    def passed_by(self) -> list[Step]:
        """The steps that count as skipped."""
        done = {each.step_id for each in self.opened.member.passages.all()}
        first = self.now.step.position if self.now else 0
        return [each for each in self.steps if first < each.position < self.step.position and each.pk not in done]

    @property
    def at_work(self) -> bool:
        return self.activity is not None and self.activity.form.kind in AT_WORK


def _coming(request: HttpRequest, opened: OpenedMember) -> Coming:
    """What the address asks for: `steg`, and where to book (`plats`, `arbetsplats`)."""
    member = opened.member
    steps = steps_of(member.round.version)
    for step in steps:
        step.version = member.round.version
    now = next((each for each in member.passages.all() if each.end is None), None)
    usual = next_step(steps, now.step) if now else (member.enters_at or steps[0])
    asked = request.GET.get("steg", usual.key if usual else "")
    step = next((each for each in steps if each.key == asked), None)
    if step is None:
        raise Http404
    coming = Coming(opened, steps, step, now)
    if step.form_id:
        coming.activity = activity_planned(member.enrolment, step, timezone.localdate())
        if step.form.kind == ActivityKind.ACTIVITY:
            coming.groups = list(groups_to_join([coming.activity], timezone.localdate()))
        elif coming.at_work:
            coming.where = where_asked(request, [coming.activity])
    return coming


@read_or_write
def start(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Let somebody who has been offered a seat begin."""
    return _asked(request, opened_member(request, public_id, member_id), MemberState.OFFERED, member_start)


@read_or_write
def move(request: HttpRequest, public_id: uuid.UUID, member_id: uuid.UUID) -> HttpResponse:
    """Move somebody on to another step."""
    return _asked(request, opened_member(request, public_id, member_id), MemberState.ON_TRACK, member_move)


def _asked(request: HttpRequest, opened: OpenedMember, state: MemberState, service) -> HttpResponse:
    """The page of an entry that is named in the address. What cannot be done as the participant stands, and what was
    done by the same form already, leads back."""
    member = opened.member
    now = next((each for each in member.passages.all() if each.end is None), None)
    if now and now.step.key == request.GET.get("steg"):
        messages.info(request, _("%(name)s is on the step “%(step)s”.") % {
            "name": opened.file.participant.full_name, "step": now.step.title
        })  # fmt: skip
        return redirect(address_of(member))
    if member.state != state:
        messages.info(request, _("That cannot be done as it is now."))
        return redirect(address_of(member))
    if "steg" in request.GET or request.method == "POST":
        return _entry(request, opened, service)
    steps = steps_of(member.round.version)
    usual = next_step(steps, now.step) if now else (member.enters_at or steps[0])
    if usual is None:
        messages.info(request, _("This is the last step. Say that the track is completed, or choose another step."))
        return redirect(address_of(member))
    # The step stands in the address, so that a form which is sent twice does not move on twice.
    return redirect(f"{request.path}?steg={usual.key}")


def _entry(request: HttpRequest, opened: OpenedMember, service) -> HttpResponse:
    coming, posted, more = _coming(request, opened), request.method == "POST", "more" in request.POST
    data = (more_rows(request.POST) if more else request.POST) if posted else None
    form = _form(coming, data)
    book, rows = _book_forms(coming, data)
    if not posted or more:
        return _page(request, coming, form, book, rows, asked_for_more=more)
    given = [each for each in (form, book, rows) if each is not None]
    if [each for each in given if not each.is_valid()]:  # all errors are told at once
        return _page(request, coming, form, book, rows, status=422)
    booking = Booking(
        placement=book.booked(rows) if book else None,
        group=form.chosen_group,
        token=book.cleaned_data["token"] if book else form.cleaned_data["seat_token"],
    )
    details = {"result": form.left} if coming.now else {}
    try:
        service(member=opened.member, actor=request.user, entry=form.entry(booking), seen=form.revision, **details)
    except GatesLack as refused:
        for lack in refused.lacks:
            form.add_error(form.name_of(lack.gate), lack.sentence)
    except Refused as refused:
        _refuse(form, book, refused)
    except Overtaken as overtaken:
        return _overtaken(request, service, overtaken)
    else:
        messages.success(request, _("%(name)s is on the step “%(step)s”.") % {
            "name": opened.file.participant.full_name, "step": coming.step.title
        })  # fmt: skip
        return redirect(address_of(opened.member))
    return _page(request, coming, form, book, rows, status=422)


def _refuse(form: EntryForm, book: BookForm | None, refused: Refused) -> None:
    """Beside the field that it is about, in whichever form that is."""
    if refused.field in form.fields:
        form.add_error(refused.field, str(refused))
    elif book is not None and refused.field in book.fields:
        book.add_error(refused.field, str(refused))
    else:
        form.add_error(None, str(refused))


def _overtaken(request: HttpRequest, service, overtaken: Overtaken) -> HttpResponse:
    """Nothing that was typed is lost; the page says how it is now."""
    file = overtaken.row.enrolment.participant
    opened = opened_member(request, file.public_id, overtaken.row.public_id)
    member = opened.member
    if service is member_move and member.state != MemberState.ON_TRACK:
        messages.warning(request, _("Somebody else has changed this meanwhile. Nothing is saved."))
        return redirect(address_of(member))
    if service is member_start and member.state != MemberState.OFFERED:
        messages.warning(request, _("Somebody else has changed this meanwhile. Nothing is saved."))
        return redirect(address_of(member))
    coming = _coming(request, opened)
    data = request.POST.copy()
    data["seen"] = member.revision
    form = _form(coming, data)
    book, rows = _book_forms(coming, data)
    now = coming.now.step.title if coming.now else member.get_state_display()
    return _page(request, coming, form, book, rows, status=409, overtaken=now)


def _form(coming: Coming, data) -> EntryForm:
    return EntryForm(
        data,
        member=coming.opened.member,
        step=coming.step,
        before=coming.now.step if coming.now else None,
        passed_by=coming.passed_by,
        gates=list(coming.step.gates.all()),
        groups=coming.groups,
    )


def _book_forms(coming: Coming, data) -> tuple[BookForm | None, HoursRows | None]:
    """The form that books a placement, once it is chosen where, with the step's hours as its schedule; where the step
    has none, with those that the place offers."""
    where = coming.where
    if not where.is_whole:
        return None, None
    offered = where.place.schedules.prefetch_related("hours").first() if where.place else None
    supervisors = supervisors_at(where.workplace.pk, timezone.localdate())
    form = BookForm(
        data, activity=coming.activity, workplace=where.workplace, place=where.place, supervisors=supervisors
    )
    form.initial["on_holidays"] = bool(offered and offered.on_holidays)
    hours = hours_of(coming.step) or hours_of_schedule(offered)
    return form, rows_of(hours) if data is None else rows_typed(data)


def _page(
    request, coming: Coming, form, book, rows, *, status=200, asked_for_more=False, overtaken=""
) -> HttpResponse:
    opened = coming.opened
    member = opened.member
    shown = _shown_step(coming)
    lacking = [(gate, form[form.name_of(row)]) for gate, row in zip(shown.gates, form.gates, strict=True)]
    fields = [form[name] for name in ("day", "result", "note", "skipped") if name in form.fields]
    places = _places(request, coming) if coming.at_work and book is None else None
    context = {
        "file": opened.file,
        "member": member,
        "coming": coming,
        "step": shown,
        "form": form,
        "fields": fields,
        # A gate that lacks something, or of which the service said so.
        "gates": [(gate, bound if gate.lack or bound.errors else None) for gate, bound in lacking],
        "book": book,
        "rows": rows,
        "where": coming.where,
        "places": places,
        "refused_plan": _plan_missing(coming),
        "others": [each for each in coming.steps if not coming.now or each.pk != coming.now.step_id],
        "asked_for_more": asked_for_more,
        "overtaken": overtaken,
        "crumbs": crumbs_of(opened.file, member),
    }
    return render(request, "tracks/members/entry.html", context, status=status)


def _plan_missing(coming: Coming) -> bool:
    """Whether the step is an activity and there is no plan in which it could stand."""
    if coming.activity is None:
        return False
    return not coming.opened.member.enrolment.plans.filter(state="decided").exists()


def _shown_step(coming: Coming) -> ShownStep:
    member = coming.opened.member
    known = known_of_one(member.enrolment, timezone.localdate(), member)
    steps = steps_shown(
        member.round, known, [] if coming.now is None else member.passages.all(), enters_at=coming.step
    )
    shown = next(each for each in steps if each.step.pk == coming.step.pk)
    if shown.state == "todo":
        return shown
    # Back to a step on which they have been: asked as if for the first time.
    rest = [each for each in member.passages.all() if each.step_id != coming.step.pk]
    steps = steps_shown(member.round, known, rest, enters_at=coming.step)
    return next(each for each in steps if each.step.pk == coming.step.pk)


class SearchForm(forms.Form):
    """What the place or the workplace is called."""

    q = forms.CharField(max_length=100, required=False)


def _places(request: HttpRequest, coming: Coming) -> dict:
    form = SearchForm(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    day = timezone.localdate()
    places, workplaces = places_to_book(request.user, q, day), workplaces_to_book(request.user, q, day)
    return {
        "q": q,
        "places": [
            (each, each.supervisor is not None and rules.is_trained(each.supervisor, day))
            for each in places[:MOST_SHOWN]
        ],
        "workplaces": workplaces[:MOST_SHOWN],
        "more": len(places) > MOST_SHOWN or len(workplaces) > MOST_SHOWN,
    }
