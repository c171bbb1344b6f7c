"""Flags, the placement filter, what other concepts join, and what a municipality leaves out."""

import re

import pytest

from accounts.models import LegalBasis
from accounts.services import setting_change, unit_rename
from participants.listing import providers
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, UnitFactory, coach_of, days_ago
from tests.participants.listing.pages import LIST, count, flags, names, tabs
from vocabulary.codes import FollowUpKind, PlacementForm

ASA, BERTIL = "Åsa Öhrström", "Bertil Bodin"
SILENT = "Ingen kontakt på länge"


# --- Flags --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "start", "silent"),
    [
        (days_ago(31), days_ago(60), True),
        (days_ago(30), days_ago(60), False),
        (None, days_ago(31), True),
        (None, days_ago(30), False),
        (days_ago(40), days_ago(5), False),  # what was noted before the enrolment began
        (None, days_ago(-3), False),
    ],
)
def test_silence_is_longer_than_the_limit(cast, listed, last, start, silent):
    unit = UnitFactory()
    EnrolmentFactory(unit=unit, start=start, last_activity_on=last, coach=(coach := coach_of(unit)))
    assert flags(listed(coach)).get(SILENT, 0) == silent


def test_the_limit_of_silence_is_the_municipalitys(cast, listed):
    cast.asa.last_activity_on = days_ago(20)
    cast.asa.save()
    assert SILENT not in flags(listed(cast.coach))
    setting_change(key="silent_days", value=14)
    assert flags(listed(cast.coach))[SILENT] == 1


def test_a_flag_narrows_the_list_to_as_many_as_it_says(cast, listed):
    cast.bertil.last_activity_on = days_ago(1)
    cast.bertil.save()
    EnrolmentFactory(unit=cast.centrum, start=days_ago(90), end=days_ago(1), closure_reason="other")
    page = listed(cast.manager)
    assert flags(page)[SILENT] == 1  # who is closed is not waited for
    narrowed = listed(cast.manager, flag="no_contact")
    assert names(narrowed) == [ASA]
    assert count(narrowed) == flags(narrowed)[SILENT] == 1


def test_of_several_flags_all_hold_and_each_is_taken_away_by_itself(cast, listed):
    cast.bertil.coach = None
    cast.bertil.save()
    response = listed(cast.manager, flag=["no_contact", "no_coach"])
    assert names(response) == [BERTIL]
    html = response.content.decode()
    assert 'class="flag chosen" href="?flag=no_coach"' in html
    assert html.count('<input type="hidden" name="flag"') == 2  # so that the form keeps them
    assert "Flagga:" not in html  # they are not told twice


def test_a_chosen_flag_stays_though_nobody_has_it(cast, listed):
    response = listed(cast.manager, flag="late_followup")
    assert names(response) == []
    assert flags(response)["Sen uppföljning"] == 0


def test_late_follow_ups_and_plan_reviews_are_told_apart(cast, listed):
    placement = PlacementFactory(enrolment=cast.asa)
    FollowUpFactory(placement=placement, due=days_ago(1))
    FollowUpFactory(placement=None, enrolment=cast.bertil, kind=FollowUpKind.PLAN_REVIEW, due=days_ago(1))
    # Neither due today, nor filed, nor withdrawn.
    FollowUpFactory(placement=placement, due=days_ago(0), kind=FollowUpKind.PLAN_REVIEW)
    FollowUpFactory(placement=placement, due=days_ago(9), kind=FollowUpKind.PLAN_REVIEW, filed=days_ago(8))
    FollowUpFactory(placement=placement, due=days_ago(9), kind=FollowUpKind.PLAN_REVIEW, withdrawn_on=days_ago(8))
    assert names(listed(cast.manager, flag="late_followup")) == [ASA]
    assert names(listed(cast.manager, flag="late_plan_review")) == [BERTIL]


