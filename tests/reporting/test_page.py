"""The reports page, its files and what they refuse."""

import csv
import datetime as dt
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry, UnitTerm
from participants.models import Enrolment, Participant, Referral
from reporting.figures import FIGURES
from reporting.figures.definition import TOTAL
from tests.factories import EnrolmentFactory, ParticipantFactory
from vocabulary.codes import Gender, Protection

QUESTION = {"period": "2026Q1", "as_of": "2026-04-15"}
INTERNAL = [("reporting:csv", []), ("reporting:xlsx", []), ("reporting:list", ["active"])]


def page(client, user, **question):
    client.force_login(user)
    return client.get(reverse("reporting:figures"), question)


def active_in(response) -> str:
    return response.context["shown"].key_figures[0].cell.text


@pytest.mark.parametrize("who", ["coach", "coordinator", "administrator"])
@pytest.mark.parametrize(("name", "arguments"), [("reporting:figures", []), ("reporting:definitions", []), *INTERNAL])
def test_those_who_do_not_lead_have_no_reports(who, name, arguments, cast, client):
    client.force_login(getattr(cast, who))
    assert client.get(reverse(name, args=arguments)).status_code == 403


def test_an_analyst_is_told_that_published_figures_will_come(cast, client):
    response = page(client, cast.analyst)
    assert response.status_code == 200
    assert "när en rapport har publicerats" in response.content.decode()
    assert "shown" not in response.context


@pytest.mark.parametrize(("name", "arguments"), INTERNAL)
def test_no_internal_figure_reaches_an_analyst(name, arguments, cast, client):
    client.force_login(cast.analyst)
    assert client.get(reverse(name, args=arguments), QUESTION).status_code == 403


def test_the_latest_ended_quarter_is_chosen_from_the_start(cast, client):
    response = page(client, cast.head)
    today = dt.date.today()
    assert response.context["question"].period.end < today
    assert (today - response.context["question"].period.end).days <= 92
    assert response.context["question"].as_of == today


def test_the_manager_of_the_whole_municipality_sees_everything_and_each_unit(cast, client):
    today = dt.date.today()
    asked = {"period": f"{today}..{today}"}
    assert active_in(page(client, cast.head, **asked)) == "5"
    assert active_in(page(client, cast.head, unit="CENTRUM", **asked)) == "3"
    assert active_in(page(client, cast.head, unit="NORR", **asked)) == "2"


def test_a_unit_s_manager_sees_the_whole_unit_and_no_other(cast, client):
    today = dt.date.today()
    response = page(client, cast.manager, period=f"{today}..{today}")
    assert active_in(response) == "3"
    assert "Jobbcenter Centrum" in response.content.decode()
    refused = page(client, cast.manager, period="2026Q1", unit="NORR")
    assert "Välj en av enheterna i listan." in refused.content.decode()
    assert "Jobbcenter Norr" not in refused.content.decode()
    assert "shown" not in refused.context


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"period": "banan"}, "period", "banan"),
        ({"period": "2026-08..2026-01"}, "period", "innan den börjar"),
        ({"period": "2026Q1", "as_of": "2025-12-31"}, "as_of", "2026-01-01"),
        ({"period": "2026Q1", "as_of": "igår"}, "as_of", "datum"),
        ({"period": "dates", "from": "2026-03-31", "to": "2026-01-01"}, "to", "innan den börjar"),
        ({"period": "dates", "from": "2026-03-31"}, "to", "Ange ett datum."),
        ({"period": "2026Q1", "unit": "' OR 1=1"}, "unit", "Välj en av enheterna"),
    ],
)
def test_a_wrong_question_is_answered_at_its_field_and_stays_as_typed(asked, field, words, cast, client):
    response = page(client, cast.head, **asked)
    assert response.status_code == 200
    form = response.context["form"]
    assert words in form.errors[field][0]
    content = response.content.decode()
    assert f'href="#id_{field}"' in content
    assert f'<option value="{asked["period"]}" selected' in content
    for name, arguments in INTERNAL:
        sent_back = client.get(reverse(name, args=arguments), asked)
        assert sent_back.status_code == 302
        assert sent_back["Location"].startswith(reverse("reporting:figures"))


