"""Shares, medians and full-time equivalents in a public report."""

from decimal import Decimal

import pytest

from reporting.disclosure import Reason, control
from reporting.disclosure.model import Before, Cell, Kind, Line, Measure, Median, Publication, Share


def share_of(part: int, rest: int, threshold: int = 5) -> bool:
    """Whether the share of `part` in `part` and `rest` is shown, where nothing else can hide it but the counts."""
    publication = Publication(
        (Cell("part", part, Kind.WORK), Cell("group", part + rest, Kind.WORK)),
        shares=(Share("share", ("part", "group"), part, part + rest),),
        medians=(Median("median", "group"),),
    )
    return control(publication, threshold).shows("share")


@pytest.mark.parametrize(
    ("part", "rest", "shown"),
    [
        (5, 5, True),
        (0, 5, True),
        (5, 0, True),
        (4, 9, False),
        (9, 4, False),
        (1, 1, False),
        (0, 0, True),
        (0, 4, False),
    ],
)
def test_a_share_of_few_or_of_all_but_few_is_hidden(part, rest, shown):
    assert share_of(part, rest) is shown


def test_a_share_goes_with_every_count_it_is_computed_from():
    """B of the women is hidden because of the men's, and takes the women's share with it."""
    publication = Publication(
        (Cell("A", 8), Cell("B.women", 6), Cell("B.men", 3), Cell("B", 9), Cell("closed.women", 20)),
        (Line("B", ("B.women", "B.men")),),
        shares=(
            Share("share.women", ("A", "B.women", "closed.women"), 14, 20),
            Share("share.a", ("A", "closed.women"), 8, 20),
        ),
    )
    hidden = control(publication, 5).hidden
    assert hidden == {"B.men": Reason.SMALL, "B.women": Reason.PROTECTS, "share.women": Reason.DERIVED}


@pytest.mark.parametrize(("count", "shown"), [(5, True), (4, False), (0, True)])
def test_a_median_goes_with_its_group(count, shown):
    publication = Publication((Cell("closed", count),), medians=(Median("median", "closed"),))
    assert control(publication, 5).shows("median") is shown


def test_counts_of_the_work_are_shown_however_small():
    cells = (Cell("late", 1, Kind.WORK), Cell("on_time", 9, Kind.WORK), Cell("due", 10, Kind.WORK))
    assert not control(Publication(cells, (Line("due", ("late", "on_time")),)), 5).hidden


def test_counts_of_the_work_are_known_to_whoever_wants_to_know_the_persons():
    """A shown count of the work in a line of persons is one more number in the equation."""
    cells = (Cell("a", 3), Cell("b", 6), Cell("work", 5, Kind.WORK), Cell("t", 14))
    assert control(Publication(cells, (Line("t", ("a", "b", "work")),)), 5).hidden.keys() == {"a", "b"}


def equivalents(*rows: tuple[str, str, int], before: dict[str, Before] | None = None) -> set[str]:
    """What is hidden of a table of full-time equivalents, given by employer, amount and employments."""
    measures = [Measure(name, Decimal(amount), behind, (before or {}).get(name)) for name, amount, behind in rows]
    total = Measure("total", sum(each.value for each in measures), sum(each.behind for each in measures))
    publication = Publication(
        (), measures=(*measures, total), measure_lines=(Line("total", tuple(each.id for each in measures)),)
    )
    return set(control(publication, 5).hidden)


def test_full_time_equivalents_of_few_employments_are_hidden_and_never_alone():
    assert equivalents(("SERV", "5.733", 9), ("VOF", "4.000", 7), ("SKOL", "0.781", 2)) == {"SKOL", "VOF"}
    assert equivalents(("SERV", "5.733", 9), ("SKOL", "0.781", 2), ("TEKN", "0.889", 3)) == {"SKOL", "TEKN"}
    assert equivalents(("SERV", "5.733", 9), ("VOF", "4.000", 7), ("SKOL", "0", 0)) == set()


def test_full_time_equivalents_of_one_employer_alone_hide_the_total():
    assert equivalents(("SERV", "0.733", 2), ("VOF", "0", 0)) == {"SERV", "total"}
    assert equivalents(("SERV", "5.733", 9), ("SKOL", "0.781", 2), before={"SERV": Before.SHOWN}) == {"SKOL", "total"}


def test_full_time_equivalents_of_a_quarter_can_not_be_read_off_the_year():
    quarters = [[("SERV", 400), ("VOF", 300), ("SKOL", 20)], [("SERV", 500), ("VOF", 450), ("SKOL", 200)]]
    measures, lines = [], []
    for number, rows in enumerate(quarters, 1):
        measures += [Measure(f"Q{number}/{name}", days, 2 if days < 100 else 9) for name, days in rows]
        measures.append(Measure(f"Q{number}/total", sum(days for _name, days in rows), 30))
        lines.append(Line(f"Q{number}/total", tuple(f"Q{number}/{name}" for name, _days in rows)))
    for name in ("SERV", "VOF", "SKOL", "total"):
        amount = sum(each.value for each in measures if each.id.endswith(name))
        measures.append(Measure(f"year/{name}", amount, 30))
        lines.append(Line(f"year/{name}", (f"Q1/{name}", f"Q2/{name}")))
    lines.append(Line("year/total", ("year/SERV", "year/VOF", "year/SKOL")))
    result = control(Publication((), measures=tuple(measures), measure_lines=tuple(lines)), 5)
    assert {"Q1/SKOL", "Q1/VOF"} <= result.hidden.keys()
    assert not result.exposed
    for line in lines:
        assert len(result.hidden.keys() & set(line.cells)) != 1
