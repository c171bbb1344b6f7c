"""The coach's side of a follow-up: planned, sent, corrected, withdrawn, answered after a call, read."""

import hashlib
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delivery.models import Mail
from delivery.states import MailState
from exchange.services import register_export, register_load
from participants.models import Participant
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, Placement, Supervisor
from placements.services import supervisors
from placements.services.links import link_send
from placements.services.supervisors import placement_choose_supervisor
from tests.factories import FollowUpFactory, PlacementFactory, SupervisorFactory, WorkplaceFactory, days_ago
from tests.placements.conftest import GOOD, LINK, ask, placement_of, written
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def part(enrolment) -> str:
    return reverse("participants:part", args=[enrolment.participant.public_id, "placeringar"])


def fail(mail: Mail, state=MailState.FAILED) -> None:
    """As the outbox leaves a mail that could not be sent, or perhaps was."""
    handed = timezone.now() if state == MailState.UNCERTAIN else None
    Mail.objects.filter(pk=mail.pk).update(state=state, error="Adressen finns inte.", handing_over_at=handed)


def sent(mail: Mail) -> None:
    now = timezone.now()
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, handing_over_at=now, sent_at=now)


def send(client, asked, **data):
    return client.post(asked.coach_page("link_send"), data, follow=True)


# --- Planning -----------------------------------------------------------------------------------------------------


def plan(client, of, **fields):
    person = of.enrolment.participant
    data = {
        "placement": of.public_id,
        "kind": "three_party_meeting",
        "due": days_ago(-7).isoformat(),
        "token": uuid.uuid4(),
    }
    return client.post(reverse("placements:followup_plan", args=[person.public_id]), data | fields, follow=True)


