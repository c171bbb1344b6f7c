"""The files of frozen and of published reports: what they say, that they are valid, and that they never change."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F, Value
from django.db.models.functions import Concat

from accounts.models import MunicipalSetting, Role, UnitTerm, User
from accounts.municipal import MUNICIPALITY_NAME
from delivery.models import DocumentFile, Job
from delivery.running import job_run
from delivery.services.documents import document_job_enqueue
from delivery.services.jobs import job_enqueue
from delivery.states import JobState
from participants.models import Enrolment, Participant
from placements.models import Employer, FollowUp, Placement, Workplace
from reporting.disclosure.model import HIDDEN
from reporting.documents.report_csv import report_csv
from reporting.documents.report_json import report_json
from reporting.documents.report_pdf import report_pdf
from reporting.documents.report_xlsx import report_xlsx
from reporting.engine import answer
from reporting.figures.definition import Section
from reporting.frozen import Frozen, Gap
from reporting.models import Publication, Report
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.periods import Period
from reporting.question import Question
from reporting.services.publishing import publication_prepare, publication_publish
from reporting.services.reports import (
    REPORT,
    report_comment_save,
    report_correct,
    report_files_make,
    report_freeze,
    report_start,
)
from reporting.statement import StatedLine, Statement
from reporting.telling import presentation
from tests.factories import UserFactory
from tests.pdf import Page, fonts_embedded, pages
from tests.register import cases, expected
from tests.reporting.test_acceptance import flat
from tests.verapdf import faults

SNAPSHOTS = tuple(cases()["meta"]["snapshots"].values())
MAKERS: dict[str, Callable[[Frozen, str], bytes]] = {
    "pdf": report_pdf, "xlsx": report_xlsx, "zip": report_csv, "json": report_json,
}  # fmt: skip
NUMBER = "RAPPORT-2026-00001"
#: The sections whose tables are those of docs/statistics.md as everybody knows them.
OF_THE_CONTRACT = [code for code in Section.values if code != Section.TRACKS]
INSIDE = "Interna siffror: får inte publiceras"
COMMENT = "Fler gick till arbete.\n\nVi ska:\n- besöka varje arbetsplats\n- <b>ringa</b> & fråga"


@pytest.fixture
def head(db):
    return UserFactory(role=Role.MANAGER, given_name="Karin", family_name="Ekström")


@pytest.fixture
def freeze(acceptance_quarter, head) -> Callable[..., Report]:
    def freeze(as_of: dt.date = SNAPSHOTS[-1], **options) -> Report:
        question = Question(Period.parse("2026Q1"), as_of)
        written = {"kind": "quarterly", "title": "Arbetsmarknadsinsatser", "case_number": "AMN 2026/118"}
        written |= {"with_units": True, "sections": OF_THE_CONTRACT} | options
        report = report_start(actor=head, question=question, **written)
        for section in ("summary", "outcomes"):
            if section in ("summary", *report.sections):
                report_comment_save(
                    report=report, section=section, text=COMMENT, author=head, seen=0, window=report.public_id
                )
        return report_freeze(report=report, actor=head, seen=report.revision)

    return freeze


def stored(report: Report) -> Frozen:
    return Frozen.from_stored(Report.objects.get(pk=report.pk).frozen.content)


def published(report: Report, head) -> Publication:
    publication = publication_prepare(report=report, actor=head)
    job_run(job_id=publication.job_id)
    publication.refresh_from_db()
    return publication_publish(publication=publication, actor=head, seen=publication.job_id)


# --- What they say ---


@pytest.mark.parametrize("day", SNAPSHOTS, ids=str)
def test_every_figure_of_the_quarter_stands_in_every_file(day, freeze, django_assert_num_queries):
    frozen = stored(freeze(day))
    with django_assert_num_queries(0):
        files = {ending: make(frozen, NUMBER) for ending, make in MAKERS.items()}
    said = json.loads(files["json"])
    assert said["tables"] == expected(day) == said["units"][0]["tables"]
    assert values_of(files["zip"]) == flat(expected(day))
    assert values_of(files["zip"], unit="AME") == flat(expected(day))
    assert sheets_of(files["xlsx"], frozen.now) == as_numbers(frozen.now)
    assert_on_paper(pages(files["pdf"], name=f"report-{day}"), frozen)


def values_of(archive: bytes, *, period: str = "2026Q1", unit: str = "") -> dict:
    """The CSV files' values of a period and a unit, as (table, row, column) -> value."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            if name in ("missing.csv", "beskrivning.txt", "kommentarer.txt"):
                continue
            text = files.read(name).decode("utf-8-sig")
            for line in csv.DictReader(io.StringIO(text), delimiter=";"):
                assert name == f"{line['table']}.csv"
                if (line["period"], line["unit"]) == (period, unit):
                    value = line["value"].replace(",", ".")
                    found[line["table"], line["row"], line["column"]] = (
                        value if value == HIDDEN else float(value) if value else None
                    )
    return found