def test_dates_of_one_s_own_and_parts_of_a_year_are_periods_too(cast, client):
    for asked in ({"period": "dates"}, {}):  # two dates and nothing else are dates of one's own as well
        own = page(client, cast.head, **asked, **{"from": "2026-01-15", "to": "2026-02-14"})
        assert own.context["question"].period.name == "2026-01-15..2026-02-14"
    part = page(client, cast.head, period="2026-01..2026-08")
    assert "januari 2026 – augusti 2026" in part.content.decode()


def test_key_figures_say_how_they_have_changed(acceptance_quarter, cast, client):
    shown = {figure.label: figure for figure in page(client, cast.head, **QUESTION).context["shown"].key_figures}
    closed = shown["Avslutade"]
    assert closed.cell.text == "28"
    assert [(change.text, change.period, change.earlier) for change in closed.changes] == [
        ("+18", "Kvartal 4 2025", "10"),
        ("+27", "Kvartal 1 2025", "1"),
    ]
    share = shown["Andel till arbete eller studier"]
    assert (share.cell.text, share.note) == ("64,3\xa0%", "18 av 28 deltagare")
    assert share.changes[0].text == "−25,7 procentenheter"


def test_a_year_is_set_against_the_year_before_once(acceptance_quarter, cast, client):
    changes = page(client, cast.head, period="2026", as_of="2026-04-15").context["shown"].key_figures[0].changes
    assert [(change.period, change.earlier) for change in changes] == [("År 2025", "41")]


def test_a_period_that_goes_on_says_that_it_does(cast, client):
    assert "Perioden pågår" in page(client, cast.head, period="2026", as_of="2026-06-30").content.decode()
    assert "Perioden pågår" not in page(client, cast.head, period="2026Q1", as_of="2026-06-30").content.decode()


def test_an_empty_period_says_so(cast, client):
    assert "Ingen var inskriven" in page(client, cast.head, period="1999Q1").content.decode()


def test_the_charts_say_their_values_as_text(acceptance_quarter, cast, client):
    content = page(client, cast.head, **QUESTION).content.decode()
    charts = re.findall(r"<svg class=\"bars\".*?</svg>", content, re.DOTALL)
    compared, results = (
        next(chart for chart in charts if f'id="{key}-title"' in chart) for key in ("compared", "results")
    )
    for words in ("<title", "<desc", "A. Började arbeta: 10", 'text-anchor="middle">5</text>'):
        assert words in results
    assert "Avslutade: 1, 10, 28" in compared
    assert "style=" not in "".join(charts)


def test_a_renamed_unit_stands_under_the_name_it_had(cast, client):
    UnitTerm.objects.create(
        unit=cast.centrum, name="Kompetenscenter", legal_basis="labour_market", valid_from=dt.date(2026, 4, 1)
    )
    first = page(client, cast.manager, period="2026Q1").context["question"]
    second = page(client, cast.manager, period="2026Q2").context["question"]
    assert (first.scope_label, second.scope_label) == ("Jobbcenter Centrum", "Kompetenscenter")


@pytest.mark.parametrize("number", [5, 50])
def test_the_page_asks_as_many_questions_for_few_as_for_many(number, cast, client, django_assert_max_num_queries):
    people(number, cast.centrum)
    client.force_login(cast.head)
    with django_assert_max_num_queries(25) as asked:
        client.get(reverse("reporting:figures"), QUESTION)
    assert len(asked) == PAGE_QUERIES


#: Session, user, memberships, municipality, units with their names, and the figures of three periods: one for each of
#: their ten sources, three for what the employers and units are called, and two that make it one moment.
PAGE_QUERIES = 21


@pytest.mark.parametrize("number", [5, 50])
def test_a_list_asks_as_many_questions_for_few_as_for_many(number, cast, client, django_assert_num_queries):
    people(number, cast.centrum)
    client.force_login(cast.head)
    with django_assert_num_queries(12):
        client.get(reverse("reporting:list", args=["active"]), QUESTION)


