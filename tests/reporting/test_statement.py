"""Statements: kept exactly, told in their own words, and silent about what is hidden."""

import io
import json
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation

from accounts.municipal import value_of
from reporting.disclosure.model import HIDDEN
from reporting.disclosure.of_answer import published
from reporting.engine import answer
from reporting.figures.definition import MeasuredIn
from reporting.jobs import report_html
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.periods import Period
from reporting.question import Question
from reporting.services.figures import figures_report_order
from reporting.statement import Side, StatedFigure, StatedLine, StatedTable, Statement, StatementError, state
from reporting.telling import formats, presentation
from reporting.telling.charts import stacked_bars
from reporting.telling.formats import written
from reporting.telling.workbook import as_xlsx
from tests.register import cases

SNAPSHOTS = cases()["meta"]["snapshots"]
QUARTER = Period.parse("2026Q1")


def stated(snapshot: str = "final", *, public: bool) -> Statement:
    said = answer(Question(QUARTER, SNAPSHOTS[snapshot]))
    return state(published(said, value_of(DISCLOSURE_THRESHOLD.key)) if public else said, published=public)


def kept(statement: Statement) -> dict:
    """As it comes back from a database that keeps no order of keys."""
    return json.loads(json.dumps(statement.as_stored(), sort_keys=True))


@pytest.mark.parametrize("public", [False, True], ids=["internal", "published"])
@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_what_is_kept_comes_back_exactly_and_in_its_order(snapshot, public, acceptance_quarter):
    before = stated(snapshot, public=public)
    after = Statement.from_stored(kept(before))
    assert after == before
    assert (list(after.tables), after.figures) == (list(before.tables), before.figures)
    for tell in (formats.as_json, formats.as_csv, formats.as_text):
        assert tell(after) == tell(before)


def test_nothing_that_is_hidden_is_kept_beside_the_value(acceptance_quarter):
    inside, outside = stated(public=False), stated(public=True)
    hidden = [(table, crossing) for table in outside.tables.values() for crossing in table.hidden]
    assert ("share_ab", ("total", "men")) in [(table.key, crossing) for table, crossing in hidden]
    assert any(crossing in inside.tables[table.key].parts for table, crossing in hidden)
    assert not any(crossing in table.parts for table, crossing in hidden)


def test_it_is_told_in_its_own_words_whatever_the_code_says_today(acceptance_quarter):
    report = kept(stated(public=False))
    report["figures"][0] |= {"key": "visitors", "label": "Besökare", "section": "house", "section_label": "Huset"}
    report["tables"] = [each for each in report["tables"] if not each["key"].startswith("active_")]
    report["tables"][0] |= {"key": "visitors", "label": "Besökare", "figure": "visitors"}
    report["tables"][0]["columns"][0] |= {"label": "Damer", "definition": "Den som säger det själv."}
    statement = Statement.from_stored(report)
    with translation.override("en"):
        shown = presentation.present([statement, stated(public=False)])
        first = shown.sections[0]
        assert (first.title, first.blocks[0].title, first.blocks[0].headings[0]) == ("Huset", "Besökare", "Damer")
        assert shown.key_figures[0].label == "Besökare"
        assert shown.key_figures[0].changes[0].text == "Nothing to compare with"
        assert [meant.label for meant in shown.definitions[0].meanings] == ["Damer"]
        assert shown.sections[-1].title == "Efter avslut"
        assert "Besökare" in formats.as_text(statement)
        assert "visitors;total;women;" in formats.as_csv(statement)
        notes = openpyxl.load_workbook(io.BytesIO(as_xlsx(statement, municipality="Exempelstad"))).worksheets[-1]
        assert "Besökare: Damer" in [row[0] for row in notes.iter_rows(values_only=True)]


def test_a_pdf_that_waits_tells_what_was_known_when_it_was_asked_for(cast, acceptance_quarter):
    report = figures_report_order(question=Question(QUARTER, SNAPSHOTS["final"], cast.centrum), actor=cast.head)
    report.refresh_from_db()
    before = report_html(report)
    cast.centrum.terms.update(name="Något helt annat")
    cast.asa.__class__.objects.filter(unit=cast.centrum).update(start="2026-02-01")
    assert report_html(report) == before
    assert report.statements[0] != state(answer(report.question)).as_stored()


