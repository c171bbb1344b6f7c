"""Closing an enrolment through its page: what is asked, what is refused, what is done."""

import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from delivery.states import MailState
from participants.closing.services import ClosedAlready, enrolment_close
from participants.models import Enrolment, ProtectedAccess, UnitAssignment
from participants.providers import EndingChanged, endings
from participants.results import Closure
from placements.models import FollowUp, Placement
from placements.period import period_of
from placements.services.answers import FollowUpClosed, answer_file_by_staff
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, days_ago
from tests.placements.conftest import ask, placement_of
from vocabulary.codes import PlacementForm

TODAY = timezone.localdate


def page(enrolment, name="enrolment_close") -> str:
    return reverse(f"participants:{name}", args=[enrolment.participant.public_id])


def iso(day) -> str:
    return day.isoformat()


@pytest.fixture
def coach(client, cast):
    """The coach's browser."""
    client.force_login(cast.coach)
    return client


def typed(reason, day=None, **more) -> dict:
    return {"closure_reason": reason, "end": iso(day or TODAY()), "details_for": reason, **more}


def confirmed(browser, enrolment, data, status=200):
    """Send the form, and then what the page that asks sends."""
    asked = browser.post(page(enrolment), data)
    assert asked.status_code == status, asked.content.decode()
    hidden = re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', asked.content.decode())
    again = {}
    for name, value in hidden:
        again.setdefault(name, []).append(value)
    return asked, browser.post(page(enrolment), again | {"step": "save"})


def errors(response) -> list[str]:
    return re.findall(r"<li><a href=\"#[^\"]+\">(.*?)</a></li>", response.content.decode())


# --- What is shown before it is saved -----------------------------------------------------------------------------


def test_the_result_and_the_aftercare_are_shown_before_anything_is_saved(coach, cast):
    start = TODAY()
    asked, _done = confirmed(coach, cast.asa, typed("work", job_form="nystartsjobb", job_start=iso(start)))
    html = asked.content.decode()
    assert "Avsluta inskrivningen för Åsa Öhrström?" in html
    assert "Räknas som A, började arbeta, först den" in html
    for days in (90, 180, 365):
        assert iso(TODAY() + dt.timedelta(days=days)) in html


def test_nothing_is_saved_until_the_page_that_asks_is_sent(coach, cast):
    coach.post(page(cast.asa), typed("moved"))
    coach.post(page(cast.asa), typed("moved", step="change"))
    coach.post(page(cast.asa), typed("moved", step="result"), headers={"hx-request": "true"})
    cast.asa.refresh_from_db()
    assert cast.asa.end is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (typed("work"), "tills det är ifyllt när jobbet börjar"),
        (typed("work", job_start=iso(days_ago(40))), "vilken form jobbet har"),
        (typed("work", job_start=iso(days_ago(40)), job_form="municipal_employment"), "aldrig arbete"),
        (typed("studies", study_aid="yes"), "Räknas som B"),
        (typed("studies", study_aid="no"), "utan rätt till studiemedel"),
        (typed("studies"), "om studierna ger rätt"),
        (typed("transferred"), "Räknas som C"),
        (typed("assignment_completed"), "Räknas som D"),
        (typed("deceased"), "Räknas som E"),
        ({"end": "2026-01-01"}, ""),
        (typed("work", job_form="osa", job_start="i våras"), ""),  # nothing is told of what cannot be read
    ],
)
def test_the_sentence_follows_the_choice(coach, cast, data, words):
    response = coach.post(page(cast.asa), data | {"step": "result"}, headers={"hx-request": "true"})
    assert response.status_code == 200
    assert words in response.content.decode()
    assert "<html" not in response.content.decode()
    assert bool(response.content.decode().strip()) == bool(words)


