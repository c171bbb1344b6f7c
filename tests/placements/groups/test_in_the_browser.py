"""A group by the browser: started, planned, seated, marked; whole at a desk and on a phone, nothing for axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import both_widths, check, listen, sign_in
from tests.factories import days_ago
from tests.placements.groups.conftest import activity_of, group_of, of, seat_of, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
def test_a_group_is_started_and_its_first_session_marked(page, live_server, cast):
    activity_of(cast.asa, form="course")
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    page.goto(live_server.url + reverse("groups:list"))
    check(page, "groups-empty")
    page.get_by_role("link", name="Starta en grupp").first.click()
    page.get_by_role("textbox", name="Namn").fill("Data för nybörjare")
    page.get_by_label("Insatsform").select_option("course")
    page.get_by_label("Första dagen").fill(days_ago(7).isoformat())
    page.get_by_label("Platser").fill("8")
    check(page, "group-start")
    page.get_by_role("button", name="Starta gruppen").click()
    page.get_by_role("link", name="Planera tillfällen").click()
    page.get_by_label("Från").fill(days_ago(7).isoformat())
    page.get_by_label(re.compile("^Till")).fill(days_ago(-7).isoformat())
    for day in ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag"):
        page.get_by_label(day).check()
    page.get_by_label("Börjar").fill("09:00")
    page.get_by_label("Slutar").fill("11:30")
    check(page, "group-schedule")
    page.get_by_role("button", name="Planera tillfällena").click()
    page.get_by_role("link", name="Boka plats").click()
    page.get_by_role("combobox", name="Deltagare").select_option(index=0)
    page.get_by_label("Första dagen").fill(days_ago(7).isoformat())
    check(page, "group-seat")
    page.get_by_role("button", name="Boka platsen").click()
    page.get_by_role("link", name="Markera närvaro").first.click()
    check(page, "group-attendance-one")
    page.get_by_role("button", name="Övriga var närvarande").click()
    expect(page.get_by_text("100,0 %")).to_be_visible()
    assert not complaints


@pytest.mark.deep
@both_widths
def test_the_pages_of_a_group_are_whole(page, live_server, cast, width):
    group = group_of(cast.centrum, about="Vi söker arbete tillsammans.", where="Storgatan 4", leader=cast.coach)
    places = [seat_of(group, cast.asa), seat_of(group, cast.bertil)]
    for number in range(1, 8):
        session = session_of(group, days_ago(number * 3))
        if number == 2:
            continue
        for place, status in zip(places, ("present", "absent_invalid"), strict=True):
            session.attendance.create(place=place, status=status, marked_by=cast.coach, marked_by_name="Alma Alm")
    session_of(group, days_ago(-4))
    activity_of(cast.asa, form="course")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    file = [cast.person.public_id]
    pages = {
        "groups": reverse("groups:list"),
        "group": of("group", group),
        "group-attendance": of("attendance", group, session),
        "group-change": of("change", group),
        "group-end": of("end", group),
        "group-cancel": of("session_cancel", group, session),
        "group-leave": of("seat_leave", group, places[0]),
        "group-in-file": reverse("participants:part", args=[*file, "grupper"]),
        "group-from-file": reverse("groups:seat_from_file", args=file),
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        check(page, name)
    sign_in(page, live_server.url, cast.administrator)
    for name in ("activity_form_list", "activity_form_create"):
        page.goto(live_server.url + reverse(f"vocabulary:{name}"))
        check(page, name)
    assert not complaints