def test_a_single_flag_that_means_nothing_is_dropped_and_the_others_stay(cast, listed):
    response = listed(cast.coach, expect=302, show="all", flag=["no_contact", "hej"], status="")
    assert response.url == f"{LIST}?show=all&flag=no_contact"


def test_a_concept_joins_a_flag_a_filter_and_a_column(cast, listed, monkeypatch):
    from django.db.models import Q

    flag = providers.Flag("new", "Nyinskriven", 5, lambda moment: Q(start__gt=days_ago(70)))
    narrowing = providers.Narrowing("name", "Bokstav", 5, lambda: [("b", "B")], lambda choice, moment: Q(
        participant__family_name__istartswith=choice))  # fmt: skip
    column = providers.Column(
        "age", "Ålder", 5, lambda rows: {row.pk: 36 for row in rows}, sort=lambda: "participant__birth_year",
        listed=providers.always,
    )  # fmt: skip
    for joined, each in (("_flags", flag), ("_narrowings", narrowing), ("_columns", column)):
        monkeypatch.setattr(providers, joined, getattr(providers, joined) | {each.key: each})
    response = listed(cast.manager, name="b")
    assert names(response) == [BERTIL]
    assert flags(response)["Nyinskriven"] == 1
    assert '<td data-label="Ålder">36</td>' in response.content.decode()
    with pytest.raises(ValueError, match="joined twice"):
        providers.join_flag(flag)


# --- Placements ---------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_placement(cast, listed):
    PlacementFactory(enrolment=cast.asa, form=PlacementForm.WORK_TRAINING, start=days_ago(10), end=days_ago(0))
    PlacementFactory(enrolment=cast.bertil, start=days_ago(-5))
    unplaced = EnrolmentFactory(unit=cast.centrum).participant.full_name
    ended = EnrolmentFactory(unit=cast.centrum)
    PlacementFactory(enrolment=ended, start=days_ago(30), end=days_ago(1))
    found = {
        choice: names(listed(cast.manager, placement=choice))
        for choice in ("ongoing", "planned", "work_training", "internship", "none")
    }
    assert found["ongoing"] == found["work_training"] == [ASA]
    assert found["planned"] == [BERTIL]
    assert found["internship"] == []
    assert sorted(found["none"]) == sorted([unplaced, ended.participant.full_name])


def test_the_next_follow_up_is_a_column_to_sort_by(cast, listed):
    placement = PlacementFactory(enrolment=cast.asa)
    FollowUpFactory(placement=placement, due=days_ago(-20))
    FollowUpFactory(placement=placement, due=days_ago(-9))
    FollowUpFactory(placement=placement, due=days_ago(50), filed=days_ago(50))
    FollowUpFactory(placement=None, enrolment=cast.bertil, due=days_ago(2))
    third = EnrolmentFactory(unit=cast.centrum).participant.full_name
    rising, falling = (listed(cast.manager, sort=sort) for sort in ("next_followup", "-next_followup"))
    assert names(rising) == [BERTIL, ASA, third]
    assert names(falling) == [ASA, BERTIL, third]
    shown = re.findall(r'<td data-label="Nästa uppföljning">([^<]+)</td>', rising.content.decode())
    assert shown == [f"{days_ago(2)}", f"{days_ago(-9)}", "–"]


# --- Counts -------------------------------------------------------------------------------------------------------


def test_each_list_says_how_many_it_has_until_something_is_chosen(cast, listed):
    EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(90), end=days_ago(1), closure_reason="other")
    # Another time of the same person is no other person.
    EnrolmentFactory(
        participant=cast.person, unit=cast.centrum, coach=cast.coach, start=days_ago(400), end=days_ago(300),
        closure_reason="other",
    )  # fmt: skip
    assert tabs(listed(cast.coach)) == tabs(listed(cast.coach, show="all", sort="start")) == [1, 3]
    assert tabs(listed(cast.coach, show="all", status="closed")) == []
    assert count(listed(cast.coach, show="all")) == 3
    assert count(listed(cast.coach)) == 1


