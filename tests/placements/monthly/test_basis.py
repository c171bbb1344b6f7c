"""The basis of one participant's month: versions, what they say, to whom they were handed over."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from placements.marking.services import attendance_mark
from placements.marking.sessions import sessions_of
from placements.models import AttendanceHandover, AttendanceReport
from placements.models.schedule import Weekday
from placements.monthly.content import last_day_of
from tests.factories import days_ago
from tests.placements.marking.conftest import scheduled

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def month() -> dt.date:
    """The month before this one."""
    return (timezone.localdate().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def placement(cast, month):
    """Åsa's, every Monday and Wednesday of last month, of which the first two were marked."""
    cast.asa.start = month - dt.timedelta(days=30)
    cast.asa.save()
    placement = scheduled(cast.asa, Weekday.MONDAY, Weekday.WEDNESDAY, start=month)
    planned = sessions_of([placement], month, last_day_of(month))[placement.pk]
    marks = {planned[0].key: "present", planned[1].key: "absent_invalid"}
    attendance_mark(placement=placement, marks=marks, seen={}, actor=cast.coach)
    return placement


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def pages(cast) -> str:
    return reverse("monthly:basis_list", args=[cast.person.public_id])


def make(client, cast, month):
    return client.post(pages(cast), {"month": f"{month:%Y-%m}"})


def test_the_basis_says_what_was_planned_and_attended(coach, cast, placement, month):
    response = coach.get(make(coach, cast, month).url)
    report = AttendanceReport.objects.get()
    total = report.content["sum"]
    number = len(sessions_of([placement], month, last_day_of(month))[placement.pk])
    assert (total["planned"], total["present"], total["invalid"]) == (str(number * 4), "4", "4")
    assert (total["unmarked"], total["share"]) == (str((number - 2) * 4), "50.0")
    page = text(response)
    assert "Ogiltig frånvaro" in page
    assert "50,0 %" in page
    assert "08.00–12.00" in page
    assert "beslutar bara nämnden" in text(coach.get(pages(cast)))
    assert AccessLogEntry.objects.filter(subject=cast.person.public_id, detail__part="attendance").exists()


def test_the_same_again_is_the_same_version_and_a_correction_is_another(coach, cast, placement, month):
    first = make(coach, cast, month).url
    assert make(coach, cast, month).url == first
    planned = sessions_of([placement], month, last_day_of(month))[placement.pk]
    attendance_mark(
        placement=placement, marks={planned[1].key: "sick_reported"}, seen={planned[1].key: "absent_invalid"},
        actor=cast.coach,
    )  # fmt: skip
    second = make(coach, cast, month).url
    assert list(AttendanceReport.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert "Det finns en senare version, nummer 2." in text(coach.get(first))
    assert "senare version" not in text(coach.get(second))
    assert AttendanceReport.objects.get(version=1).content["sum"]["invalid"] == "4"


def test_a_version_never_changes(coach, cast, placement, month):
    make(coach, cast, month)
    with pytest.raises(ProgrammingError), transaction.atomic():
        AttendanceReport.objects.update(content={})
    with pytest.raises(ProgrammingError), transaction.atomic():
        AttendanceReport.objects.all().delete()


def test_it_is_written_down_to_whom_it_was_handed_over_and_that_it_is_withdrawn(coach, cast, placement, month):
    address = make(coach, cast, month).url
    given = {"recipient": "Socialtjänsten, Karin Ek", "sent_on": days_ago(0).isoformat(), "how": "Internpost"}
    coach.post(address, given)
    coach.post(address, given)  # sent twice
    handover = AttendanceHandover.objects.get()
    assert handover.by_name == "Alma Alm"
    assert "Socialtjänsten, Karin Ek" in text(coach.get(pages(cast)))
    withdraw = f"{address}overlamnad/{handover.pk}/"
    assert coach.post(withdraw, {"why": ""}).status_code == 422
    coach.post(withdraw, {"why": "Fel månad"})
    handover.refresh_from_db()
    assert (handover.withdrawn_on, handover.why_withdrawn) == (days_ago(0), "Fel månad")
    coach.post(withdraw, {"why": "Något annat"})
    handover.refresh_from_db()
    assert handover.why_withdrawn == "Fel månad"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"recipient": ""}, "Skriv vem som fick det."),
        ({"sent_on": ""}, "Ange vilken dag."),
        ({"sent_on": "2999-01-01"}, "Den dagen har inte varit."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(coach, cast, placement, month, given, said):
    address = make(coach, cast, month).url
    response = coach.post(
        address, {"recipient": "Karin Ek", "sent_on": days_ago(0).isoformat(), "how": "Internpost"} | given
    )
    assert response.status_code == 422
    assert said in text(response)
    assert "Internpost" in text(response)
    assert not AttendanceHandover.objects.exists()


def test_a_month_that_is_none_is_refused(coach, cast, placement):
    assert coach.post(pages(cast), {"month": "1999-01"}).status_code == 422
    assert coach.post(pages(cast), {"month": ""}).status_code == 422
    assert not AttendanceReport.objects.exists()


def test_a_manager_reads_and_others_do_not(client, cast, placement, month):
    client.force_login(cast.coach)
    address = make(client, cast, month).url
    client.force_login(cast.manager)
    assert client.get(address).status_code == 200
    assert client.post(address, {"recipient": "x"}).status_code == 403
    assert make(client, cast, month).status_code == 403
    client.force_login(cast.outsider)
    assert client.get(address).status_code == 404


@pytest.mark.deep
@pytest.mark.beside
def test_the_paper_says_what_the_page_says(coach, cast, placement, month):
    from tests.pdf import check_paper

    address = make(coach, cast, month).url
    response = coach.get(f"{address}pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert "Asa" not in response["Content-Disposition"]
    read = " ".join(page.text for page in check_paper(response.content, margin=6, name="basis", most=3))
    assert "Åsa Öhrström" in read
    assert "50.0 %" in read or "50,0 %" in read
    assert AccessLogEntry.objects.filter(act="downloaded", subject=cast.person.public_id).exists()
