"""Reports to the committee through their pages: begun, written by two at once, frozen, corrected, thrown away."""

import datetime as dt
import uuid

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from delivery.running import job_run
from participants.models import Enrolment, Participant
from reporting.models import Report, ReportKind
from reporting.periods import Period
from reporting.question import Question
from reporting.report_forms import suggested_period
from reporting.services.reports import report_freeze, report_start
from tests.factories import EnrolmentFactory, ParticipantFactory

HTMX = {"HX-Request": "true"}
ASKED = {
    "kind": "quarterly",
    "title": "Första kvartalet",
    "period": "2026Q1",
    "as_of": "2026-04-15",
    "sections": ["participants", "outcomes"],
}


@pytest.fixture
def draft(cast) -> Report:
    """A draft of the whole municipality's first quarter, begun by its head."""
    return begun(cast.head)


def begun(actor, unit=None, period="2026Q1", **fields) -> Report:
    question = Question(Period.parse(period), dt.date(2026, 4, 15), unit)
    given = {"kind": "quarterly", "title": "Första kvartalet", "case_number": "AMN 2026/114", "with_units": False}
    return report_start(actor=actor, question=question, sections=["participants", "outcomes"], **given | fields)


def frozen(actor, **fields) -> Report:
    report = begun(actor, **fields)
    return report_freeze(report=report, actor=actor, seen=report.revision)


def address(name, report, *more) -> str:
    return reverse(f"reporting:{name}", args=[report.public_id, *more])


def write(client, report, text, *, section="summary", seen=0, window="", headers=None, **more):
    data = {"text": text, "seen": seen, "window": window, **more}
    return client.post(address("report_comment", report, section), data, headers=headers or {})


def stored(report, section="summary") -> str:
    return report.comments.get(section=section).text


# --- Begun and changed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "kind", "period"),
    [
        ("2026-04-07", ReportKind.QUARTERLY, "2026Q1"),
        ("2026-05-02", ReportKind.INTERIM, "2026T1"),
        ("2026-12-31", ReportKind.INTERIM, "2026T2"),
        ("2026-02-01", ReportKind.INTERIM, "2025T2"),
        ("2026-02-01", ReportKind.ANNUAL, "2025"),
        ("2026-02-01", ReportKind.FREE, "2025Q4"),
    ],
)
def test_each_kind_proposes_the_latest_ended_period_that_it_is_about(today, kind, period, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_args: dt.date.fromisoformat(today))
    assert suggested_period(kind).name == period


def test_a_chosen_kind_proposes_period_and_title_and_keeps_a_title_that_was_written(cast, client):
    client.force_login(cast.head)
    page = reverse("reporting:report_new")
    first = client.get(page).context["form"]
    untouched = {"kind": "annual", "chosen": "kind", "period": first.data["period"], "sections": ["outcomes"]}
    untouched |= {"title": first.proposed, "proposed": first.proposed}
    year = timezone.localdate().year - 1
    for headers in ({}, HTMX):
        form = client.post(page, untouched, headers=headers).context["form"]
        assert (form.data["period"], form.data["title"]) == (str(year), f"Årsanalys, år {year}")
        assert form.data["sections"] == ["outcomes"]
    written = client.post(page, untouched | {"title": "Min egen"}, headers=HTMX)
    assert written.context["form"].data["title"] == "Min egen"
    assert not Report.objects.exists()


