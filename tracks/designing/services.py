"""A track is created, copied, closed and opened again; its draft is begun, written, published, thrown away.

Whoever changes a draft holds the row of its version. What the version says of itself, each step and the order of the
steps are parts of their own: who saves a part second is told what the first has saved. What is published never
changes: the database refuses it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from placements.changing import Overtaken, row_change
from placements.models import Employer
from tracks.designing.facts import (
    MOST_STEPS,
    STEP_FACTS,
    StepFacts,
    seen_of_columns,
    seen_of_order,
    seen_of_step,
    step_facts,
    version_columns,
)
from tracks.designing.lacking import lacking
from tracks.models import Gate, Partner, Step, Track, TrackVersion


class NotADraft(Exception):
    """The version is published, or was thrown away meanwhile."""


class CannotPublish(Exception):
    """Something is missing before the draft can be published (`lacking` says what)."""


class NoSuchStep(Exception):
    """Somebody has taken the step away meanwhile."""


class TooManySteps(Exception):
    """A track has no more than `MOST_STEPS`."""


# --- Tracks -------------------------------------------------------------------------------------------------------


@transaction.atomic
def track_create(
    *, token: uuid.UUID, name: str, owner: User | None, columns: Mapping[str, Any], copied_from: Track | None = None
) -> Track:
    """Create a track with a draft. `token` belongs to the form and becomes the public id: a form that is sent twice
    creates one."""
    facts = {"name": name, "owner": owner, "copied_from": copied_from}
    track, created = Track.objects.get_or_create(public_id=token, defaults=facts)
    if created:
        TrackVersion.objects.create(track=track, **columns)
    return track


@transaction.atomic
def track_copy(*, track: Track, version: TrackVersion, token: uuid.UUID, name: str, owner: User | None) -> Track:
    """A track of its own that begins with what a version of another says. The code of a shipped one does not follow:
    the copy is the municipality's."""
    columns = version_columns(version)
    copy = track_create(token=token, name=name, owner=owner, columns=columns, copied_from=track)
    draft = copy.versions.drafts().first()
    if draft and not draft.steps.exists():
        _parts_copy(version, draft)
    return copy


def track_change(*, track: Track, name: str, owner: User | None, seen: str) -> Track:
    """Another name or owner. Raises Overtaken."""
    return row_change(row=track, facts={"name": name, "owner": owner}, seen=seen)


@transaction.atomic
def track_close(*, track: Track, day: dt.date, why: str) -> bool:
    """No new round begins on the track from `day`; those that go on do so. False if it is closed already."""
    current = _held_track(track)
    if current.closed_on:
        return False
    current.closed_on, current.closed_why = day, why
    current.save(update_fields=["closed_on", "closed_why"])
    return True


@transaction.atomic
def track_reopen(*, track: Track) -> bool:
    """Rounds can begin on it again. False if it is open already."""
    current = _held_track(track)
    if not current.closed_on:
        return False
    current.closed_on, current.closed_why = None, ""
    current.save(update_fields=["closed_on", "closed_why"])
    return True


def _held_track(track: Track) -> Track:
    return Track.objects.select_for_update(of=("self",)).get(pk=track.pk)


# --- Drafts -------------------------------------------------------------------------------------------------------


@transaction.atomic
def draft_begin(*, track: Track) -> tuple[TrackVersion, bool]:
    """A draft that says what the version published last says, and whether it is new: the one that is being written
    already is gone on with."""
    current = _held_track(track)
    if draft := current.versions.drafts().first():
        return draft, False
    latest = current.versions.published().order_by("-number").first()
    number = current.versions.aggregate(Max("number"))["number__max"] + 1
    draft = TrackVersion.objects.create(track=current, number=number, **version_columns(latest))
    _parts_copy(latest, draft)
    return draft, True


@transaction.atomic
def draft_publish(*, version: TrackVersion, seen: int, actor: User) -> TrackVersion:
    """Publish what was read. Raises Overtaken when it is not as it was `seen`, CannotPublish when something is
    missing. Twice is once."""
    current = _version_locked(version)
    if current.is_published:
        return current
    if current.revision != seen:
        raise Overtaken(current)
    if lacking(current):
        raise CannotPublish
    current.published_at, current.published_by_name = timezone.now(), actor.full_name
    current.save(update_fields=["published_at", "published_by_name"])
    return current


@transaction.atomic
def draft_discard(*, version: TrackVersion) -> bool:
    """Throw the draft away. A track that was never published goes with it; then True. Raises NotADraft."""
    draft = _held(version)
    track = draft.track
    Gate.objects.filter(step__version=draft).delete()
    draft.steps.all().delete()
    draft.partners.all().delete()
    draft.delete()
    if track.versions.exists():
        return False
    Track.objects.filter(copied_from=track).update(copied_from=None)
    track.delete()
    return True


