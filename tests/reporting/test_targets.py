"""Targets of departments: what the page tells, what is entered, and what of it may be published."""

import datetime as dt
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.history import act_as
from accounts.models import AccessLogEntry
from placements.models import Employer
from reporting.disclosure.of_answer import published
from reporting.engine import answer
from reporting.models import Target
from reporting.periods import Period
from reporting.question import Question
from reporting.statement import Statement, state
from reporting.targets import targets_as_published, targets_table
from reporting.targets.services import Entered, TargetsChanged, targets_save
from tests.factories import EmployerFactory, PlacementFactory, WorkplaceFactory
from vocabulary.codes import EmployerKind, PlacementForm

QUARTER = Period.parse("2026Q1")
QUESTION = Question(QUARTER, dt.date(2026, 4, 15))


def set_targets(period: Period, **numbers: int) -> None:
    """The targets of departments, by their codes."""
    ids = dict(Employer.objects.filter(code__in=numbers).values_list("code", "pk"))
    targets_save(period=period, entered={ids[code]: Entered(number, "") for code, number in numbers.items()})


def targets_page(client, user, period: str = "2026Q1"):
    client.force_login(user)
    return client.get(reverse("reporting:targets"), {"period": period})


def lines(response) -> dict[str, list[str]]:
    return {line.label: [cell.text for cell in line.cells] for line in response.context["shown"].block.lines}


def change_address(period: str = "2026Q1") -> str:
    return f"{reverse('reporting:targets_change')}?period={period}"


def fields(response) -> dict[str, str]:
    """What the form of the page would send, by the names of its fields."""
    inputs = re.findall(r"<input [^>]*>", response.content.decode())
    found = {re.search(r'name="([^"]*)"', each)[1]: re.search(r'value="([^"]*)"', each) for each in inputs}
    return {name: value[1] if value else "" for name, value in found.items() if re.match("number_|seen_", name)}


def number_of(code: str) -> str:
    return f"number_{Employer.objects.get(code=code).pk}"


def test_each_department_s_employments_are_set_against_its_target(cast, client, acceptance_quarter):
    set_targets(QUARTER, SERV=7, VOF=3, SKOL=0)
    response = targets_page(client, cast.head)
    assert response.context["shown"].block.headings == [
        "Mål",
        "Levererade",
        "Mot kvartal 1 2025",
        "Kvar att leverera",
        "Andel av målet",
        "Pågående placeringar",
        "Årsarbetare",
    ]
    nbsp = "\N{NO-BREAK SPACE}"
    found = lines(response)
    assert found["Serviceförvaltningen"][:5] == ["7", "5", "+5", "2", f"71,4{nbsp}%"]
    assert found["Vård- och omsorgsförvaltningen"][:5] == ["3", "4", "+4", "0, 1 över", f"133,3{nbsp}%"]
    assert found["Skolförvaltningen"][:5] == ["0", "2", "+2", "0, 2 över", "–"]
    assert found["Tekniska förvaltningen"][:5] == ["–", "1", "Oförändrat", "–", "–"]
    assert found["Totalt"][:5] == ["10", "12", "+11", "2", f"110,0{nbsp}%"]


def test_the_columns_are_those_of_the_figures_and_open_their_lists(cast, client, acceptance_quarter):
    set_targets(QUARTER, SERV=7)
    shown = targets_page(client, cast.head).context["shown"]
    figures = answer(QUESTION).tables
    for row in shown.table.rows:
        assert shown.table.value(row.code, "delivered") == figures["delivered"].value(row.code)
        assert shown.table.value(row.code, "stock") == figures["stock"].value(row.code)
        assert shown.table.value(row.code, "fte") == figures["fte"].value(row.code, "quarter")
    line = next(each for each in shown.block.lines if each.label == "Serviceförvaltningen")
    behind = [cell for cell in line.cells if cell.url]
    assert len(behind) == 3
    for cell, number in zip(behind, (5, figures["stock"].value("SERV"), None), strict=True):
        response = client.get(cell.url)
        assert response.status_code == 200
        assert number in (None, response.context["total"])


