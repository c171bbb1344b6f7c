"""Designing and steering by the browser: a track from nothing to published, and the pages whole at both widths."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import both_widths, check, listen, sign_in
from tests.factories import EmployerFactory, days_ago
from tests.tracks.designing.conftest import draft_of, of, shipped
from tests.tracks.steering.conftest import action_of, group_of, meeting_of
from tests.tracks.steering.conftest import of as of_steering
from tracks.designing.services import partner_add, track_close
from tracks.models import Gate, Round, Step, Track

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.django_db(transaction=True)]


@both_widths
def test_a_track_is_designed_and_published(page, live_server, cast, width):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.manager)
    complaints = listen(page)
    page.goto(live_server.url + reverse("tracks:list"))
    check(page, "tracks")
    page.get_by_role("link", name="Skapa ett jobbspår").click()
    check(page, "track-new")
    page.get_by_role("button", name="Skapa jobbspåret").click()
    check(page, "track-new-wrong")
    page.get_by_label(re.compile("^Namn")).fill("Barnskötare")
    page.get_by_label(re.compile("^Syfte")).fill("Möta förskolans behov av personal.")
    page.get_by_label(re.compile("^För vem")).fill("De som vill arbeta med barn.")
    page.get_by_role("button", name="Skapa jobbspåret").click()
    expect(page.get_by_text("Lägg till stegen härnäst")).to_be_visible()
    check(page, "track-draft-empty")
    page.get_by_role("link", name="Lägg till ett steg").first.click()
    check(page, "step-new")
    page.get_by_label("Stegets namn").fill("Praktik i förskolan")
    page.get_by_label(re.compile("^Typ")).select_option("placement")
    page.get_by_label("Förväntat utfall").fill("Klarar en dag på egen hand.")
    for kind in ("language", "competence", "previous_step"):
        page.get_by_label("Ett krav till, som gäller").select_option(kind)
        page.get_by_role("button", name="Lägg till kravet").click()
    check(page, "step-gates")
    page.get_by_role("button", name="Lägg till steget").click()
    check(page, "step-wrong")
    boxes = page.get_by_label("Ta bort kravet")
    boxes.nth(1).check()
    boxes.nth(2).check()
    page.get_by_label("Lägsta nivå").first.select_option("B1")
    page.get_by_role("button", name="Lägg till steget").click()
    expect(page.get_by_text("Lägst B1 i ”Samtala”.")).to_be_visible()
    page.get_by_role("link", name="Publicera").click()
    check(page, "track-lacks")
    page.get_by_role("link", name="Praktik i förskolan").first.click()
    check(page, "step-lacks")
    page.get_by_label(re.compile("^Insatsform")).select_option("internship_public")
    page.get_by_label(re.compile("^Syfte")).fill("Pröva yrket på riktigt.")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Publicera").click()
    check(page, "track-publish")
    page.get_by_role("button", name="Publicera").click()
    expect(page.get_by_text("Versionen är publicerad")).to_be_visible()
    assert Gate.objects.filter(step__version__track__name="Barnskötare").count() == 1
    assert not complaints


@both_widths
def test_the_pages_of_a_track_are_whole(page, live_server, cast, width):
    track = draft_of().track
    draft = track.versions.drafts().get()
    partner_add(version=draft, employer=EmployerFactory(name="Ekbackens äldreboende AB"))
    Step.objects.filter(version=draft, key="praktik").update(most_weeks=20, purpose="")
    Track.objects.filter(pk=track.pk).update(owner=cast.manager)
    for name, state in (("Våren 2026", "running"), ("Hösten 2026", "open")):
        Round.objects.create(
            version=track.versions.get(number=1), unit=cast.norr, name=name, state=state, start=days_ago(20)
        )
    track_close(track=shipped("rekrytering"), day=days_ago(3), why="Behovet är fyllt.")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.manager)
    complaints = listen(page)
    pages = {
        "tracks-closed": reverse("tracks:list") + "?visa=stangda",
        "track": of("track", track),
        "track-kitchen": of("track", shipped("koksbitrade")),
        "track-is-closed": of("track", shipped("rekrytering")),
        "track-draft": of("draft", track),
        "track-facts": of("facts", track),
        "track-partners": of("partners", track) + "?q=ek",
        "track-step": of("step", track, "praktik"),
        "track-step-remove": of("step_remove", track, "praktik"),
        "track-compare": of("compare", track),
        "track-copy": of("copy", track),
        "track-close": of("close", track),
        "track-discard": of("discard", track),
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        check(page, name)
    assert not complaints


@both_widths
def test_the_pages_of_steering_are_whole(page, live_server, cast, width):
    group = group_of(members="Eva Ek, enhetschef\nGreta Gran, förvaltningschef")
    group.tracks.set([shipped()])
    held = meeting_of(group, days_ago(40))
    late = action_of(held, days_ago(10), owner=cast.manager, text="Teckna avtal om platser på fem äldreboenden.")
    action_of(held, days_ago(-30), text="Ta fram en plan för hösten.")
    to_come = meeting_of(group, days_ago(-7))
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.manager)
    complaints = listen(page)
    pages = {
        "steering": reverse("steering:list"),
        "steering-new": reverse("steering:new"),
        "steering-group": of_steering("group", group),
        "steering-close": of_steering("close", group),
        "steering-held": of_steering("meeting", held),
        "steering-to-come": of_steering("meeting", to_come),
        "steering-meeting-new": of_steering("meeting_new", group),
        "steering-decision": of_steering("decision_change", held.decisions.get()),
        "steering-remove": of_steering("decision_remove", held.decisions.get()),
        "steering-action-new": of_steering("action_new", held.decisions.get()),
        "steering-action": of_steering("action", late),
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        check(page, name)
    page.get_by_label("Klar", exact=True).check()
    page.get_by_role("button", name="Spara").click()
    check(page, "steering-action-wrong")
    page.get_by_label("Underlag").fill("Dnr 2026/14")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Hur det går är sparat")).to_be_visible()
    page.goto(live_server.url + of_steering("meeting", to_come))
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Skriv in ett beslut")).to_be_hidden()
    assert not complaints