@transaction.atomic
def draft_change(*, version: TrackVersion, columns: Mapping[str, Any], seen: str) -> TrackVersion:
    """What the draft says besides its steps. Raises NotADraft and Overtaken."""
    draft = _held(version)
    stored = seen_of_columns(version_columns(draft))
    if stored == seen_of_columns(dict(columns)):
        return draft
    if stored != seen:
        raise Overtaken(draft)
    for name, value in columns.items():
        setattr(draft, name, value)
    return _changed(draft, *columns)


@transaction.atomic
def partner_add(*, version: TrackVersion, employer: Employer) -> None:
    """An employer takes part in the track. Twice is once. Raises NotADraft."""
    draft = _held(version)
    _partner, created = Partner.objects.get_or_create(version=draft, employer=employer)
    if created:
        _changed(draft)


@transaction.atomic
def partner_remove(*, version: TrackVersion, employer: Employer) -> None:
    """The employer takes no part any more. Raises NotADraft."""
    draft = _held(version)
    if Partner.objects.filter(version=draft, employer=employer).delete()[0]:
        _changed(draft)


# --- Steps --------------------------------------------------------------------------------------------------------


@transaction.atomic
def step_add(*, version: TrackVersion, facts: StepFacts, token: str) -> Step:
    """A step after the others. `token` belongs to the form: a step whose key ends with it is there already. Raises
    NotADraft and TooManySteps."""
    draft = _held(version)
    if there := draft.steps.filter(key__endswith=f"-{token}").first():
        return there
    steps = draft.steps.count()
    if steps >= MOST_STEPS:
        raise TooManySteps
    key = f"{slugify(facts.columns['title'])[:30].strip('-') or 'steg'}-{token}"
    step = Step.objects.create(version=draft, position=steps + 1, key=key, **facts.columns)
    _gates_write(step, facts)
    _changed(draft)
    return step


@transaction.atomic
def step_change(*, version: TrackVersion, key: str, facts: StepFacts, seen: str) -> Step:
    """What a step of the draft says. Raises NotADraft, NoSuchStep and Overtaken."""
    draft = _held(version)
    step = _step(draft, key)
    stored = seen_of_step(step_facts(step))
    if stored == seen_of_step(facts):
        return step
    if stored != seen:
        raise Overtaken(step)
    for name in STEP_FACTS:
        setattr(step, name, facts.columns[name])
    step.save(update_fields=STEP_FACTS)
    _gates_write(step, facts)
    _changed(draft)
    return step


@transaction.atomic
def step_move(*, version: TrackVersion, key: str, up: bool, seen: str) -> None:
    """One step up or down. Raises NotADraft, NoSuchStep, and Overtaken when the order is not as it was `seen`."""
    draft = _held(version)
    steps = list(draft.steps.order_by("position"))
    keys = [step.key for step in steps]
    if key not in keys:
        raise NoSuchStep
    if seen_of_order(keys) != seen:
        raise Overtaken(draft)
    at = keys.index(key)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(steps):
        return
    steps[at], steps[to] = steps[to], steps[at]
    _order_write(steps)
    _changed(draft)


@transaction.atomic
def step_remove(*, version: TrackVersion, key: str) -> None:
    """Take a step out of the draft. Gates that ask for it say so before the draft is published. Raises NotADraft and
    NoSuchStep."""
    draft = _held(version)
    step = _step(draft, key)
    step.gates.all().delete()
    step.delete()
    _order_write(list(draft.steps.order_by("position")))
    _changed(draft)


# --- Within -------------------------------------------------------------------------------------------------------


def _version_locked(version: TrackVersion) -> TrackVersion:
    rows = TrackVersion.objects.select_for_update(of=("self",)).select_related("track")
    current = rows.filter(pk=version.pk).first()
    if current is None:
        raise NotADraft
    return current


def _held(version: TrackVersion) -> TrackVersion:
    """The draft, held to the end of the transaction: one writer at a time."""
    draft = _version_locked(version)
    if draft.is_published:
        raise NotADraft
    return draft


def _changed(draft: TrackVersion, *names: str) -> TrackVersion:
    draft.revision += 1
    draft.save(update_fields=["revision", *names])
    return draft


def _step(draft: TrackVersion, key: str) -> Step:
    step = draft.steps.prefetch_related("gates").filter(key=key).first()
    if step is None:
        raise NoSuchStep
    return step


def _gates_write(step: Step, facts: StepFacts) -> None:
    step.gates.all().delete()
    Gate.objects.bulk_create(
        Gate(step=step, position=number, kind=gate.kind, asks=gate.asks) for number, gate in enumerate(facts.gates, 1)
    )


def _order_write(steps: list[Step]) -> None:
    for number, step in zip(count(1), steps, strict=False):
        step.position = number
    Step.objects.bulk_update(steps, ["position"])


def _parts_copy(source: TrackVersion, target: TrackVersion) -> None:
    """The steps with their gates and keys, and the partners."""
    for step in source.steps.prefetch_related("gates"):
        facts = step_facts(step)
        copy = Step.objects.create(version=target, position=step.position, key=step.key, **facts.columns)
        _gates_write(copy, facts)
    Partner.objects.bulk_create(
        Partner(version=target, employer_id=each.employer_id) for each in source.partners.all()
    )
