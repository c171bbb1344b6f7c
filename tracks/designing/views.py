"""The pages of tracks to read: the list, one track, one of its versions, what differs between two."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.querysets import CASE_ROLES
from tracks.designing.comparing import compared
from tracks.designing.facts import seen_of_order
from tracks.designing.forms import CompareForm, version_told
from tracks.designing.lacking import cautions, lacking
from tracks.designing.opening import of_draft, of_track, version_or_404
from tracks.designing.permissions import can_design_tracks, can_see_tracks
from tracks.designing.reading import rounds_of, tracks_listed
from tracks.designing.told import steps_of, steps_told
from tracks.models import Track, TrackVersion
from tracks.words import words_of

CLOSED = "stangda"


@require_safe
def track_list(request: HttpRequest) -> HttpResponse:
    """The tracks that go on, or (`visa=stangda`) those that are closed."""
    if not can_see_tracks(request.user):
        raise PermissionDenied
    closed = request.GET.get("visa") == CLOSED
    context = {
        "tracks": tracks_listed(Track.objects.visible_to(request.user), timezone.localdate(), closed=closed),
        "closed": closed,
        "may_write": can_design_tracks(request.user),
    }
    return render(request, "tracks/designing/list.html", context)


@require_safe
@of_track
def track_detail(request: HttpRequest, track: Track) -> HttpResponse:
    """The track as its latest published version says it; one that was never published as its draft."""
    version = track.versions.published().select_related("occupation").order_by("-number").first()
    return _page(request, track, version or track.versions.select_related("occupation").get())


@require_safe
@of_track
def version(request: HttpRequest, track: Track, number: int) -> HttpResponse:
    """The track as a published version says it."""
    return _page(request, track, version_or_404(track, number))


@require_safe
@of_draft
def draft(request: HttpRequest, draft: TrackVersion) -> HttpResponse:
    """The version that is being written, with what can be changed and what is missing."""
    return _page(request, draft.track, draft)


def _page(request: HttpRequest, track: Track, version: TrackVersion) -> HttpResponse:
    steps, may_write = steps_of(version), can_design_tracks(request.user)
    versions = list(track.versions.order_by("-number"))
    published = [each for each in versions if each.is_published]
    being_written = next((each for each in versions if not each.is_published), None)
    writing = may_write and not version.is_published
    context = {
        "track": track,
        "version": version,
        "steps": steps_told(steps, words_of(steps)),
        "partners": version.partners.select_related("employer").order_by("employer__name", "pk"),
        "versions": versions,
        "current": published[0] if published else None,
        "before": next((each for each in versions if each.number < version.number), None),
        "draft": being_written if may_write else None,
        "may_write": may_write,
        "writing": writing,
        "closed": track.closed_on is not None and track.closed_on <= timezone.localdate(),
        "rounds": rounds_of(track),
        "round_new": _round_new(request, track) if published and not track.closed_on else "",
    }
    if writing:
        context |= {
            "lacks": lacking(version),
            "cautions": cautions(version),
            "order": seen_of_order(step.key for step in steps),
        }
    return render(request, "tracks/designing/track.html", context)


def _round_new(request: HttpRequest, track: Track) -> str:
    """Where a round of the track is begun, for those who work with participants."""
    return reverse("track_rounds:new", args=[track.public_id]) if request.user.reach.has(*CASE_ROLES) else ""


@require_safe
@of_track
def compare(request: HttpRequest, track: Track) -> HttpResponse:
    """Two versions side by side (`fran`, `till`): what was added, removed, changed or moved."""
    rows = track.versions.select_related("occupation").order_by("number")
    versions = rows if can_design_tracks(request.user) else rows.published()
    there = list(versions)
    asked = request.GET if request.GET else None
    if asked is None and len(there) > 1:
        asked = {"fran": there[-2].number, "till": there[-1].number}
    form = CompareForm(asked, versions=versions)
    context = {"track": track, "form": form, "groups": None, "enough": len(there) > 1}
    if form.is_bound and form.is_valid():
        before, after = form.cleaned_data["fran"], form.cleaned_data["till"]
        context |= {
            "groups": compared(before, after),
            "before": version_told(before),
            "after": version_told(after),
        }
    return render(request, "tracks/designing/compare.html", context)