def sheets_of(workbook: bytes, statement: Statement) -> dict:
    """The sheets that have a table of the statement, as (table, row, column) -> value."""
    sheets = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[3:]
    found = {}
    for sheet, (key, table) in zip(sheets, statement.tables.items(), strict=False):
        assert [cell.value for cell in sheet[1]][1:] == [column.label for column in table.columns]
        for line, row in enumerate(table.rows, start=2):
            for number, column in enumerate(table.columns, start=2):
                found[key, row.code, column.code] = sheet.cell(line, number).value
    return found


def as_numbers(statement: Statement) -> dict:
    return {
        (key, row.code, column.code): float(value) if isinstance(value, Decimal) else value
        for key, table in statement.tables.items()
        for row in table.rows
        for column in table.columns
        for value in [table.value(row.code, column.code)]
    }


def assert_on_paper(paper: list[Page], frozen: Frozen) -> None:
    """Everything told stands on the pages, row by row; nothing is lost over an edge; every page says what it is."""
    read = text_of(paper)
    shown = presentation.present(frozen.told)
    for figure in shown.key_figures:
        assert spaced(f"{figure.label} {figure.cell.text} {figure.note}").strip() in read
        for change in figure.changes:
            assert spaced(f"{change.period}: {change.earlier} {change.text}") in read
    for block in (block for section in shown.sections for block in section.blocks):
        for line in block.lines:
            assert spaced(" ".join([line.label, *(cell.text for cell in line.cells)])) in read
    for figure in frozen.told[0].figures:
        assert spaced(figure.definition) in read
        assert figure.kolada in read
    for table in frozen.told[0].tables.values():
        for meant in table.meanings:
            assert spaced(f"{meant.label}. {meant.definition}") in read
    for number, page in enumerate(paper, 1):
        assert len(page.text) > 100, f"page {number} is nearly empty"
        assert number == 1 or min(page.ink) >= 8, f"page {number}: ink {page.ink} mm from the edges"
        assert (INSIDE in page.text) is not frozen.published, f"page {number}"
        assert number == 1 or f"Sida {number} av {len(paper)}" in page.text


def spaced(text: str) -> str:
    """The words without hyphens: a word that is divided at the end of a line has one more."""
    return " ".join(text.replace("-", "").split())


def text_of(paper: list[Page]) -> str:
    return spaced("\n".join(page.text for page in paper))


@pytest.mark.deep
@pytest.mark.beside
def test_the_report_on_paper_has_its_facts_its_comments_and_what_was_missing(freeze, head):
    first = freeze(with_units=False, sections=["outcomes", "follow_up"])
    draft = report_correct(report=first, actor=head, reason="Tre avslut hade fel orsak.")
    frozen = stored(report_freeze(report=draft, actor=head, seen=draft.revision))
    frozen = replace(frozen, gaps=(Gap("a", "Målgrupp saknas", 48), Gap("b", "Kön saknas", 0)))
    content = report_pdf(frozen, "RAPPORT-2026-00002")
    paper = pages(content, name="report-corrected")
    read = text_of(paper)
    for told in (
        "Kvartalsrapport", "AMN 2026/118", "1 januari 2026 – 31 mars 2026", "Hela kommunen", "Karin Ekström",
        f"2, ersätter {first.document.number}", "Tre avslut hade fel orsak.", "Målgrupp saknas 48",
        "<b>ringa</b> & fråga",
    ):  # fmt: skip
        assert spaced(told) in read, told
    assert "Kön saknas" not in read
    # The contents lead to the right pages.
    for title in ("Sammanfattning", "Resultat", "Det som saknades", "Så räknas varje mått"):
        page = int(re.search(rf"^{title}\s*(\d+)", paper[1].text, re.MULTILINE)[1])
        assert re.search(rf"^{title}$", paper[page - 1].text.replace("\r", ""), re.MULTILINE), title
    assert fonts_embedded(content)


