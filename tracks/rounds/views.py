"""The pages of rounds: which there are, one round, its seats, who takes people on, how far it has come."""

import uuid
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.log import access_log_write
from accounts.models import AccessLogEntry, Unit
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES
from placements.booking.rules import Refused
from placements.kept_forms import FormPage, form_page
from tracks.designing.told import steps_of
from tracks.models import Round, RoundPartner, RoundState, Track, TrackVersion
from tracks.rounds import permissions, reading, services
from tracks.rounds.forms import ListForm, PartnerForm, RoundForm, SeatsForm, StateForm
from tracks.rounds.seats import seats_of

PAGE_SIZE = 50
FORM = "tracks/rounds/form.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def round_of(request: HttpRequest, public_id: uuid.UUID, *, opening: bool = False, **detail) -> Round:
    """The round, or 404 and a denied attempt in the log. With `opening` the look is written down, with more about it
    in `detail`: the page names people. PermissionDenied for those who read no tracks."""
    if not permissions.can_see_rounds(request.user):
        raise PermissionDenied
    rows = Round.objects.visible_to(request.user).select_related("version__track", "version__occupation", "unit")
    round = rows.prefetch_related("unit__terms").filter(public_id=public_id).first()
    log = partial(
        access_log_write, actor=request.user, subject=public_id, subject_kind="track_round", request_id=request.id
    )
    if round is None:
        log(act=AccessLogEntry.Act.DENIED)
        raise Http404
    if opening and request.method != "POST":
        log(act=AccessLogEntry.Act.OPENED, **detail)
    return round


def _to_run(request: HttpRequest, public_id: uuid.UUID) -> Round:
    round = round_of(request, public_id)
    if not permissions.can_run_round(request.user, round):
        raise PermissionDenied
    return round


def address_of(round: Round) -> str:
    return reverse("track_rounds:round", args=[round.public_id])


def crumbs_to(round: Round) -> list[tuple[str, str]]:
    """The way to a page about the round: the tracks, the track, the round."""
    return [*_crumbs_of(round.version.track), (round.name, address_of(round))]


def _crumbs_of(track: Track) -> list[tuple[str, str]]:
    return [(_("Job tracks"), reverse("tracks:list")), (track.name, reverse("tracks:track", args=[track.public_id]))]


def round_name(round: Round) -> str:
    return f"{round.version.track.name}, {round.name}"


# --- The rounds ---------------------------------------------------------------------------------------------------


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Rounds of every unit: living ones, or those that the address asks for."""
    if not permissions.can_see_rounds(request.user):
        raise PermissionDenied
    rounds = Round.objects.visible_to(request.user)
    units = Unit.objects.filter(track_rounds__isnull=False).distinct().by_name()
    tracks = list(Track.objects.visible_to(request.user).published().order_by("name", "pk"))
    form = ListForm(request.GET, tracks=tracks, units=units)
    rows = reading.with_counts(reading.asked_for(rounds, form.said)).select_related("version__track")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    named = {unit.pk: unit for unit in units}
    for row in page.object_list:
        row.unit = named[row.unit_id]
    may_begin = permissions.can_begin_rounds(request.user)
    to_begin = TrackVersion.objects.latest_of_each().filter(track__in=Track.objects.open_on(timezone.localdate()))
    context = {
        "page": page,
        "form": form,
        "narrowed": any(form.said.values()),
        "may_begin": may_begin,
        "to_begin": to_begin.select_related("track").order_by("track__name") if may_begin else [],
    }
    return render(request, "tracks/rounds/list.html", context)


@require_safe
def round_detail(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the round is, its seats, who waits, who is where, who takes people on."""
    round = round_of(request, public_id, opening=True)
    today = timezone.localdate()
    may_run = permissions.can_run_round(request.user, round)
    context = {
        "round": round,
        "today": today,
        "may_run": may_run,
        "may_change": may_run and round.state not in services.OVER,
        "may_propose": request.user.reach.has(*WRITING_ROLES) and round.takes_applications_on(today),
        "may_match": request.user.reach.has(*CASE_ROLES) and round.state not in services.OVER,
        "moves": _moves(round) if may_run else [],
    } | reading.page_context(round, request.user, today)
    return render(request, "tracks/rounds/round.html", context)


