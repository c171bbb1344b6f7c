"""What of a frozen report goes out: once for a period, after what went out before, with nothing given away."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.core.management import call_command

from accounts.models import Role
from delivery.models import Document, Job
from delivery.running import job_run
from delivery.states import JobState
from reporting.disclosure.model import HIDDEN
from reporting.figures.definition import Section
from reporting.frozen import Frozen
from reporting.models import Publication, Report
from reporting.periods import Period
from reporting.question import Question
from reporting.services.publishing import (
    CannotPublish,
    publication_prepare,
    publication_publish,
    publication_withdraw,
)
from reporting.services.reports import report_correct, report_freeze, report_start
from reporting.telling.formats import as_json, blocks
from tests.factories import UserFactory
from tests.register import cases

AS_OF = dt.date(2026, 4, 30)


@pytest.fixture
def head(db):
    return UserFactory(role=Role.MANAGER)


@pytest.fixture
def frozen_report(acceptance_quarter, head):
    def freeze(period="2026Q1", as_of=AS_OF, **options) -> Report:
        question = Question(Period.parse(period), as_of, options.pop("unit", None))
        written = {"kind": "quarterly", "title": "Kvartal", "case_number": "AMN 2026/1", "with_units": False}
        written |= {"sections": Section.values} | options
        report = report_start(actor=head, question=question, **written)
        return report_freeze(report=report, actor=head, seen=report.revision)

    return freeze


def prepared(report: Report, head) -> Publication:
    publication = publication_prepare(report=report, actor=head)
    job_run(job_id=publication.job_id)
    publication.refresh_from_db()
    publication.job.refresh_from_db()
    return publication


def published(report: Report, head) -> Frozen:
    publication = prepared(report, head)
    publication = publication_publish(publication=publication, actor=head, seen=publication.job_id)
    return Frozen.from_stored(publication.content)


def test_the_published_figures_are_those_that_were_frozen(frozen_report, head):
    report = frozen_report(with_units=True)
    content = published(report, head)
    inside = Frozen.from_stored(report.frozen.content)
    assert (content.published, content.now.published) == (True, True)
    assert content.now.tables.keys() <= inside.now.tables.keys()
    assert content.now.tables["results"].hidden
    for key, table in content.now.tables.items():
        for place, value in table.values.items():
            assert value in (HIDDEN, inside.now.tables[key].values[place])
    assert [each.unit_code for each in content.units] == ["AME"]
    assert (content.gaps, content.behind, inside.behind.keys()) == ((), {}, {"", "AME"})


@pytest.mark.deep
@pytest.mark.beside
def test_what_is_published_is_told_in_the_words_that_were_frozen(frozen_report, head, acceptance_quarter):
    report = frozen_report(with_units=True)
    acceptance_quarter.terms.update(name="Något annat")
    content, inside = published(report, head), Frozen.from_stored(report.frozen.content)
    for told, stored in zip((content.now, *content.units), (inside.now, *inside.units), strict=True):
        assert told.scope_label == stored.scope_label
        for key, table in told.tables.items():
            words = replace(stored.tables[key], values=table.values, parts=table.parts, note=table.note)
            assert table == words
    assert "Något annat" not in str(content.as_stored())


@pytest.mark.deep
@pytest.mark.beside
def test_a_period_is_published_once_also_in_a_corrected_version(frozen_report, head):
    report = frozen_report()
    published(report, head)
    draft = report_correct(report=report, actor=head, reason="En siffra var fel.")
    later = report_freeze(report=draft, actor=head, seen=draft.revision)
    with pytest.raises(CannotPublish, match=r"RAPPORT-\d{4}-00002"):
        publication_prepare(report=later, actor=head)
    assert Document.objects.count() == 3


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"period": "2026-01-05..2026-03-31"}, "Bara kvartal"),
        ({"unit": "own"}, "en enhet"),
    ],
)
def test_what_may_not_be_published_says_why(frozen_report, head, acceptance_quarter, options, why):
    options = {name: acceptance_quarter if value == "own" else value for name, value in options.items()}
    with pytest.raises(CannotPublish, match=why):
        publication_prepare(report=frozen_report(**options), actor=head)


@pytest.mark.deep
@pytest.mark.beside
def test_two_that_are_prepared_at_once_do_not_go_out_without_knowing_of_each_other(frozen_report, head):
    quarter, year = frozen_report(), frozen_report("2026", dt.date(2027, 1, 31))
    first, second = prepared(quarter, head), prepared(year, head)
    publication_publish(publication=first, actor=head, seen=first.job_id)
    with pytest.raises(CannotPublish, match="på nytt"):
        publication_publish(publication=second, actor=head, seen=second.job_id)
    content = published(year, head)
    second.refresh_from_db()
    assert second.considered == [str(first.public_id)]
    assert content.now.period.name == "2026"


@pytest.mark.deep
@pytest.mark.beside
def test_a_public_report_is_compared_with_what_is_published_and_nothing_else(frozen_report, head):
    assert len(published(frozen_report("2025Q4"), head).statements) == 1
    told = published(frozen_report("2026Q1"), head).statements
    assert [each.period.name for each in told] == ["2026Q1", "2025Q4"]
    assert told[1].published


def test_what_is_prepared_can_be_taken_back_and_what_is_published_not(frozen_report, head):
    report = frozen_report()
    publication_withdraw(publication=prepared(report, head))
    assert not Publication.objects.exists()
    publication = prepared(report, head)
    publication = publication_publish(publication=publication, actor=head, seen=publication.job_id)
    assert (
        publication_publish(publication=publication, actor=head, seen=publication.job_id).document
        == publication.document
    )
    with pytest.raises(CannotPublish, match="redan publicerad"):  # from a page that was opened before
        publication_prepare(report=report, actor=head)
    with pytest.raises(CannotPublish, match="inte tas tillbaka"):
        publication_withdraw(publication=publication)


def test_one_who_no_longer_leads_the_municipality_prepares_nothing(frozen_report, head):
    publication = publication_prepare(report=frozen_report(), actor=head)
    head.memberships.all().delete()
    job_run(job_id=publication.job_id)
    assert Job.objects.get(pk=publication.job_id).state == JobState.FAILED
    publication.refresh_from_db()
    assert not publication.is_prepared


@pytest.mark.deep
@pytest.mark.beside
def test_what_was_prepared_anew_is_looked_at_again_before_it_is_published(frozen_report, head):
    report = frozen_report()
    looked_at = prepared(report, head)
    prepared(report, head)
    with pytest.raises(CannotPublish, match="titta på den igen"):
        publication_publish(publication=looked_at, actor=head, seen=looked_at.job_id)
    assert not Publication.objects.published().exists()


@pytest.mark.parametrize("day", cases()["meta"]["snapshots"].values())
def test_what_goes_out_is_what_the_command_says_and_the_page_shows_it_to_analysts(
    day, frozen_report, head, client, capsys
):
    content = published(frozen_report(as_of=day), head)
    call_command("statistics", "2026Q1", "--published", as_of=str(day), format="json")
    said = json.loads(capsys.readouterr().out)["tables"]
    told = json.loads(as_json(content.now))["tables"]
    assert {key: told[key] for key in said} == said
    assert HIDDEN in said["delivered"].values()
    client.force_login(UserFactory(role=Role.ANALYST))
    page = client.get(Publication.objects.get().get_absolute_url())
    shown = [
        [cell.text for cell in line.cells]
        for section in page.context["shown"].sections
        for block in section.blocks
        for line in block.lines
    ]
    assert shown == [[place.text for place in line.places] for block in blocks(content.now) for line in block.lines]
