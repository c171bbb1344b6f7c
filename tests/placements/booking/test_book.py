"""Booking: from the file, for an activity of the plan; the seat of a place; each refusal in its own words."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from participants.models import Activity, ActivityState, Enrolment, PlanState
from participants.plan.content import ACTIVITY_FIELDS, blank_row
from placements.booking.rules import Refused
from placements.booking.services.book import Booked, placement_book
from placements.models import Placement
from placements.models.place import PlaceState
from placements.models.placement import ValueFor
from tests.factories import PlanFactory, WorkplaceFactory, days_ago
from tests.placements.booking.conftest import (
    EMPLOYMENT,
    PRACTICE,
    book_address,
    book_form,
    hours_form,
    kitchen_of,
    page,
    placement_of,
)
from tests.placements.groups.conftest import activity_of
from tests.placements.test_followups import text
from vocabulary.models import ActivityForm

pytestmark = pytest.mark.django_db


def book_page(enrolment):
    return reverse("booking:book", args=[enrolment.participant.public_id])


def test_an_employment_is_booked_in_a_place_once_however_often_the_form_is_sent(coach, cast, kitchen):
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    address = book_address(activity, kitchen.place)
    shown = coach.get(address)
    assert 'value="08:00"' in shown.content.decode(), "the hours of the place stand there to begin with"
    data = book_form(kitchen.supervisor)
    for _time in range(2):
        answer = coach.post(address, data, follow=True)
    assert "Placeringen är bokad." in text(answer)
    placement = Placement.objects.get()
    assert (placement.place, placement.seat, placement.workplace) == (kitchen.place, 1, kitchen.workplace)
    assert (placement.activity, placement.enrolment, placement.supervisor) == (
        activity, cast.asa, kitchen.supervisor
    )  # fmt: skip
    assert (placement.form, placement.collective_agreement, placement.funding) == (EMPLOYMENT, "bea", "municipality")
    assert str(placement.grades.get().grade) == "0.7500"
    hours = placement.schedules.get().hours.get()
    assert (hours.weekday, hours.hours, placement.schedules.get().valid_from) == (1, 7, days_ago(0))
    expected = dict(placement.values.values_list("side", "expected"))
    assert expected == {ValueFor.PERSON: "En referens", ValueFor.WORKPLACE: "Två händer till"}


def test_a_placement_without_a_place_is_booked_at_a_workplace(coach, cast):
    activity, workplace = activity_of(cast.asa, form=PRACTICE), WorkplaceFactory(name="Biblioteket")
    data = book_form(rows=(), form=PRACTICE, funding="", expected_person="", expected_workplace="", end="")
    answer = coach.post(book_address(activity, workplace=workplace), data, follow=True)
    assert "Språkpraktik, Biblioteket" in text(answer)
    placement = Placement.objects.get()
    assert (placement.place, placement.end, placement.schedules.count(), placement.grades.count()) == (
        None,
        None,
        0,
        0,
    )


def test_where_is_asked_first_and_a_full_place_is_not_offered(coach, cast, kitchen):
    full = kitchen_of("Norrlagers terminal")
    placement_of(cast.bertil, at=full.workplace, place=full.place, seat=1, start=days_ago(5))
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    shown = text(coach.get(book_page(cast.asa)))
    assert "Skolkök Ekbacken" in shown
    assert shown.count("Norrlagers terminal") == 1, "among the workplaces, not among the places"
    assert "Bertil" not in shown
    found = text(coach.get(book_page(cast.asa), {"q": "ekback"}))
    assert "Skolkök Ekbacken" in found
    assert "Norrlagers" not in found
    assert "Ingen arbetsplats heter ”finns inte”." in text(coach.get(book_page(cast.asa), {"q": "finns inte"}))
    activity_of(cast.asa, form=PRACTICE)
    asked = coach.get(book_page(cast.asa), {"plats": kitchen.place.public_id})
    assert "För vilken insats i planen?" in text(asked)
    assert str(activity.public_id) in asked.content.decode()


def test_more_rows_are_given_without_a_script_and_nothing_typed_is_lost(coach, cast, kitchen):
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    answer = coach.post(book_address(activity, kitchen.place), book_form(purpose="Mitt syfte") | {"more": "1"})
    assert answer.status_code == 200
    assert "hours-11-begins" in answer.content.decode()
    assert "Mitt syfte" in text(answer)
    assert not Placement.objects.exists()


# --- Refused ------------------------------------------------------------------------------------------------------


def test_nothing_is_booked_without_an_activity_that_says_what_for(coach, cast, kitchen):
    assert "med syfte och förväntat utfall. Besluta den i planen först." in text(coach.get(book_page(cast.asa)))
    row = blank_row(ACTIVITY_FIELDS) | {"form": PRACTICE}
    draft = PlanFactory(
        enrolment=cast.asa, state=PlanState.DRAFT, decided_on=None, decided_by_name="", saved_by=cast.coach,
        typed={"activities": [row]},
    )  # fmt: skip
    assert "saknas syftet med insatsen Språkpraktik. Skriv det och besluta planen." in text(
        coach.get(book_page(cast.asa))
    )
    draft.typed = {"activities": [row | {"purpose": "Öva"}]}
    draft.save()
    assert "saknas förväntat utfall för insatsen Språkpraktik" in text(coach.get(book_page(cast.asa)))
    activity_of(cast.asa, form="job_search")
    dropped = activity_of(cast.asa, form=EMPLOYMENT, state=ActivityState.DROPPED)
    answer = coach.post(book_address(dropped, kitchen.place), book_form())
    assert answer.status_code == 422
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purpose": " "}, "Skriv syftet med placeringen. Inget bokas utan syfte."),
        ({"expected_outcome": ""}, "Skriv vad som förväntas av placeringen."),
        ({"need": ""}, "Välj vems behov den möter."),
        ({"start": ""}, "Ange vilken dag."),
        ({"start": days_ago(70)}, "Deltagaren är inskriven från"),
        ({"end": days_ago(1)}, "Sista dagen är före den första."),
        ({"end": days_ago(-2000)}, "mer än tre år"),
        ({"grade": ""}, "Skriv anställningens sysselsättningsgrad."),
        ({"grade": "101"}, "Heltid är 100 procent."),
        ({"collective_agreement": ""}, "Välj avtal."),
        ({"funding": ""}, "Välj vem som betalar."),
        ({"expected_person": ""}, "Skriv vilket värde som förväntas."),
        ({"form": PRACTICE}, "Välj ett giltigt alternativ"),
        (hours_form([(1, "08:00", "", "", "every")]), "Ange båda tiderna."),
        (hours_form([("", "08:00", "10:00", "", "every")]), "Välj en veckodag."),
        (hours_form([(1, "10:00", "08:00", "", "every")]), "Slutet är före starten."),
        (hours_form([(1, "08:00", "09:00", 60, "every")]), "Rasten är lika lång som hela tiden."),
        (hours_form([(1, "06:00", "20:00", 60, "every")]), "Det är mer än en arbetsdag."),
        (
            hours_form([(1, "08:00", "12:00", "", "every"), (1, "11:00", "14:00", "", "second")]),
            "De här tiderna överlappar andra samma dag.",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(coach, cast, kitchen, fields, sentence):
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    answer = coach.post(book_address(activity, kitchen.place), book_form(kitchen.supervisor) | fields)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Placement.objects.exists()


def test_hours_of_every_second_week_do_not_overlap(coach, cast, kitchen):
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    rows = ((1, "08:00", "12:00", "", "first"), (1, "08:00", "14:00", "", "second"))
    coach.post(book_address(activity, kitchen.place), book_form(rows=rows))
    assert Placement.objects.get().schedules.get().hours.count() == 2


def test_a_form_that_is_abolished_on_the_first_day_is_refused(coach, cast, kitchen):
    ActivityForm.objects.filter(code=EMPLOYMENT).update(valid_to=days_ago(1), is_own=True)
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    answer = coach.post(book_address(activity, kitchen.place), book_form())
    assert "Kommunal arbetsmarknadsanställning kan inte väljas för en placering som börjar den" in text(answer)


def test_a_job_with_support_is_booked_as_an_employment_and_an_abolished_one_is_not(coach, cast, kitchen):
    activity = activity_of(cast.asa, form="introduktionsjobb")
    answer = coach.post(book_address(activity, kitchen.place), book_form() | {"grade": ""})
    assert "Skriv anställningens sysselsättningsgrad." in text(answer)
    assert coach.post(book_address(activity, kitchen.place), book_form()).status_code == 302
    old = activity_of(cast.asa, form="extratjanst")
    answer = coach.post(book_address(old, workplace=kitchen.workplace), book_form())
    assert "Extratjänst kan inte väljas för en placering som börjar den" in text(answer)


def test_what_is_refused_when_it_has_changed_since_the_page_was_shown(cast, kitchen):
    """The pages offer none of this: it is refused all the same, in words."""
    activity, dropped = activity_of(cast.asa, form=PRACTICE), activity_of(cast.asa, "work_training", "dropped")
    closing = activity_of(cast.bertil, form=PRACTICE)
    Enrolment.objects.filter(pk=cast.bertil.pk).update(end=days_ago(-30), closure_reason="moved")
    elsewhere = WorkplaceFactory()
    options = {"form": PRACTICE, "purpose": "Öva", "expected_outcome": "Klarar köket", "need": "both"}
    options |= {"start": days_ago(0), "end": days_ago(-90), "workplace": kitchen.workplace}
    for of, fields, sentence in (
        (dropped, {}, "Insatsen är inte längre beslutad i planen, så inget kan bokas för den."),
        (activity, {"form": "holiday_job"}, "Insatsen i planen har en annan form. Välj en form som passar."),
        (activity, {"place": kitchen.place, "workplace": elsewhere}, "Platsen hör till en annan arbetsplats nu."),
        (activity, {"supervisor": kitchen.supervisor, "workplace": elsewhere}, "Handledaren finns på en annan"),
        (closing, {}, "Placeringen kan inte pågå längre."),
    ):
        with override("sv"), pytest.raises(Refused, match=sentence):
            placement_book(activity=of, booked=Booked(**options | fields), token=uuid.uuid4())
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(0), closure_reason="moved")
    with override("sv"), pytest.raises(Refused, match="Inskrivningen är avslutad"):
        placement_book(activity=activity, booked=Booked(**options), token=uuid.uuid4())
    assert not Placement.objects.exists()


def test_an_activity_of_any_form_asks_for_the_terms_of_an_employment_alone(coach, cast, kitchen):
    ActivityForm.objects.create(code="own", label="Arbetslag", kind="workplace", is_own=True)
    address = book_address(activity_of(cast.asa, form="own"), kitchen.place)
    answer = coach.post(address, book_form() | {"grade": "", "funding": ""})
    assert text(answer).count("Det måste finnas för en anställning.") >= 2
    assert coach.post(address, book_form() | {"form": "holiday_job"}).status_code == 302


def test_who_comes_preventively_is_placed_nowhere_before_the_employment_service_agrees(coach, cast, kitchen):
    Enrolment.objects.filter(pk=cast.asa.pk).update(target_group="preventive")
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    answer = coach.post(address, book_form())
    assert answer.status_code == 422
    assert "Anteckna först överenskommelsen med Arbetsförmedlingen i akten." in text(answer)
    cast.asa.agreements.create(
        agreed_on=days_ago(1), contact="Ann Ask", activity="Anställning", by=cast.coach, by_name="Alma Alm"
    )
    assert coach.post(address, book_form()).status_code == 302


def test_a_place_is_booked_only_while_it_is_offered(coach, cast, kitchen):
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    place = kitchen.place
    for fields, sentence in (
        ({"state": PlaceState.PAUSED}, "Platsen är inte öppen för någon ny."),
        ({"start": days_ago(-3), "state": PlaceState.OPEN}, "Platsen finns från den"),
        ({"start": days_ago(90), "end": days_ago(-30)}, "Platsen finns till den"),
    ):
        for name, value in fields.items():
            setattr(place, name, value)
        place.save()
        assert sentence in text(coach.post(address, book_form()))
    place.workplace.closed_on = days_ago(2)
    place.workplace.save()
    assert "är stängd sedan den" in text(coach.post(address, book_form()))
    assert not Placement.objects.exists()


def test_a_full_place_is_refused_and_later_days_are_free(coach, cast, kitchen):
    placement_of(cast.bertil, at=kitchen.workplace, place=kitchen.place, seat=1, start=days_ago(5), end=days_ago(-20))
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    answer = coach.post(address, book_form())
    assert answer.status_code == 422
    assert "Någon annan har platsen någon av de här dagarna." in text(answer)
    assert "Bertil" not in text(answer)
    assert coach.post(address, book_form(start=days_ago(-21))).status_code == 302


def test_the_first_free_seat_is_taken_and_a_cancelled_one_is_free(coach, cast):
    kitchen = kitchen_of(capacity=2)
    taken = placement_of(cast.bertil, at=kitchen.workplace, place=kitchen.place, seat=1)
    address = book_address(activity_of(cast.asa, form=EMPLOYMENT), kitchen.place)
    coach.post(address, book_form())
    assert Placement.objects.get(enrolment=cast.asa).seat == 2
    third = book_address(activity_of(cast.bertil, form=EMPLOYMENT), kitchen.place)
    assert "Alla 2 platser är upptagna" in text(coach.post(third, book_form()))
    coach.post(page(taken, "cancel"), {"why": "Fick ett arbete", "seen": taken.revision})
    assert coach.post(third, book_form()).status_code == 302
    assert Placement.objects.get(enrolment=cast.bertil).seat == 1


def test_the_database_refuses_two_in_a_seat_whatever_the_pages_have_checked(cast, kitchen):
    placement_of(cast.bertil, at=kitchen.workplace, place=kitchen.place, seat=1)
    with pytest.raises(IntegrityError, match="placement_one_in_a_seat"), transaction.atomic():
        placement_of(cast.asa, at=kitchen.workplace, place=kitchen.place, seat=1)


def test_another_units_participant_is_not_there(coach, cast, kitchen):
    activity = activity_of(cast.ciwan, form=EMPLOYMENT)
    assert coach.post(book_address(activity, kitchen.place), book_form()).status_code == 404


def test_the_plan_shows_what_is_booked_for_its_activity(coach, cast, kitchen):
    PlanFactory(enrolment=cast.asa)
    activity = activity_of(cast.asa, form=EMPLOYMENT)
    coach.post(book_address(activity, kitchen.place), book_form())
    shown = coach.get(reverse("participants:part", args=[cast.person.public_id, "plan"]))
    assert page(Placement.objects.get()) in shown.content.decode()


def test_the_page_asks_as_many_questions_for_fifty_places_as_for_five(coach, cast, django_assert_max_num_queries):
    activity_of(cast.asa, form=EMPLOYMENT)
    for number in range(12):
        kitchen_of(f"Kök {number}")
    with django_assert_max_num_queries(22):
        coach.get(book_page(cast.asa))


# --- Two at once --------------------------------------------------------------------------------------------------


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_two_who_want_the_last_seat_at_the_same_moment_do_not_both_get_it(cast):
    kitchen = kitchen_of()
    wanted = [activity_of(cast.asa, form=EMPLOYMENT), activity_of(cast.bertil, form=EMPLOYMENT)]
    start = Barrier(2)

    def take(activity: Activity) -> str:
        booked = Booked(
            workplace=kitchen.workplace, place=kitchen.place, start=days_ago(0), end=days_ago(-90), form=EMPLOYMENT,
            purpose="Öva", expected_outcome="Klarar köket", need="both", grade=1,
        )  # fmt: skip
        try:
            start.wait(5)
            placement_book(activity=activity, booked=booked, token=uuid.uuid4())
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(take, wanted))
    assert said[1] == "booked"
    assert "Någon annan har platsen" in said[0] or "Somebody else has the place" in said[0]
    assert Placement.objects.count() == 1