def test_a_quarter_without_targets_has_those_of_its_year_beside_it_undivided(cast, client, acceptance_quarter):
    set_targets(Period.parse("2026"), SERV=40)
    response = targets_page(client, cast.head)
    assert "Kvartal 1 2026 har inga egna mål." in response.content.decode()
    assert response.context["shown"].block.headings[:2] == ["Mål för hela 2026", "Levererade"]
    assert lines(response)["Serviceförvaltningen"][:2] == ["40", "5"]
    assert response.context["shown"].block.chart is None
    set_targets(QUARTER, VOF=4)
    assert targets_page(client, cast.head).context["shown"].block.headings[0] == "Mål"


def test_where_no_target_is_set_the_page_says_what_to_do_and_has_no_file(cast, client, acceptance_quarter):
    response = targets_page(client, cast.head)
    content = response.content.decode()
    assert "Det finns inga mål för kvartal 1 2026" in content
    assert reverse("reporting:targets_change") in content
    assert client.get(reverse("reporting:targets_xlsx"), {"period": "2026Q1"}).status_code == 302


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("banan", "Det finns ingen period"),
        ("2026-02-01..2026-03-31", "Mål sätts för"),
        ("2026-03..2026-08", "Mål sätts för"),
    ],
)
def test_a_period_that_has_no_targets_by_its_nature_is_refused_in_words(period, words, cast, client):
    response = targets_page(client, cast.head, period)
    assert words in response.content.decode()
    assert "shown" not in response.context
    followed = client.get(change_address(period), follow=True)
    assert words in followed.content.decode()


def test_a_manager_enters_targets_and_who_did_it_is_told(cast, client, acceptance_quarter):
    client.force_login(cast.head)
    sent = fields(client.get(change_address("2027")))
    assert set(sent.values()) == {""}
    response = client.post(
        change_address("2027"), sent | {number_of("SERV"): " 12 ", number_of("VOF"): "0"}, follow=True
    )
    content = response.content.decode()
    assert "Målen är sparade." in content
    assert "Senast ändrat av Greta Gran" in content
    assert "Perioden börjar den 1 januari 2027" in content
    assert lines(response)["Serviceförvaltningen"][0] == "12"
    assert set(Target.objects.values_list("employer__code", "number")) == {("SERV", 12), ("VOF", 0)}

    sent = fields(client.get(change_address("2027")))
    client.post(change_address("2027"), sent | {number_of("SERV"): "15", number_of("VOF"): ""})
    told = [
        (each.department, each.before, each.after)
        for each in targets_page(client, cast.head, "2027").context["changes"]
    ]
    assert set(told[:2]) == {("Serviceförvaltningen", 12, 15), ("Vård- och omsorgsförvaltningen", 0, None)}
    assert set(told[2:]) == {("Serviceförvaltningen", None, 12), ("Vård- och omsorgsförvaltningen", None, 0)}


def test_thousands_may_stand_apart(cast, client):
    department = EmployerFactory(code="ETT")
    client.force_login(cast.head)
    client.post(change_address(), {f"number_{department.pk}": "1\xa0 200"})
    assert Target.objects.get().number == 1200


@pytest.mark.parametrize(
    ("typed", "words"),
    [("tolv", "heltal"), ("1,5", "heltal"), ("-1", "0"), ("100001", "100"), ("9" * 5000, "heltal")],
)
def test_what_is_no_number_is_told_at_its_field_and_nothing_is_lost_or_stored(typed, words, cast, client):
    one, other = EmployerFactory(code="ETT"), EmployerFactory(code="TVA")
    client.force_login(cast.head)
    sent = {f"number_{one.pk}": typed, f"number_{other.pk}": "8"}
    response = client.post(change_address(), sent)
    assert response.status_code == 422
    assert words in response.context["form"].errors[f"number_{one.pk}"][0]
    kept = fields(response)
    assert kept[f"number_{one.pk}"] == typed
    assert kept[f"number_{other.pk}"] == "8"
    assert not Target.objects.exists()