def test_the_fields_follow_the_reason_with_and_without_script(coach, cast):
    def fields(response):
        return re.findall(r'name="(job_\w+|study_aid)"', response.content.decode())

    fragment = {"headers": {"hx-request": "true"}}
    assert set(fields(coach.post(page(cast.asa), typed("work", step="details"), **fragment))) == {
        "job_form", "job_employer", "job_start", "job_end",
    }  # fmt: skip
    assert set(fields(coach.post(page(cast.asa), typed("own_business", step="details"), **fragment))) == {
        "job_start", "job_end",
    }  # fmt: skip
    assert not fields(coach.post(page(cast.asa), typed("moved", step="details"), **fragment))
    # Without script the first sending brings the fields, with what was typed, and no complaint.
    first = coach.post(page(cast.asa), {"closure_reason": "studies", "end": iso(days_ago(3)), "details_for": ""})
    assert first.status_code == 200
    assert set(fields(first)) == {"study_aid"}
    assert iso(days_ago(3)) in first.content.decode()
    assert not errors(first)


# --- Closing ------------------------------------------------------------------------------------------------------


def test_a_closed_enrolment_says_so_everywhere(coach, cast):
    data = typed("work", job_form="nystartsjobb", job_start=iso(days_ago(40)))
    _asked, done = confirmed(coach, cast.asa, data)
    assert done.url == page(cast.asa, "file")
    row = Enrolment.objects.get(pk=cast.asa.pk)
    assert (row.end, row.closure_reason, row.job_form, row.job_start) == (
        TODAY(), "work", "nystartsjobb", days_ago(40),
    )  # fmt: skip
    assert (row.revision, row.last_activity_on) == (1, TODAY())
    assert row.events.latest("pgh_id").pgh_context["name"] == "Alma Alm"
    html = coach.get(done.url).content.decode()
    assert "Inskrivningen är avslutad. Efteruppföljning:" in html
    assert "Avslutad i dag" in html
    assert "Räknas som A, började arbeta: jobbet hade varat en månad" in html
    assert page(cast.asa) not in html
    assert "nothing is waiting" not in html


def test_the_employer_is_written_down_shown_before_it_is_saved_and_read_in_the_file(coach, cast):
    data = typed("work", job_form="nystartsjobb", job_start=iso(days_ago(40)), job_employer="  Ekbackens förskola ")
    asked, done = confirmed(coach, cast.asa, data)
    assert "Ekbackens förskola" in asked.content.decode()
    assert Enrolment.objects.get(pk=cast.asa.pk).job_employer == "Ekbackens förskola"
    assert "Ekbackens förskola" in coach.get(done.url).content.decode()
    closed = coach.get(page(cast.asa, "closure")).content.decode()
    assert 'value="Ekbackens förskola"' in closed
    assert re.search(r"Historik.*Arbetsgivare: Ekbackens förskola", closed, re.DOTALL)


def test_the_same_sent_twice_closes_once_and_something_else_is_told_that_it_is_too_late(coach, cast, client):
    data = typed("moved")
    asked = coach.post(page(cast.asa), data)
    assert asked.status_code == 200
    for _time in range(2):
        coach.post(page(cast.asa), data | {"step": "save"})
    assert Enrolment.objects.get(pk=cast.asa.pk).revision == 1
    late = coach.post(page(cast.asa), typed("deceased", step="save"), follow=True)
    assert "redan avslutad" in late.content.decode()
    assert Enrolment.objects.get(pk=cast.asa.pk).closure_reason == "moved"
    assert coach.get(page(cast.asa)).url == page(cast.asa, "closure")


def test_a_colleague_who_is_quicker_is_not_overwritten(coach, cast):
    stale = Enrolment.objects.get(pk=cast.asa.pk)
    enrolment_close(enrolment=stale, actor=cast.colleague, end=TODAY(), closure=Closure("moved"), endings=[])
    _page = coach.post(page(cast.asa), typed("deceased", step="save"))
    assert Enrolment.objects.get(pk=cast.asa.pk).closure_reason == "moved"


def test_one_who_may_only_read_is_not_offered_it(client, cast):
    client.force_login(cast.manager)
    assert page(cast.asa) not in client.get(page(cast.asa, "file")).content.decode()
    assert client.get(page(cast.asa)).status_code == 403
    assert client.post(page(cast.asa), typed("moved", step="save")).status_code == 403