def people(number, unit, **fields):
    return [
        EnrolmentFactory(participant=ParticipantFactory(gender=Gender.WOMAN, **fields), unit=unit, start="2026-01-02")
        for _number in range(number)
    ]


class TestFiles:
    def test_a_download_is_written_to_the_access_log(self, cast, client):
        client.force_login(cast.manager)
        response = client.get(reverse("reporting:xlsx"), QUESTION)
        assert response["Content-Disposition"] == 'attachment; filename="jobbspar-2026Q1-centrum.xlsx"'
        entry = AccessLogEntry.objects.get(act=AccessLogEntry.Act.EXPORTED)
        assert (entry.actor, entry.subject_kind) == (cast.manager, "figures")
        assert entry.detail == {"format": "xlsx", "period": "2026Q1", "as_of": "2026-04-15", "unit": "CENTRUM"}

    def test_a_unit_s_name_never_becomes_a_formula(self, cast, client):
        cast.centrum.terms.update(name='=HYPERLINK("http://example.org")')
        client.force_login(cast.manager)
        workbook = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reporting:xlsx"), QUESTION).content))
        notes = workbook.worksheets[-1]
        cells = {cell.value: cell.data_type for row in notes.iter_rows() for cell in row}
        assert cells['=HYPERLINK("http://example.org")'] == "s"
        assert all(cell.data_type != "f" for sheet in workbook for row in sheet.iter_rows() for cell in row)

    def test_the_notes_say_what_was_asked_and_what_it_means(self, cast, client):
        client.force_login(cast.head)
        workbook = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reporting:xlsx"), QUESTION).content))
        assert len(workbook.sheetnames) == len({name.lower() for name in workbook.sheetnames}) == 21
        words = [str(value) for row in workbook.worksheets[-1].iter_rows(values_only=True) for value in row if value]
        for expected in ("Kvartal 1 2026", "Hela kommunen", "U40800", "2026-04-15 00:00:00"):
            assert expected in words

    def test_a_csv_with_nothing_has_zeros_and_empty_shares(self, cast, client):
        client.force_login(cast.head)
        content = client.get(reverse("reporting:csv"), {"period": "1999"}).content.decode("utf-8-sig")
        rows = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(content), delimiter=";")}
        assert rows["active", "total", "women"] == "0"
        assert rows["share_ab", "total", "total"] == ""


