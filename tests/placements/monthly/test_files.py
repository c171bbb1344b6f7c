"""A unit's file for the benefit system."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from placements.marking.services import attendance_mark
from placements.marking.sessions import sessions_of
from placements.models import AttendanceReport
from placements.models.schedule import Weekday
from placements.monthly.content import last_day_of
from placements.monthly.deadline import due_on
from tests.placements.marking.conftest import scheduled

pytestmark = pytest.mark.django_db
FILES = reverse("monthly:files")


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def month() -> dt.date:
    return (timezone.localdate().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def placements(cast, month):
    for enrolment in (cast.asa, cast.ciwan, cast.protected_centrum):
        enrolment.start = month - dt.timedelta(days=30)
        enrolment.save()
    found = [scheduled(each, Weekday.MONDAY, start=month) for each in (cast.asa, cast.ciwan, cast.protected_centrum)]
    planned = sessions_of(found, month, last_day_of(month))
    first = planned[found[0].pk][0]
    attendance_mark(placement=found[0], marks={first.key: "present"}, seen={}, actor=cast.coach)
    return found


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.manager)
    return client


def made(client, month):
    return client.post(FILES, {"month": f"{month:%Y-%m}", "unit": "CENTRUM"})


def test_the_file_has_a_row_for_each_person_and_activity(manager, cast, placements, month):
    address = made(manager, month).url
    page = text(manager.get(address))
    assert "1 med skyddade personuppgifter" in page
    response = manager.get(f"{address}csv/")
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 1
    line = lines[0]
    assert (line["manad"], line["personnummer"]) == (f"{month:%Y-%m}", cast.person.identity_number)
    assert line["insats_kod"] == placements[0].form
    assert (line["narvarande_timmar"], line["ogiltig_franvaro_timmar"]) == ("4", "0")
    assert int(line["planerade_timmar"]) == int(line["omarkerade_timmar"]) + 4
    assert "Hemlig" not in response.content.decode()
    assert AccessLogEntry.objects.get(act="exported").subject == cast.person.public_id


def test_the_same_again_is_the_same_version_and_its_handover_is_logged(manager, cast, placements, month):
    address = made(manager, month).url
    assert made(manager, month).url == address
    manager.post(address, {"recipient": "Försörjningsstöd", "sent_on": timezone.localdate().isoformat(), "how": ""})
    assert "Försörjningsstöd" in text(manager.get(FILES))
    attendance_mark(
        placement=placements[0],
        marks={sessions_of(placements, month, last_day_of(month))[placements[0].pk][1].key: "present"},
        seen={},
        actor=cast.coach,
    )
    assert made(manager, month).url != address
    assert AttendanceReport.objects.count() == 2
    assert "Det finns en senare version" in text(manager.get(address))


def test_only_who_may_take_lists_out_makes_files_and_only_of_their_units(client, cast, placements, month):
    client.force_login(cast.coach)
    assert client.get(FILES).status_code == 403
    client.force_login(cast.manager)
    address = made(client, month).url
    client.force_login(cast.other_manager)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}csv/").status_code == 404
    assert AccessLogEntry.objects.filter(act="denied", subject_kind="benefit_file").count() == 2
    made(client, month)  # asks for another unit: gets the own one
    assert AttendanceReport.objects.order_by("pk").last().unit == cast.norr


def test_the_file_is_due_by_the_fifteenth_of_the_next_month():
    assert due_on(dt.date(2026, 1, 1)) == dt.date(2026, 2, 15)
    assert due_on(dt.date(2026, 12, 1)) == dt.date(2027, 1, 15)


def test_an_activity_that_looks_like_a_formula_is_text(manager, cast, placements, month):
    placements[0].workplace.name = "=cmd"
    cast.asa.case_number = "=1+1"
    placements[0].workplace.save()
    cast.asa.save()
    content = manager.get(f"{made(manager, month).url}csv/").content.decode()
    assert ";=" not in content


def test_min_dag_tells_of_the_file_until_it_is_handed_over(client, cast, placements, month):
    client.force_login(cast.coordinator)
    where = reverse("day:list", args=["filer-till-formanssystemet"])
    page = text(client.get(where))
    assert "Filer till förmånssystemet att lämna över" in page
    assert f"{due_on(month):%Y-%m-%d}" in page
    handed_over = {"recipient": "Socialtjänsten", "sent_on": timezone.localdate(), "how": "SDK"}
    client.post(made(client, month).url, handed_over)
    assert f"{due_on(month):%Y-%m-%d}" not in text(client.get(where))


def test_min_dag_tells_who_makes_no_files_of_none(client, cast, placements, month):
    for user in (cast.coach, cast.other_manager):
        client.force_login(user)
        page = text(client.get(reverse("day:list", args=["filer-till-formanssystemet"])))
        assert f"{due_on(month):%Y-%m-%d}" not in page
