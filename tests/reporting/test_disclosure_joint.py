"""What is published together, and what was published before: nobody who keeps all reports works anything out."""

import datetime as dt
import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Unit
from reporting.disclosure import Reason
from reporting.disclosure.joint import Joint, PublishedEarlier, joint
from reporting.disclosure.links import covers, families, tiles
from reporting.disclosure.model import HIDDEN
from reporting.disclosure.of_answer import controlled
from reporting.engine import Answer
from reporting.periods import Period
from reporting.question import Question
from reporting.services.publishing import earlier_of
from reporting.statement import Statement, state
from tests.reporting import municipality
from tests.reporting.attacker import Reader
from tests.reporting.municipality import QUARTERS, YEAR, answers, as_earlier, hidden

HALF_YEAR = Period.parse("2026-01..2026-06")
SOON = dt.timedelta(days=15)


def publish(random: Random, made, periods, units: int, *, late: bool) -> list[PublishedEarlier]:
    """Publish the periods one after the other, as known soon after each; check what each publication promises."""
    earlier: list[PublishedEarlier] = []
    for period in periods:
        known = answers(made, period, period.end + SOON, units)
        tables = {key for key, table in known[0].tables.items() if table.figure.published}
        while (together := joint(known, earlier, 5, tables)).exposed:
            # A municipality of a few participants, most of whom were registered late: it does what it is told to.
            assert together.refusal
            refused = {each.table for each in together.exposed}
            assert refused & tables
            tables -= refused
        for inside, outside, reasons in zip(known, together.answers, together.reasons, strict=True):
            assert reasons.keys() == hidden(outside)
            for key, table in outside.tables.items():
                assert not [
                    crossing
                    for crossing, value in table.values.items()
                    if value not in (HIDDEN, inside.tables[key].values[crossing])
                ]
        earlier += as_earlier(known, together)
        # What is hidden for the sake of others may be told by earlier reports; what is small may not.
        assert not [cell for cell in Reader.of_reports(earlier).worked_out() if cell[-1] < 5]
        if late:
            municipality.meanwhile(random, made)
    return earlier


@pytest.mark.deep
@pytest.mark.beside
def test_nobody_works_anything_out_from_two_quarters_and_their_half_year():
    random = Random(7)
    publish(random, municipality.register(random, 15, units=1), [*QUARTERS[:2], HALF_YEAR], 0, late=True)


def test_nobody_works_a_unit_out_from_the_whole_and_the_other_units():
    random = Random(8)
    publish(random, municipality.register(random, 30, units=2), QUARTERS[:1], 2, late=False)


@pytest.mark.beside
@pytest.mark.deep
@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=4)
@given(
    random=st.randoms(use_true_random=False),
    persons=st.sampled_from([20, 60]),
    units=st.sampled_from([0, 0, 2]),
    late=st.booleans(),
)
def test_nobody_works_anything_out_from_quarters_and_their_year(random, persons, units, late):
    made = municipality.register(random, persons, units)
    publish(random, made, [*QUARTERS, YEAR], units, late=late)


def test_a_lone_answer_is_published_as_the_command_shows_it():
    known = answers(municipality.register(Random(1), 60, 1), QUARTERS[0], QUARTERS[0].end)
    alone, reasons = controlled(known[0], 5)
    assert joint(known, [], 5) == Joint((alone,), (reasons,))


def test_what_was_stored_of_a_publication_is_read_for_the_next_one():
    known = answers(municipality.register(Random(3), 60, 1), QUARTERS[0], QUARTERS[0].end)
    together = joint(known, [], 5, tables=["closed", "results", "share_ab"])
    stored = [
        Statement.from_stored(json.loads(json.dumps(state(each).as_stored())))
        for each in (known[0], together.answers[0])
    ]
    assert [earlier_of(*stored)] == as_earlier(known, together)


# --- one figure at a time ---


def referrals(period: str, unit: str = "", **by_source: int) -> Answer:
    question = Question(Period.parse(period), dt.date(2027, 1, 15), Unit(code=unit) if unit else None)
    values = {"self": 0, "other": 0} | by_source
    table = municipality._table("referrals", values | {"total": sum(values.values())}, {}, {})
    return Answer(question, {"referrals": table})


