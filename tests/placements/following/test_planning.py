"""Follow-ups that plan themselves: which, when, and what becomes of them when the days of the placement move."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.services import setting_change
from delivery.models import ScheduledRun
from exchange.services import register_export, register_load
from participants.models import Participant
from placements.following.planning import followups_of_placement_set, followups_set
from placements.models import FollowUp, FollowUpLink, Placement
from placements.services.followups import followup_withdraw
from placements.services.placements import placement_cancel, placement_end
from placements.tasks import set_followups
from tests.factories import FollowUpFactory, GradeTermFactory, PlacementFactory
from tests.placements.booking.conftest import book_address, book_form, kitchen_of
from tests.placements.conftest import ask, placement_of
from tests.placements.groups.conftest import activity_of

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


@pytest.fixture(autouse=True)
def monday(clock):
    clock.on(MONDAY)


@pytest.fixture
def placement(monday, cast) -> Placement:
    """Half a year's employment from Monday a week."""
    placement = placement_of(cast.asa, form="municipal_employment", start=day("03-09"), end=day("09-04"))
    GradeTermFactory(placement=placement)
    return placement


def planned(placement) -> dict[str, tuple[str, str]]:
    """By point: the day and the kind of those that are wanted."""
    rows = FollowUp.objects.wanted().filter(placement=placement).exclude(point="")
    return {row.point: (f"{row.due:%m-%d}", row.kind) for row in rows}


def days(placement) -> dict[str, str]:
    return {point: when for point, (when, _kind) in planned(placement).items()}


def move(placement, **changes) -> None:
    Placement.every.filter(pk=placement.pk).update(**changes)
    followups_of_placement_set(placement=placement)


# --- Which, and when ----------------------------------------------------------------------------------------------


def test_an_employment_is_followed_up_at_four_points(placement, cast):
    for _time in range(2):
        followups_of_placement_set(placement=placement)
    assert planned(placement) == {
        "start": ("03-16", "three_party_meeting"),
        "month": ("04-09", "employment_1_month"),
        "mid": ("06-08", "employment_mid"),  # the day itself is a Saturday
        "final": ("08-14", "employment_final"),
    }
    row = FollowUp.objects.get(point="mid")
    assert (row.participant, row.enrolment, row.planned_by, row.day_is_set) == (cast.person, cast.asa, None, False)


@pytest.mark.parametrize(
    ("form", "end", "expected"),
    [
        ("internship", "06-05", {"start": "03-16", "mid": "04-22", "final": "05-15"}),
        ("language_internship", "04-03", {"start": "03-16", "final": "03-25"}),  # no middle of four weeks
        ("work_training", None, {"start": "03-16"}),  # until further notice: neither a middle nor an end
        ("work_assessment", "03-13", {"final": "03-11"}),  # a week: the final one is the first
        ("supported_employment", "05-15", {"start": "03-16", "month": "04-09", "final": "04-24"}),
        ("holiday_job", "06-05", {}),  # unless the municipality wants it
    ],
)
def test_each_form_by_its_length(cast, form, end, expected):
    placement = PlacementFactory(enrolment=cast.asa, form=form, start=day("03-09"), end=end and day(end))
    followups_of_placement_set(placement=placement)
    assert days(placement) == expected


def test_they_are_due_on_working_days_before_the_end(cast):
    # A week after the first day is Good Friday; three weeks before the last one is 1 May.
    placement = PlacementFactory(
        enrolment=cast.asa, form="municipal_employment", start=day("03-27"), end=day("05-22")
    )
    followups_of_placement_set(placement=placement)
    assert days(placement)["start"] == "04-07"  # not on Good Friday, nor in the Easter days
    assert days(placement)["final"] == "05-04"


def test_the_municipality_decides_about_days_and_forms(placement, cast):
    for key, value in {"followup_start_days": 14, "followup_months": 2, "followup_final_days": 28}.items():
        setting_change(key=key, value=value)
    followups_of_placement_set(placement=placement)
    assert days(placement) == {"start": "03-23", "month": "05-11", "mid": "06-08", "final": "08-07"}
    setting_change(key="followup_months", value=0)
    followups_of_placement_set(placement=placement)
    assert "month" not in days(placement)
    setting_change(key="followup_forms", value=["internship"])
    followups_of_placement_set(placement=placement)
    assert days(placement) == {}


# --- When the days move -------------------------------------------------------------------------------------------


def test_open_ones_move_with_the_placement_and_a_day_that_was_set_stays(placement):
    followups_of_placement_set(placement=placement)
    FollowUp.objects.filter(point="mid").update(due=day("06-10"), day_is_set=True)
    FollowUp.objects.filter(point="start").update(filed=MONDAY)
    keys = dict(FollowUp.objects.values_list("point", "pk"))
    move(placement, start=day("03-16"), end=day("10-30"))
    assert days(placement) == {"start": "03-16", "month": "04-16", "mid": "06-10", "final": "10-09"}
    assert dict(FollowUp.objects.values_list("point", "pk")) == keys


