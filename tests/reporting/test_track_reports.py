"""Job tracks in the committee's report: a section of its own, frozen, in every file, and published with small numbers
hidden."""

import csv
import datetime as dt
import io
import json
import zipfile
from random import Random

import openpyxl
import pytest

from delivery.running import job_run
from reporting.disclosure.model import HIDDEN
from reporting.documents.report_csv import report_csv
from reporting.documents.report_json import report_json
from reporting.documents.report_pdf import report_pdf
from reporting.documents.report_xlsx import report_xlsx
from reporting.figures.definition import Section
from reporting.frozen import Frozen
from reporting.periods import Period
from reporting.question import Question
from reporting.report_forms import ReportForm
from reporting.services.publishing import publication_prepare
from reporting.services.reports import report_freeze, report_start
from tests.pdf import pages
from tests.reporting.test_track_disclosure import fill
from tests.tracks.making import round_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(cast):
    """The first half of 2026 with a large round of the kitchen and a small one of care."""
    random = Random(8)
    fill(random, round_of("koksbitrade", cast.centrum), cast.centrum, 14, 12)
    fill(random, round_of("vard-och-omsorg", cast.norr), cast.norr, 2, 1)

    def freeze(**options):
        question = Question(Period.parse("2026-01..2026-06"), dt.date(2026, 8, 1))
        report = report_start(
            actor=cast.head, kind="interim", title="Delår", case_number="", question=question, with_units=False,
            **{"sections": [Section.TRACKS]} | options,
        )  # fmt: skip
        return report_freeze(report=report, actor=cast.head, seen=0)

    return freeze


def test_the_section_stands_in_every_file(frozen, cast, django_assert_num_queries):
    report = frozen()
    told = Frozen.from_stored(report.frozen.content)
    fill(Random(2), round_of("lokalvard", cast.centrum), cast.centrum, 5, 5)  # changes nothing that is frozen
    with django_assert_num_queries(0):
        said = json.loads(report_json(told, "R-1"))
        archive = zipfile.ZipFile(io.BytesIO(report_csv(told, "R-1")))
        workbook = openpyxl.load_workbook(io.BytesIO(report_xlsx(told, "R-1")))
        paper = " ".join(page.text for page in pages(report_pdf(told, "R-1"), name="tracks"))
    assert said["tables"]["track_during"]["total"]["total"] == 29
    assert said["tables"]["track_during"]["vard-och-omsorg"] == {"women": 2, "men": 1, "total": 3}
    assert "active" not in said["tables"]
    lines = csv.DictReader(io.StringIO(archive.read("track_during.csv").decode("utf-8-sig")), delimiter=";")
    values = {(line["period"], line["row"], line["column"]): line["value"] for line in lines}
    assert values["2026-01..2026-06", "koksbitrade", "total"] == "26"
    assert "På ett jobbspår" in workbook.sheetnames
    assert "Köksbiträde i skola och omsorg" in paper
    assert "Avhopp per steg" in paper


def test_what_is_published_hides_the_small_track(frozen, cast):
    report = frozen(sections=[Section.RESULTS, Section.TRACKS])
    publication = publication_prepare(report=report, actor=cast.head)
    job_run(job_id=publication.job_id)
    publication.refresh_from_db()
    tables = Frozen.from_stored(publication.content).now.tables
    assert tables["track_started"].value("vard-och-omsorg") == HIDDEN
    assert tables["track_started"].value("koksbitrade") != 26 or tables["track_started"].value() == HIDDEN
    assert not {"track_on", "track_during", "track_carried", "track_on_step"} & tables.keys()
    for key, table in tables.items():
        small = [value for crossing, value in table.values.items() if value in (1, 2, 3, 4)]
        assert key.startswith("track") is False or not small or table.figure.measured_in != "participations", key


def test_a_report_without_the_section_knows_no_tracks(frozen):
    told = Frozen.from_stored(frozen(sections=[Section.RESULTS]).frozen.content)
    assert not [key for key in told.now.tables if key.startswith("track")]


def test_a_new_report_proposes_the_section_where_there_are_rounds(cast):
    from django.utils.datastructures import MultiValueDict

    assert Section.TRACKS not in ReportForm(MultiValueDict(), user=cast.head).data["sections"]
    round_of("koksbitrade", cast.centrum)
    assert Section.TRACKS in ReportForm(MultiValueDict(), user=cast.head).data["sections"]