def test_a_form_that_is_not_known_is_refused(acceptance_quarter):
    with pytest.raises(StatementError, match="format 99"):
        Statement.from_stored(kept(stated(public=False)) | {"format": 99})


GENDER = (StatedLine("women", "Kvinnor"), StatedLine("men", "Män"), StatedLine("total", "Totalt", is_total=True))
FIGURE = StatedFigure("stock", "Pågående", "", "placements", "Placeringar", "persons", "personer", highlight="total")


def table(**rows: tuple) -> StatedTable:
    """A table of counts by gender: for each row the women, the men and the total."""
    return StatedTable(
        "stock",
        "Pågående",
        FIGURE,
        Side("form", "Form"),
        Side("gender", "Kön"),
        (*(StatedLine(code, code) for code in rows), GENDER[-1]),
        GENDER,
        {(code, line.code): value for code, row in rows.items() for line, value in zip(GENDER, row, strict=True)},
        {},
    )


class TestHiddenInCharts:
    def bars(self, **rows):
        chart = stacked_bars(table(**rows))
        return chart, [[(part.series, part.text) for part in group.bars[0].segments] for group in chart.groups]

    def test_what_is_hidden_of_a_bar_is_one_part_without_number(self):
        chart, bars = self.bars(first=(30, 10, 40), second=("..", "..", 20))
        assert bars == [[("women", "30"), ("men", "10")], [("rest", "")]]
        assert chart.groups[1].bars[0].segments[0].width * 2 == sum(s.width for s in chart.groups[0].bars[0].segments)
        assert chart.series[-1] == ("rest", "Dolt")
        assert chart.description == "first: 40; second: 20"

    def test_a_hidden_whole_is_drawn_by_what_is_shown_of_it_and_said_to_be_hidden(self):
        chart, bars = self.bars(first=(30, "..", ".."), second=("..", "..", ".."))
        assert bars == [[("women", "30")], []]
        assert chart.groups[0].bars[0].text == ".."
        assert chart.description == "first: dolt värde; second: dolt värde"
        assert chart.series == [("women", "Kvinnor"), ("men", "Män")]

    def test_nothing_but_hidden_values_is_no_chart(self):
        assert stacked_bars(table(first=("..", "..", ".."), second=(0, 0, 0))) is None


@pytest.mark.parametrize(
    ("now", "earlier", "said"),
    [(12, "..", "Kan inte jämföras"), ("..", 12, "Kan inte jämföras"), (12, 12, "Oförändrat"), (12, 15, "−3")],
)
def test_a_hidden_value_is_not_compared(now, earlier, said):
    def of(value) -> Statement:
        counted = replace(table(), values={("total", "total"): value})
        return Statement(QUARTER, SNAPSHOTS["final"], None, "Hela kommunen", True, {"stock": counted})

    figure = presentation.present([of(now), of(earlier)]).key_figures[0]
    assert figure.changes[0].text == said
    assert figure.cell.url == ""


@pytest.mark.parametrize(
    ("value", "measured_in", "words"),
    [
        (0, MeasuredIn.PERSONS, "0"),
        (999, MeasuredIn.PERSONS, "999"),
        (1226, MeasuredIn.PERSONS, "1\xa0226"),
        (1_234_567, MeasuredIn.PERSONS, "1\xa0234\xa0567"),
        (Decimal("7796.500"), MeasuredIn.WORK_DAYS, "7\xa0796,5"),
        (Decimal("-0.4"), MeasuredIn.PERCENT, "-0,4\xa0%"),
        (Decimal("1000.0"), MeasuredIn.PERCENT, "1\xa0000,0\xa0%"),
        (None, MeasuredIn.PERSONS, "–"),
        (HIDDEN, MeasuredIn.PERSONS, HIDDEN),
    ],
)
def test_numbers_are_written_as_people_read_them(value, measured_in, words):
    assert written(value, measured_in) == words
