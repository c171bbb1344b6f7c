"""How a placement ends, what it was worth, who has not said so yet, and an end that was a mistake."""

import pytest
from django.urls import reverse

from participants.models import Enrolment
from placements.following.planning import followups_of_placement_set
from placements.models import FollowUp, Placement
from placements.models.placement import PlacementState
from tests.factories import CertificateFactory, FollowUpFactory, PlacementFactory, days_ago
from tests.placements.booking.conftest import (
    MONDAY,
    PRACTICE,
    hours_form,
    kitchen_of,
    page,
    placement_of,
    settled,
    trained,
)
from tests.placements.booking.test_course import do, refused
from tests.placements.groups.conftest import activity_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db

BOTH = {
    "person": "met", "person_found": "Hon har en referens", "workplace": "partly", "workplace_found": "Till viss del",
}  # fmt: skip


def going(enrolment, **fields):
    return placement_of(enrolment, start=days_ago(50), **{"end": days_ago(-30)} | fields)


def ended(enrolment, **fields):
    return placement_of(enrolment, start=days_ago(58), **{"end": days_ago(5), "result": "met"} | fields)


def test_it_ends_with_a_result_and_its_value_is_assessed_for_both(coach, cast):
    placement = going(cast.asa)
    answer = do(coach, placement, "end", end=days_ago(1), result="met", **BOTH)
    assert "Placeringen är avslutad." in text(answer)
    placement.refresh_from_db()
    assert (placement.state, placement.end, placement.result) == (PlacementState.ENDED, days_ago(1), "met")
    found = {each.side: (each.assessed, each.found, each.assessed_by_name) for each in placement.values.all()}
    assert found == {
        "person": ("met", "Hon har en referens", "Alma Alm"),
        "workplace": ("partly", "Till viss del", "Alma Alm"),
    }
    assert "Mervärdet är inte bedömt" not in text(answer)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"end": days_ago(-1)}, "Den dagen har inte varit än."),
        ({"end": days_ago(60)}, "Placeringen började"),
        ({"result": ""}, "Välj om syftet uppnåddes."),
        ({"person_found": "Något"}, "Välj om värdet blev av."),
    ],
)
def test_what_is_no_end_is_refused(coach, cast, fields, sentence):
    answer = do(coach, going(cast.asa), "end", **{"end": days_ago(1), "result": "met"} | fields)
    assert sentence in refused(answer)


def test_who_went_on_longer_is_extended_first(coach, cast):
    placement = going(cast.asa, end=days_ago(5))
    assert "ingen har skrivit vad det ledde till" in text(coach.get(page(placement))).lower()
    assert "Förläng den först, om den pågick längre." in refused(
        do(coach, placement, "end", end=days_ago(1), result="met")
    )


def test_it_is_interrupted_with_a_reason(coach, cast):
    placement = going(cast.asa)
    sent = {"end": days_ago(1), "result": "not_met"}
    assert "Skriv varför placeringen avbryts." in refused(do(coach, placement, "interrupt", **sent))
    answer = do(coach, placement, "interrupt", **sent, why_interrupted="Flyttade till en annan stad")
    assert "Därför avbröts den: Flyttade till en annan stad" in text(answer)
    placement.refresh_from_db()
    assert placement.state == PlacementState.INTERRUPTED
    file = text(coach.get(reverse("participants:file", args=[cast.person.public_id])))
    assert "Placering avbruten: Arbetsmarknadsanställning" in file


def test_it_is_cancelled_before_it_begins_and_not_after(coach, cast, kitchen):
    placement = placement_of(cast.asa, at=kitchen.workplace, place=kitchen.place, seat=1)
    followup = FollowUpFactory(placement=placement, due=days_ago(-40))
    assert "Skriv varför placeringen ställs in." in refused(do(coach, placement, "cancel", why=""))
    answer = do(coach, placement, "cancel", why="Fick ett arbete")
    assert "Placeringen är inställd, och platsen är ledig." in text(answer)
    assert "Därför ställdes den in: Fick ett arbete" in text(coach.get(page(placement)))
    assert FollowUp.objects.get(pk=followup.pk).withdrawn_on == days_ago(0)
    placement = Placement.every.get(pk=placement.pk)
    assert placement.state == PlacementState.CANCELLED
    assert "Placeringen är inställd, så inget i den kan ändras." in refused(
        do(coach, placement, "days", start=days_ago(-20), end=days_ago(-120))
    )
    assert "Placeringen har börjat." in refused(do(coach, going(cast.asa), "cancel", why="Nej"))