def test_mine_are_no_more_than_the_list_of_mine_shows(cast, listed):
    """Who has a later enrolment with somebody else already is a row of that enrolment."""
    cast.asa.end, cast.asa.closure_reason = days_ago(-2), "other"
    cast.asa.save()
    EnrolmentFactory(participant=cast.person, unit=cast.centrum, coach=cast.colleague, start=days_ago(-5))
    response = listed(cast.coach)
    assert names(response) == []
    assert tabs(response) == [0, 2]


def test_who_is_silent_longest_comes_first_and_the_never_heard_before_them(cast, listed):
    cast.asa.last_activity_on, cast.bertil.last_activity_on = days_ago(9), days_ago(99)
    cast.asa.save()
    cast.bertil.save()
    never = EnrolmentFactory(unit=cast.centrum).participant.full_name
    assert names(listed(cast.manager, sort="activity")) == [never, BERTIL, ASA]
    assert names(listed(cast.manager, sort="-activity")) == [ASA, BERTIL, never]


def test_target_groups_stand_in_the_order_of_the_municipality(cast, listed):
    unit = UnitFactory()
    for name, group in (("A", "other"), ("B", ""), ("C", "preventive"), ("D", "income_support")):
        EnrolmentFactory(unit=unit, participant__given_name=name, participant__family_name="X", target_group=group)
    assert names(listed(coach_of(unit), show="all", sort="target_group")) == ["D X", "C X", "A X", "B X"]


def test_by_name_the_last_page_of_everybody_is_the_rest(cast, listed):
    unit = UnitFactory()
    people = [EnrolmentFactory(unit=unit, participant__family_name=f"Nr{number:02}") for number in range(52)]
    for each in people[50:]:
        EnrolmentFactory(
            participant=each.participant, unit=unit, start=days_ago(400), end=days_ago(300), closure_reason="other"
        )
    coach = coach_of(unit)
    assert names(listed(coach, show="all", page=2)) == [each.participant.full_name for each in people[50:]]
    assert names(listed(coach, show="all", sort="-name", page=2)) == [
        each.participant.full_name for each in people[1::-1]
    ]


# --- What a municipality leaves out -------------------------------------------------------------------------------


def test_a_municipality_leaves_filters_out_for_the_social_services(cast, listed):
    setting_change(key="filters_left_out", value=["target_group", "placement", "no_contact"])
    html = listed(cast.coach, show="all").content.decode()
    assert "Målgrupp</label>" not in html
    assert "Placering</label>" not in html
    assert "Status</label>" in html
    assert SILENT not in flags(listed(cast.coach))
    # An address from before narrows nothing.
    assert count(listed(cast.coach, show="all", target_group="other")) == 2
    assert listed(cast.coach, expect=302, show="all", flag="no_contact").url == f"{LIST}?show=all"


def test_labour_market_work_keeps_every_filter(cast, listed):
    setting_change(key="filters_left_out", value=["target_group"])
    unit_rename(unit=cast.centrum, name="Centrum", legal_basis=LegalBasis.LABOUR_MARKET, valid_from=days_ago(1))
    assert "Målgrupp</label>" in listed(cast.coach, show="all").content.decode()
    assert "Målgrupp</label>" not in listed(cast.head, show="all").content.decode()  # Norr is social services


def test_the_setting_offers_what_there_is(client, cast):
    client.force_login(cast.administrator)
    page = client.get("/administration/installningar/filters_left_out/").content.decode()
    for words in ("Status", "Jobbcoach", "Målgrupp", "Placering", "Ingen kontakt på länge", "Sen uppföljning"):
        assert words in page
    assert (
        client.post("/administration/installningar/filters_left_out/", {"value": ["status", "placement"]}).status_code
        == 302
    )
    assert "Status, Placering" in client.get("/administration/installningar/").content.decode()
