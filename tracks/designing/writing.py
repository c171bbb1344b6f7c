"""The pages on which a track is created, copied, named, closed and opened; and its draft begun, published, thrown
away. The steps of the draft are in `step_views`."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from placements.changing import Overtaken
from placements.kept_forms import FormPage, form_page
from placements.models import Employer
from tracks.designing import services
from tracks.designing.facts import seen_of_columns, version_columns
from tracks.designing.forms import CloseForm, NewTrackForm, TrackForm, VersionForm
from tracks.designing.lacking import cautions, lacking
from tracks.designing.opening import of_draft, to_write
from tracks.designing.permissions import can_design_tracks
from tracks.designing.reading import GOING_ON
from tracks.models import Round, Track, TrackVersion
from vocabulary.models import Occupation

read_or_write = require_http_methods(["GET", "HEAD", "POST"])
FORM = "tracks/form.html"
#: So many employers are shown of those whose name has the words.
MOST_FOUND = 20


def _crumbs(track: Track | None = None, *, draft: bool = False) -> list[tuple[str, str]]:
    crumbs = [(_("Job tracks"), reverse("tracks:list"))]
    if track:
        crumbs.append((track.name, reverse("tracks:track", args=[track.public_id])))
    if draft:
        crumbs.append((_("The draft"), reverse("tracks:draft", args=[track.public_id])))
    return crumbs


# --- Tracks -------------------------------------------------------------------------------------------------------


@read_or_write
def track_new(request: HttpRequest) -> HttpResponse:
    """Create a track: what it is called, and what its first version says."""
    if not can_design_tracks(request.user):
        raise PermissionDenied
    posted = request.method == "POST"
    form = NewTrackForm(request.POST if posted else None)
    if posted and form.is_valid():
        said = form.cleaned_data
        track = services.track_create(
            token=said["token"], name=said["name"], owner=said["owner"], columns=form.columns
        )
        messages.success(request, _("The track is created as a draft. Add its steps next."))
        return redirect("tracks:draft", track.public_id)
    context = {"form": form, "occupations": Occupation.objects.all()}
    return render(request, "tracks/designing/facts.html", context, status=422 if posted else 200)


@read_or_write
@to_write
def track_copy(request: HttpRequest, track: Track) -> HttpResponse:
    """A track of its own that begins with what this one says."""
    source = track.versions.published().order_by("-number").first() or track.versions.get()
    page = FormPage(
        title=_("Copy the track"),
        save=_("Copy"),
        back=reverse("tracks:track", args=[track.public_id]),
        crumbs=_crumbs(track),
        lead=_(
            "The copy is a draft that begins with what this track says, and is changed without changing this one."
        ),
    )

    def act(form: TrackForm) -> str:
        said = form.cleaned_data
        copy = services.track_copy(
            track=track, version=source, token=said["token"], name=said["name"], owner=said["owner"]
        )
        page.back = reverse("tracks:draft", args=[copy.public_id])
        return _("The track is copied. Change what is to be another way, and publish it.")

    initial = {"name": _("%(name)s (copy)") % {"name": track.name[:140]}, "owner": track.owner}
    return form_page(request, make=lambda data: TrackForm(data, initial=initial), act=act, page=page, template=FORM)


@read_or_write
@to_write
def track_change(request: HttpRequest, track: Track) -> HttpResponse:
    """Another name or owner."""

    def act(form: TrackForm) -> str:
        services.track_change(track=track, **form.facts, seen=form.cleaned_data["seen"])
        return _("Name and owner are saved.")

    page = FormPage(
        title=_("Name and owner"),
        save=_("Save"),
        back=reverse("tracks:track", args=[track.public_id]),
        crumbs=_crumbs(track),
    )
    return form_page(request, make=lambda data: TrackForm(data, instance=track), act=act, page=page, template=FORM)


@read_or_write
@to_write
def track_close(request: HttpRequest, track: Track) -> HttpResponse:
    """Asks why, and closes the track."""
    living = Round.objects.filter(version__track=track, state__in=GOING_ON).count()
    lead = _("No new round begins on it. What has been done on it stays, and it can be opened again.")
    if living:
        lead += " " + ngettext(
            "%(count)s round goes on, and is not changed by this.",
            "%(count)s rounds go on, and are not changed by this.",
            living,
        ) % {"count": living}

    def act(form: CloseForm) -> str:
        services.track_close(track=track, day=form.cleaned_data["day"], why=form.cleaned_data["why"])
        return _("The track is closed.")

    page = FormPage(
        title=_("Close %(name)s?") % {"name": track.name},
        save=_("Close the track"),
        back=reverse("tracks:track", args=[track.public_id]),
        crumbs=_crumbs(track),
        lead=lead,
        danger=True,
    )
    return form_page(request, make=lambda data: CloseForm(data), act=act, page=page, template=FORM)


@require_POST
@to_write
def track_reopen(request: HttpRequest, track: Track) -> HttpResponse:
    """Open a closed track again."""
    if services.track_reopen(track=track):
        messages.success(request, _("The track is open again."))
    return redirect("tracks:track", track.public_id)


# --- The draft ----------------------------------------------------------------------------------------------------


@require_POST
@to_write
def draft_begin(request: HttpRequest, track: Track) -> HttpResponse:
    """A new version, which begins with what the latest says; or the one that is being written."""
    _draft, begun = services.draft_begin(track=track)
    if begun:
        messages.success(request, _("A new version is begun. Nothing changes for anybody until it is published."))
    return redirect("tracks:draft", track.public_id)


@read_or_write
@of_draft
def facts(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """What the draft says besides its steps."""
    posted, status, overtaken = request.method == "POST", 200, None
    form = VersionForm(request.POST if posted else None, instance=draft)
    form.initial["seen"] = seen_of_columns(version_columns(draft))
    if posted:
        status = 422
        if form.is_valid():
            try:
                services.draft_change(version=draft, columns=form.columns, seen=form.cleaned_data["seen"])
            except Overtaken as changed:
                status, overtaken = 409, _told(form, changed.row)
                data = request.POST.copy()
                data["seen"] = seen_of_columns(version_columns(changed.row))
                form = VersionForm(data, instance=draft)
            else:
                messages.success(request, _("The draft is saved."))
                return redirect("tracks:draft", draft.track.public_id)
    context = {
        "form": form,
        "track": draft.track,
        "version": draft,
        "overtaken": overtaken,
        "occupations": Occupation.objects.all(),
    }
    return render(request, "tracks/designing/facts.html", context, status=status)


def _told(form: VersionForm, row: TrackVersion) -> list[tuple[str, str]]:
    """What the draft says now, in the words of the form."""
    told = version_columns(row) | {
        "method": row.get_method_display(),
        "shortage": _("Yes") if row.shortage else _("No"),
    }
    return [(form.fields[name].label, "–" if value in ("", None) else str(value)) for name, value in told.items()]


@read_or_write
@of_draft
def partners(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """Which employers take part in the track: found by name, added and taken away one by one."""
    if request.method == "POST":
        employer = _employer(request.POST.get("arbetsgivare", ""))
        act = services.partner_remove if "bort" in request.POST else services.partner_add
        act(version=draft, employer=employer)
        return redirect("tracks:partners", draft.track.public_id)
    words = request.GET.get("q", "").strip()
    there = [each.employer for each in draft.partners.select_related("employer").order_by("employer__name", "pk")]
    found: list[Employer] = []
    if words:
        rows = Employer.objects.searched(words).exclude(pk__in=[each.pk for each in there]).in_swedish_order()
        found = list(rows[: MOST_FOUND + 1])
    context = {
        "track": draft.track,
        "version": draft,
        "partners": there,
        "words": words,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
    }
    return render(request, "tracks/designing/partners.html", context)


def _employer(asked: str) -> Employer:
    """The employer of that key, or 404. Its name is all that is shown of it, also to administrators."""
    try:
        key = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Employer, public_id=key)


@read_or_write
@of_draft
def draft_publish(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """Asks once, with what is missing, and publishes what was read."""
    track, status = draft.track, 200
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            services.draft_publish(
                version=draft, seen=int(seen) if seen.isascii() and seen.isdigit() else -1, actor=request.user
            )
        except services.CannotPublish:
            status = 422
        except Overtaken:
            status = 409
        else:
            messages.success(request, _("The version is published. New rounds begin on it."))
            return redirect("tracks:track", track.public_id)
        draft.refresh_from_db()
    context = {
        "track": track,
        "version": draft,
        "lacks": lacking(draft),
        "cautions": cautions(draft),
        "before": track.versions.published().order_by("-number").first(),
        "overtaken": status == 409,
    }
    return render(request, "tracks/designing/publish.html", context, status=status)


@read_or_write
@of_draft
def draft_discard(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """Asks once, and throws the draft away; with it a track that was never published."""
    track = draft.track
    if request.method == "POST":
        if services.draft_discard(version=draft):
            messages.success(request, _("The draft is thrown away, and with it the track."))
            return redirect("tracks:list")
        messages.success(request, _("The draft is thrown away."))
        return redirect("tracks:track", track.public_id)
    context = {"track": track, "version": draft, "only": not track.versions.published().exists()}
    return render(request, "tracks/designing/discard.html", context)
