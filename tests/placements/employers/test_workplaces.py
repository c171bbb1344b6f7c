"""Workplaces: entered, closed when nobody is there, and checked before anybody is placed."""

import uuid

import pytest
from django.utils import timezone

from placements.models import Workplace, WorkplaceCheck
from tests.factories import PlacementFactory, days_ago
from tests.placements.employers.conftest import check_form, check_of, of, place_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


def state(workplace) -> str:
    return Workplace.objects.with_check(timezone.localdate()).get(pk=workplace.pk).check_state


def test_a_workplace_is_entered_and_changed(coach, employer):
    data = {"name": "Köket", "occupational_area": "KOK", "street_address": "Storgatan 1", "postal_code": "123 45",
            "city": "Björkåkra", "token": "3a0b8f50-5a4f-4c57-9d22-8f6a3e6f1d05"}  # fmt: skip
    for _time in range(2):
        page = coach.post(of("workplace_create", employer), data, follow=True)
    assert "Arbetsplatsen är inlagd." in text(page)
    workplace = Workplace.objects.get()
    again = coach.post(of("workplace_create", employer), data | {"name": "köket", "token": str(uuid.uuid4())})
    assert "Köket finns redan." in text(again)
    change = data | {"street_address": "Storgatan 2", "seen": "0"}
    assert coach.post(of("workplace_change", workplace), change).status_code == 302
    assert coach.post(of("workplace_change", workplace), data | {"seen": "0"}).status_code == 409
    assert "Skriv vad arbetsplatsen heter." in text(
        coach.post(of("workplace_change", workplace), data | {"name": ""})
    )


def test_a_workplace_is_not_closed_over_the_heads_of_those_who_are_there(coach, cast, workplace):
    placement = PlacementFactory(enrolment=cast.ciwan, workplace=workplace, end=days_ago(-20))
    place = place_of(workplace)
    today = {"day": days_ago(0).isoformat()}
    page = text(coach.post(of("workplace_close", workplace), today))
    assert "1 placering där pågår efter den här dagen eller är på väg. Avsluta den först" in page
    assert "1 plats där är inte stängd. Stäng den först." in page
    place.state = "closed"
    place.save()
    assert coach.post(of("workplace_close", workplace), {"day": placement.end.isoformat()}).status_code == 302
    placement.cancelled_on, placement.why_cancelled = days_ago(0), "Ville inte"
    placement.save()
    page = coach.post(of("workplace_close", workplace), today, follow=True)
    assert "Ingen ny placeras här." in text(page)
    assert not Workplace.objects.open_on(days_ago(-1)).exists()
    page = coach.post(of("workplace_reopen", workplace), follow=True)
    assert "Arbetsplatsen är öppen igen." in text(page)


def test_what_is_not_answered_is_not_right_and_the_latest_check_counts(coach, workplace):
    assert state(workplace) == "missing"
    for unanswered in ("risks_assessed", "introduction"):
        page = coach.post(of("check_record", workplace), check_form(**{unanswered: ""}))
        assert "Svara ja eller nej." in text(page)
    assert not WorkplaceCheck.objects.exists()
    # Neither yes nor no is answered beforehand; of the insurance it stands that it is not known.
    assert coach.get(of("check_record", workplace)).content.decode().count(" checked>") == 1
    coach.post(of("check_record", workplace), check_form(insurance="", checked_on=days_ago(3).isoformat()))
    assert state(workplace) == "failed"
    data = check_form(note="Allt är ordnat.")
    for _time in range(2):
        page = coach.post(of("check_record", workplace), data, follow=True)
    assert "Allt är i ordning." in text(page)
    assert (state(workplace), WorkplaceCheck.objects.count()) == ("passed", 2)
    coach.post(of("check_record", workplace), check_form(introduction="no"))
    assert state(workplace) == "failed"  # the same day: the later one
    page = coach.post(of("check_record", workplace), check_form(checked_on=days_ago(-1).isoformat()))
    assert "har inte varit än" in text(page)


def test_a_check_is_old_after_the_months_that_the_municipality_has_set(coach, cast, workplace, clock):
    check_of(workplace, cast.coach, days_ago(0))
    assert state(workplace) == "passed"
    WorkplaceCheck.objects.update(checked_on=days_ago(24 * 31))
    assert state(workplace) == "old"
    assert "Kontrollen är gammal" in text(coach.get(of("workplace", workplace)))