def test_two_editors_do_not_overwrite_each_other_and_the_one_who_loses_sees_both_values(cast, client):
    department, other = EmployerFactory(), EmployerFactory()
    field = f"number_{department.pk}"
    client.force_login(cast.head)
    sent = fields(client.get(change_address()))
    with act_as(actor=cast.other_manager, source="web"):
        targets_save(period=QUARTER, entered={department.pk: Entered(5, ""), other.pk: Entered(2, "")})

    response = client.post(change_address(), sent | {field: "9", f"number_{other.pk}": "2"})
    assert response.status_code == 422
    error = response.context["form"].errors[field][0]
    assert error.startswith("Filip Fors har sparat 5 sedan du öppnade sidan, du har skrivit 9.")
    assert list(response.context["form"].errors) == [field]  # both wrote 2 for the other: no quarrel
    assert Target.objects.get(employer=department).number == 5

    assert client.post(change_address(), fields(response)).status_code == 302
    assert Target.objects.get(employer=department).number == 9


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_first_target_at_once_one_is_told():
    department = EmployerFactory()
    begin = threading.Barrier(2)

    def save(number):
        begin.wait()
        try:
            targets_save(period=QUARTER, entered={department.pk: Entered(number, "")})
        except TargetsChanged:
            return None
        finally:
            connection.close()
        return number

    with ThreadPoolExecutor(2) as editors:
        saved = list(editors.map(save, (4, 9)))
    assert saved.count(None) == 1
    assert Target.objects.get().number in saved


def test_a_target_that_was_taken_away_and_set_again_is_another(cast, client):
    department = EmployerFactory()
    targets_save(period=QUARTER, entered={department.pk: Entered(5, "")})
    client.force_login(cast.head)
    sent = fields(client.get(change_address()))
    targets_save(period=QUARTER, entered={department.pk: Entered(None, Target.objects.get().seen)})
    refused = client.post(change_address(), sent | {f"number_{department.pk}": "6"})
    assert "inget mål" in refused.context["form"].errors[f"number_{department.pk}"][0]
    targets_save(period=QUARTER, entered={department.pk: Entered(7, "")})
    assert client.post(change_address(), sent | {f"number_{department.pk}": "6"}).status_code == 422
    assert Target.objects.get().number == 7


def test_what_somebody_else_changed_is_left_alone_by_who_changes_something_else(cast, client):
    one, other = EmployerFactory(), EmployerFactory()
    targets_save(period=QUARTER, entered={one.pk: Entered(5, "")})
    client.force_login(cast.head)
    sent = fields(client.get(change_address()))
    targets_save(period=QUARTER, entered={one.pk: Entered(6, Target.objects.get().seen)})
    assert client.post(change_address(), sent | {f"number_{other.pk}": "3"}).status_code == 302
    assert dict(Target.objects.values_list("employer", "number")) == {one.pk: 6, other.pk: 3}


def test_an_earlier_period_s_targets_fill_the_empty_fields_and_are_not_saved(cast, client, acceptance_quarter):
    set_targets(Period.parse("2025"), SERV=10, VOF=6)
    client.force_login(cast.head)
    page = client.get(change_address("2026"))
    delivered = answer(Question(Period.parse("2025"), QUESTION.as_of)).value("delivered", "SERV")
    assert f"År 2025: mål 10, levererade {delivered}" in page.content.decode()
    response = client.post(change_address("2026"), fields(page) | {number_of("VOF"): "8", "copy": "2025"})
    assert response.status_code == 200
    filled = fields(response)
    assert (filled[number_of("SERV")], filled[number_of("VOF")], filled[number_of("SKOL")]) == ("10", "8", "")
    assert not Target.objects.for_period(Period.parse("2026")).exists()
    assert client.post(change_address("2026"), filled).status_code == 302
    assert dict(Target.objects.for_period(Period.parse("2026")).values_list("employer__code", "number")) == {
        "SERV": 10,
        "VOF": 8,
    }


def test_only_departments_have_targets(cast, client):
    company = EmployerFactory(kind=EmployerKind.MUNICIPAL_COMPANY)
    client.force_login(cast.head)
    client.post(change_address(), {f"number_{company.pk}": "5"})
    assert not Target.objects.exists()
    assert "Det finns inga förvaltningar än" in client.get(change_address()).content.decode()


