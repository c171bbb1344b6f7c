"""What the tests of a person's facts share: opening a form as a user, and sending back what it shows."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from participants.models import Enrolment

SELECT = re.compile(r'<select name="([\w-]+)".*?</select>', re.DOTALL)


def address(enrolment: Enrolment, page: str) -> str:
    return reverse(f"participants:{page}", args=[enrolment.participant.public_id])


def shown(html: str) -> dict[str, str | list[str]]:
    """Every field of the page's form with its value, hidden ones too, as a browser would send them."""
    form = re.search(r'<form method="post" class="form.*?</form>', html, re.DOTALL)
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0] if form else ""):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        chosen = not re.search('type="(checkbox|radio)"', tag) or " checked" in tag
        if chosen and name[1] != "csrfmiddlewaretoken":
            typed = unescape(value[1]) if value else ""
            before = values.get(name[1])
            several = "initial-" in name[1] or 'type="checkbox"' in tag
            values[name[1]] = typed if before is None or not several else [*_listed(before), typed]
    for name, text in re.findall(
        r'<textarea name="([\w-]+)"[^>]*>\r?\n?(.*?)</textarea>', form[0] if form else "", re.DOTALL
    ):
        values[name] = unescape(text)
    for select in SELECT.finditer(form[0] if form else ""):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        values[select[1]] = unescape(chosen[1]) if chosen else ""
    return values


def _listed(value) -> list[str]:
    return value if isinstance(value, list) else [value]


class Page:
    """One page as one user has it open: `typed` may be changed and sent, any number of times."""

    def __init__(self, user, where: str):
        self.client, self.where = Client(), where
        self.client.force_login(user)
        self.html = self.client.get(where).content.decode()
        self.typed = shown(self.html)

    def send(self, status: int = 302, **typed) -> str:
        """Send the form with what is typed; the page that answers (where the browser is led, for a redirect)."""
        answer = self.client.post(self.where, self.typed | typed)
        assert answer.status_code == status, answer.content.decode()
        if status == 302:
            answer = self.client.get(answer.url)
            assert answer.status_code == 200
        self.html = answer.content.decode()
        if status != 302:
            self.typed = shown(self.html)
        return self.html


def past(html: str) -> list[tuple[str, ...]]:
    """The rows of "Tidigare uppgifter": what, before, after, who."""
    part = html[html.index('id="past-title"') :]
    cell = r"<td[^>]*>(.*?)</td>"
    row = rf'<tr><th scope="row">(.*?)</th>{cell}{cell}<td.*?</td>{cell}</tr>'
    return [tuple(unescape(each) for each in found) for found in re.findall(row, part)]