def test_a_follow_up_is_planned_once_however_often_the_form_is_sent(coach, cast):
    placement = placement_of(cast.asa)
    token = uuid.uuid4()
    for _time in range(2):
        page = plan(coach, placement, token=token)
    assert "Skicka länken" in text(page)
    followup = FollowUp.objects.get()
    assert (followup.participant, followup.enrolment, followup.placement) == (cast.person, cast.asa, placement)
    assert (followup.planned_by, followup.planned_by_name) == (cast.coach, "Alma Alm")
    assert "Trepartssamtal" in text(coach.get(part(cast.asa)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"due": days_ago(31).isoformat()}, "Placeringen börjar"),
        ({"due": "2126-01-01"}, "mer än tre år fram"),
        ({"due": "i morgon"}, "Skriv dagen som"),
        ({"due": ""}, "Ange vilken dag"),
        ({"kind": "plan_review"}, "plan_review"),
        ({"placement": ""}, "Välj en placering"),
        ({"placement": "0"}, "finns inte"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_beside_its_field(coach, cast, wrong, words):
    response = plan(coach, PlacementFactory(enrolment=cast.asa, start=days_ago(30)), **wrong)
    assert response.status_code == 422
    assert words in text(response)
    assert not FollowUp.objects.exists()


def test_a_follow_up_is_planned_only_of_the_participants_own_placement(coach, cast):
    theirs = PlacementFactory(enrolment=cast.bertil)
    url = reverse("placements:followup_plan", args=[cast.person.public_id])
    data = {"placement": theirs.public_id, "kind": "placement_mid", "due": days_ago(0), "token": uuid.uuid4()}
    PlacementFactory(enrolment=cast.asa)
    assert coach.post(url, data).status_code == 422
    assert str(theirs.public_id) not in coach.get(url).content.decode()


# --- The link -----------------------------------------------------------------------------------------------------


def test_the_mail_names_nobody_who_is_helped_and_leads_to_the_page(coach, asked, cast):
    (mail,) = asked.mails()
    assert (mail.recipient, mail.requested_by) == (asked.supervisor.email, cast.coach)
    message = written(mail)
    assert message.subject == "Uppföljning på arbetsplatsen: två minuter"
    everything = message.subject + message.body
    for secret in ("Åsa", "Öhrström", "Jobbcenter", "Centrum", "Ekbacken", "praktik", "försörjning"):
        assert secret.lower() not in everything.lower()
    assert cast.coach.email in message.body
    assert LINK.search(message.body)[1] == asked.link.token
    assert not re.search(r"&\w+;|<", message.body)


def test_the_mail_row_and_the_link_row_hold_no_token(asked):
    (mail,) = asked.mails()
    assert mail.params == {}
    assert asked.link.token_hash == hashlib.sha256(asked.link.token.encode()).hexdigest()
    assert asked.link.token not in str(vars(mail)) + str(vars(asked.link))


def test_a_secret_key_that_was_changed_makes_a_new_token_and_keeps_those_that_are_out(client, asked, settings):
    out = asked.page
    settings.SECRET_KEY = "another"
    assert client.get(out).status_code == 200  # found by its hash
    address = LINK.search(written(asked.mails()[0]).body).group()
    assert address != out
    assert client.get(address).status_code == 200
    assert client.get(out).status_code == 404


@pytest.mark.parametrize("change", ["filed", "withdrawn_on"])
def test_no_mail_goes_out_for_what_is_filed_or_withdrawn(asked, change):
    FollowUp.objects.filter(pk=asked.followup.pk).update(**{change: days_ago(0)})
    assert written(asked.mails()[0]) is None


def test_no_mail_goes_to_an_address_that_was_corrected(asked):
    Supervisor.objects.update(email="new@koket.example")
    assert written(asked.mails()[0]) is None


def test_answering_withdraws_the_mail_that_waits(client, asked):
    client.post(asked.page, GOOD)
    assert [mail.state for mail in asked.mails()] == [MailState.WITHDRAWN]


def test_a_form_sent_twice_mails_once(coach, asked):
    send(coach, asked, seen="")
    (mail,) = asked.mails()
    sent(mail)
    send(coach, asked, seen="")  # a page from before the first mail
    assert len(asked.mails()) == 1
    for _time in range(2):
        page = send(coach, asked, seen=str(mail.public_id))
    assert len(asked.mails()) == 2
    assert "På väg" in text(page)
    assert FollowUpLink.objects.count() == 1  # the same link again


@pytest.mark.parametrize(
    ("state", "words"),
    [(MailState.FAILED, "Kunde inte skickas"), (MailState.UNCERTAIN, "Osäkert om det kom fram")],
)
def test_a_mail_that_did_not_arrive_is_said_with_its_reason_and_sent_again(coach, asked, state, words):
    (mail,) = asked.mails()
    fail(mail, state)
    page = text(coach.get(asked.coach_page()))
    assert words in page
    assert "Adressen finns inte." in page
    assert words in text(coach.get(part(asked.followup.enrolment)))
    for _time in range(2):
        send(coach, asked, seen=str(mail.public_id))
    first, again = asked.mails()
    assert (again.resend_of, again.reference) == (first, asked.link.public_id)


def test_correcting_the_address_ends_the_old_link_and_sends_another(coach, client, asked):
    (mail,) = asked.mails()
    fail(mail)
    old = asked.page
    data = {"name": "Lena Holm", "email": "lena@koket.example", "phone": ""}
    page = text(coach.post(asked.coach_page("supervisor_correct"), data, follow=True))
    assert "en ny är på väg" in page
    assert client.get(old).status_code == 404
    new = asked.mails()[-1]
    assert new.recipient == "lena@koket.example"
    assert client.get(LINK.search(written(new).body).group()).status_code == 200


def test_correcting_only_the_name_leaves_the_link_alone(coach, client, asked):
    data = {"name": "Lena Holmgren", "email": asked.supervisor.email, "phone": "070-1740605"}
    coach.post(asked.coach_page("supervisor_correct"), data)
    assert client.get(asked.page).status_code == 200
    assert len(asked.mails()) == 1
    assert Supervisor.objects.get().name == "Lena Holmgren"


def test_correcting_an_address_never_leads_another_units_links_elsewhere(coach, asked, cast):
    elsewhere = PlacementFactory(
        enrolment=cast.ciwan, workplace=asked.placement.workplace, supervisor=asked.supervisor
    )
    theirs = ask(FollowUpFactory(placement=elsewhere), cast.outsider)
    data = {"name": "Någon", "email": "someone@else.example", "phone": ""}
    coach.post(asked.coach_page("supervisor_correct"), data)
    assert Placement.objects.get(pk=elsewhere.pk).supervisor == asked.supervisor
    assert Supervisor.objects.get(pk=asked.supervisor.pk).email != "someone@else.example"
    assert [mail.recipient for mail in theirs.mails()] == [asked.supervisor.email]
    assert written(theirs.mails()[0])
    assert asked.mails()[-1].recipient == "someone@else.example"


@pytest.mark.parametrize("data", [{"name": "", "email": "a@b.se"}, {"name": "Kim", "email": "kim"}, {}])
def test_a_supervisor_without_a_name_or_an_address_is_refused(coach, asked, data):
    for name in ("supervisor_choose", "supervisor_correct"):
        assert coach.post(asked.coach_page(name), data).status_code == 422
    assert Supervisor.objects.count() == 1


def test_another_supervisor_of_the_workplace_is_chosen_and_no_stranger(coach, asked):
    other = SupervisorFactory(workplace=asked.placement.workplace, name="Kim Ek")
    stranger = SupervisorFactory(name="Okänd")
    url = asked.coach_page("supervisor_choose")
    assert "Okänd" not in text(coach.get(url))
    assert coach.post(url, {"choose": "1", "supervisor": stranger.public_id}).status_code == 422
    coach.post(url, {"choose": "1", "supervisor": other.public_id})
    assert Placement.objects.get(pk=asked.placement.pk).supervisor == other
    assert asked.mails()[-1].recipient == other.email


@pytest.mark.parametrize("gone", [{"left_on": days_ago(0)}, {"workplace": None}])
def test_who_leaves_or_moves_while_the_page_is_open_is_not_chosen(coach, asked, monkeypatch, gone):
    other = SupervisorFactory(workplace=asked.placement.workplace, name="Kim Ek")
    gone = {name: value or WorkplaceFactory() for name, value in gone.items()}
    choose = supervisors.placement_choose_supervisor

    def too_late(**given):
        Supervisor.objects.filter(pk=other.pk).update(**gone)
        return choose(**given)

    monkeypatch.setattr(supervisors, "placement_choose_supervisor", too_late)
    answer = coach.post(asked.coach_page("supervisor_choose"), {"choose": "1", "supervisor": other.public_id})
    assert "Kim Ek har slutat. Välj någon annan." in text(answer)
    assert Placement.objects.get(pk=asked.placement.pk).supervisor == asked.supervisor


def test_a_supervisor_who_is_entered_twice_is_one_and_gets_one_link(coach, asked):
    data = {"name": "Kim Ek", "email": "kim@koket.example", "phone": ""}
    for _time in range(2):
        coach.post(asked.coach_page("supervisor_choose"), data)
    assert Supervisor.objects.filter(name="Kim Ek").count() == 1
    assert [mail.recipient for mail in asked.mails()] == [asked.supervisor.email, "kim@koket.example"]


@pytest.mark.django_db(transaction=True)
def test_a_link_that_is_sent_while_the_supervisor_is_changed_waits_and_never_locks_up(cast):
    """The one holds the follow-up and writes about its placement, the other holds the placement and waits for the
    follow-up."""
    placement = placement_of(cast.asa)
    other = SupervisorFactory(workplace=placement.workplace)
    followup = FollowUpFactory(placement=placement)

    def change():
        try:
            placement_choose_supervisor(placement=placement, supervisor=other, actor=cast.coach)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            FollowUp.objects.select_for_update(of=("self",)).get(pk=followup.pk)
            changing = thread.submit(change)
            deadline = time.monotonic() + 20
            while not somebody_waits_for_a_lock():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            link_send(followup=followup, actor=cast.coach, seen="")
        changing.result(timeout=10)
    assert [mail.recipient for mail in Mail.objects.order_by("pk")][-1] == other.email


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_withdrawing_asks_first_and_ends_link_and_mail(coach, client, asked):
    url = asked.coach_page("followup_withdraw")
    assert "Återkalla uppföljningen" in text(coach.get(url))
    assert asked.fresh().withdrawn_on is None
    assert "är återkallad" in text(coach.post(url, follow=True))
    assert asked.fresh().withdrawn_on == timezone.localdate()
    assert [mail.state for mail in asked.mails()] == [MailState.WITHDRAWN]
    send(coach, asked, seen="")
    assert len(asked.mails()) == 1


def test_what_has_been_answered_cannot_be_withdrawn(coach, client, asked):
    client.post(asked.page, GOOD)
    assert coach.get(asked.coach_page("followup_withdraw")).url == asked.coach_page()  # not even asked
    assert "kan därför inte återkallas" in text(coach.post(asked.coach_page("followup_withdraw"), follow=True))
    assert asked.fresh().withdrawn_on is None


def test_a_withdrawn_link_leaves_the_follow_up_to_be_answered(coach, client, asked):
    old = asked.page
    coach.post(asked.coach_page("link_withdraw"))
    assert client.get(old).status_code == 404
    assert asked.fresh().is_open
    page = send(coach, asked, seen=str(asked.mails()[-1].public_id))
    assert "På väg" in text(page)
    assert FollowUpLink.objects.count() == 2


def test_withdrawn_follow_ups_are_late_nowhere_and_not_exported(coach, asked, cast, tmp_path):
    FollowUpFactory(placement=asked.placement, due=days_ago(20), filed=days_ago(20))
    coach.post(asked.coach_page("followup_withdraw"))
    assert "Återkallad" in text(coach.get(part(cast.asa)))
    overview = text(coach.get(reverse("participants:file", args=[cast.person.public_id])))
    assert "skulle vara" not in overview
    assert "Uppföljning inte inlämnad" not in overview
    register_export(folder=tmp_path, source="test")
    rows = (tmp_path / "followups.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2
    assert days_ago(20).isoformat() in rows[1]


# --- The answer ---------------------------------------------------------------------------------------------------


def test_the_answer_is_read_marked_and_told_in_the_file(coach, client, asked, cast):
    client.post(asked.page, GOOD)
    overview = reverse("participants:file", args=[cast.person.public_id])
    assert "Läs vad Lena Holm har svarat." in text(coach.get(overview))
    assert "Svar att läsa" in text(coach.get(part(cast.asa)))
    page = coach.get(asked.coach_page())
    assert "42,5 timmar" in text(page)
    assert "Läst av Alma Alm" in text(coach.post(asked.coach_page("answer_read"), {"version": "1"}, follow=True))
    story = text(coach.get(overview))
    assert "Läs vad" not in story
    assert "Bra. 42,5 timmar." in story
    assert "Fler dagar i veckan." in story


def test_an_answer_that_was_changed_meanwhile_is_not_marked_as_read(coach, client, asked):
    client.post(asked.page, GOOD)
    client.post(asked.page, GOOD | {"going": "not_well", "version": "1"})
    page = text(coach.post(asked.coach_page("answer_read"), {"version": "1"}, follow=True))
    assert "har ändrat svaret under tiden" in page
    assert FollowUpAnswer.objects.get().read_at is None


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "-1", "²"])
def test_marking_as_read_takes_no_nonsense(coach, client, asked, version):
    client.post(asked.page, GOOD)
    assert coach.post(asked.coach_page("answer_read"), {"version": version}).status_code == 302
    assert FollowUpAnswer.objects.get().read_at is None