@pytest.mark.beside
@pytest.mark.deep
def test_the_published_files_tell_what_is_published_and_nothing_else(freeze, head):
    publication = published(freeze(with_units=False), head)
    content = Frozen.from_stored(publication.content)
    number = publication.document.number
    files = {ending: make(content, number) for ending, make in MAKERS.items()}
    wanted = as_numbers(content.now)
    assert HIDDEN in wanted.values()
    assert values_of(files["zip"]) == sheets_of(files["xlsx"], content.now) == wanted
    said = json.loads(files["json"])
    assert said["published"] is True
    assert flat(said["tables"]) == wanted
    assert words_of(content) == words_of(stored(publication.report))
    assert "gaps" not in said
    paper = pages(files["pdf"], name="published")
    assert_on_paper(paper, content)
    everything = " ".join([files["json"].decode(), text_of(paper), *texts(files["zip"])])
    everything += " ".join(texts(files["xlsx"]))
    for inside in ("Interna", "Karin", "saknades", "Små tal visas", "Små antal visas"):
        assert inside not in everything, inside
    assert "antal personer från 1 till 4" in everything
    assert "Värden som är dolda" in everything
    short = replace(content, sections=("outcomes",))
    assert faults({"published": report_pdf(short, number)}) == {}


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.parametrize("day", SNAPSHOTS, ids=str)
def test_the_whole_report_can_be_archived_and_read_aloud(day, freeze, head):
    report = freeze(day)
    content = Frozen.from_stored(published(report, head).content)
    documents = {"internal": report_pdf(stored(report), NUMBER), "published": report_pdf(content, NUMBER)}
    assert faults(documents) == {}
    assert all(map(fonts_embedded, documents.values()))


def words_of(frozen: Frozen) -> dict:
    """What every table and its rows and columns are called and mean."""
    return {key: (table.label, table.rows, table.columns) for key, table in frozen.now.tables.items()}


