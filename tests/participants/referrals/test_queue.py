"""The queue: its order and why, what it is narrowed by, its counts and lead times, and who sees what."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from participants.models import Enrolment, ProtectedAccess, ReferralStep
from tests.factories import ParticipantFactory, days_ago
from tests.participants.referrals.pages import QUEUE, referral_of
from vocabulary.codes import Protection, TargetGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client):
    """The rows of the queue as a user has it: name and the other cells."""

    def fetch(user, **asked) -> list[tuple[str, list[str]]]:
        client.force_login(user)
        response = client.get(QUEUE, asked)
        assert response.status_code == 200
        fetch.html = response.content.decode()
        fetch.context = response.context
        rows = re.findall(
            r'<tr><th scope="row"><a href="/anvisningar[^>]*>(.*?)</a>(.*?)</tr>', fetch.html, re.DOTALL
        )
        cell = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
        return [(name, [re.sub("<[^>]+>", "", each) for each in cell.findall(rest)]) for name, rest in rows]

    return fetch


def test_income_support_and_the_activity_responsibility_come_first_then_the_longest_waiting(cast, shown):
    groups = (
        ("Övrig", TargetGroup.OTHER, 40),
        ("Förebygg", TargetGroup.PREVENTIVE, 30),
        ("Ansvar", TargetGroup.ACTIVITY_RESPONSIBILITY, 3),
        ("Stöd", TargetGroup.INCOME_SUPPORT, 2),
        ("Äldst", TargetGroup.INCOME_SUPPORT, 12),
        ("Okänd", "", 50),
    )
    for name, group, days in groups:
        person = ParticipantFactory(given_name=name, family_name="K")
        referral_of(cast, participant=person, target_group=group, received=days_ago(days))
    rows = shown(cast.coach)
    assert [name for name, _cells in rows] == ["Äldst K", "Ansvar K", "Stöd K", "Förebygg K", "Okänd K", "Övrig K"]
    assert [cells[0] for _name, cells in rows] == [
        "Försörjningsstöd, väntat 12 dagar",
        "Kommunalt aktivitetsansvar, väntat 3 dagar",
        "Försörjningsstöd, väntat 2 dagar",
        "Förebyggande, väntat 30 dagar",
        "Ingen målgrupp, väntat 50 dagar",
        "Annan målgrupp, väntat 40 dagar",
    ]


def test_waiting_is_told_in_days(cast, shown):
    for days in (0, 1):
        referral_of(cast, received=days_ago(days))
    assert [cells[0] for _name, cells in shown(cast.coach)] == [
        "Försörjningsstöd, väntat 1 dag", "Försörjningsstöd, kom i dag",
    ]  # fmt: skip


def test_what_to_think_of_stands_in_the_row(cast, shown):
    young = ParticipantFactory(
        given_name="Ung", birth_date=timezone.localdate() - dt.timedelta(days=20 * 365 - 25), identity_number=None
    )
    referral_of(cast, participant=young, target_group=TargetGroup.ACTIVITY_RESPONSIBILITY)
    referral_of(cast, service_registration="not_registered")
    referral_of(cast, service_registration="registered", service_form_id="rusta_matcha")
    told = [cells[-1] for _name, cells in shown(cast.coach)]
    assert re.fullmatch(r"Fyller 20 den \d{4}-\d\d-\d\d", told[0])
    assert told[1:] == ["Inte inskriven hos AF", "Har en insats hos Arbetsförmedlingen"]


def test_counts_are_those_of_their_lists(cast, shown):
    received = referral_of(cast)
    assessing = referral_of(cast, assessing_since=days_ago(3))
    accepted = referral_of(cast, decision="accepted", decided_on=days_ago(2))
    loaded = referral_of(cast, decision="accepted")
    enrolled = referral_of(cast, decision="accepted", decided_on=days_ago(2))
    Enrolment.objects.filter(pk=cast.bertil.pk).update(referral=enrolled)
    others = {state: referral_of(cast, decision=state) for state in ("returned", "declined", "withdrawn")}
    referral_of(cast, unit=cast.norr)
    wanted = {
        "": {received, assessing},
        "received": {received},
        "assessing": {assessing},
        "to_enrol": {accepted},
        "accepted": {accepted, loaded, enrolled},
        "out_of_order": set(),
        "all": {received, assessing, accepted, loaded, enrolled, *others.values()},
        **{state: {referral} for state, referral in others.items()},
    }
    for state, rows in wanted.items():
        shown(cast.coach, state=state)
        assert set(shown.context["rows"]) == rows, state
        assert shown.context["page"].paginator.count == len(rows)
    counts = shown.context["counts"]
    assert (counts.received, counts.assessing, counts.to_enrol, counts.waiting) == (1, 1, 1, 2)


def test_it_is_narrowed_by_source_and_unit_within_the_scope(cast, shown):
    referral_of(cast)
    other = referral_of(cast, source="self")
    north = referral_of(cast, unit=cast.norr, source="self")
    assert len(shown(cast.coach)) == 2
    assert len(shown(cast.coach, source="self")) == 1
    assert 'name="unit"' not in shown.html
    assert "Jobbcenter Norr" not in shown.html
    assert {row.pk for row in shown.context["rows"]} == {other.pk}
    assert len(shown(cast.head, source="self")) == 2
    shown(cast.head, unit="NORR")
    assert shown.context["rows"] == [north]
    assert "Jobbcenter Norr" in shown.html


def test_a_choice_that_is_none_is_taken_out_of_the_address(cast, client):
    client.force_login(cast.coach)
    response = client.get(QUEUE, {"state": "gone", "source": "self"})
    assert (response.status_code, response.url) == (302, f"{QUEUE}?source=self")


def test_a_protected_person_is_seen_by_those_on_the_list_only(cast, shown):
    person = ParticipantFactory(given_name="Hemlig", family_name="H", protection=Protection.SECRECY_MARK)
    referral_of(cast, participant=person)
    assert shown(cast.coach) == []
    assert shown.context["counts"].received == 0
    ProtectedAccess.objects.create(participant=person, user=cast.coach)
    assert shown(cast.coach)[0][0] == "Hemlig H"
    assert "Sekretessmarkering" in shown.html


def test_who_nobody_knows_stands_with_the_referrers_number(cast, shown):
    referral_of(cast, participant=None, reference="SN 2026-77")
    assert shown(cast.coach)[0][0] == "Ingen känd person ännu"
    assert "SN 2026-77" in shown.html


def test_the_median_of_the_lead_times_is_told_by_unit(cast, shown):
    for number, days in enumerate((2, 4, 10)):
        referral = referral_of(cast, received=days_ago(100 + days), decision="accepted", decided_on=days_ago(100))
        if number < 2:
            case = (cast.asa, cast.bertil)[number]
            Enrolment.objects.filter(pk=case.pk).update(referral=referral, start=days_ago(100 - 3 - 4 * number))
    referral_of(cast, received=days_ago(900), decision="accepted", decided_on=days_ago(400))
    referral_of(cast, unit=cast.norr, received=days_ago(30), decision="accepted", decided_on=days_ago(1))
    shown(cast.coach)
    assert "4 dagar (3)" in shown.html
    assert "5 dagar (2)" in shown.html
    assert "29 dagar" not in shown.html
    shown(cast.head)
    assert "29 dagar (1)" in shown.html


def test_the_manager_finds_who_was_taken_out_of_order(cast, shown):
    referral_of(cast)
    passed = referral_of(cast, assessing_since=days_ago(1))
    ReferralStep.objects.create(
        referral=passed, state="assessing", day=days_ago(1), out_of_order="Börjar jobb på måndag.", by=cast.coach,
        by_name="Alma Alm",
    )  # fmt: skip
    shown(cast.manager, state="out_of_order")
    assert shown.context["rows"] == [passed]


@pytest.mark.parametrize(("asked", "told"), [({}, "Ingen väntar"), ({"state": "declined"}, "Ingen anvisning passar")])
def test_an_empty_queue_says_what_to_do(cast, shown, asked, told):
    assert shown(cast.coach, **asked) == []
    assert told in shown.html


@pytest.mark.parametrize("who", ["coach", "head"])
def test_the_number_of_queries_does_not_grow_with_the_rows(cast, client, who, django_assert_max_num_queries):
    client.force_login(getattr(cast, who))
    used = []
    for number in (5, 50):
        for _each in range(number):
            referral_of(cast, service_registration="registered", service_form_id="jog")
        with django_assert_max_num_queries(12) as queries:
            client.get(QUEUE)
        used.append(len(queries))
    assert used[0] == used[1]
