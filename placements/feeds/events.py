"""What stands in somebody's feed: follow-ups that are due, placements that begin and end, sessions of groups."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Enrolment, Participant
from placements.models import FollowUp, GroupSession, Placement
from vocabulary.codes import FollowUpKind, Protection

BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=180)


@dataclass(frozen=True)
class Event:
    """One thing on a day, or from a time to a time. `key` stays the same when it moves."""

    key: str
    summary: str
    day: dt.date
    begins: dt.time | None = None
    ends: dt.time | None = None
    where: str = ""


def events_of(user: User, today: dt.date, *, first_names: bool) -> list[Event]:
    """Everything from a month ago to half a year ahead, by day."""
    own = Enrolment.objects.visible_to(user).filter(
        Q(end=None) | Q(end__gte=today), coach=user, participant__protection=Protection.NONE
    )
    span = (today - BACK, today + AHEAD)
    found = [*_followups(own, span, first_names), *_placements(own, span, first_names), *_sessions(user, span)]
    return sorted(found, key=lambda event: (event.day, event.begins or dt.time.min, event.key))


def called(person: Participant, *, first_names: bool) -> str:
    """What somebody is called in the feed: the first of the given names, or the initials of the name."""
    if first_names:
        return person.given_name.split(" ")[0]
    return "".join(f"{name[0].upper()}." for name in (person.given_name, person.family_name) if name)


def _followups(own, span, first_names: bool) -> Iterator[Event]:
    rows = FollowUp.objects.filter(enrolment__in=own, filed=None, withdrawn_on=None, due__range=span).select_related(
        "participant", "placement__workplace"
    )
    for followup in rows:
        words = {
            "kind": FollowUpKind(followup.kind).label,
            "name": called(followup.participant, first_names=first_names),
        }
        where = followup.placement.workplace.name if followup.placement else ""
        yield Event(f"followup-{followup.public_id}", _("%(kind)s: %(name)s") % words, followup.due, where=where)


def _placements(own, span, first_names: bool) -> Iterator[Event]:
    rows = Placement.objects.filter(Q(start__range=span) | Q(end__range=span), enrolment__in=own).select_related(
        "enrolment__participant", "workplace"
    )
    for placement in rows:
        name = {"name": called(placement.enrolment.participant, first_names=first_names)}
        where = placement.workplace.name
        if span[0] <= placement.start <= span[1]:
            yield Event(f"start-{placement.public_id}", _("%(name)s begins") % name, placement.start, where=where)
        if placement.end and span[0] <= placement.end <= span[1]:
            yield Event(f"end-{placement.public_id}", _("%(name)s: last day") % name, placement.end, where=where)


def _sessions(user: User, span) -> Iterator[Event]:
    rows = GroupSession.objects.filter(group__leader=user, day__range=span, cancelled_at=None).select_related("group")
    for session in rows:
        yield Event(
            f"session-{session.public_id}",
            session.group.name,
            session.day,
            session.begins,
            session.ends,
            session.group.where,
        )


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment on that day, in the municipality's time."""
    return timezone.make_aware(dt.datetime.combine(day, time))
