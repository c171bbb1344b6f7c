"""Events as a calendar file (iCalendar, RFC 5545), written by a library that knows its rules."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as Entry

from placements.feeds.events import Event, at

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_of(events: Iterable[Event], *, name: str, domain: str) -> bytes:
    """The calendar called `name`; `domain` makes the events' keys the installation's own."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jobbspår//sv")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT2H")
    for event in events:
        calendar.add_component(_entry(event, domain))
    return calendar.to_ical()


def _entry(event: Event, domain: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.key}@{domain}")
    entry.add("dtstamp", timezone.now())
    entry.add("summary", event.summary)
    if event.begins:
        entry.add("dtstart", at(event.day, event.begins).astimezone(dt.UTC))
        entry.add("dtend", at(event.day, event.ends).astimezone(dt.UTC))
    else:
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + dt.timedelta(days=1))
        entry.add("transp", "TRANSPARENT")  # it takes no time from anything else that day
    if event.where:
        entry.add("location", event.where)
    return entry