def test_what_is_late_stays_late(placement, clock):
    followups_of_placement_set(placement=placement)
    clock.on("2026-04-20")
    move(placement, end=day("10-30"))
    assert days(placement) == {"start": "03-16", "month": "04-09", "mid": "07-06", "final": "10-09"}
    placement_end(placement=Placement.objects.get(pk=placement.pk), end=day("04-20"), result="met")
    # The middle never comes; the end is now, and its follow-up with it.
    assert days(placement) == {"start": "03-16", "month": "04-09", "final": "04-20"}


def test_a_shortened_placement_loses_what_no_longer_fits_and_gets_it_back_when_it_is_long_again(placement):
    followups_of_placement_set(placement=placement)
    asked = ask(FollowUp.objects.get(point="mid"), placement.enrolment.coach)
    move(placement, end=day("04-03"))
    assert set(days(placement)) == {"start", "final"}
    assert FollowUpLink.objects.get(pk=asked.link.pk).withdrawn_at
    move(placement, end=day("09-04"))
    assert set(days(placement)) == {"start", "month", "mid", "final"}
    assert FollowUp.objects.count() == 4


def test_an_end_before_its_days_withdraws_what_a_register_or_a_person_had_planned_after_it(placement, clock):
    brought = {"placement": placement, "enrolment": placement.enrolment}
    late = FollowUpFactory(kind="three_party_meeting", due=day("03-16"), **brought)
    mid = FollowUpFactory(kind="employment_mid", due=day("06-10"), **brought)
    final = FollowUpFactory(kind="employment_final", due=day("08-14"), **brought)
    clock.on("2026-04-20")
    ended = {"end": day("04-17"), "result": "not_met", "why_interrupted": "Flyttade"}
    placement_end(placement=Placement.objects.get(pk=placement.pk), **ended)
    wanted = dict(FollowUp.objects.wanted().values_list("pk", "due"))
    assert wanted == {late.pk: day("03-16"), final.pk: day("04-20")}
    assert FollowUp.objects.get(pk=mid.pk).withdrawn_on == day("04-20")


def test_what_a_person_has_withdrawn_does_not_come_back(placement):
    followups_of_placement_set(placement=placement)
    followup_withdraw(followup=FollowUp.objects.get(point="month"))
    move(placement, start=day("03-23"))
    followups_set()
    assert set(days(placement)) == {"start", "mid", "final"}


def test_a_cancelled_placement_has_none_and_those_that_are_filed_stay(placement):
    followups_of_placement_set(placement=placement)
    FollowUp.objects.filter(point="start").update(filed=MONDAY)
    placement_cancel(placement=placement, why="Tackade nej")
    followups_of_placement_set(placement=placement)
    assert set(days(placement)) == {"start"}
    assert FollowUp.objects.filter(filed=None).exclude(withdrawn_on=None).count() == 3


def test_what_is_booked_moved_and_cancelled_on_its_pages_has_its_follow_ups(client, cast):
    kitchen, activity = kitchen_of(), activity_of(cast.asa, form="municipal_employment")
    client.force_login(cast.coach)
    posted = book_form(kitchen.supervisor, start="2026-03-09", end="2026-09-04")
    client.post(book_address(activity, kitchen.place), posted)
    placement = Placement.objects.get()
    assert days(placement) == {"start": "03-16", "month": "04-09", "mid": "06-08", "final": "08-14"}
    page = client.get(reverse("booking:placement", args=[cast.person.public_id, placement.public_id]))
    assert "Slutuppföljning av anställning" in page.content.decode()
    args = [cast.person.public_id, placement.public_id]
    moved = {"start": "2026-03-16", "end": "2026-06-12", "seen": placement.revision}
    client.post(reverse("booking:days", args=args), moved)
    assert days(placement) == {"start": "03-23", "month": "04-16", "final": "05-22"}  # the middle is too near
    placement.refresh_from_db()
    client.post(reverse("booking:cancel", args=args), {"why": "Tackade nej", "seen": placement.revision})
    assert days(placement) == {}


# --- The night's round --------------------------------------------------------------------------------------------


def test_the_night_catches_up_with_what_is_there_and_does_nothing_the_second_time(placement, cast):
    begun = PlacementFactory(enrolment=cast.bertil, start=day("01-12"), end=day("03-20"))
    PlacementFactory(enrolment=cast.ciwan, start=day("01-12"), end=day("02-27"))
    closed = PlacementFactory(enrolment=cast.protected_norr, start=day("02-23"), end=day("06-26"))
    case = type(closed.enrolment).objects.filter(pk=closed.enrolment_id)
    case.update(end=day("02-28"), closure_reason="other")
    set_followups()
    assert ScheduledRun.objects.get().detail == "2 placements"
    assert set(days(placement)) == {"start", "month", "mid", "final"}
    assert days(begun) == {"final": "03-02"}  # what has passed is asked by nobody; the end is near
    assert FollowUp.objects.count() == 5
    before = list(FollowUp.objects.values_list())
    assert followups_set() == "0 placements"
    assert list(FollowUp.objects.values_list()) == before


