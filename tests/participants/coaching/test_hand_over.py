"""Many participants handed over at once, from the unit's view."""

import re
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from participants.coaching.forms import key_of
from participants.coaching.services import CannotBeCoach, Move, coaches_reassign
from participants.models import Enrolment, Handover, ProtectedAccess
from tests.factories import EnrolmentFactory, coach_of, days_ago

UNIT = reverse("unit:unit")


def address(unit, coach=None) -> str:
    return reverse("unit:hand_over", query={"unit": unit.code, "from": coach.public_id if coach else "none"})


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.manager)
    return client


@pytest.fixture
def five(cast) -> list[Enrolment]:
    """Bo's participants: Bertil, and four called Anna."""
    more = [
        EnrolmentFactory(unit=cast.centrum, coach=cast.colleague, participant__family_name=f"B{number}")
        for number in range(4)
    ]
    return [*more, cast.bertil]


def typed(enrolments, to=(), **more) -> dict:
    return {"case": [key_of(each) for each in enrolments], "to": [each.public_id for each in to]} | more


def hidden(html) -> dict:
    """What the page that asks sends on."""
    data = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html):
        data.setdefault(name, []).append(value)
    data.pop("csrfmiddlewaretoken", None)
    return data


def coaches(enrolments) -> list[str]:
    return [
        each.coach.given_name for each in Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).order_by("pk")
    ]


def test_everybody_to_one_with_a_note_and_one_of_its_own(client, manager, cast, five):
    page = manager.get(address(cast.centrum, cast.colleague)).content.decode()
    assert page.count('name="case"') == 5
    assert page.count("checked") == 5
    data = typed(five, [cast.coach], note="Bo slutar.", **{f"note-{key_of(cast.bertil)}": "Vill byta arbetsplats."})
    html = manager.post(address(cast.centrum, cast.colleague), data).content.decode()
    assert "Lämna över 5 deltagare från Bo Berg?" in html
    assert "Alma Alm tar över 5 deltagare" in html
    assert "Har sedan 6 inskrivna." in html
    assert not Handover.objects.exists()
    done = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"}, follow=True)
    assert "5 deltagare är överlämnade." in done.content.decode()
    assert coaches(five) == ["Alma"] * 5
    notes = dict(Handover.objects.values_list("enrolment", "note"))
    assert notes[cast.bertil.pk] == "Bo slutar.\n\nVill byta arbetsplats."
    assert notes[five[0].pk] == "Bo slutar."
    assert {row.by_name for row in Handover.objects.all()} == {"Eva Ek"}
    client.force_login(cast.coach)
    assert "Överlämningar att läsa" in client.get(reverse("day:day")).content.decode()


def test_spread_over_several_the_most_go_to_who_has_fewest(manager, cast, five):
    for _more in range(2):
        EnrolmentFactory(unit=cast.centrum, coach=cast.coordinator)
    data = typed(
        five, [cast.coach, cast.coordinator], **{f"to-{key_of(cast.bertil)}": str(cast.coordinator.public_id)}
    )
    html = manager.post(address(cast.centrum, cast.colleague), data).content.decode()
    # Alma has 1 and David 2; Bertil goes to David, the others until both have 4.
    assert "Alma Alm tar över 3 deltagare" in html
    assert "David Dahl tar över 2 deltagare" in html
    manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert sorted(coaches(five)) == ["Alma", "Alma", "Alma", "David", "David"]
    cast.bertil.refresh_from_db()
    assert cast.bertil.coach == cast.coordinator


def test_only_those_who_are_ticked_go_and_the_page_says_who_stays(manager, cast, five):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five[:2], [cast.coach])).content.decode()
    assert "3 deltagare är kvar hos Bo Berg." in html
    manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert sorted(coaches(five)) == ["Alma", "Alma", "Bo", "Bo", "Bo"]


def test_changing_ones_mind_leads_back_with_everything_typed(manager, cast, five):
    data = typed(five[:2], [cast.coach], note="Bo slutar.")
    html = manager.post(address(cast.centrum, cast.colleague), data).content.decode()
    back = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "change"}).content.decode()
    assert "Bo slutar." in back
    assert len(re.findall(r'name="case" value="[^"]+" checked', back)) == 2
    assert "errorlist" not in back


