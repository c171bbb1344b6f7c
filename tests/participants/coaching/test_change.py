"""One participant to another job coach: in the file, and by case number when protected."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry, Role
from participants.coaching.services import CannotBeCoach, CoachChanged, coach_assign
from participants.models import Handover, ProtectedAccess
from tests.factories import EnrolmentFactory, UserFactory, days_ago


def address(enrolment) -> str:
    return reverse("participants:coach_change", args=[enrolment.participant.public_id])


def filled(to, now=None, **more) -> dict:
    return {"coach": to.public_id, "seen": now.public_id if now else ""} | more


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def test_a_coach_hands_a_participant_over_with_a_note(client, coach, cast):
    file = reverse("participants:file", args=[cast.person.public_id])
    assert address(cast.asa) in coach.get(file).content.decode()
    page = coach.get(address(cast.asa)).content.decode()
    assert "Åsa Öhrström har Alma Alm i dag." in page
    assert re.findall(r"<option value=\"[^\"]+\">([^<]+)</option>", page) == [
        "Bo Berg (1 deltagare)", "David Dahl (0 deltagare)"
    ]  # fmt: skip
    note = "Vi har kommit överens om ett studiebesök."
    response = coach.post(address(cast.asa), filled(cast.colleague, cast.coach, note=note), follow=True)
    html = response.content.decode()
    assert "Bo Berg är jobbcoach från och med nu" in html
    assert "Överlämnad från Alma Alm till Bo Berg" in html
    assert note in html
    cast.asa.refresh_from_db()
    assert (cast.asa.coach, cast.asa.revision) == (cast.colleague, 1)
    row = Handover.objects.get()
    assert (row.from_coach, row.to_coach, row.by_name, row.note) == (cast.coach, cast.colleague, "Alma Alm", note)
    client.force_login(cast.colleague)
    assert "Från Alma Alm. " + note in client.get(reverse("day:day")).content.decode()


def test_sent_twice_it_is_done_once(coach, cast):
    for _time in range(2):
        assert coach.post(address(cast.asa), filled(cast.colleague, cast.coach)).status_code == 302
    assert Handover.objects.count() == 1


def test_who_has_had_no_coach_becomes_somebodys(coach, cast):
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=None)
    assert "har ingen jobbcoach i dag" in coach.get(address(cast.asa)).content.decode()
    html = coach.post(address(cast.asa), filled(cast.colleague), follow=True).content.decode()
    assert "Bo Berg blev jobbcoach" in html
    assert Handover.objects.get().from_name == ""


def test_two_who_change_at_once_are_told_and_what_was_typed_stays(coach, cast):
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=cast.coordinator)
    data = filled(cast.colleague, cast.coach, note="Ring efter tre.")
    response = coach.post(address(cast.asa), data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "nu är David Dahl jobbcoach" in html
    assert "Ring efter tre." in html
    seen = re.search(r'name="seen" value="([^"]*)"', html)[1]
    assert coach.post(address(cast.asa), data | {"seen": seen}).status_code == 302
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=None)
    response = coach.post(address(cast.asa), filled(cast.coach, cast.colleague))
    assert "nu finns ingen jobbcoach" in response.content.decode()


@pytest.mark.parametrize("seen", ["coach", "colleague"])
def test_a_note_to_who_has_the_participant_already_is_not_lost(coach, cast, seen):
    """Another has given the participant to the same coach meanwhile, before or after the page was shown."""
    coach_assign(enrolment=cast.asa, from_coach=cast.coach, to=cast.colleague, note="Kort.", actor=cast.manager)
    response = coach.post(address(cast.asa), filled(cast.colleague, cast.users[seen], note="Ring efter tre."))
    html = response.content.decode()
    assert response.status_code == 409
    assert "Bo Berg är redan jobbcoach. Det du skrev är inte sparat: skriv det i journalen." in html
    assert "Ring efter tre." in html
    assert Handover.objects.count() == 1


def test_a_note_that_is_sent_twice_stands_once(coach, cast):
    for _time in range(2):
        data = filled(cast.colleague, cast.coach, note=" Ring efter tre. ")
        assert coach.post(address(cast.asa), data).status_code == 302
    assert Handover.objects.get().note == "Ring efter tre."


@pytest.mark.parametrize(
    ("data", "said"),
    [({"coach": ""}, "Välj vem som tar över."), ({"note": "x" * 2001}, "2000"), ({"coach": "strunt"}, "strunt")],
)
def test_what_cannot_be_is_refused_beside_its_field(coach, cast, data, said):
    response = coach.post(address(cast.asa), filled(cast.colleague, cast.coach) | data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Handover.objects.exists()


def test_only_who_works_in_the_unit_takes_over(coach, cast):
    everywhere = UserFactory(given_name="Ove", family_name="Allt", role=Role.JOB_COACH)
    left = UserFactory(given_name="Per", family_name="Bort", role=Role.JOB_COACH, unit=cast.centrum, is_active=False)
    page = coach.get(address(cast.asa)).content.decode()
    assert "Ove Allt" in page
    for nobody in (cast.outsider, cast.manager, left):
        assert nobody.full_name not in page
        assert coach.post(address(cast.asa), filled(nobody, cast.coach)).status_code == 422
        with pytest.raises(CannotBeCoach):
            coach_assign(enrolment=cast.asa, from_coach=cast.coach, to=nobody, note="", actor=cast.manager)
    assert coach_assign(enrolment=cast.asa, from_coach=cast.coach, to=everywhere, note="", actor=cast.manager)


def test_somebody_who_has_left_meanwhile_is_told_of(coach, cast, monkeypatch):
    def gone(**_):
        raise CannotBeCoach(cast.colleague)

    monkeypatch.setattr("participants.coaching.views.coach_assign", gone)
    response = coach.post(address(cast.asa), filled(cast.colleague, cast.coach))
    assert response.status_code == 409
    assert "Bo Berg arbetar inte längre på enheten." in response.content.decode()


def test_a_closed_case_needs_a_coach_as_long_as_the_aftercare_asks(cast):
    def hand(**fields):
        case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(900), **fields)
        return coach_assign(
            enrolment=case, from_coach=cast.coach, to=cast.colleague, note="", actor=cast.manager
        )  # fmt: skip

    assert hand(end=days_ago(100), closure_reason="studies")
    for fields in ({"closure_reason": "moved", "end": days_ago(1)}, {"closure_reason": "work", "end": days_ago(460)}):
        with pytest.raises(CoachChanged):
            hand(**fields)


def test_a_look_is_written_down_and_a_change_is_in_the_history(coach, cast):
    coach.get(address(cast.asa))
    log = AccessLogEntry.objects.get(act="opened")
    assert (log.subject, log.detail["part"]) == (cast.person.public_id, "coach")
    coach.post(address(cast.asa), filled(cast.colleague, cast.coach))
    assert cast.asa.events.order_by("pgh_id").last().pgh_context["name"] == "Alma Alm"


# --- Protected ----------------------------------------------------------------------------------------------------


def test_a_manager_hands_a_protected_person_over_by_case_number(client, cast):
    client.force_login(cast.manager)
    case = cast.protected_centrum
    page = client.get(reverse("participants:protected")).content.decode()
    assert "Jobbcoach Alma Alm: byt" in page
    assert "Bo Berg, inte på åtkomstlistan" in page
    assert "Petra" not in page
    where = reverse("participants:protected_coach", args=[case.participant.public_id])
    prefix = f"coach-{case.participant.public_id}-"
    assert client.post(where, {}).status_code == 422
    data = {prefix + name: value for name, value in filled(cast.colleague, cast.coach, note="Ärendet först.").items()}
    html = client.post(where, data, follow=True).content.decode()
    assert "Bo Berg står inte på åtkomstlistan" in html
    case.refresh_from_db()
    assert case.coach == cast.colleague
    assert not ProtectedAccess.objects.exists()  # nobody is let in by this
    late = {prefix + name: value for name, value in filled(cast.coordinator, cast.coach).items()}
    late[prefix + "note"] = "Ring efter tre."
    response = client.post(where, late)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Någon hann före" in html
    assert "Ring efter tre." in html
    seen = re.search(rf'name="{prefix}seen" value="([^"]*)"', html)[1]
    assert client.post(where, late | {prefix + "seen": seen}).status_code == 302
    assert Handover.objects.latest("pk").note == "Ring efter tre."


def test_who_is_named_hands_over_in_the_file_and_is_told_who_is_not(coach, cast):
    case = cast.protected_centrum
    assert coach.get(address(case)).status_code == 404
    for user in (cast.coach, cast.coordinator):
        ProtectedAccess.objects.create(participant=case.participant, user=user)
    page = coach.get(address(case)).content.decode()
    assert ">Bo Berg, inte på åtkomstlistan<" in page
    assert ">David Dahl<" in page
    html = coach.post(address(case), filled(cast.coordinator, cast.coach), follow=True).content.decode()
    assert "står inte på åtkomstlistan" not in html
    assert timezone.localdate().isoformat() in html


def test_a_closed_protected_case_has_no_coach_to_change(client, cast):
    type(cast.asa).objects.filter(pk=cast.protected_centrum.pk).update(end=days_ago(5), closure_reason="moved")
    client.force_login(cast.manager)
    assert "Jobbcoach" not in client.get(reverse("participants:protected")).content.decode().split("<main")[1]