def went_out(answer: Answer, *hidden_rows: str) -> PublishedEarlier:
    known = answer.tables["referrals"].values
    shown = {(row, column): HIDDEN if row in hidden_rows else value for (row, column), value in known.items()}
    unit = answer.question.unit
    return PublishedEarlier(
        answer.question.period, unit.code if unit else "", {"referrals": known}, {"referrals": shown}
    )


def rows(together: Joint, number: int = 0) -> dict[str, int | str]:
    values = together.answers[number].tables["referrals"].values
    return {row: value for (row, _column), value in values.items() if value != 0}


def test_a_year_does_not_give_a_quarter_away():
    """Four referrals from others in the first quarter, none hidden since: the year would be one equation."""
    quarters = [went_out(referrals("2026Q1", self=9, other=4), "self", "other")]
    quarters += [went_out(referrals(f"2026Q{number}", self=9, other=8)) for number in (2, 3, 4)]
    together = joint([referrals("2026", self=36, other=28)], quarters, 5)
    assert rows(together) == {"self": HIDDEN, "other": HIDDEN, "total": 64}
    assert set(together.reasons[0].values()) == {Reason.PROTECTS}


def test_the_last_quarter_is_hidden_with_what_was_hidden_before_it():
    """The year went out first: the quarters after the first are what is left of it."""
    earlier = [
        went_out(referrals("2026", self=36, other=28)),
        went_out(referrals("2026Q1", self=9, other=4), "self", "other"),
        *(went_out(referrals(f"2026Q{number}", self=9, other=8)) for number in (2, 3)),
    ]
    together = joint([referrals("2026Q4", self=9, other=8)], earlier, 5)
    assert rows(together) == {"self": HIDDEN, "other": HIDDEN, "total": 17}


def test_a_late_registration_makes_no_false_equation_but_still_a_limit():
    """Of the year's other referrals one was registered late; no more than the rest can be the first quarter's."""
    quarters = [went_out(referrals("2026Q1", self=9, other=3), "self", "other")]
    quarters += [went_out(referrals(f"2026Q{number}", self=9, other=8)) for number in (2, 3, 4)]
    shown = joint([referrals("2026", self=37, other=28)], quarters, 5)
    assert rows(shown) == {"self": 37, "other": 28, "total": 65}
    fewer = joint([referrals("2026", self=36, other=25)], quarters, 5)
    assert not fewer.exposed


def test_what_would_be_given_away_whatever_is_hidden_is_refused_in_words():
    """The whole year went out as it was, and then three quarters: the fourth is what is left, small as it is."""
    earlier = [went_out(referrals("2026", self=36, other=26))]
    earlier += [went_out(referrals(f"2026Q{number}", self=9, other=8)) for number in (1, 2, 3)]
    together = joint([referrals("2026Q4", self=9, other=2)], earlier, 5)
    assert {(each.table, each.period.name) for each in together.exposed} == {("referrals", "2026Q4")}
    assert "Anvisningar per källa (Kvartal 4 2026)" in together.refusal
    assert rows(together)["other"] == HIDDEN
    without = joint([referrals("2026Q4", self=9, other=2)], earlier, 5, tables=[])
    assert not without.exposed
    assert not without.refusal


def test_what_earlier_reports_gave_away_by_themselves_does_not_stop_the_next_one():
    """Somebody published the fourth quarter beside the year. Nothing mends that; the half year may still go out."""
    earlier = [
        went_out(referrals("2026", self=36, other=26)),
        went_out(referrals("2026Q4", self=9, other=2), "other"),
    ]
    earlier += [went_out(referrals(f"2026Q{number}", self=9, other=8)) for number in (1, 2, 3)]
    together = joint([referrals("2026-07..2026-12", self=18, other=10)], earlier, 5)
    assert not together.exposed
    assert rows(together) == {"self": 18, "other": 10, "total": 28}