def test_what_was_said_to_have_ended_is_not_changed_however_the_form_was_kept(coach, cast):
    placement = ended(cast.asa)
    leader = trained(placement.workplace)
    sent = {
        "union": {"consulted": days_ago(70), "union": "Kommunal"},
        "supervisor": {"supervisor": leader.public_id},
        "checklist": {"risks_assessed": "on"},
        "agree": {"day": days_ago(0)},
        "days": {"start": days_ago(58), "end": days_ago(3)},
        "schedule": {"valid_from": days_ago(20)} | hours_form([MONDAY]),
        "grade": {"valid_from": days_ago(20), "grade": "50"},
        "extend": {"end": days_ago(-60), "why": "Går bra"},
        "end": {"end": days_ago(6), "result": "partly"},
        "interrupt": {"end": days_ago(6), "result": "partly", "why_interrupted": "Nej"},
    }
    for act, fields in sent.items():
        assert "Placeringen är avslutad. En chef kan ångra avslutet." in refused(
            do(coach, placement, act, **fields)
        ), act
    assert placement.schedules.count() == placement.grades.count() == 1


def test_a_cancellation_by_mistake_is_taken_back_before_the_first_day(coach, cast, kitchen):
    seat = {"at": kitchen.workplace, "place": kitchen.place, "seat": 1}
    placement = settled(placement_of(cast.asa, form=PRACTICE, **seat), cast.coach)
    followups_of_placement_set(placement=placement)
    wanted = set(placement.followups.wanted().values_list("pk", flat=True))
    assert wanted
    do(coach, placement, "agree", day=days_ago(0))
    do(coach, placement, "cancel", why="Fick ett arbete")
    placement = Placement.every.get(pk=placement.pk)
    assert not placement.followups.wanted().exists()
    assert "Skriv varför det var fel att ställa in." in refused(do(coach, placement, "restore", why=""))
    other = placement_of(cast.bertil, **seat)
    assert "Någon annan har platsen nu." in refused(do(coach, placement, "restore", why="Fel person"))
    Placement.every.filter(pk=other.pk).update(cancelled_on=days_ago(0), why_cancelled="Nej")
    answer = do(coach, placement, "restore", why="Fel person")
    assert "Placeringen gäller igen." in text(answer)
    assert "Fel person" in text(answer)
    again = Placement.objects.get(pk=placement.pk)
    assert (again.state, again.seat) == (PlacementState.AGREED, 1)
    assert set(again.followups.wanted().values_list("pk", flat=True)) == wanted
    assert again.annulled_ends.get().why_cancelled == "Fick ett arbete"
    file = text(coach.get(reverse("participants:file", args=[cast.person.public_id])))
    assert "Inställd placering gäller igen: Språkpraktik" in file


def test_what_was_cancelled_is_not_taken_back_once_its_first_day_has_come(coach, cast):
    cancelled = {"cancelled_on": days_ago(20), "why_cancelled": "Fick ett arbete"}
    placement = placement_of(cast.asa, start=days_ago(2), **cancelled)
    assert "Första dagen har varit." in refused(do(coach, placement, "restore", why="Fel"))
    shown = coach.get(page(placement)).content.decode()
    assert page(placement, "restore") not in shown
    assert f"?insats={placement.activity.public_id}" in shown, "it is booked anew"
    closed = placement_of(cast.asa, activity=placement.activity, **cancelled)
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(1), closure_reason="moved")
    assert "Inskrivningen är avslutad" in refused(do(coach, closed, "restore", why="Fel"))


def test_what_has_not_begun_is_not_ended_nor_assessed(coach, cast):
    placement = placement_of(cast.asa)
    assert "Ställ in den i stället." in refused(do(coach, placement, "end", end=days_ago(0), result="met"))
    assert "Mervärdet bedöms efteråt." in refused(do(coach, placement, "values", **BOTH))


# --- Added value --------------------------------------------------------------------------------------------------


def test_an_ended_employment_without_both_assessments_is_in_the_lists(coach, cast, client):
    employment = ended(cast.asa)
    practice = placement_of(
        cast.bertil, form="internship", activity=activity_of(cast.bertil, "internship_public"), start=days_ago(90),
        end=days_ago(5), result="met",
    )  # fmt: skip
    old = PlacementFactory(
        enrolment=cast.bertil, form="municipal_employment", start=days_ago(500), end=days_ago(400), result="met"
    )
    lacking = reverse("day:list", args=["saknar-mervardesbedomning"]) + "?show=all"
    listed = coach.get(lacking).content.decode()
    assert page(employment, "values") in listed
    assert page(practice, "values") not in listed
    assert page(old, "values") not in listed
    people = reverse("participants:list")
    assert "Åsa Öhrström" in text(coach.get(people, {"flag": "no_added_value"}))
    assert "Mervärdet är inte bedömt" in text(coach.get(page(employment)))
    answer = refused(do(coach, employment, "values", **BOTH | {"workplace": ""}))
    assert answer.count("Välj om värdet blev av.") == 2, "once at the top and once at the field"
    client.force_login(cast.manager)
    numbers = reverse("unit:number", args=["saknar-mervarde"])
    assert "Åsa Öhrström" in text(client.get(numbers))
    client.force_login(cast.coach)
    assert "Mervärdet är bedömt." in text(do(client, employment, "values", **BOTH))
    assert page(employment, "values") not in client.get(lacking).content.decode()
    client.force_login(cast.manager)
    assert "Åsa Öhrström" not in text(client.get(numbers))


