"""What the tests with a real browser share: two widths, axe, signing in, and pictures to look at.

Pictures of each checked page are written to the folder that JOBBSPAR_PICTURES names, if it does.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

WIDTHS = (1280, 390)
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

both_widths = pytest.mark.parametrize("width", WIDTHS)
#: For what is tried at the other width by a test beside it: the phone's turn comes with the deep proofs.
desk_first = pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.deep)])
#: The other way round, for what is done on a phone.
phone_first = pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.deep)])


def sign_in(page, address: str, user) -> None:
    """Give the browser a session of `user` on the site at `address`, without the sign-in page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": address}])


def check(page, name: str) -> None:
    """The page has nothing that axe finds, does not scroll sideways, and broke no rule of the content policy."""
    page.wait_for_load_state()
    # Half faded in, a text has too little contrast.
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => null)))")
    if folder := os.environ.get("JOBBSPAR_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    page.evaluate(AXE)  # past the content policy, which rightly refuses injected scripts
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)["violations"]
    problems = [
        f"{each['id']}: {each['help']}: {node['html']} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]
    assert not problems, f"{name}: " + "\n".join(problems)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


def listen(page) -> list[str]:
    """What the browser complains about from now on: errors of scripts, and what the content policy refused.

    Not that a form was refused (422): the browser says so whenever it likes, after the page is looked at too.
    """
    complaints: list[str] = []

    def hear(message):
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