def test_of_a_unit_no_more_is_shown_than_the_whole_allows():
    whole, units = referrals("2026Q1", self=20, other=14), {"A": (11, 11), "B": (9, 3)}
    together = joint(
        [whole, *(referrals("2026Q1", unit, self=own, other=other) for unit, (own, other) in units.items())], [], 5
    )
    assert rows(together) == {"self": 20, "other": 14, "total": 34}
    assert rows(together, 1)["other"] == HIDDEN
    assert rows(together, 2)["other"] == HIDDEN


def test_units_are_published_with_the_whole_or_not_at_all():
    with pytest.raises(ValueError, match="together with the whole"):
        joint([referrals("2026Q1", "A", self=9)], [], 5)
    with pytest.raises(ValueError, match="only once"):
        joint([referrals("2026Q1", self=9), referrals("2026Q1", self=9)], [], 5)


def test_a_share_is_hidden_where_its_counts_are_not_published():
    known = answers(municipality.register(Random(2), 3_000, 1), QUARTERS[0], QUARTERS[0].end)
    share = ("total", "total")
    without = joint(known, [], 5, tables=["share_ab", "median_days"]).answers[0]
    assert without.tables.keys() == {"share_ab", "median_days"}
    assert without.tables["share_ab"].values[share] == HIDDEN == without.tables["median_days"].values[share]
    beside = joint(known, [], 5, tables=["share_ab", "results"]).answers[0]
    assert beside.tables["share_ab"].values[share] == known[0].tables["share_ab"].values[share]


def test_a_total_that_has_changed_by_one_since_another_table_of_it_went_out_is_not_shown():
    """A closure was registered late: 20 were closed when the results went out, 21 when the durations do."""
    known = answers(municipality.register(Random(4), 400, 1), QUARTERS[0], QUARTERS[0].end)
    results = as_earlier(known, joint(known, [], 5, tables=["results"]))
    total = known[0].value("closed")
    assert results[0].published["results"]["total", "total"] == total
    table = known[0].tables["duration"]
    values = dict(table.values)
    largest = max((row for row, _column in values if row != "total"), key=lambda row: values[row, "total"])
    values[largest, "total"] += 1
    values["total", "total"] += 1
    later = Answer(known[0].question, known[0].tables | {"duration": replace(table, values=values)})
    same = joint(known, results, 5, tables=["duration"]).answers[0]
    assert same.value("duration") == total
    assert joint([later], results, 5, tables=["duration"]).answers[0].value("duration") == HIDDEN


# --- which periods make up others ---


def spans(*names: str):
    return [(period.start, period.end) for period in map(Period.parse, names)]


def named(found, *names: str) -> set[tuple[str, ...]]:
    known = dict(zip(spans(*names), names, strict=True))
    return {tuple(known[span] for span in each) for each in found}


def test_the_ways_in_which_periods_make_up_a_year():
    names = ("2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026T1", "2026T2", "2026T3", "2026")
    (year,) = spans("2026")
    found = families(year, spans(*names))
    assert named(found, *names) == {
        ("2026Q1", "2026Q2", "2026Q3", "2026Q4"),
        ("2026T1", "2026T2", "2026T3"),
        ("2026Q1", "2026T2", "2026Q4"),
        ("2026Q1", "2026T2", "2026T3"),
        ("2026Q1", "2026Q2", "2026T3"),
        ("2026T1", "2026T2", "2026Q4"),
        ("2026T1", "2026Q3", "2026Q4"),
    }
    assert {each for each in named(found, *names) if tiles(year, spans(*each))} == {
        ("2026Q1", "2026Q2", "2026Q3", "2026Q4"),
        ("2026T1", "2026T2", "2026T3"),
    }


def test_a_tertial_lies_within_two_quarters():
    names = ("2026Q1", "2026Q2", "2026Q3", "2026T1", "2026T2")
    (tertial,) = spans("2026T1")
    assert named(covers(tertial, spans(*names)), *names) == {("2026Q1", "2026Q2")}
    (tertial,) = spans("2026T2")
    assert named(covers(tertial, spans(*names)), *names) == {("2026Q2", "2026Q3")}
