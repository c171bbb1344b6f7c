"""Bringing the shipped tracks into their tables: idempotent, and what the municipality has changed is left alone."""

from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from tracks.models import Gate, Step, Track, TrackVersion
from vocabulary.codes import Need

SHIPPED = Path(__file__).parent / "data" / "tracks-2026.1.yaml"


@transaction.atomic
def tracks_load(path: Path = SHIPPED) -> int:
    """Publish the tracks of the file that are not there yet, each as its first version; how many were. One that is
    there, whatever has become of it, is never touched: a change is a version of the municipality's own."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["tracks"]
    there = set(Track.objects.exclude(code="").values_list("code", flat=True))
    new = [each for each in listed if each["code"] not in there]
    for each in new:
        track_write(track=Track.objects.create(code=each["code"], name=each["name"]), says=each)
    return len(new)


def track_write(*, track: Track, says: dict) -> TrackVersion:
    """The first version of a track as the file says it, published at once."""
    version = TrackVersion.objects.create(
        track=track,
        method=says["method"],
        occupation_id=says["occupation"] or None,
        shortage=says["shortage"],
        target_group=says["target_group"],
        purpose=says["purpose"],
        provider=says["provider"],
        funding=says["funding"],
        source=says["source"],
    )
    for position, each in enumerate(says["steps"], 1):
        least, most = each.get("weeks", (None, None))
        step = Step.objects.create(
            version=version,
            position=position,
            key=each["key"],
            title=each["title"],
            kind=each["kind"],
            form_id=each.get("form"),
            least_weeks=least,
            most_weeks=most,
            hours=each.get("hours", []),
            purpose=each.get("purpose", ""),
            expected_outcome=each["expected_outcome"],
            need=each.get("need", Need.PARTICIPANT),
            competences=each.get("competences", []),
        )
        Gate.objects.bulk_create(
            Gate(step=step, position=number, kind=gate["kind"], asks=gate["asks"])
            for number, gate in enumerate(each.get("gates", []), 1)
        )
    TrackVersion.objects.filter(pk=version.pk).update(published_at=timezone.now())
    return version