def test_staff_write_down_a_call_and_mend_it_the_same_day(coach, asked, cast):
    url = asked.coach_page("answer_file")
    assert coach.post(url, GOOD | {"hours": "många"}).status_code == 422
    assert "Inskrivet av Alma Alm" in text(coach.post(url, GOOD, follow=True))
    coach.post(url, GOOD | {"going": "mixed", "version": "1"})
    answer = FollowUpAnswer.objects.get()
    assert (answer.author, answer.supervisor, answer.going, answer.is_read) == (cast.coach, None, "mixed", True)
    conflict = coach.post(url, GOOD | {"needs": "Skor", "version": "1"})
    assert conflict.status_code == 409
    assert "Skor" in conflict.content.decode()
    FollowUpAnswer.objects.update(filed_at=timezone.now() - timezone.timedelta(days=2))
    coach.post(url, GOOD | {"going": "not_well", "version": "2"})
    assert FollowUpAnswer.objects.get().going == "mixed"


def test_staff_never_change_what_a_supervisor_has_said(coach, client, asked):
    form = coach.get(asked.coach_page("answer_file"))
    assert form.status_code == 200
    client.post(asked.page, GOOD)
    coach.post(asked.coach_page("answer_file"), GOOD | {"going": "not_well", "version": "1"})
    assert FollowUpAnswer.objects.get().going == "well"


