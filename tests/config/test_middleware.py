"""What every answer carries, and what is written to the log about it."""

import json
import logging
import sys
import uuid

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Role, User
from config.logs import JsonFormatter
from config.middleware import HistoryMiddleware
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    return client.get(reverse("account_login"))


def test_pages_forbid_everything_that_is_not_their_own(page):
    assert page.status_code == 200
    policy = dict(part.split(" ", 1) for part in page["Content-Security-Policy"].split("; "))
    assert policy.pop("img-src") == "'self' data:"
    assert policy.pop("default-src") == policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert {"script-src", "style-src", "form-action"} <= set(policy)


@pytest.mark.parametrize("name", ["employers:list", "places:choose", "places:list", "booking:consultations"])
def test_a_character_that_the_database_does_not_know_is_left_out_of_every_search(client, name):
    union = name == "booking:consultations"
    client.force_login(UserFactory(role=Role.UNION_REPRESENTATIVE if union else Role.MANAGER))
    assert client.get(reverse(name) + "?q=%00k%C3%B6k").status_code == 200


def test_pages_have_the_security_headers(page):
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_need_a_sign_in_unless_they_say_otherwise(client):
    answer = client.get(reverse("participants:list"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("referer", "then"),
    [
        ("http://testserver/deltagare/skyddade/?sida=2", "/deltagare/skyddade/%3Fsida%3D2"),
        ("https://elsewhere.example/deltagare/", "/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_has_ended_leads_back_to_its_page(client, referer, then):
    grant = reverse("participants:access_grant", args=[uuid.uuid4()])  # only for forms: followed, it would be refused
    answer = client.post(grant, headers={"Referer": referer})
    assert answer.url == f"{reverse('account_login')}?next={then}"


def test_what_is_said_after_saving_never_waits_in_the_browser(client, cast):
    client.force_login(cast.manager)
    known_by = set(client.cookies)
    taker = UserFactory(given_name="Olle", family_name="Ny", role=Role.JOB_COACH, unit=cast.centrum)
    address = reverse("participants:coach_change", args=[cast.asa.participant.public_id])
    answer = client.post(address, {"coach": taker.public_id, "seen": cast.coach.public_id, "note": "Tar över"})
    assert answer.status_code == 302
    assert set(answer.cookies) <= known_by
    assert "Olle Ny är jobbcoach" in client.get(answer.url).content.decode()


def test_each_answer_names_its_request(client):
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"


def test_a_request_id_with_other_characters_is_replaced(client):
    assert "\n" not in client.get("/healthz", headers={"X-Request-ID": "line\nbreak-and-more"})["X-Request-ID"]
    assert client.get("/healthz", headers={"X-Request-ID": "x" * 500})["X-Request-ID"] != "x" * 500


def test_the_log_names_the_route_and_the_users_key_and_nothing_personal(client, caplog):
    user = User.objects.create_user("anna.ask@example.org", None, given_name="Anna", family_name="Ask")
    client.force_login(user)
    with caplog.at_level(logging.INFO, logger="jobbspar.requests"):
        client.get(reverse("participants:list"), {"q": "Svea Sten"})
    line = json.loads(JsonFormatter().format(caplog.records[-1]))
    assert line["route"] == "deltagare/"
    assert line["user"] == str(user.pk)
    assert line["method"] == "GET"
    written = json.dumps(line, ensure_ascii=False)
    for personal in ("Svea", "Anna", "anna.ask"):
        assert personal not in written


@pytest.mark.parametrize("address", ["/deltagare/{}/", "/deltagare/199001012385{}"])
def test_what_was_not_found_is_logged_without_whom_it_was_about(client, caplog, cast, address):
    client.force_login(cast.outsider)
    person = str(cast.person.public_id)
    with caplog.at_level(logging.WARNING, logger="django.request"):
        assert client.get(address.format(person)).status_code == 404
    written = JsonFormatter().format(caplog.records[-1])
    assert "Not Found: /" in written
    assert person not in written
    assert "199001012385" not in written


def test_an_error_is_logged_without_what_somebody_typed(caplog):
    try:
        raise ValueError("Key (identity_number)=(199001012385) already exists")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Internal Server Error", (), sys.exc_info())
    line = json.loads(JsonFormatter().format(record))
    assert line["error"] == "ValueError"
    assert __file__ in line["trace"][-1]
    assert "199001012385" not in json.dumps(line)


def test_the_history_names_who_changed_a_row(rf):
    user = User.objects.create_user("anna.ask@example.org", None, given_name="Anna", family_name="Ask")

    def change(request):
        User.objects.filter(pk=user.pk).update(family_name="Alm")
        return HttpResponse()

    request = rf.post("/")
    request.user, request.id = user, "request-1"
    HistoryMiddleware(change)(request)
    newest = user.events.order_by("pgh_id").last()
    assert newest.family_name == "Alm"
    assert newest.pgh_context["user"] == user.pk
    assert newest.pgh_context["name"] == "Anna Ask"
    assert newest.pgh_context["request"] == "request-1"