def test_min_dag_tells_what_begins_without_being_agreed(coach, cast):
    soon, later = placement_of(cast.asa), placement_of(cast.bertil, start=days_ago(-40))
    registered = PlacementFactory(enrolment=cast.asa)
    listed = coach.get(reverse("day:list", args=["ej-overenskomna-placeringar"]) + "?show=all").content.decode()
    assert page(soon) in listed
    assert page(later) not in listed
    assert page(registered) not in listed


# --- Annulled -----------------------------------------------------------------------------------------------------


def annul(client, cast, placement, **fields):
    client.force_login(cast.manager)
    return do(client, placement, "annul", **{"end": days_ago(-30), "why": "Fel person"} | fields)


def test_a_manager_annuls_an_end_and_the_placement_goes_on(coach, cast, client):
    placement = going(cast.asa)
    do(coach, placement, "interrupt", end=days_ago(2), result="not_met", why_interrupted="Slutade", **BOTH)
    client.force_login(cast.manager)
    assert days_ago(-30).isoformat() in client.get(page(placement, "annul")).content.decode(), "as it was planned"
    assert "Skriv varför avslutet var fel." in refused(annul(client, cast, placement, why=""))
    answer = annul(client, cast, placement)
    assert "Avslutet är ångrat och placeringen pågår." in text(answer)
    placement.refresh_from_db()
    assert (placement.state, placement.end, placement.result) == (PlacementState.ONGOING, days_ago(-30), "")
    kept = placement.annulled_ends.get()
    assert (kept.end, kept.result, kept.why_interrupted, kept.annulled_by_name) == (
        days_ago(2), "not_met", "Slutade", "Eva Ek"
    )  # fmt: skip
    assert not placement.values.exclude(assessed="").exists()
    assert "Fel person" in text(client.get(page(placement)))


def test_an_end_is_not_annulled_in_a_closed_case_nor_when_the_seat_is_somebodys(client, cast, kitchen):
    at = {"at": kitchen.workplace, "place": kitchen.place, "seat": 1}
    placement = ended(cast.asa, **at)
    placement_of(cast.bertil, start=days_ago(3), end=days_ago(-90), **at)
    assert "Någon annan har platsen nu." in refused(annul(client, cast, placement))
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(1), closure_reason="moved")
    assert "Återta först det avslutet" in refused(annul(client, cast, placement))


def test_an_end_that_stands_on_an_issued_certificate_stays(client, cast):
    placement = ended(cast.asa)
    CertificateFactory(placement=placement)
    assert "Ett kompetensintyg utfärdades den" in refused(annul(client, cast, placement))
    placement.refresh_from_db()
    assert placement.result == "met"


def test_nothing_is_annulled_that_has_not_ended_and_coaches_annul_nothing(coach, client, cast):
    placement = going(cast.asa)
    assert coach.post(page(placement, "annul"), {"why": "Fel"}).status_code == 403
    assert "det finns inget att ångra" in refused(annul(client, cast, placement))


# --- With the closure ---------------------------------------------------------------------------------------------


def test_closing_the_enrolment_ends_a_placement_on_a_seat_and_cancels_what_was_to_come(coach, cast):
    kitchen = kitchen_of(capacity=2)
    at = {"at": kitchen.workplace, "place": kitchen.place, "form": "internship"}
    activity = activity_of(cast.asa, "internship_public")
    placement = going(cast.asa, activity=activity, seat=1, **at)
    to_come = placement_of(cast.asa, activity=activity, seat=2, **at)
    keys = [f"placement-{each.public_id}" for each in (placement, to_come)]
    data = {
        "end": days_ago(0), "closure_reason": "moved", "details_for": "moved", "step": "save", "told": keys,
        f"{keys[0]}-end": days_ago(0), f"{keys[0]}-result": "met", f"{keys[1]}-why": "Flyttade",
    }  # fmt: skip
    answer = coach.post(reverse("participants:enrolment_close", args=[cast.person.public_id]), data, follow=True)
    assert "Inskrivningen är avslutad." in text(answer)
    assert Placement.objects.get(pk=placement.pk).result == "met"
    assert Placement.every.get(pk=to_come.pk).why_cancelled == "Flyttade"