def test_those_without_a_coach_get_one(manager, cast, five):
    Enrolment.objects.filter(pk__in=[each.pk for each in five]).update(coach=None)
    page = manager.get(address(cast.centrum)).content.decode()
    assert "Ge en jobbcoach till dem som saknar" in page
    html = manager.post(address(cast.centrum), typed(five[:4], [cast.colleague])).content.decode()
    assert "Ge 4 deltagare en jobbcoach?" in html
    assert "1 deltagare är fortfarande utan jobbcoach." in html
    manager.post(address(cast.centrum), hidden(html) | {"step": "save"})
    assert coaches(five[:4]) == ["Bo"] * 4
    assert {row.from_coach for row in Handover.objects.all()} == {None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": []}, "Välj minst en deltagare."),
        ({"case": ["strunt"]}, "Välj minst en deltagare."),
        ({"to": []}, "Välj vem som tar över."),
        ({"to": ["strunt"]}, "strunt"),
        ({"to-": "strunt"}, "Välj någon i listan."),
        ({"note-": "x" * 501}, "Högst 500 tecken."),
        ({"note": "x" * 2001}, "2000"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(manager, cast, five, change, said):
    data = typed([cast.bertil], [cast.coach], note="Bo slutar.")
    data |= {(f"{name}{key_of(cast.bertil)}" if name.endswith("-") else name): each for name, each in change.items()}
    response = manager.post(address(cast.centrum, cast.colleague), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert "note" in change or "Bo slutar." in html


def test_one_who_got_another_coach_meanwhile_stops_all_and_is_named(manager, cast, five):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five, [cast.coach])).content.decode()
    Enrolment.objects.filter(pk=cast.bertil.pk).update(coach=cast.coordinator)
    answer = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert answer.status_code == 409
    again = answer.content.decode()
    assert "Under tiden har någon bytt jobbcoach för Bertil Bodin. Inget är sparat." in again
    assert len(re.findall(r'name="case" value="[^"]+" checked', again)) == 4
    assert not Handover.objects.exists()


def test_one_who_is_changed_between_the_list_and_the_lock_stops_all_too(manager, cast, five, monkeypatch):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five, [cast.coach])).content.decode()

    def quicker(*, moves, actor):
        Enrolment.objects.filter(pk=cast.bertil.pk).update(coach=cast.coordinator)
        return coaches_reassign(moves=moves, actor=actor)

    monkeypatch.setattr("participants.coaching.many.coaches_reassign", quicker)
    answer = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert answer.status_code == 409
    assert "jobbcoach för Bertil Bodin" in answer.content.decode()
    assert not Handover.objects.exists()


def test_one_who_has_become_protected_meanwhile_is_not_named(manager, cast, five):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five, [cast.coach])).content.decode()
    type(cast.person).objects.filter(pk=cast.bertil.participant_id).update(protection="secrecy_mark")
    answer = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert "jobbcoach för någon du inte längre ser" in answer.content.decode()
    assert "Bertil" not in answer.content.decode()


def test_a_form_that_is_sent_twice_hands_over_once(manager, cast, five):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five, [cast.coach])).content.decode()
    for _time in range(2):
        answer = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
        assert answer.url == f"{UNIT}?unit=CENTRUM"
    assert Handover.objects.count() == 5


def test_who_leaves_before_the_last_click_takes_nobody_over(manager, cast, five):
    html = manager.post(address(cast.centrum, cast.colleague), typed(five, [cast.coach])).content.decode()
    type(cast.coach).objects.filter(pk=cast.coach.pk).update(is_active=False)
    answer = manager.post(address(cast.centrum, cast.colleague), hidden(html) | {"step": "save"})
    assert answer.status_code == 422
    assert coaches(five) == ["Bo"] * 5
    moves = [Move(cast.bertil, cast.colleague, cast.coordinator), Move(five[0], cast.colleague, cast.coach)]
    with pytest.raises(CannotBeCoach):
        coaches_reassign(moves=moves, actor=cast.manager)
    assert coaches(five) == ["Bo"] * 5  # all or none


def test_the_aftercare_goes_along_and_says_so(manager, cast):
    case = EnrolmentFactory(
        unit=cast.centrum, coach=cast.colleague, start=days_ago(300), end=days_ago(60), closure_reason="studies"
    )
    page = manager.get(address(cast.centrum, cast.colleague)).content.decode()
    assert page.index("Bertil Bodin") < page.index(case.participant.full_name)  # those who go on come first
    assert "Efteruppföljning" in page


def test_protected_persons_are_a_number_unless_the_manager_is_named(manager, cast):
    page = manager.get(address(cast.centrum, cast.coach)).content.decode()
    assert "1 skyddad person hanteras i listan över skyddade" in page
    assert "Hemlig" not in page
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.manager)
    page = manager.get(address(cast.centrum, cast.coach)).content.decode()
    assert "hanteras i listan" not in page
    assert "Petra Hemlig" in page