def texts(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return [files.read(name).decode() for name in files.namelist()]


@pytest.mark.deep
@pytest.mark.beside
def test_names_that_are_long_many_or_look_like_formulas_do_no_harm(freeze):
    frozen = stored(freeze(with_units=False, sections=["placements"]))
    table = frozen.now.tables["stock"]
    long = "Arbetsmarknads- och vuxenutbildningsförvaltningens verksamhetsstödsavdelning"
    names = ['=HYPERLINK("http://x")', "+1", "@sum", long, *(f"Förvaltning {number}" for number in range(60))]
    rows = tuple(StatedLine(f"D{number}", name) for number, name in enumerate(names))
    many = replace(
        table,
        rows=(*rows, table.rows[-1]),
        values={(row.code, "total"): number for number, row in enumerate(rows)} | {("total", "total"): 2016},
    )
    frozen = replace(frozen, statements=(frozen.now.with_table(many), *frozen.statements[1:]))
    paper = pages(report_pdf(frozen, NUMBER), name="long")
    assert_on_paper(paper, frozen)
    over = [page.text for page in paper if re.search(r"Förvaltning \d", page.text)]
    assert len(over) > 1
    assert all("Arbetsgivare" in text for text in over)  # the heading is repeated
    sheet = openpyxl.load_workbook(io.BytesIO(report_xlsx(frozen, NUMBER))).worksheets[3]
    assert [(sheet.cell(line, 1).value, sheet.cell(line, 1).data_type) for line in (2, 3, 4)] == [
        (name, "s") for name in names[:3]
    ]
    with zipfile.ZipFile(io.BytesIO(report_csv(frozen, NUMBER))) as files:
        lines = list(csv.DictReader(io.StringIO(files.read("stock.csv").decode("utf-8-sig")), delimiter=";"))
    assert [line["row_label"] for line in lines[:3]] == [f"'{name}" for name in names[:3]]


@pytest.mark.parametrize("sections", [[], ["follow_up"]])
def test_a_report_with_next_to_nothing_in_it_is_a_report(freeze, sections):
    frozen = replace(stored(freeze(with_units=False, sections=sections)), comments={}, gaps=())
    nothing = [
        replace(
            each, tables={key: replace(table, values={}, parts={}, note="") for key, table in each.tables.items()}
        )
        for each in frozen.statements
    ]
    frozen = replace(frozen, statements=tuple(nothing))
    paper = pages(report_pdf(frozen, NUMBER))
    assert 2 <= len(paper) <= 4
    assert "Inget som siffrorna bygger på saknades" in text_of(paper) or not sections
    for make in (report_xlsx, report_csv, report_json):
        assert make(frozen, NUMBER)


# --- That they never change ---


@pytest.mark.deep
@pytest.mark.beside
def test_a_thousand_later_changes_change_no_byte(freeze):
    report = freeze(sections=["outcomes", "placements"])
    before = {ending: make(stored(report), NUMBER) for ending, make in MAKERS.items()}
    live = answer(report.question)
    changes = 0
    while changes < 1000:
        again = f" {changes}"
        reason = "moved" if changes % 2 else "deceased"
        changes += Participant.objects.update(given_name=Concat("given_name", Value(again)), gender="unknown")
        changes += Enrolment.objects.exclude(end=None).update(
            closure_reason=reason, job_start=None, job_end=None, job_form="", study_aid=None
        )
        changes += Placement.objects.update(start=F("start") - dt.timedelta(days=10))
        changes += FollowUp.objects.update(due=F("due") - dt.timedelta(days=1), filed=None)
        changes += Employer.objects.update(name=Concat("name", Value(again)))
        changes += Workplace.objects.update(name=Concat("name", Value(again)))
        changes += UnitTerm.objects.update(name=Concat("name", Value(again)))
    MunicipalSetting.objects.update_or_create(key=MUNICIPALITY_NAME.key, defaults={"value": "Nya kommunen"})
    MunicipalSetting.objects.update_or_create(key=DISCLOSURE_THRESHOLD.key, defaults={"value": 9})
    assert answer(report.question).tables["results"].values != live.tables["results"].values
    after = {ending: make(stored(report), NUMBER) for ending, make in MAKERS.items()}
    assert after == before


# --- That they are made, once ---


def work(document) -> Job:
    """Do what is asked for, as the worker does."""
    document.refresh_from_db()
    job_run(job_id=document.job_id)
    return Job.objects.get(pk=document.job_id)


def test_one_job_makes_every_file_under_the_report_s_number_and_none_twice(freeze, head, client):
    report = freeze(sections=["follow_up"], with_units=False)
    number = report.document.number
    assert work(report.document).state == JobState.DONE
    files = DocumentFile.objects.order_by("pk")
    assert [file.name for file in files] == [f"{number}.{ending}" for ending in MAKERS]
    for file, make in zip(files, MAKERS.values(), strict=True):
        assert bytes(file.content) == make(stored(report), number)
        assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    job = Job.objects.get(kind=REPORT)
    assert report_files_make(report=report, actor=head) == job
    again = job_enqueue(kind=REPORT, owner=head, params=job.params)  # a message that came twice
    job_run(job_id=again.pk)
    assert DocumentFile.objects.count() == len(MAKERS)
    client.force_login(head)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "Filerna är klara" in page
    assert report.get_absolute_url() in page


@pytest.mark.deep
@pytest.mark.beside
def test_the_public_files_are_made_of_what_is_published(freeze, head):
    publication = published(freeze(sections=["outcomes"], with_units=False), head)
    assert work(publication.document).state == JobState.DONE
    file = DocumentFile.objects.get(document=publication.document, media_type="application/json")
    assert file.name == f"{publication.document.number}.json"
    assert json.loads(bytes(file.content))["tables"]["results"]["D"]["women"] == HIDDEN


def test_one_who_no_longer_leads_what_the_report_is_about_has_no_files_made(freeze, head, acceptance_quarter):
    report = freeze(sections=["follow_up"])
    head.memberships.update(unit=acceptance_quarter)
    job = work(report.document)
    assert (job.state, DocumentFile.objects.count()) == (JobState.FAILED, 0)
    assert "rätt" in job.error
    head.memberships.update(role=Role.ANALYST)
    with pytest.raises(PermissionDenied):
        document_job_enqueue(document=report.document, kind=REPORT, owner=User.objects.get(pk=head.pk))
