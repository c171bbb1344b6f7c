"""What every page of a track begins with: who may, and the track by its key. A track is the municipality's and names
nobody in it, so a look at one is not in the access log."""

import uuid
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tracks.designing.permissions import can_design_tracks, can_see_tracks
from tracks.designing.services import NoSuchStep, NotADraft
from tracks.models import Track, TrackVersion


def of_track(view):
    """Decorator: the view gets the track in place of its key. 403 for those who have nothing to do with tracks."""

    @wraps(view)
    def opened(request: HttpRequest, public_id: uuid.UUID, *args, **kwargs) -> HttpResponse:
        if not can_see_tracks(request.user):
            raise PermissionDenied
        rows = Track.objects.visible_to(request.user).select_related("owner", "copied_from")
        return view(request, get_object_or_404(rows, public_id=public_id), *args, **kwargs)

    return opened


def to_write(view):
    """Decorator: as `of_track`, for those who write tracks."""

    @wraps(view)
    def opened(request: HttpRequest, track: Track, *args, **kwargs) -> HttpResponse:
        if not can_design_tracks(request.user):
            raise PermissionDenied
        return view(request, track, *args, **kwargs)

    return of_track(opened)


def of_draft(view):
    """Decorator: as `to_write`, with the track's draft. Whoever comes too late is told so on the track's page."""

    @wraps(view)
    def opened(request: HttpRequest, track: Track, *args, **kwargs) -> HttpResponse:
        try:
            draft = track.versions.drafts().select_related("occupation").first()
            if draft is None:
                raise NotADraft
            draft.track = track
            return view(request, draft, *args, **kwargs)
        except NotADraft:
            messages.warning(request, _("No version of the track is being written: it was published or thrown away."))
        except NoSuchStep:
            messages.warning(request, _("Somebody has taken the step away meanwhile."))
            return redirect("tracks:draft", track.public_id)
        if not Track.objects.filter(pk=track.pk).exists():
            return redirect("tracks:list")
        return redirect("tracks:track", track.public_id)

    return to_write(opened)


def version_or_404(track: Track, number: int, *, published: bool = True) -> TrackVersion:
    rows = track.versions.select_related("occupation")
    version = (rows.published() if published else rows).filter(number=number).first()
    if version is None:
        raise Http404
    return version
