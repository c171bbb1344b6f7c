"""What the tests of the journal share: the addresses, and the form as a browser would send it back."""

import re
import uuid
from html import unescape
from html.parser import HTMLParser

from django.urls import reverse
from django.utils import timezone

HTMX = {"HX-Request": "true"}


def journal_url(enrolment) -> str:
    return reverse("participants:part", args=[enrolment.participant.public_id, "journal"])


def log_url(enrolment) -> str:
    return reverse("participants:contact_log", args=[enrolment.participant.public_id])


def draft_url(enrolment) -> str:
    return reverse("participants:contact_draft", args=[enrolment.participant.public_id])


def entry_url(name: str, entry) -> str:
    return reverse(f"participants:contact_{name}", args=[entry.enrolment.participant.public_id, entry.public_id])


def fields(**values) -> dict:
    """A form that was typed without opening the page."""
    return {
        "kind": "conversation",
        "occurred_on": timezone.localdate().isoformat(),
        "text": "Vi pratade.",
        "audience": "internal",
        "token": str(uuid.uuid4()),
    } | values


class _Fields(HTMLParser):
    """The values of the fields of the form that has data-journal."""

    def __init__(self):
        super().__init__()
        self.values, self.inside, self.area = {}, False, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = "data-journal" in attrs
        if not self.inside or "name" not in attrs:
            return
        if tag == "input" and (attrs.get("type") != "radio" or "checked" in attrs):
            self.values[attrs["name"]] = attrs.get("value", "")
        if tag == "textarea":
            self.area = attrs["name"]
            self.values[self.area] = ""

    def handle_data(self, data):
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            # A browser leaves out the line break right after the tag.
            self.values[self.area] = re.sub(r"\A\r?\n", "", self.values[self.area])
            self.area = None
        if tag == "form":
            self.inside = False


def form_of(response) -> dict:
    """The form of a page or a fragment, as a browser would send it back."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: unescape(value) for name, value in parser.values.items()}


def typed(client, enrolment, **values) -> dict:
    """The form of the journal's page, filled in."""
    shown = form_of(client.get(journal_url(enrolment)))
    return shown | {"kind": "conversation"} | {name: str(value) for name, value in values.items()}


def log(client, enrolment, *, headers=None, **values):
    """Open the journal, fill in the form and send it."""
    values = {"text": "Vi pratade."} | values
    return client.post(log_url(enrolment), typed(client, enrolment, **values), headers=headers or {})