def test_the_round_asks_as_much_for_many_as_for_one(placement, cast):
    followups_set()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            followups_set()
        return len(captured)

    one = queries()
    for _number in range(10):
        followups_of_placement_set(placement=PlacementFactory(enrolment=cast.bertil, end=day("09-04")))
    assert queries() == one


def test_one_that_breaks_keeps_no_other_from_its_follow_ups(placement, cast, monkeypatch):
    other = PlacementFactory(enrolment=cast.bertil, start=day("03-09"), end=day("09-04"))
    whole = FollowUp.objects.bulk_create

    def breaks(rows):
        if rows and rows[0].placement_id == placement.pk:
            raise RuntimeError
        return whole(rows)

    monkeypatch.setattr(FollowUp.objects, "bulk_create", breaks)
    with pytest.raises(RuntimeError):
        followups_set()
    assert (days(placement), len(days(other))) == ({}, 3)


# --- Registers ----------------------------------------------------------------------------------------------------


def test_a_register_that_brings_its_own_gets_no_doubles(placement):
    FollowUpFactory(placement=placement, kind="employment_mid", due=day("06-15"))
    FollowUpFactory(placement=placement, kind="employment_final", due=day("02-27"), filed=day("02-27"))
    followups_set()
    assert set(days(placement)) == {"start", "month"}


def test_a_register_that_brings_them_afterwards_has_them(placement, cast, tmp_path):
    Participant.objects.update(identity_number=None)  # the factories' numbers belong to nobody, and are refused
    FollowUpFactory(placement=placement, kind="employment_mid", due=day("06-15"))
    register_export(folder=tmp_path, source="test")
    FollowUp.objects.all().delete()
    followups_set()
    assert set(days(placement)) == {"start", "month", "mid", "final"}
    report = register_load(path=tmp_path, source="test")
    assert report.stored, report.errors
    assert [f"{row.due:%m-%d}" for row in FollowUp.objects.wanted().filter(kind="employment_mid")] == ["06-15"]
    followups_set()
    assert set(days(placement)) == {"start", "month", "final"}


def test_what_was_planned_here_comes_back_with_a_register_as_itself(placement, tmp_path):
    Participant.objects.update(identity_number=None)
    followups_of_placement_set(placement=placement)
    register_export(folder=tmp_path, source="test")
    assert register_load(path=tmp_path, source="test").stored
    followups_set()
    assert (FollowUp.objects.count(), len(days(placement))) == (4, 4)


def test_one_that_somebody_planned_is_not_planned_again(placement, cast):
    FollowUpFactory(placement=placement, kind="employment_mid", due=day("05-04"), planned_by=cast.coach)
    followups_set()
    assert set(days(placement)) == {"start", "month", "final"}


# --- By hand ------------------------------------------------------------------------------------------------------


def test_a_late_one_is_not_moved_so_that_the_figures_tell_of_it(client, placement, cast, clock):
    followups_of_placement_set(placement=placement)
    followup = FollowUp.objects.get(point="final")
    args = [cast.person.public_id, followup.public_id]
    clock.on("2026-08-15")
    client.force_login(cast.coach)
    assert "Flytta till en annan dag" not in client.get(reverse("placements:followup", args=args)).content.decode()
    url = reverse("placements:followup_move", args=args)
    answer = client.post(url, {"due": "2026-08-21", "seen": "2026-08-14"}, follow=True)
    assert "Uppföljningen är sen, och dagen flyttas inte" in answer.content.decode()
    followup.refresh_from_db()
    assert followup.due == day("08-14")


def test_a_day_that_is_moved_by_hand_stays(client, placement, cast):
    followups_of_placement_set(placement=placement)
    followup = FollowUp.objects.get(point="final")
    client.force_login(cast.coach)
    args = [cast.person.public_id, followup.public_id]
    page, url = reverse("placements:followup", args=args), reverse("placements:followup_move", args=args)
    assert "Planerad av sig själv" in client.get(page).content.decode()
    for due, words in (
        ("2026-03-01", "redan varit"),
        ("2026-03-03", "Placeringen börjar"),
        ("2029-12-01", "mer än tre år fram"),
        ("", "Ange vilken dag"),
    ):
        answer = client.post(url, {"due": due, "seen": "2026-08-14"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    conflict = client.post(url, {"due": "2026-08-21", "seen": "2026-08-07"})
    assert conflict.status_code == 409
    assert "flyttats till 14 augusti 2026" in conflict.content.decode()
    assert 'name="seen" value="2026-08-14"' in conflict.content.decode()
    for _time in range(2):
        answer = client.post(url, {"due": "2026-08-21", "seen": "2026-08-14"}, follow=True)
        assert "senast 21 augusti 2026" in answer.content.decode()
    assert "Någon har bestämt dagen." in answer.content.decode()
    move(placement, end=day("10-30"))
    assert days(placement)["final"] == "08-21"
    FollowUp.objects.filter(pk=followup.pk).update(filed=timezone.localdate())
    assert "är inlämnad eller återkallad" in client.get(url, follow=True).content.decode()