def test_nobody_sees_a_follow_up_of_another_file_or_of_somebody_protected(client, asked, cast):
    hidden = FollowUpFactory(placement=placement_of(cast.protected_centrum))
    client.force_login(cast.coach)
    person = cast.protected_centrum.participant
    for address in (
        reverse("placements:followup", args=[person.public_id, hidden.public_id]),
        reverse("placements:followup", args=[cast.person.public_id, hidden.public_id]),
        reverse("placements:followup", args=[cast.bertil.participant.public_id, asked.followup.public_id]),
    ):
        assert client.get(address).status_code == 404
    for rows in (FollowUp.objects, FollowUpLink.objects, FollowUpAnswer.objects):
        assert not rows.visible_to(cast.analyst).exists()
    assert list(FollowUp.objects.visible_to(cast.coach)) == [asked.followup]
    person.protection = Protection.NONE
    person.save()
    assert hidden in FollowUp.objects.visible_to(cast.coach)


def test_the_part_asks_as_much_for_many_follow_ups_as_for_one(coach, asked, cast):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            coach.get(part(cast.asa))
        return len(captured)

    one = queries()
    for number in range(20):
        ask(FollowUpFactory(placement=asked.placement, due=days_ago(number)), cast.coach)
    assert queries() == one


def test_a_register_that_has_not_heard_of_an_answer_does_not_take_it_away(coach, client, asked, cast, tmp_path):
    Participant.objects.update(identity_number=None)  # the factories' numbers belong to nobody, and are refused
    register_export(folder=tmp_path, source="test")
    client.post(asked.page, GOOD)
    for _time in range(2):
        report = register_load(path=tmp_path, source="test")
        assert report.stored, report.errors
        assert asked.fresh().filed == timezone.localdate()
        assert report.files["followups.csv"].updated == 0
