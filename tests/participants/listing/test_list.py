"""The list of participants, through the front door."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import AccessLogEntry, Role
from participants.models import Enrolment, FormerIdentityNumber, ProtectedAccess
from tests.factories import EnrolmentFactory, ParticipantFactory, UnitFactory, coach_of, days_ago
from tests.participants.listing.pages import LIST, count, names
from vocabulary.codes import ClosureReason, TargetGroup


def ended(**fields):
    return EnrolmentFactory(start=days_ago(100), end=days_ago(10), closure_reason=ClosureReason.OTHER, **fields)


# --- Who is in it -------------------------------------------------------------------------------------------------


def test_a_coach_begins_with_the_own_enrolled_participants(cast, listed):
    ended(unit=cast.centrum, coach=cast.coach)
    assert names(listed(cast.coach)) == ["Åsa Öhrström"]
    assert names(listed(cast.colleague)) == ["Bertil Bodin"]
    assert names(listed(cast.outsider)) == ["Ciwan Celik"]


def test_everybody_of_the_unit_is_one_link_away(cast, listed):
    assert names(listed(cast.coach, show="all")) == ["Bertil Bodin", "Åsa Öhrström"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("coordinator", ["Bertil Bodin", "Åsa Öhrström"]),
        ("manager", ["Bertil Bodin", "Åsa Öhrström"]),
        ("other_manager", ["Ciwan Celik"]),
        ("head", ["Bertil Bodin", "Ciwan Celik", "Åsa Öhrström"]),
    ],
)
def test_others_begin_with_all_in_their_scope(cast, listed, who, seen):
    assert names(listed(getattr(cast, who))) == seen


@pytest.mark.parametrize("who", ["analyst", "administrator"])
def test_who_never_sees_a_person_is_refused(cast, listed, who):
    listed(getattr(cast, who), expect=403)


def test_a_protected_person_is_there_only_for_those_who_are_named(cast, listed):
    ProtectedAccess.objects.create(
        participant=cast.protected_centrum.participant, user=cast.colleague, granted_by=cast.manager
    )
    response = listed(cast.colleague, show="all")
    assert names(response) == ["Bertil Bodin", "Petra Hemlig", "Åsa Öhrström"]
    assert "Sekretessmarkering" in response.content.decode()
    for user in (cast.coach, cast.manager, cast.head, cast.outsider):
        answer = listed(user, show="all")
        assert "Hemlig" not in answer.content.decode()
        assert count(answer) == len(names(answer))


def test_a_participant_is_one_row_with_the_latest_enrolment_in_scope(cast, listed):
    person = cast.bertil.participant
    EnrolmentFactory(
        participant=person, unit=cast.centrum, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    later = days_ago(1)
    cast.bertil.end, cast.bertil.closure_reason = days_ago(5), ClosureReason.MOVED
    cast.bertil.save()
    EnrolmentFactory(participant=person, unit=cast.norr, coach=cast.outsider, start=later)

    assert names(listed(cast.coach, show="all")).count("Bertil Bodin") == 1
    assert f"{cast.bertil.start}" in listed(cast.coach, show="all", q="bertil").content.decode()
    assert f"{later}" in listed(cast.outsider, show="all", q="bertil").content.decode()
    row = listed(cast.coach, show="all", q="bertil").content.decode()
    assert f"{later}" not in row
    assert "Avslutad" in row


def test_the_identity_number_is_not_in_the_list(cast, listed):
    html = listed(cast.coach).content.decode()
    assert cast.person.identity_number[4:] not in html.replace("-", "")


# --- Search -------------------------------------------------------------------------------------------------------


@pytest.fixture
def maja(cast):
    person = ParticipantFactory(
        given_name="Maja-Lena Çelik",
        family_name="Grönqvist",
        identity_number="198507702388",
        birth_date=dt.date(1985, 7, 10),
    )
    FormerIdentityNumber.objects.create(participant=person, number="198507109804")
    return EnrolmentFactory(participant=person, unit=cast.centrum, case_number="AME-2025-0815")


@pytest.mark.parametrize(
    "typed",
    [
        "grönq",
        "maja-lena",
        "GRÖNQVIST",
        "celik grön",
        "Grönqvist, Maja",
        "ma",
        "198507702388",
        "19850770-2388",
        "850770-2388",
        "8507702388",
        "850770 2388",
        "198507109804",
        "AME-2025-0815",
        "ame-2025-0815",
        " grönqvist ",
    ],
)
def test_search_finds_by_name_number_and_case(cast, listed, maja, typed):
    response = listed(cast.coach, q=typed)
    assert "Maja-Lena Çelik Grönqvist" in names(response)
    assert count(response) == len(names(response))


@pytest.mark.parametrize("typed", ["gronqvist", "850770+2388", "19850710", "070-123", "@example", "xy", "%", "_"])
def test_search_finds_nothing_by_anything_else(cast, listed, maja, typed):
    response = listed(cast.coach, q=typed)
    assert names(response) == []
    assert "Ingen deltagare stämmer" in response.content.decode()


def test_search_from_the_top_bar_looks_at_everybody_in_scope(cast, listed):
    assert names(listed(cast.coach, q="bodin")) == ["Bertil Bodin"]
    assert names(listed(cast.coach, q="bodin", show="mine")) == []
    assert names(listed(cast.coach, q="celik")) == []


@pytest.mark.parametrize(
    ("typed", "found"), [("2025-0815", True), ("0815", True), ("815", False), ("2025-08", False)]
)
def test_the_end_of_a_case_number_is_enough_but_not_a_digit_or_two(cast, listed, maja, typed, found):
    assert bool(names(listed(cast.coach, q=typed))) == found
    assert not names(listed(cast.outsider, q=typed))


def test_another_units_case_number_does_not_tell_that_the_person_is_known_there(cast, listed):
    EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(900), end=days_ago(800), closure_reason="other",
        case_number="NORR-77",
    )  # fmt: skip
    assert names(listed(cast.coach, q="NORR-77")) == []
    assert names(listed(cast.outsider, q="NORR-77")) == ["Åsa Öhrström"]


def test_a_search_is_written_down_without_its_words(cast, listed, maja):
    listed(cast.coach, q="Grönqvist")
    listed(cast.coach, q="19850770-2388")
    listed(cast.coach, q="AME-2025-0815")
    log = AccessLogEntry.objects.filter(actor=cast.coach, act="searched").order_by("pk")
    assert [entry.detail for entry in log] == [
        {"kind": "name", "hits": 1},
        {"kind": "identity_number", "hits": 1},
        {"kind": "case_number", "hits": 1},
    ]
    assert all(entry.request_id for entry in log)


def test_paging_and_filtering_alone_are_not_searches(cast, listed):
    listed(cast.coach)
    listed(cast.coach, show="all", status="active", page="2")
    assert not AccessLogEntry.objects.filter(act="searched").exists()


# --- Filters, order, pages ----------------------------------------------------------------------------------------


def test_filters_narrow_and_the_count_follows(cast, listed):
    gone = ended(unit=cast.centrum, coach=cast.colleague, target_group=TargetGroup.OTHER)
    gone = gone.participant.full_name
    assert names(listed(cast.coach, show="all", status="closed")) == [gone]
    assert names(listed(cast.coach, show="all", status="active")) == ["Bertil Bodin", "Åsa Öhrström"]
    assert names(listed(cast.coach, show="all", target_group="other")) == [gone]
    response = listed(cast.coach, show="all", coach=cast.colleague.public_id)
    assert names(response) == [gone, "Bertil Bodin"]
    assert count(response) == 2
    assert names(listed(cast.coach, show="all", coach="none")) == []
    assert names(listed(cast.head, unit="NORR")) == ["Ciwan Celik"]


def test_chosen_filters_are_chips_that_take_themselves_away(cast, listed):
    html = listed(cast.coach, show="all", status="active", coach=cast.colleague.public_id).content.decode()
    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+)', html)
    assert [label for _query, label in chips] == ["Status: Inskriven", "Jobbcoach: Bo Berg"]
    assert "status" not in chips[0][0]
    assert "show=all" in chips[0][0]


def test_the_choices_name_nobody_out_of_scope(cast, listed):
    html = listed(cast.coach, show="all").content.decode()
    assert "Bo Berg" in html
    assert "Cecilia Carlsson" not in html
    assert "Jobbcenter Norr" not in html
    assert "Cecilia Carlsson" in listed(cast.head).content.decode()


def test_a_coach_known_only_for_a_protected_person_is_no_choice(cast, listed):
    secret = coach_of(cast.centrum, given_name="Hemlig", family_name="Coach")
    cast.protected_centrum.coach = secret
    cast.protected_centrum.save()
    assert "Hemlig Coach" not in listed(cast.colleague, show="all").content.decode()


def test_names_stand_in_swedish_order(cast, listed):
    unit = UnitFactory()
    for name in ["Öberg", "Zorn", "Åberg", "Ängla", "Aalto", "Östman", "Çelik", "Dahl"]:
        EnrolmentFactory(participant__family_name=name, participant__given_name="A", unit=unit)
    order = ["A Aalto", "A Çelik", "A Dahl", "A Zorn", "A Åberg", "A Ängla", "A Öberg", "A Östman"]
    coach = coach_of(unit)
    assert names(listed(coach, show="all")) == order
    assert names(listed(coach, show="all", sort="-name")) == order[::-1]


def test_it_sorts_by_start_activity_and_coach(cast, listed):
    cast.asa.start, cast.asa.last_activity_on = days_ago(10), days_ago(2)
    cast.asa.save()
    cast.bertil.last_activity_on = days_ago(1)
    cast.bertil.save()
    nobody = EnrolmentFactory(unit=cast.centrum, start=days_ago(300)).participant.full_name
    asa, bertil = "Åsa Öhrström", "Bertil Bodin"
    assert names(listed(cast.coach, show="all", sort="start")) == [nobody, bertil, asa]
    assert names(listed(cast.coach, show="all", sort="-activity")) == [bertil, asa, nobody]
    assert names(listed(cast.coach, show="all", sort="coach")) == [asa, bertil, nobody]
    assert names(listed(cast.coach, show="all", sort="-coach")) == [bertil, asa, nobody]


@pytest.mark.parametrize(
    "params",
    [
        {"status": "no-such"},
        {"coach": "not-a-uuid"},
        {"coach": "7b1e1f0c-8d5d-4f86-9d3a-111111111111"},
        {"unit": "NORR"},
        {"q": "a" * 101},
    ],
)
def test_what_the_address_cannot_mean_is_left_out(cast, listed, params):
    user = cast.coach
    if "unit" in params:
        # Another unit's code means nothing to a coach: there is no such filter.
        assert names(listed(user, show="all", **params)) == ["Bertil Bodin", "Åsa Öhrström"]
        return
    response = listed(user, expect=302, show="all", **params)
    assert response.url == f"{LIST}?show=all"


@pytest.mark.parametrize("params", [{"sort": "x"}, {"page": "99"}, {"page": "x"}, {"show": "x"}, {"page": "-1"}])
def test_a_nonsense_order_or_page_is_the_usual_one(cast, listed, params):
    assert names(listed(cast.coordinator, **params)) == ["Bertil Bodin", "Åsa Öhrström"]


def test_there_are_50_on_a_page_and_links_keep_the_rest_of_the_address(cast, listed):
    unit = UnitFactory()
    for number in range(53):
        EnrolmentFactory(unit=unit, participant__family_name=f"Nr{number:02}")
    coach = coach_of(unit)
    first, second = listed(coach, show="all", sort="name"), listed(coach, show="all", sort="name", page="2")
    assert (len(names(first)), len(names(second)), count(first), count(second)) == (50, 3, 53, 53)
    assert "?show=all&amp;sort=name&amp;page=2" in first.content.decode()


def test_empty_lists_say_what_to_do(cast, listed):
    unit = UnitFactory()
    coach = coach_of(unit)
    assert "Du har inga deltagare än" in listed(coach).content.decode()
    assert "Inga deltagare än" in listed(coach, show="all").content.decode()


def test_typing_changes_only_the_results_and_the_address(cast, listed):
    response = listed(cast.coach, headers={"HX-Request": "true"}, show="all", q="bert", status="", coach="")
    html = response.content.decode()
    assert names(response) == ["Bertil Bodin"]
    assert "<html" not in html
    assert 'hx-swap-oob="innerHTML:#count">' in html
    assert response["HX-Push-Url"] == f"{LIST}?show=all&q=bert"
    assert "HX-Request" in response["Vary"]


def test_going_back_gives_the_whole_page(cast, listed):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in listed(cast.coach, headers=headers, show="all").content.decode()


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"show": "all"},
        {"show": "all", "q": "Nr", "flag": "no_contact", "placement": "none"},
        {"show": "all", "q": "19900577-0001"},
        {"show": "all", "q": "AME-2026"},
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(cast, client, params, django_assert_max_num_queries):
    few, many = UnitFactory(), UnitFactory()
    coaches = {few: coach_of(few), many: coach_of(many)}
    for unit, rows in ((few, 5), (many, 50)):
        for number in range(rows):
            EnrolmentFactory(unit=unit, coach=coaches[unit], participant__family_name=f"Nr{number:02}")
    used = []
    for unit in (few, many):
        client.force_login(coaches[unit])
        with django_assert_max_num_queries(15) as queries:
            assert client.get(LIST, params).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]


def test_a_user_with_roles_in_two_units_sees_both(cast, listed):
    cast.coach.memberships.create(role=Role.JOB_COACH, unit=cast.norr)
    assert names(listed(cast.coach, show="all")) == ["Bertil Bodin", "Ciwan Celik", "Åsa Öhrström"]
    assert names(listed(cast.coach, show="all", unit="NORR")) == ["Ciwan Celik"]


def test_a_unit_without_coaches_is_sorted_by_coach_all_the_same(cast, listed):
    unit = UnitFactory()
    row = EnrolmentFactory(unit=unit)
    for sort in ("coach", "-coach"):
        assert names(listed(coach_of(unit), show="all", sort=sort)) == [row.participant.full_name]


def test_who_goes_on_is_the_same_asked_of_the_open_ones_as_of_the_latest(cast):
    """One that ends later has a successor that begins then; an open one has none."""
    EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    ends = EnrolmentFactory(unit=cast.centrum, start=days_ago(90), end=days_ago(-5), closure_reason="other")
    EnrolmentFactory(participant=ends.participant, unit=cast.centrum, start=days_ago(-6))
    alone = EnrolmentFactory(unit=cast.centrum, start=days_ago(90), end=days_ago(0), closure_reason="other")
    today = timezone.localdate()
    rows = Enrolment.objects.visible_to(cast.manager)
    found = set(rows.latest_open_in_reach(cast.manager, today))
    assert found == set(rows.latest_in_reach(cast.manager).open_on(today))
    assert ends not in found
    assert {alone, cast.asa} <= found
