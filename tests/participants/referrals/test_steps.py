"""What is done with a referral: every step, every refusal, out of order, undone, and two at once."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from participants.models import Enrolment, Participant, ReferralStep
from participants.referrals.states import ACTS, ALLOWED
from tests.beside import wait_until_somebody_waits
from tests.factories import days_ago
from tests.participants.referrals.pages import act, page_of, referral_of
from vocabulary.codes import ReferralState as State
from vocabulary.codes import TargetGroup

pytestmark = pytest.mark.django_db

FACTS = {
    State.RECEIVED: {},
    State.ASSESSING: {"assessing_since": days_ago(3)},
    State.ACCEPTED: {"decision": "accepted", "decided_on": days_ago(2)},
    State.RETURNED: {"decision": "returned", "decided_on": days_ago(2)},
    State.DECLINED: {"decision": "declined", "decided_on": days_ago(2)},
    State.WITHDRAWN: {"decision": "withdrawn", "decided_on": days_ago(2)},
}


@pytest.mark.parametrize("a", ACTS, ids=lambda each: each.slug)
@pytest.mark.parametrize("before", State.values)
def test_every_step_from_every_state(cast, before, a):
    """What the table allows is done and told; what it does not is refused, and nothing changes."""
    before = State(before)
    referral = referral_of(cast, **FACTS[before])
    page = act(cast.coach, referral, a.slug)
    typed = {"day": timezone.localdate().isoformat(), "seen": before, "reason": "Komplettera beställningen."}
    html = page.send(**typed)
    referral.refresh_from_db()
    if a.state in ALLOWED[before]:
        assert referral.state == a.state
        step = referral.steps.get()
        assert (step.state, step.by_name, step.day) == (a.state, "Alma Alm", timezone.localdate())
        assert step.reason == ("Komplettera beställningen." if a.needs_reason else "")
        assert step.reason in html
    else:
        assert referral.state == before
        assert referral.steps.count() == 0
        if a.state != before:
            assert "Anvisningen har ändrats under tiden. Ingenting sparades." in html


@pytest.mark.parametrize("slug", ["returnera", "avboj", "aterkalla"])
def test_a_no_needs_a_reason(cast, slug):
    referral = referral_of(cast)
    page = act(cast.coach, referral, slug)
    html = page.send(422)
    assert "Skriv varför." in html
    page.send(reason="Personen har flyttat.")
    assert referral.steps.get().reason == "Personen har flyttat."
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferralStep.objects.update(reason="")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (days_ago(-1), "Dagen har inte varit ännu."),
        (days_ago(13), "Det är före det som gjordes den"),
        ("i går", "Skriv dagen som 2026-03-31."),
        ("", "Ange vilken dag."),
    ],
)
def test_the_day_of_a_step_lies_between_the_one_before_and_today(cast, day, told):
    referral = referral_of(cast)
    html = act(cast.coach, referral, "ta-emot").send(422, day=str(day))
    assert told in html
    referral.refresh_from_db()
    assert referral.state == State.RECEIVED


def test_a_step_taken_some_days_ago_gives_the_lead_time(cast):
    referral = referral_of(cast)
    html = act(cast.coach, referral, "ta-emot").send(day=days_ago(4).isoformat())
    assert "8 dagar från att anvisningen kom till beslut." in html


def test_assessment_begins_with_one_click_and_a_second_changes_nothing(cast):
    referral = referral_of(cast)
    page = page_of(cast.coach, referral)
    where = reverse("referrals:act", args=[referral.public_id, "bedom"])
    assert f'action="{where}"' in page.html
    for _twice in range(2):
        page.where = where
        html = page.send(day=timezone.localdate().isoformat(), seen="received")
        assert "Anvisningen är under bedömning." in html
    assert referral.steps.count() == 1


def test_who_is_taken_before_others_needs_a_reason_that_the_manager_sees(cast):
    referral_of(cast, received=days_ago(20))
    later = referral_of(cast, target_group=TargetGroup.PREVENTIVE, received=days_ago(30))
    page = act(cast.coach, later, "bedom")
    assert "Varför före de andra?" in page.html
    assert "Skriv varför personen tas före andra." in page.send(422)
    page.send(out_of_order="Har en plats som börjar på måndag.")
    step = later.steps.get()
    assert (step.out_of_order, step.reason) == ("Har en plats som börjar på måndag.", "")
    html = page_of(cast.manager, later).html
    assert "Tagen före sin tur" in html
    assert "Har en plats som börjar på måndag." in html


def test_one_click_is_asked_why_and_told_of_no_mistake(cast):
    referral_of(cast, received=days_ago(20))
    page = page_of(cast.coach, referral_of(cast, received=days_ago(9)))
    page.where = page.where + "bedom/"
    html = page.send(422, day=f"{days_ago(2)}", seen="received")
    assert "Varför före de andra?" in html
    assert "Något behöver rättas" not in html
    assert f'value="{days_ago(2)}"' in html


@pytest.mark.parametrize("slug", ["returnera", "avboj", "aterkalla"])
def test_a_no_is_out_of_no_order(cast, slug):
    referral_of(cast, received=days_ago(20))
    assert "Varför före de andra?" not in act(cast.coach, referral_of(cast), slug).html


def test_the_order_is_that_of_the_unit_and_of_whom_the_user_may_see(cast):
    referral_of(cast, received=days_ago(20), unit=cast.norr)
    referral_of(cast, received=days_ago(20), participant=cast.protected_centrum.participant)
    referral_of(cast, received=days_ago(20), assessing_since=days_ago(1))
    referral = referral_of(cast)
    act(cast.coach, referral, "bedom").send()
    assert referral.steps.get().out_of_order == ""


def test_somebody_who_came_before_while_the_page_was_open_is_asked_about(cast):
    referral = referral_of(cast)
    page = act(cast.coach, referral, "ta-emot")
    referral_of(cast, received=days_ago(20))
    assert "Varför före de andra?" in page.send(422)


def test_a_referral_of_nobody_known_is_not_accepted(cast):
    referral = referral_of(cast, participant=None)
    page = act(cast.coach, referral, "ta-emot")
    assert "Skriv först vem det är." in page.html
    html = page.send(day=timezone.localdate().isoformat(), seen="received")
    assert "Skriv först vem det är. Sedan kan anvisningen tas emot." in html
    page = page_of(cast.coach, referral, "person")
    html = page.send(**{"person-given_name": "Nadja", "person-family_name": "Novak", "person-birth_year": "2001"})
    assert "Nu är det registrerat vem det är." in html
    referral.refresh_from_db()
    assert referral.participant.full_name == "Nadja Novak"
    page.send(**{"person-given_name": "Nadja", "person-family_name": "Novak", "person-birth_year": "2001"})
    other = page_of(cast.colleague, referral, "person")
    assert other.html == ""  # led to the referral
    act(cast.coach, referral, "ta-emot").send()
    referral.refresh_from_db()
    assert referral.state == State.ACCEPTED


@pytest.mark.deep
@pytest.mark.beside
@pytest.mark.django_db(transaction=True)
def test_who_it_is_told_twice_at_the_same_moment_makes_one_person(cast, beside):
    referral = referral_of(cast, participant=None)
    page = page_of(cast.coach, referral, "person")
    typed = page.typed | {"person-given_name": "Nadja", "person-birth_year": "2001"}
    with transaction.atomic():
        first = page.client.post(page.where, typed)
        answer = beside(page.client.post, page.where, typed)
        wait_until_somebody_waits()
    assert (first.status_code, answer.result(timeout=20).status_code) == (302, 302)
    assert Participant.objects.filter(given_name="Nadja").count() == 1


def test_who_writes_who_it_is_after_somebody_else_did_is_told_so(cast):
    referral = referral_of(cast, participant=None)
    page = page_of(cast.coach, referral, "person")
    page_of(cast.colleague, referral, "person").send(**{"person-given_name": "Nadja", "person-birth_year": "2001"})
    html = page.send(**{"person-given_name": "Nora", "person-birth_year": "1999"})
    assert "Det är redan registrerat vem det är." in html
    referral.refresh_from_db()
    assert referral.participant.given_name == "Nadja"


# --- Undone -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "back"),
    [
        (["bedom"], State.RECEIVED),
        (["ta-emot"], State.RECEIVED),
        (["bedom", "ta-emot"], State.ASSESSING),
        (["bedom", "returnera"], State.ASSESSING),
        (["avboj"], State.RECEIVED),
        (["ta-emot", "aterkalla"], State.ACCEPTED),
    ],
)
def test_a_wrong_step_is_undone_with_a_reason_and_both_stay(cast, way, back):
    referral = referral_of(cast)
    for slug in way:
        act(cast.coach, referral, slug).send(reason="Så var det.")
    page = page_of(cast.coach, referral, "undo")
    assert "Skriv varför det var fel." in page.send(422)
    html = page.send(reason="Fel person.")
    referral.refresh_from_db()
    assert referral.state == back
    assert "Fel person." in html
    assert "Ångrat:" in html
    assert referral.steps.count() == len(way) + 1
    # What is undone can be undone to the beginning, and never further.
    while referral.state != State.RECEIVED:
        page_of(cast.coach, referral, "undo").send(reason="Också fel.")
        referral.refresh_from_db()
    html = page.client.get(page.where, follow=True).content.decode()
    assert "Det finns inget att ångra" in html


def test_a_decision_that_came_with_a_register_is_undone_to_the_queue(cast):
    referral = referral_of(cast, decision="declined")
    page_of(cast.coach, referral, "undo").send(reason="Det var inte så.")
    referral.refresh_from_db()
    assert referral.state == State.RECEIVED


def test_once_somebody_is_enrolled_by_it_nothing_is_undone_nor_done(cast):
    referral = referral_of(cast, participant=cast.person, **FACTS[State.ACCEPTED])
    Enrolment.objects.filter(pk=cast.asa.pk).update(referral=referral)
    html = page_of(cast.coach, referral).html
    assert "Inskriven den" in html
    assert "Ångra det senaste steget" not in html
    for page in (page_of(cast.coach, referral, "undo"), act(cast.coach, referral, "aterkalla")):
        assert "Ingenting sparades" in page.send(reason="Nej.", seen="accepted")
    referral.refresh_from_db()
    assert referral.state == State.ACCEPTED


def test_who_was_slower_is_told_and_changes_nothing(cast):
    referral = referral_of(cast)
    mine, theirs = act(cast.coach, referral, "avboj"), act(cast.colleague, referral, "ta-emot")
    theirs.send()
    assert "Anvisningen har ändrats under tiden." in mine.send(reason="Nej.")
    undo = page_of(cast.coach, referral, "undo")
    page_of(cast.colleague, referral, "undo").send(reason="Fel.")
    assert "Det finns inget att ångra" in undo.send(reason="Fel.")
    assert [step.state for step in referral.steps.all()] == ["accepted", "received"]


# --- Who sees it --------------------------------------------------------------------------------------------------


def test_a_look_is_written_down_at_the_person_and_so_is_a_denied_one(cast, client):
    referral = referral_of(cast)
    page_of(cast.coach, referral)
    client.force_login(cast.outsider)
    assert client.get(referral.get_absolute_url()).status_code == 404
    looks = AccessLogEntry.objects.filter(subject=referral.participant.public_id).order_by("pk")
    assert [(look.actor_name, look.act) for look in looks] == [("Alma Alm", "opened"), ("Cecilia Carlsson", "denied")]
    assert looks[0].detail == {"units": ["CENTRUM"], "part": "referral"}


def test_a_look_at_nobody_known_is_written_down_at_the_referral(cast, client):
    referral = referral_of(cast, participant=None)
    page_of(cast.coach, referral)
    assert AccessLogEntry.objects.get(subject=referral.public_id).subject_kind == "referral"
    client.force_login(cast.coach)
    assert client.get("/anvisningar/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_another_step_than_those_there_are_is_not_found(cast, client):
    client.force_login(cast.coach)
    where = reverse("referrals:act", args=[referral_of(cast).public_id, "glom"])
    assert client.get(where).status_code == 404


def test_the_page_tells_of_the_persons_other_referrals_in_the_unit_only(cast):
    referral = referral_of(cast)
    referral_of(cast, participant=referral.participant, source="employment_service")
    referral_of(cast, participant=referral.participant, source="insurance_agency", unit=cast.norr)
    html = page_of(cast.coach, referral).html
    assert "Det finns en annan anvisning av samma person, från Arbetsförmedlingen" in html
    assert "Försäkringskassan" not in html