def test_the_table_is_a_workbook_and_csv_and_that_is_logged(cast, client, acceptance_quarter):
    set_targets(QUARTER, SERV=7)
    client.force_login(cast.head)
    response = client.get(reverse("reporting:targets_csv"), {"period": "2026Q1"})
    written = response.content.decode("utf-8-sig").splitlines()
    assert "targets;SERV;target;7" in written
    assert "targets;SERV;share;71,4" in written
    assert "targets;TEKN;target;" in written
    assert {line.split(";")[0] for line in written[1:]} == {"targets"}
    content = client.get(reverse("reporting:targets_xlsx"), {"period": "2026Q1"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = {row[0]: row[1:5] for row in sheet.iter_rows(values_only=True)}
    assert rows["Serviceförvaltningen"] == (7, 5, 2, 71.4)
    assert AccessLogEntry.objects.filter(act=AccessLogEntry.Act.EXPORTED, subject_kind="targets").count() == 2


def test_published_it_shows_and_hides_what_the_published_figures_do(acceptance_quarter):
    set_targets(QUARTER, SERV=7, VOF=3)
    internal = answer(QUESTION)
    stated = state(internal).with_table(targets_table(QUESTION, internal))
    # What is frozen is read back from where it was stored; a target changed since does not reach it.
    frozen = Statement.from_stored(stated.as_stored())
    Target.objects.update(number=99)
    public = state(published(internal, 5), published=True)
    table = targets_as_published(frozen.tables["targets"], public)

    assert [table.value("SERV", column.code) for column in table.columns[:4]] == [7, 5, 2, Decimal("71.4")]
    assert [table.value("VOF", column.code) for column in table.columns[:4]] == [3, "..", "..", ".."]
    assert [table.value("total", column.code) for column in table.columns[:4]] == [10, 12, "..", ".."]
    assert set(table.parts) == {("SERV", "share")}
    for row in table.rows:
        for key, column in (("delivered", "total"), ("stock", "total"), ("fte", "quarter")):
            assert table.value(row.code, key) == public.tables[key].value(row.code, column)


def test_a_department_outside_the_figures_and_an_employer_without_target_keep_the_sums_right(db):
    company = EmployerFactory(kind=EmployerKind.MUNICIPAL_COMPANY)
    for employer in (company, EmployerFactory(code="NAMNLOS", name="Ärendeförvaltningen")):
        PlacementFactory(
            workplace=WorkplaceFactory(employer=employer),
            form=PlacementForm.MUNICIPAL_EMPLOYMENT,
            start=dt.date(2026, 2, 1),
            enrolment__start=dt.date(2026, 1, 1),
        )
    EmployerFactory(code="TOM", name="Östra förvaltningen")
    set_targets(QUARTER, TOM=4)
    table = targets_table(QUESTION, answer(QUESTION))
    assert [row.code for row in table.rows] == ["NAMNLOS", "TOM", "municipal_company", "total"]
    assert [table.value("TOM", column.code) for column in table.columns] == [4, 0, 4, 0, 0, Decimal("0.000")]
    assert [table.value("total", column.code) for column in table.columns[:5]] == [4, 2, 4, 0, 2]


def test_targets_are_of_the_whole_municipality(cast, acceptance_quarter):
    set_targets(QUARTER, SERV=7)
    question = Question(QUARTER, QUESTION.as_of, acceptance_quarter)
    assert targets_table(question, answer(question)) is None


def test_the_pages_ask_as_many_questions_for_many_departments_as_for_few(cast, client, acceptance_quarter):
    def asked() -> list[int]:
        counts = []
        for address in (f"{reverse('reporting:targets')}?period=2026Q1", change_address()):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        sent = fields(client.get(change_address()))
        with CaptureQueriesContext(connection) as queries:
            assert client.post(change_address(), sent).status_code == 302
        client.get(change_address())  # what was said after saving is read, and waits for no later page
        return [*counts, len(queries)]

    set_targets(QUARTER, SERV=7)
    client.force_login(cast.head)
    few = asked()
    for number in range(30):
        EmployerFactory(code=f"NY{number}")
    set_targets(QUARTER, **{f"NY{number}": number for number in range(30)})
    assert asked() == few
    assert max(few) <= 16