def test_opening_the_page_is_a_look_at_the_file_and_sending_it_is_not_another(coach, cast):
    coach.get(page(cast.asa))
    coach.post(page(cast.asa), typed("moved"))
    looks = AccessLogEntry.objects.filter(actor=cast.coach, subject=cast.person.public_id)
    assert [look.detail["part"] for look in looks] == ["closure"]


def test_a_protected_person_is_closed_by_those_who_are_named(coach, cast):
    case = cast.protected_centrum
    assert coach.get(page(case)).status_code == 404
    assert coach.post(page(case), typed("moved", step="save")).status_code == 404
    ProtectedAccess.objects.create(participant=case.participant, user=cast.coach)
    confirmed(coach, case, typed("assignment_completed"))
    assert Enrolment.objects.get(pk=case.pk).end == TODAY()


# --- Refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closure_reason": ""}, "Välj en orsak"),
        ({"closure_reason": "holiday"}, "holiday"),
        ({"end": ""}, "Ange vilken dag"),
        ({"end": "31/3"}, "2026-03-31"),
        ({"end": iso(TODAY() + dt.timedelta(days=1))}, "framåt i tiden"),
        ({"end": iso(days_ago(61))}, "före inskrivningens början"),
        ({"job_start": "i våras"}, "2026-03-31"),
        ({"job_start": iso(days_ago(61))}, "före inskrivningens början"),
        ({"job_start": iso(TODAY() + dt.timedelta(days=400))}, "mer än ett år"),
        ({"job_start": iso(days_ago(5)), "job_end": iso(days_ago(6))}, "före den första"),
        ({"job_start": "", "job_end": iso(days_ago(6))}, "första dagen också"),
        ({"job_end": "2099-01-01"}, "tio år"),
        ({"job_form": "holiday"}, "Välj en av formerna"),
        ({"job_employer": "x" * 201}, "Skriv högst 200 tecken."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_typed_is_lost(coach, cast, change, said):
    data = typed("work", job_form="unsubsidised", job_start=iso(days_ago(10))) | change
    response = coach.post(page(cast.asa), data)
    assert response.status_code == 422
    assert re.search(said, " ".join(errors(response)))
    if "job_form" not in change and change.get("closure_reason") is None:
        assert '<option value="unsubsidised" selected>' in response.content.decode()
    assert Enrolment.objects.get(pk=cast.asa.pk).end is None


def test_a_unit_closes_on_no_day_before_it_took_over(coach, cast):
    cast.asa.assignments.update(end=days_ago(11))
    UnitAssignment.objects.create(
        enrolment=cast.asa, unit=cast.centrum, legal_basis="social_services", start=days_ago(10)
    )
    response = coach.post(page(cast.asa), typed("moved", days_ago(11)))
    assert "innan enheten tog över" in " ".join(errors(response))
    assert coach.post(page(cast.asa), typed("moved", days_ago(10))).status_code == 200


def test_an_enrolment_that_has_not_begun_cannot_be_closed(coach, cast):
    case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=TODAY() + dt.timedelta(days=7))
    assert "Inskrivningen har inte börjat" in coach.get(page(case)).content.decode()
    assert "Inskrivningen har inte börjat" in coach.post(page(case), typed("moved", step="save")).content.decode()


# --- What must be ended too ---------------------------------------------------------------------------------------


@pytest.fixture
def praktik(cast):
    return placement_of(cast.asa, start=days_ago(30))


def key(row, field="") -> str:
    kind = "placement" if isinstance(row, Placement) else "followup"
    return f"{kind}-{row.public_id}" + (f"-{field}" if field else "")


