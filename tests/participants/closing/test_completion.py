"""A closure afterwards: completed with what was not known, corrected, and taken back when it was made in error."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.closing.services import EnrolledAgain, Known, closure_annul, closure_complete
from participants.models import Aftercare, AnnulledClosure, Enrolment
from participants.results import Closure
from placements.models import Placement
from reporting.engine import answer
from reporting.missing import find_gap
from reporting.periods import Period
from reporting.question import Question
from tests.factories import EnrolmentFactory, PlacementFactory, days_ago
from vocabulary.codes import ClosureReason


def page(enrolment, name="closure", start=None) -> str:
    path = reverse(f"participants:{name}", args=[enrolment.participant.public_id])
    return f"{path}?inskrivning={start or enrolment.start.isoformat()}"


def close(enrolment, reason, **more) -> Enrolment:
    Enrolment.objects.filter(pk=enrolment.pk).update(
        start=days_ago(300), end=days_ago(120), closure_reason=reason, **more
    )
    enrolment.refresh_from_db()
    return enrolment


@pytest.fixture
def worked(cast) -> Enrolment:
    """Åsa, closed to a job of which nothing more was known."""
    return close(cast.asa, ClosureReason.WORK)


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def seen(browser, address) -> str:
    return re.search(r'name="seen" value="([^"]*)"', browser.get(address).content.decode())[1]


def question() -> Question:
    today = timezone.localdate()
    return Question(period=Period.parse(f"{days_ago(200)}..{today}"), as_of=today)


# --- Completing ---------------------------------------------------------------------------------------------------


def test_what_was_missing_is_filled_in_and_the_gap_is_gone(coach, cast, worked):
    gaps = [find_gap(key) for key in ("job_start", "job_form")]
    for gap in gaps:
        (row,) = gap.rows(question())
        assert gap.mended_at(row) == page(worked)
    html = coach.get(page(worked)).content.decode()
    assert "Komplettera avslutet" in html
    data = {"job_form": "lonebidrag", "job_start": days_ago(118).isoformat(), "seen": seen(coach, page(worked))}
    asked = coach.post(page(worked), data)
    assert "Räknas som A, började arbeta: jobbet hade varat en månad" in asked.content.decode()
    assert "Resultatet ändras" in asked.content.decode()
    assert Enrolment.objects.get(pk=worked.pk).job_form == ""
    assert coach.post(page(worked), data | {"step": "save"}).url == page(worked)
    row = Enrolment.objects.get(pk=worked.pk)
    assert (row.job_form, row.job_start, row.revision) == ("lonebidrag", days_ago(118), 1)
    assert not any(gap.rows(question()).exists() for gap in gaps)
    html = coach.get(page(worked)).content.decode()
    assert "Rätta avslutet" in html
    assert re.search(r"Ändrad</b> <span[^>]*>[\d:]+ · Alma Alm", html)


def test_the_gap_about_study_aid_leads_to_where_it_is_answered(coach, cast):
    case = close(cast.asa, ClosureReason.STUDIES)
    gap = find_gap("study_aid")
    address = gap.mended_at(gap.rows(question()).get())
    assert "om studierna ger rätt" in coach.get(address).content.decode()
    coach.post(address, {"study_aid": "yes", "seen": seen(coach, address), "step": "save"})
    assert Enrolment.objects.get(pk=case.pk).study_aid is True


def test_what_is_wrong_is_refused_and_what_was_registered_so_before_is_not(coach, cast):
    case = close(cast.asa, ClosureReason.WORK, job_start=days_ago(400), job_form="osa")  # as a register had it
    data = {"job_form": "osa", "job_start": days_ago(400).isoformat(), "job_end": "", "step": "save"}
    data["seen"] = seen(coach, page(case))
    assert coach.post(page(case), data | {"job_start": days_ago(401).isoformat()}).status_code == 422
    assert coach.post(page(case), data | {"job_end": days_ago(401).isoformat()}).status_code == 422
    assert coach.post(page(case), data | {"job_end": days_ago(10).isoformat()}).status_code == 302


def test_two_who_complete_at_once_do_not_overwrite_each_other(coach, cast, worked):
    data = {"job_form": "osa", "job_start": days_ago(118).isoformat(), "seen": seen(coach, page(worked))}
    other = Closure("work", days_ago(100), None, "unsubsidised")
    closure_complete(enrolment=worked, closure=other, seen=str(Known.of(worked)))
    response = coach.post(page(worked), data | {"step": "save"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Någon annan har kompletterat avslutet" in html
    assert days_ago(100).isoformat() in html  # what stands
    assert days_ago(118).isoformat() in html  # what was typed
    assert Enrolment.objects.get(pk=worked.pk).job_form == "unsubsidised"
    again = data | {"seen": re.search(r'name="seen" value="([^"]*)"', html)[1], "step": "save"}
    assert coach.post(page(worked), again).status_code == 302
    assert Enrolment.objects.get(pk=worked.pk).job_form == "osa"


def test_a_manager_reads_and_a_reason_without_more_has_nothing_to_complete(client, coach, cast, worked):
    client.force_login(cast.manager)
    html = client.get(page(worked)).content.decode()
    assert "tills det är ifyllt när jobbet börjar" in html
    assert 'name="job_form"' not in html
    assert client.post(page(worked), {"job_form": "osa", "step": "save"}).status_code == 403
    client.force_login(cast.coach)
    moved = close(cast.bertil, ClosureReason.MOVED)
    assert "Det finns inget att komplettera" in client.post(page(moved), {}, follow=True).content.decode()


def test_an_earlier_closure_has_a_page_of_its_own_and_an_open_enrolment_has_none(coach, cast):
    earlier = EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, start=days_ago(900), end=days_ago(800), closure_reason="studies"
    )
    assert coach.get(page(earlier)).status_code == 200
    assert coach.get(page(cast.asa)).status_code == 404
    assert coach.get(page(earlier, start="i-går")).status_code == 404
    elsewhere = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(700), end=days_ago(600), closure_reason="studies"
    )
    assert coach.get(page(elsewhere)).status_code == 404
    html = coach.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert page(earlier) in html


# --- Taking back --------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.manager)
    return client


def closed_in_figures() -> int:
    return answer(question()).value("closed")


def test_a_closure_made_in_error_is_taken_back_with_a_reason_and_the_figures_follow(manager, cast, worked):
    placement = PlacementFactory(enrolment=worked, start=days_ago(200), end=days_ago(120), result="met")
    Aftercare.objects.create(enrolment=worked, days_after=90, status="work", checked=days_ago(20))
    address = page(worked, "closure_annul")
    assert closed_in_figures() == 1
    html = manager.get(address).content.decode()
    assert "förblir avslutade" in html
    assert "1 svar i efteruppföljningen följer med" in html
    data = {"seen": seen(manager, address)}
    refused = manager.post(address, data)
    assert (refused.status_code, Enrolment.objects.get(pk=worked.pk).end) == (422, days_ago(120))
    assert manager.post(address, data | {"why": "Fel person avslutades."}).status_code == 302
    row = Enrolment.objects.get(pk=worked.pk)
    assert (row.end, row.closure_reason, row.revision) == (None, "", 1)
    kept = AnnulledClosure.objects.get()
    assert (kept.end, kept.closure_reason, kept.annulled_by_name) == (days_ago(120), "work", "Eva Ek")
    assert Placement.objects.get(pk=placement.pk).end == days_ago(120)
    assert not Aftercare.objects.exists()
    file = manager.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert f"Avslutet {days_ago(120)} togs tillbaka" in file
    assert "Fel person avslutades." in file
    again = manager.post(address, data | {"why": "Fel person avslutades."})
    assert again.url == reverse("participants:file", args=[cast.person.public_id])  # sent twice is done once
    assert AnnulledClosure.objects.count() == 1
    assert closed_in_figures() == 0


def test_an_enrolment_does_not_go_on_into_a_later_one(manager, cast, worked):
    EnrolmentFactory(participant=cast.person, unit=cast.centrum, start=days_ago(50))
    html = manager.get(page(worked, "closure_annul")).content.decode()
    assert "kan inte tas tillbaka" in html
    assert 'name="why"' not in html
    with pytest.raises(EnrolledAgain):
        closure_annul(enrolment=worked, actor=cast.manager, why="Fel.", seen=str(Known.of(worked)))


def test_a_later_enrolment_in_another_unit_is_not_told_of(manager, cast, worked):
    EnrolmentFactory(participant=cast.person, unit=cast.norr, start=days_ago(50))
    address = page(worked, "closure_annul")
    response = manager.post(address, {"why": "Fel person.", "seen": seen(manager, address)})
    assert response.status_code == 409
    html = response.content.decode()
    assert "Be administratören om hjälp" in html
    assert "Fel person." in html
    assert "Norr" not in html
    assert days_ago(50).isoformat() not in html
    assert Enrolment.objects.get(pk=worked.pk).end == days_ago(120)


def test_a_closure_that_was_completed_meanwhile_is_not_taken_back_unseen(manager, cast, worked):
    address = page(worked, "closure_annul")
    data = {"why": "Fel.", "seen": seen(manager, address)}
    new = Closure("work", days_ago(100), None, "osa")
    closure_complete(enrolment=worked, closure=new, seen=str(Known.of(worked)))
    response = manager.post(address, data)
    assert response.status_code == 409
    assert "Är det fortfarande fel?" in response.content.decode()
    assert Enrolment.objects.get(pk=worked.pk).end == days_ago(120)