@read_or_write
def round_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Begin a round on the track's latest published version."""
    if not permissions.can_begin_rounds(request.user):
        raise PermissionDenied
    track = get_object_or_404(Track.objects.visible_to(request.user), public_id=public_id)
    versions = TrackVersion.objects.latest_of_each().select_related("track")
    version = get_object_or_404(versions, track=track)
    units = services.units_of(permissions.running_scope(request.user))
    page = FormPage(
        title=_("A new round"),
        lead=track.name,
        save=_("Begin the round"),
        back=reverse("track_rounds:list"),
        crumbs=_crumbs_of(track),
    )

    def act(form: RoundForm) -> str:
        try:
            made = services.round_create(version=version, token=form.cleaned_data["token"], facts=form.facts)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
            return ""
        page.back = address_of(made)
        return _("The round is there. Say how many seats each step has, and open it for applications.")

    return form_page(request, make=partial(RoundForm, units=units), act=act, page=page, template=FORM)


@read_or_write
def round_change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what a round is called, whose it is, and its days."""
    round = _to_run(request, public_id)
    units = services.units_of(permissions.running_scope(request.user))
    page = FormPage(
        title=_("Change the round"), save=_("Save"), back=address_of(round), crumbs=crumbs_to(round),
        lead=round_name(round),
    )  # fmt: skip

    def act(form: RoundForm) -> str:
        try:
            services.round_change(round=round, facts=form.facts, seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The round is saved.")

    make = partial(RoundForm, instance=round, units=units)
    return form_page(request, make=make, act=act, page=page, template=FORM)


@read_or_write
def seats(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How many seats each step has."""
    round = _to_run(request, public_id)
    make = partial(SeatsForm, round=round, steps=steps_of(round.version), seats=seats_of(round))
    page = FormPage(
        title=_("Seats of the steps"),
        save=_("Save the seats"),
        back=address_of(round),
        crumbs=crumbs_to(round),
        lead=_("How many can be on each step at once. Leave a step empty if it has no limit."),
    )

    def act(form: SeatsForm) -> str:
        try:
            services.seats_set(round=round, seats=form.said, seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The seats are saved.")

    return form_page(request, make=make, act=act, page=page, template=FORM)


# --- Who takes people on ------------------------------------------------------------------------------------------


@read_or_write
def partner_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what an employer has promised the round."""
    round = _to_run(request, public_id)
    page = FormPage(
        title=_("An employer that takes part"),
        save=_("Save"),
        back=address_of(round),
        crumbs=crumbs_to(round),
        lead=_("How many the employer takes for practice, and how many it hires."),
    )

    def act(form: PartnerForm) -> str:
        try:
            services.partner_add(round=round, **form.facts)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        return _("The employer takes part.")

    return form_page(request, make=PartnerForm, act=act, page=page, template=FORM)


def _partner(round: Round, partner_id: int) -> RoundPartner:
    return get_object_or_404(round.partners.select_related("employer"), pk=partner_id)


@read_or_write
def partner_change(request: HttpRequest, public_id: uuid.UUID, partner_id: int) -> HttpResponse:
    """Change what an employer has promised."""
    round = _to_run(request, public_id)
    partner = _partner(round, partner_id)
    page = FormPage(
        title=_("What %(employer)s has promised") % {"employer": partner.employer.name},
        save=_("Save"),
        back=address_of(round),
        crumbs=crumbs_to(round),
        remove=(_("Take away"), reverse("track_rounds:partner_remove", args=[round.public_id, partner.pk])),
    )

    def act(form: PartnerForm) -> str:
        try:
            services.partner_change(partner=partner, facts=form.facts, seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("It is saved.")

    return form_page(request, make=partial(PartnerForm, instance=partner), act=act, page=page, template=FORM)


@read_or_write
def partner_remove(request: HttpRequest, public_id: uuid.UUID, partner_id: int) -> HttpResponse:
    """Ask, and take an employer away that does not take part after all."""
    round = _to_run(request, public_id)
    partner = _partner(round, partner_id)
    page = FormPage(
        title=_("Take away %(employer)s?") % {"employer": partner.employer.name},
        save=_("Take away"),
        back=address_of(round),
        crumbs=crumbs_to(round),
        lead=_("Do this when it was entered by mistake. The history keeps what it said and who took it away."),
        danger=True,
    )

    def act(form: StateForm) -> str:
        try:
            services.partner_remove(partner=partner)
        except Refused as refused:
            form.add_error(None, str(refused))
        return _("The employer is taken away.")

    return form_page(request, make=partial(StateForm, round=round), act=act, page=page, template=FORM)


# --- How far it has come ------------------------------------------------------------------------------------------


def _words(round: Round, state: str) -> tuple[str, str, str]:
    """What the button to another state says, what its page asks, and what follows."""
    if state == RoundState.OPEN:
        lead = _("Job coaches of every unit can propose participants, and seats can be offered.")
        return _("Open for applications"), _("Open the round for applications?"), lead
    if state == RoundState.PLANNED:
        return _("Close the applications"), _("Close the applications again?"), _("Nobody can be proposed any more.")
    if state == RoundState.RUNNING and round.state == RoundState.CLOSED:
        lead = _("The round goes on. Those who waited when it was closed wait for a seat again.")
        return _("Take back that it is closed"), _("Let the round go on?"), lead
    if state == RoundState.RUNNING:
        lead = _("Those who have been offered a seat can begin.")
        return pgettext("a round", "Let it begin"), _("Has the round begun?"), lead
    if state == RoundState.CLOSED:
        lead = _(
            "Whoever still waits gets no seat, and My day tells their job coach. Nobody may be on the track any more."
        )
        return pgettext("a round", "Close it"), _("Close the round?"), lead
    lead = _("The round never comes about. Whoever waits gets no seat, and My day tells their job coach.")
    return pgettext("a round", "Cancel it"), _("Cancel the round?"), lead


def _moves(round: Round) -> list[dict]:
    """Where the round can go from here, each with its button; the first is what comes next."""
    order = {RoundState.PLANNED: [RoundState.OPEN, RoundState.CANCELLED]}
    order[RoundState.OPEN] = [RoundState.RUNNING, RoundState.PLANNED, RoundState.CANCELLED]
    order[RoundState.RUNNING] = [RoundState.CLOSED]
    order[RoundState.CLOSED] = [RoundState.RUNNING]
    return [
        {"label": _words(round, state)[0], "address": reverse("track_rounds:state", args=[round.public_id, state])}
        for state in order.get(RoundState(round.state), [])
    ]


@read_or_write
def state(request: HttpRequest, public_id: uuid.UUID, state: str) -> HttpResponse:
    """Ask, and let the round go on to another state. Why it cannot is told at once."""
    round = _to_run(request, public_id)
    if state not in RoundState.values:
        raise Http404
    to = RoundState(state)
    button, title, lead = _words(round, to)
    page = FormPage(
        title=title,
        save=button,
        back=address_of(round),
        crumbs=crumbs_to(round),
        lead=lead,
        danger=to in services.OVER,
        more={"refused": services.why_not(round, to) if round.state != to else ""},
    )

    def act(form: StateForm) -> str:
        try:
            services.round_move(round=round, state=to, seen=form.cleaned_data["seen"])
        except Refused as refused:
            page.more["refused"] = ""
            form.add_error(None, str(refused))
        return _("The round is now: %(state)s.") % {"state": to.label}

    return form_page(request, make=partial(StateForm, round=round), act=act, page=page, template=FORM)