def test_a_placement_that_goes_on_is_ended_with_its_result_in_the_same_step(coach, cast, praktik):
    refused = coach.post(page(cast.asa), typed("moved"))
    assert refused.status_code == 422
    assert any("Uppnåddes syftet?" in error for error in errors(refused))
    data = typed("moved") | {key(praktik, "end"): iso(days_ago(2)), key(praktik, "result"): "partly"}
    asked, _done = confirmed(coach, cast.asa, data)
    assert "Syftet: delvis uppnått" in asked.content.decode()
    praktik.refresh_from_db()
    assert (praktik.end, praktik.result) == (days_ago(2), "partly")
    assert Enrolment.objects.get(pk=cast.asa.pk).end == TODAY()


@pytest.mark.parametrize(
    ("closed", "ended", "said"),
    [
        (5, 4, "längre än inskrivningen"),
        (0, 31, "Sista dagen kan inte vara före"),
        (40, 40, "efter inskrivningens sista dag"),
        (0, None, "Fyll i placeringens sista dag"),
    ],
)
def test_a_placement_ends_between_its_start_and_the_closure(coach, cast, praktik, closed, ended, said):
    day = "" if ended is None else iso(days_ago(ended))
    data = typed("moved", days_ago(closed)) | {key(praktik, "end"): day, key(praktik, "result"): "met"}
    response = coach.post(page(cast.asa), data)
    assert response.status_code == 422
    assert said in " ".join(errors(response))
    assert Placement.objects.get(pk=praktik.pk).end is None


def test_an_employment_may_go_on(coach, cast):
    job = PlacementFactory(enrolment=cast.asa, form=PlacementForm.MUNICIPAL_EMPLOYMENT)
    assert coach.post(page(cast.asa), typed("other")).status_code == 422
    assert coach.post(page(cast.asa), typed("other") | {key(job, "act"): "end"}).status_code == 422
    asked, _done = confirmed(coach, cast.asa, typed("other") | {key(job, "act"): "go_on", key(job, "end"): ""})
    assert "Fortsätter som överenskommet" in asked.content.decode()
    assert Placement.objects.get(pk=job.pk).end is None
    assert Enrolment.objects.get(pk=cast.asa.pk).end == TODAY()


def test_a_follow_up_to_come_is_withdrawn_with_its_link_and_the_waiting_mail(coach, cast, praktik):
    asked = ask(FollowUpFactory(placement=praktik, due=TODAY() + dt.timedelta(days=20)), cast.coach)
    late = FollowUpFactory(placement=praktik, due=days_ago(3))
    dropped = FollowUpFactory(placement=praktik, due=days_ago(9))
    done = FollowUpFactory(placement=praktik, due=days_ago(20), filed=days_ago(21))
    data = typed("moved") | {
        key(praktik, "end"): iso(TODAY()),
        key(praktik, "result"): "met",
        key(late, "act"): "keep",
        key(dropped, "act"): "withdraw",
    }
    confirmed(coach, cast.asa, data)
    rows = {row.pk: row.withdrawn_on for row in FollowUp.objects.all()}
    assert rows == {asked.followup.pk: TODAY(), late.pk: None, dropped.pk: TODAY(), done.pk: None}
    asked.link.refresh_from_db()
    assert asked.link.withdrawn_at is not None
    assert [mail.state for mail in asked.mails()] == [MailState.WITHDRAWN]


def test_what_is_planned_after_the_page_asked_is_told_before_it_is_ended(coach, cast):
    data = typed("moved")
    coach.post(page(cast.asa), data)
    FollowUpFactory(placement=None, enrolment=cast.asa, participant=cast.person, due=TODAY() + dt.timedelta(days=9))
    response = coach.post(page(cast.asa), data | {"step": "save"})
    assert "har ändrats" in response.content.decode()
    assert Enrolment.objects.get(pk=cast.asa.pk).end is None


def test_nothing_is_stored_when_something_new_goes_on(cast, praktik):
    (ending,) = endings(cast.asa, TODAY(), {key(praktik, "end"): iso(TODAY()), key(praktik, "result"): "met"})
    assert ending.form.is_valid()
    FollowUpFactory(placement=praktik, due=days_ago(1))
    with pytest.raises(EndingChanged):
        enrolment_close(enrolment=cast.asa, actor=cast.coach, end=TODAY(), closure=Closure("moved"), endings=[ending])
    assert Placement.objects.get(pk=praktik.pk).end is None
    assert Enrolment.objects.get(pk=cast.asa.pk).end is None