class TestList:
    def open(self, client, user, table="active", **place):
        client.force_login(user)
        return client.get(reverse("reporting:list", args=[table]), QUESTION | place)

    @pytest.mark.deep
    @pytest.mark.beside
    def test_every_number_of_the_page_opens_a_list_of_as_many(self, acceptance_quarter, cast, client):
        shown = page(client, cast.head, **QUESTION)
        blocks = [block for section in shown.context["shown"].sections for block in section.blocks]
        cells = [cell for block in blocks for line in block.lines for cell in line.cells if cell.url]
        assert len(cells) > 80
        for cell in cells:
            behind = client.get(cell.url)
            listed = len(behind.context["rows"]) + behind.context["hidden"]
            assert behind.context["total"] == listed
            if cell.text.isdecimal() and "/fte/" not in cell.url:
                assert listed == int(cell.text)

    def test_a_share_opens_those_it_counts(self, acceptance_quarter, cast, client):
        assert self.open(client, cast.head, "share_ab").context["total"] == 18

    def test_protected_persons_are_counted_but_not_shown(self, acceptance_quarter, cast, client):
        response = self.open(client, cast.head, "closed")
        assert response.context["total"] == 28
        content = response.content.decode()
        assert "1 fler som du inte har behörighet att se" in content
        assert len(response.context["rows"]) == 27
        protected = Enrolment.objects.get(participant__protection=Protection.SECRECY_MARK, start="2026-01-12")
        assert str(protected.participant.public_id) not in content
        assert protected.participant.full_name not in content

    @pytest.mark.deep
    @pytest.mark.beside
    def test_no_list_of_any_figure_names_a_protected_person_or_asks_for_each_row(
        self, acceptance_quarter, cast, client, django_assert_max_num_queries
    ):
        protected = Participant.objects.get(given_name="Per", family_name="Ek")
        hidden = {}
        client.force_login(cast.head)
        for figure in FIGURES:
            for breakdown in figure.breakdowns:
                for column in breakdown.measured or (TOTAL,):
                    address = reverse("reporting:list", args=[breakdown.table])
                    with django_assert_max_num_queries(16):
                        response = client.get(address, QUESTION | {"column": column.code})
                    assert response.status_code == 200
                    assert protected.full_name not in response.content.decode()
                    assert str(protected.public_id) not in response.content.decode()
                    hidden[breakdown.table] = response.context["hidden"]
        # The person was referred, enrolled and closed in the quarter.
        assert {table for table, number in hidden.items() if number} == {
            "active", "active_by_age", "active_by_education", "active_by_target_group", "active_by_unit", "new",
            "referrals", "closed", "median_days", "results", "duration",
        }  # fmt: skip

    def test_an_unseen_referral_is_counted_but_not_shown(self, cast, client):
        day = dt.date(2026, 2, 1)
        for unit, participant in ((cast.centrum, cast.asa.participant), (cast.norr, None), (cast.centrum, None)):
            Referral.objects.create(
                unit=unit, participant=participant, source="self", received=day, decision="pending"
            )
        response = self.open(client, cast.manager, "referrals", unit="CENTRUM")
        assert (response.context["total"], response.context["hidden"]) == (2, 0)
        assert "Öhrström" in response.content.decode()
        assert "Ingen känd person ännu" in response.content.decode()

    def test_no_sorting_or_page_reaches_those_who_are_not_shown(self, acceptance_quarter, cast, client):
        for asked in ({"sort": "-name"}, {"sort": "start"}, {"page": "2"}, {"sort": "participant__identity_number"}):
            response = self.open(client, cast.head, "results", row="D", **asked)
            assert (response.context["total"], response.context["hidden"]) == (3, 1)
            assert "1968" not in response.content.decode()

    def test_whoever_is_on_the_access_list_sees_the_protected_person(self, acceptance_quarter, cast, client):
        person = Enrolment.objects.get(
            participant__protection=Protection.SECRECY_MARK, start="2026-01-12"
        ).participant
        person.access_list.create(user=cast.head, granted_by=cast.head)
        response = self.open(client, cast.head, "closed")
        assert response.context["hidden"] == 0
        assert reverse("participants:file", args=[person.public_id]) in response.content.decode()

    def test_a_person_handed_over_is_counted_but_no_longer_seen(self, cast, client):
        cast.asa.assignments.update(end=dt.date.today() - dt.timedelta(days=10))
        cast.asa.assignments.create(
            unit=cast.norr, legal_basis="social_services", start=dt.date.today() - dt.timedelta(days=9)
        )
        cast.asa.unit = cast.norr
        cast.asa.save()
        client.force_login(cast.manager)
        response = client.get(
            reverse("reporting:list", args=["active"]),
            {"period": f"{cast.asa.start}..{dt.date.today()}", "as_of": str(dt.date.today()), "unit": "CENTRUM"},
        )
        assert (response.context["total"], response.context["hidden"]) == (3, 2)
        assert "Öhrström" not in response.content.decode()

    def test_opening_it_is_written_to_the_access_log_with_figure_and_rows(self, acceptance_quarter, cast, client):
        self.open(client, cast.head, "results", row="A", column="women")
        entry = AccessLogEntry.objects.get(subject_kind="figure_list")
        assert entry.actor == cast.head
        assert entry.detail == {
            "table": "results", "row": "A", "column": "women", "rows": 5, "hidden": 0, **QUESTION,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("table", "place"), [("nothing", {}), ("active", {"row": "A"}), ("results", {"column": "le24"})]
    )
    def test_there_is_no_list_behind_what_is_no_number(self, table, place, cast, client):
        assert self.open(client, cast.head, table, **place).status_code == 404

    def test_one_unit_s_manager_opens_no_other_unit_s_list(self, cast, client):
        response = self.open(client, cast.manager, unit="NORR")
        assert response.status_code == 302
        assert not AccessLogEntry.objects.filter(subject_kind="figure_list").exists()