def test_a_protected_person_further_down_than_the_page_reaches_is_not_said_to_be_elsewhere(
    manager, cast, monkeypatch
):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.manager)
    EnrolmentFactory(unit=cast.centrum, coach=cast.coach, participant__family_name="Aa")
    monkeypatch.setattr("participants.coaching.many.MOST", 1)
    page = manager.get(address(cast.centrum, cast.coach)).content.decode()
    assert "Petra Hemlig" not in page
    assert "hanteras i listan" not in page


@pytest.mark.parametrize(
    ("unit", "coach"),
    [("NORR", "outsider"), ("CENTRUM", "outsider"), ("STRUNT", "coach"), ("CENTRUM", "administrator")],
)
def test_another_unit_or_somebody_who_never_worked_there_is_not_found(manager, cast, unit, coach):
    where = reverse("unit:hand_over", query={"unit": unit, "from": getattr(cast, coach).public_id})
    assert manager.get(where).status_code == 404


@pytest.mark.parametrize("text", ["", "strunt"])
def test_an_address_that_means_nothing_is_not_found(manager, text):
    assert manager.get(reverse("unit:hand_over", query={"unit": "CENTRUM", "from": text})).status_code == 404


def test_nobody_to_hand_over_and_nobody_to_take_over(manager, cast):
    page = manager.get(address(cast.centrum, cast.coordinator)).content.decode()
    assert "David Dahl har inga deltagare här." in page
    assert "Alla har en jobbcoach." in manager.get(address(cast.centrum)).content.decode()
    type(cast.coach).objects.filter(pk__in=[cast.coach.pk, cast.coordinator.pk]).update(is_active=False)
    page = manager.get(address(cast.centrum, cast.colleague)).content.decode()
    assert "Ingen kan ta över" in page


def test_so_many_at_once_and_the_same_questions_however_many(manager, cast, monkeypatch):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            manager.get(address(cast.centrum, cast.colleague))
        return len(found)

    few = queries()
    for _more in range(9):
        EnrolmentFactory(unit=cast.centrum, coach=cast.colleague)
    assert queries() == few <= 18
    monkeypatch.setattr("participants.coaching.many.MOST", 4)
    page = manager.get(address(cast.centrum, cast.colleague)).content.decode()
    assert "10 deltagare · de första 4 visas" in page
    assert page.count('name="case"') == 4


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_hand_over_at_once_do_not_block_each_other(cast):
    """Both lock those who take over, and then the enrolments, in the same order: one waits, and is told."""
    others = [EnrolmentFactory(unit=cast.centrum, coach=cast.colleague) for _one in range(3)]
    third = coach_of(cast.centrum)
    told = []

    def hand(to, order):
        try:
            coaches_reassign(moves=[Move(each, cast.colleague, to) for each in order], actor=cast.manager)
            told.append("done")
        except Exception as error:
            told.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand, args=each) for each in ((cast.coach, others), (third, others[::-1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["CoachChanged", "done"]
    assert Handover.objects.count() == 3


def test_the_aftercare_is_spread_by_itself(manager, cast):
    closed = {"start": days_ago(300), "end": days_ago(60), "closure_reason": "studies"}
    for _one in range(4):
        EnrolmentFactory(unit=cast.centrum, coach=cast.colleague, **closed)
    rows = [*Enrolment.objects.filter(coach=cast.colleague).select_related("participant")]
    html = manager.post(address(cast.centrum, cast.colleague), typed(rows, [cast.coach, cast.coordinator])).content
    html = html.decode()
    # Bertil goes to David, who has nobody; the four who have left, two to each.
    assert "Alma Alm tar över 2 deltagare" in html
    assert "För 2 av dem återstår bara efteruppföljningen. Har sedan 1 inskriven." in html
    assert "David Dahl tar över 3 deltagare" in html


def test_a_few_are_handed_over_without_unticking_the_rest(manager, cast, five):
    page = manager.get(address(cast.centrum, cast.colleague)).content.decode()
    assert "Avmarkera alla" in page
    page = manager.get(address(cast.centrum, cast.colleague) + "&ticked=none").content.decode()
    assert page.count("checked") == 0
    assert "Markera alla" in page


def test_a_unit_that_cannot_be_asked_for_is_one_that_is_not_there(client, cast):
    client.force_login(cast.manager)
    assert client.get("/enheten/lamna-over/?unit=%00").status_code == 404
    assert client.get("/min-dag/?show=all&unit=%00").status_code == 200