def test_a_placement_that_somebody_else_has_ended_is_not_ended_again(cast, praktik):
    (ending,) = endings(cast.asa, TODAY(), {key(praktik, "end"): iso(TODAY()), key(praktik, "result"): "met"})
    assert ending.form.is_valid()
    Placement.objects.filter(pk=praktik.pk).update(end=days_ago(1), result="not_met")
    with pytest.raises(EndingChanged):
        enrolment_close(enrolment=cast.asa, actor=cast.coach, end=TODAY(), closure=Closure("moved"), endings=[ending])
    assert Placement.objects.get(pk=praktik.pk).result == "not_met"


def test_an_ended_placement_is_not_asked_about(coach, cast):
    PlacementFactory(enrolment=cast.asa, end=days_ago(1))
    assert "Uppnåddes syftet?" not in coach.get(page(cast.asa)).content.decode()
    assert coach.post(page(cast.asa), typed("moved")).status_code == 200


def test_one_that_ended_after_the_last_day_of_the_case_is_asked_about(coach, cast, praktik):
    Placement.objects.filter(pk=praktik.pk).update(end=days_ago(2), result="met")
    late = {key(praktik, "end"): iso(days_ago(2)), key(praktik, "result"): "met"}
    refused = coach.post(page(cast.asa), typed("moved", days_ago(10)) | late)
    assert "längre än inskrivningen" in " ".join(errors(refused))
    data = typed("moved", days_ago(10)) | {key(praktik, "end"): iso(days_ago(10)), key(praktik, "result"): "partly"}
    confirmed(coach, cast.asa, data)
    praktik.refresh_from_db()
    assert (praktik.end, praktik.result) == (days_ago(10), "partly")


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_of_many_who_close_at_once_one_does_and_an_answer_on_its_way_is_not_lost(cast, praktik):
    """The follow-up is answered while others close: both lock the follow-up before the enrolment, so nobody waits in
    a circle, and what is stored fits together whoever comes first."""
    followup = FollowUpFactory(placement=praktik, due=days_ago(1))
    said = {"no_show": True, "going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
    start = threading.Barrier(5)

    def close(reason):
        data = {key(praktik, "end"): iso(TODAY()), key(praktik, "result"): "met", key(followup, "act"): "withdraw"}
        found = endings(cast.asa, TODAY(), data)
        assert all(ending.form.is_valid() for ending in found)
        start.wait(timeout=20)
        enrolment_close(enrolment=cast.asa, actor=cast.coach, end=TODAY(), closure=Closure(reason), endings=found)
        return reason

    def answered():
        row = FollowUp.objects.get(pk=followup.pk)
        period = period_of(row, TODAY())
        start.wait(timeout=20)
        answer_file_by_staff(followup=row, author=cast.coach, said=said, period=period, version=0)
        return "answered"

    def alone(work, *args):
        try:
            return work(*args)
        except (ClosedAlready, EndingChanged, FollowUpClosed) as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        closing = [pool.submit(alone, close, reason) for reason in ("moved", "deceased", "other", "interrupted")]
        filing = pool.submit(alone, answered)
        closed = [done.result(timeout=60) for done in closing]
        filed = filing.result(timeout=60)
    row, follow_up = Enrolment.objects.get(pk=cast.asa.pk), FollowUp.objects.get(pk=followup.pk)
    if filed == "answered":
        assert (follow_up.filed, follow_up.withdrawn_on) == (TODAY(), None)
        assert row.end is None  # what the page had told was no longer so
    else:
        assert (follow_up.filed, follow_up.withdrawn_on) == (None, TODAY())
        assert [row.closure_reason] == [reason for reason in closed if isinstance(reason, str)]
