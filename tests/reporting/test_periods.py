import datetime as dt

import pytest

from reporting.periods import Period, PeriodError, latest_ended_quarter


@pytest.mark.parametrize(
    ("text", "start", "end", "days"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31", 90),
        ("2026q4", "2026-10-01", "2026-12-31", 92),
        ("2026T1", "2026-01-01", "2026-04-30", 120),
        ("2026T3", "2026-09-01", "2026-12-31", 122),
        ("2026-01..2026-08", "2026-01-01", "2026-08-31", 243),
        ("2024-02..2024-02", "2024-02-01", "2024-02-29", 29),
        ("2024", "2024-01-01", "2024-12-31", 366),
        (" 2026-01-15..2026-01-15 ", "2026-01-15", "2026-01-15", 1),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text, start, end, days):
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat(), period.days) == (start, end, days)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "2026Q1"),
        ("banan", "banan"),
        ("2026Q5", "2026Q5"),
        ("2026T4", "2026T4"),
        ("2026-13..2026-14", "2026-13"),
        ("2026-02-30..2026-03-01", "2026-02-30"),
        ("0000", "0000"),
        ("٢٠٢٦", "2026Q1"),
        ("1890Q1", "1950"),
        ("2026-08..2026-01", "2026-01-31"),
        ("2026-03-31..2026-01-01", "2026-03-31"),
    ],
)
def test_what_is_no_period_says_what_is_wrong(text, words):
    with pytest.raises(PeriodError, match=words):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "previous", "year_before"),
    [
        ("2026Q1", "2025Q4", "2025Q1"),
        ("2026Q3", "2026Q2", "2025Q3"),
        ("2026T1", "2025T3", "2025T1"),
        ("2026", "2025", "2025"),
        ("2026-01..2026-08", "2025-05..2025-12", "2025-01..2025-08"),
        ("2024-02-01..2024-02-29", "2024-01-03..2024-01-31", "2023-02-01..2023-02-28"),
        ("1950Q1", "1949Q4", "1949Q1"),
    ],
)
def test_a_period_knows_what_it_is_set_against(text, previous, year_before):
    period = Period.parse(text)
    assert (period.previous.name, period.year_before.name) == (previous, year_before)
    assert period.previous.end == period.start - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "name"), [("2026-04-01", "2026Q1"), ("2026-03-31", "2025Q4"), ("2026-12-31", "2026Q3")]
)
def test_the_latest_ended_quarter_is_the_one_before_today_s(today, name):
    assert latest_ended_quarter(dt.date.fromisoformat(today)).name == name
