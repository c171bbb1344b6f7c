"""What the pages of tracks are told from: the list, and the rounds of a track."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import Unit
from accounts.swedish import SwedishSortKey
from tracks.models import Round, RoundState, Track, TrackVersion

#: A round that people are on, or apply to.
GOING_ON = (RoundState.OPEN, RoundState.RUNNING)


def tracks_listed(tracks: QuerySet[Track], today: dt.date, *, closed: bool) -> list[Track]:
    """Tracks with `version` (the one published last, else the draft), `living` (rounds that go on or take
    applications) and `has_draft`: those with living rounds first. Three questions, however many there are."""
    going_on = tracks.open_on(today)
    rows = tracks.exclude(pk__in=going_on.values("pk")) if closed else going_on
    latest = TrackVersion.objects.filter(track=OuterRef("pk")).order_by(
        F("published_at").desc(nulls_last=True), "-number"
    )
    living = Count("versions__rounds", filter=Q(versions__rounds__state__in=GOING_ON), distinct=True)
    drafts = Count("versions", filter=Q(versions__published_at=None), distinct=True)
    found = list(
        rows.select_related("owner")
        .annotate(living=living, drafts=drafts, latest=Subquery(latest.values("pk")[:1]))
        .order_by("-living", SwedishSortKey("name"), "pk")
    )
    versions = TrackVersion.objects.select_related("occupation").in_bulk([track.latest for track in found])
    for track in found:
        track.version = versions[track.latest]
    return found


@dataclass(frozen=True)
class ToldRound:
    """A round of a track, its unit's name and where its page is (empty: nowhere)."""

    round: Round
    unit: str
    address: str


def rounds_of(track: Track) -> list[ToldRound]:
    """The rounds on any version of the track, the latest first."""
    rows = list(Round.objects.filter(version__track=track).select_related("version").order_by("-start", "name", "pk"))
    units = {unit.pk: unit.name for unit in Unit.objects.filter(pk__in={row.unit_id for row in rows}).named()}
    return [ToldRound(row, units[row.unit_id], reverse("track_rounds:round", args=[row.public_id])) for row in rows]