def test_a_report_is_begun_and_opens_as_a_draft(cast, client):
    client.force_login(cast.head)
    response = client.post(reverse("reporting:report_new"), ASKED, follow=True)
    report = Report.objects.get()
    assert (report.title, report.period, report.sections) == (ASKED["title"], "2026Q1", ASKED["sections"])
    content = response.content.decode()
    assert "Utkast" in content
    assert "läget den 15 april 2026" in content
    assert "tills du låser rapporten ändras de" in content
    assert [chapter.chapter.key for chapter in response.context["chapters"]] == ASKED["sections"]


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"sections": []}, "sections", "minst ett avsnitt"),
        ({"period": "banan"}, "period", "banan"),
        ({"period": "dates", "from": "2026-03-31", "to": "2026-01-01"}, "to", "innan den börjar"),
        ({"as_of": "2025-01-01"}, "as_of", "2026-01-01"),
        ({"as_of": "2199-01-01"}, "as_of", "inte har kommit"),
        ({"title": "x" * 121}, "title", "120"),
        ({"kind": "påhittad"}, "kind", "påhittad"),
        ({"unit": "FINNSINTE"}, "unit", "enheterna"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(wrong, field, words, cast, client):
    client.force_login(cast.head)
    asked = ASKED | {"case_number": "AMN 2026/114"} | wrong
    response = client.post(reverse("reporting:report_new"), asked)
    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert 'value="AMN 2026/114"' in response.content.decode()
    assert not Report.objects.exists()


def test_all_that_is_wrong_is_told_at_once(cast, client):
    client.force_login(cast.head)
    wrong = {
        "period": "dates",
        "from": "2026-03-31",
        "to": "2026-01-01",
        "as_of": "2199-01-01",
        "title": "",
        "kind": "x",
    }
    response = client.post(reverse("reporting:report_new"), ASKED | wrong)
    assert {"to", "as_of", "kind", "title"} <= set(response.context["form"].errors)
    halves = client.post(reverse("reporting:report_new"), ASKED | wrong | {"from": "i maj", "to": ""})
    assert {name: len(halves.context["form"].errors[name]) for name in ("from", "to")} == {"from": 1, "to": 1}


def test_a_unit_s_manager_writes_about_the_unit_and_nothing_else(cast, client):
    client.force_login(cast.manager)
    page = client.get(reverse("reporting:report_new"))
    assert "with_units" not in page.context["form"].fields
    client.post(reverse("reporting:report_new"), ASKED)
    assert Report.objects.get().unit == cast.centrum
    refused = client.post(reverse("reporting:report_new"), ASKED | {"unit": "NORR"})
    assert refused.status_code == 422
    assert Report.objects.count() == 1


def test_who_changes_what_another_has_changed_meanwhile_sees_it_first(draft, cast, client):
    client.force_login(cast.head)
    page = address("report_change", draft)
    assert client.get(page).context["form"].is_valid()
    assert client.post(page, ASKED | {"title": "Gretas", "seen": 0}).status_code == 302
    late = client.post(page, ASKED | {"title": "Evas", "seen": 0})
    assert late.status_code == 409
    content = late.content.decode()
    assert "Gretas" in content
    assert 'value="Evas"' in content
    assert client.post(page, ASKED | {"title": "Evas", "seen": late.context["report"].revision}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Evas"


def test_a_draft_is_thrown_away_after_a_question(draft, cast, client):
    client.force_login(cast.head)
    write(client, draft, "Något")
    assert "1 kommentar kastas med det." in client.get(address("report_delete", draft)).content.decode()
    assert client.post(address("report_delete", draft)).status_code == 302
    assert not Report.objects.exists()
    assert client.get(draft.get_absolute_url()).status_code == 404


# --- Comments -----------------------------------------------------------------------------------------------------


def test_a_comment_is_saved_while_it_is_written_and_stands_there_afterwards(draft, cast, client):
    client.force_login(cast.head)
    window = str(uuid.uuid4())
    first = write(client, draft, "Ett", window=window, headers=HTMX)
    assert "Sparat" in first.content.decode()
    assert 'id="seen-summary" value="1"' in first.content.decode()
    # A slow answer: the page sends what it saw before its own saving, and is no other editor for that.
    write(client, draft, "Ett och två", window=window, headers=HTMX)
    assert stored(draft) == "Ett och två"
    assert "Ett och två</textarea>" in client.get(draft.get_absolute_url()).content.decode()


def test_without_javascript_the_button_saves_and_says_so(draft, cast, client):
    client.force_login(cast.head)
    response = write(client, draft, "Ett", section="outcomes")
    assert response["Location"].endswith("?sparat=outcomes#outcomes")
    assert 'role="status">Sparat' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(("act", "stands"), [("mine", "Min"), ("theirs", "Hennes"), ("both", "Hennes\n\nMin")])
def test_two_who_write_in_one_section_lose_neither_text_and_choose(act, stands, headers, draft, cast, client):
    client.force_login(cast.head)
    write(client, draft, "Hennes", window=str(uuid.uuid4()))
    late = write(client, draft, "Min", window=str(uuid.uuid4()), headers=headers)
    assert late.status_code == (200 if headers else 409)
    content = late.content.decode()
    assert "Hennes" in content
    assert headers or "Min</textarea>" in content
    assert stored(draft) == "Hennes"
    write(client, draft, "Min", seen=-1, shown=1, act=act, headers=headers)
    assert stored(draft) == stands


def test_a_third_who_was_quicker_still_is_seen_before_the_choice_is_made(draft, cast, client):
    client.force_login(cast.head)
    write(client, draft, "Först")
    write(client, draft, "Sedan", seen=1)
    late = write(client, draft, "Min", seen=-1, shown=1, act="mine", headers=HTMX)
    assert "Sedan" in late.content.decode()
    assert "Min</textarea>" in late.content.decode()
    assert stored(draft) == "Sedan"


@pytest.mark.parametrize(("headers", "status"), [({}, 422), (HTMX, 422)])
def test_a_comment_that_is_too_long_is_refused_in_words(headers, status, draft, cast, client):
    client.force_login(cast.head)
    response = write(client, draft, "x" * 20_001, headers=headers)
    assert response.status_code == status
    assert "20 000" in response.content.decode().replace("\xa0", " ") or "20000" in response.content.decode()
    assert not draft.comments.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_comment_that_comes_after_the_freezing_is_not_lost_to_its_writer(headers, draft, cast, client):
    client.force_login(cast.head)
    report_freeze(report=draft, actor=cast.head, seen=0)
    response = write(client, draft, "För sent", headers=headers)
    content = response.content.decode()
    assert "Rapporten låstes av Greta Gran" in content
    assert headers or "För sent" in content
    assert not draft.comments.exists()


def test_a_comment_sent_after_the_session_has_ended_is_kept_for_its_writer(draft, cast, client):
    client.force_login(cast.head)
    ticket = client.get(draft.get_absolute_url()).context["writer"]
    client.logout()
    assert write(client, draft, "Kvar", writer=ticket).status_code == 302
    assert stored(draft) == "Kvar"
    assert draft.comments.get().edited_by == cast.head
    forged = signing.dumps([cast.other_manager.pk, str(draft.public_id)], salt="report-comment")
    for false in ("", "påhittad", forged):
        assert write(client, draft, "Inte", seen=1, writer=false).status_code == 302
    assert stored(draft) == "Kvar"
    assert write(client, draft, "Ut", headers=HTMX).status_code == 401


def test_an_unknown_section_is_not_written_in(draft, cast, client):
    client.force_login(cast.head)
    assert write(client, draft, "Hej", section="hittepa").status_code == 404
    refused = write(client, draft, "Hej", section="aftercare")  # a section that this report does not have
    assert refused.status_code == 409
    assert "Hej" in refused.content.decode()


# --- Frozen, corrected --------------------------------------------------------------------------------------------


def test_freezing_tells_what_is_missing_and_what_it_means_and_two_presses_freeze_once(draft, cast, client):
    client.force_login(cast.head)
    EnrolmentFactory(participant=ParticipantFactory(gender="unknown"), unit=cast.centrum, start=dt.date(2026, 1, 7))
    page = client.get(address("report_freeze", draft)).content.decode()
    for words in ("Kön saknas", "Efter det kan den inte ändras.", "Sammanfattningen är inte skriven.", "2 avsnitt"):
        assert words in page
    for _press in range(2):
        assert client.post(address("report_freeze", draft), {"seen": 0})["Location"] == draft.get_absolute_url()
    draft.refresh_from_db()
    assert draft.document.number == f"RAPPORT-{timezone.localdate().year}-00001"
    shown = client.get(draft.get_absolute_url()).content.decode()
    for words in (draft.document.number, "Låst", "Får inte publiceras", draft.frozen.sha256[:16], "Kön saknas"):
        assert words in shown
    # What is frozen has no page to write on, whatever address somebody has kept.
    for name in ("report_change", "report_freeze", "report_delete"):
        assert client.get(address(name, draft))["Location"] == draft.get_absolute_url()


def test_a_report_that_was_changed_after_the_question_is_not_frozen_unseen(draft, cast, client):
    client.force_login(cast.head)
    client.post(address("report_change", draft), ASKED | {"title": "Ett annat", "seen": 0})
    late = client.post(address("report_freeze", draft), {"seen": 0})
    assert late.status_code == 409
    assert "Utkastet har ändrats" in late.content.decode()
    assert not Report.objects.get().is_frozen


def test_a_frozen_report_is_told_as_it_was_whatever_happens_later(acceptance_quarter, draft, cast, client):
    client.force_login(cast.head)
    write(client, draft, "Vi ser:\n- fler\n- <b>färre</b>")
    report_freeze(report=draft, actor=cast.head, seen=0)
    before = client.get(draft.get_absolute_url()).content.decode()
    assert "<li>fler</li><li>&lt;b&gt;färre&lt;/b&gt;</li>" in before
    assert reverse("reporting:list", args=["active"]) not in before
    assert key_figures(client, draft)[0] == "48"
    known = key_figures(client, draft)
    Participant.objects.update(gender="unknown")
    Enrolment.objects.filter(closure_reason="assignment_completed").update(closure_reason="interrupted")
    acceptance_quarter.terms.update(name="Nytt namn")
    assert key_figures(client, draft) == known
    assert "Nytt namn" not in client.get(draft.get_absolute_url()).content.decode()


def key_figures(client, report) -> list[str]:
    shown = client.get(report.get_absolute_url()).context["shown"]
    return [figure.cell.text for figure in shown.key_figures]


def test_a_correction_is_a_new_version_and_says_why(cast, client):
    client.force_login(cast.head)
    first = frozen(cast.head)
    page = address("report_correct", first)
    empty = client.post(page, {"reason": " "})
    assert empty.status_code == 422
    for _press in range(2):
        response = client.post(page, {"reason": "Två avslut på fel dag."})
    second = Report.objects.get(replaces=first)
    assert response["Location"] == second.get_absolute_url()
    assert "Två avslut på fel dag." in client.get(second.get_absolute_url()).content.decode()
    moved = client.post(
        address("report_change", second), ASKED | {"period": "2025Q4", "as_of": "2026-04-15", "seen": 0}
    )
    assert moved.status_code == 302
    second.refresh_from_db()
    assert second.period == "2026Q1"
    report_freeze(report=second, actor=cast.head, seen=second.revision)
    old = client.get(first.get_absolute_url()).content.decode()
    assert "Ersatt av version 2" in old
    assert second.get_absolute_url() in old
    assert f"ersätter {first.document.number}" in client.get(second.get_absolute_url()).content.decode()
    assert client.get(page)["Location"] == second.get_absolute_url()


@pytest.mark.django_db(transaction=True)
def test_the_files_are_handed_out_as_they_were_made_and_the_download_is_logged(cast, client):
    client.force_login(cast.head)
    report = frozen(cast.head)
    waiting = client.get(report.get_absolute_url()).content.decode()
    assert report.document.job.get_absolute_url() in waiting
    assert client.get(address("report_file", report, "pdf")).status_code == 404
    job_run(job_id=report.document.job_id)
    for extension, begins in (("pdf", b"%PDF-"), ("xlsx", b"PK"), ("csv", b"PK"), ("json", b"{")):
        response = client.get(address("report_file", report, extension))
        assert b"".join(response.streaming_content).startswith(begins)
        assert report.document.number in response["Content-Disposition"]
    logged = AccessLogEntry.objects.filter(subject=report.public_id, act=AccessLogEntry.Act.DOWNLOADED)
    assert [entry.detail["format"] for entry in logged.order_by("pk")] == ["pdf", "xlsx", "csv", "json"]
    assert client.get(address("report_file", report, "exe")).status_code == 404


# --- Who sees what ------------------------------------------------------------------------------------------------


def test_another_unit_s_manager_does_not_know_of_a_report(cast, client):
    mine = begun(cast.manager, unit=cast.centrum)
    whole = frozen(cast.head, title="Hela kommunens")
    client.force_login(cast.other_manager)
    for report in (mine, whole):
        for name in ("report", "report_change", "report_delete", "report_freeze", "report_correct"):
            assert client.get(address(name, report)).status_code == 404
        assert write(client, report, "Hej").status_code == 404
    assert "Första kvartalet" not in client.get(reverse("reporting:report_list")).content.decode()
    client.force_login(cast.analyst)
    assert client.get(whole.get_absolute_url()).status_code == 403
    assert client.get(reverse("reporting:report_list")).status_code == 403


def test_the_list_tells_how_far_each_report_has_come_and_asks_no_more_for_fifty(cast, client):
    client.force_login(cast.head)
    empty = client.get(reverse("reporting:report_list")).content.decode()
    assert "Ingen rapport är skriven än" in empty

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reporting:report_list"))
        return len(asked)

    for number in range(3):
        begun(cast.head, unit=cast.norr, title=f"Utkast {number}")
    frozen(cast.head)
    frozen(cast.head, unit=cast.centrum)
    five = questions()
    first = Report.objects.filter(frozen_at__isnull=False).first()
    client.post(address("report_correct", first), {"reason": "Fel dag."})
    for number in range(45):
        begun(cast.head, unit=cast.centrum if number % 2 else None, title=f"Fler {number}")
    assert questions() == five
    content = client.get(reverse("reporting:report_list")).content.decode()
    for words in (
        "51 rapporter",
        "Utkast",
        "Görs",
        f"version 2 ersätter {first.document.number}",
        "Jobbcenter Centrum",
    ):
        assert words in content
