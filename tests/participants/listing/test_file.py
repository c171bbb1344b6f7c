"""The list as a file: who may, exactly those shown, formulas, protected persons, numbers, the log, the background."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessLogEntry, Membership, Role
from accounts.services import membership_export_set
from delivery.models import Job, JobFile
from delivery.running import job_run
from delivery.states import JobState
from delivery.tasks import clean_job_files
from participants.file import file_for
from participants.listing import exporting
from participants.models import ProtectedAccess
from participants.parts import access_log_of
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, UnitFactory, UserFactory, days_ago
from tests.participants.listing.pages import LIST, names

FILE = reverse("participants:list_file")
ACT = AccessLogEntry.Act


@pytest.fixture
def taken(client):
    """The file that a user takes out: `taken(user, "status=active", columns=["name"], form="csv")`."""

    def take(user, query="show=all", expect=200, **data):
        client.force_login(user)
        response = client.post(f"{FILE}?{query}", {"columns": ["name"], "form": "csv"} | data)
        assert response.status_code == expect
        return response

    return take


def lines(response) -> list[list[str]]:
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def exported() -> AccessLogEntry:
    return AccessLogEntry.objects.get(act=ACT.EXPORTED)


# --- Who may ------------------------------------------------------------------------------------------------------


def test_a_coach_may_when_an_administrator_says_so(cast, client, listed, taken):
    assert FILE not in listed(cast.coach, show="all").content.decode()
    taken(cast.coach, expect=403)
    membership_export_set(membership=cast.coach.memberships.get(), may_export=True)
    assert f"{FILE}?show=all" in listed(cast.coach, show="all").content.decode()
    assert len(lines(taken(cast.coach))) == 3
    taken(cast.colleague, expect=403)


def test_the_right_reaches_as_far_as_the_membership_that_carries_it(cast, client, taken):
    """A coach in one unit who is a coordinator in another sees both, and takes one out."""
    Membership.objects.create(user=cast.coordinator, role=Role.JOB_COACH, unit=cast.norr)
    assert len(names(client_get(client, cast.coordinator, f"{LIST}?show=all"))) == 3
    assert lines(taken(cast.coordinator))[1:] == [["Bertil Bodin"], ["Åsa Öhrström"]]
    assert "Bara deltagare i de enheter" in client_get(client, cast.coordinator, FILE).content.decode()
    assert "Bara deltagare i de enheter" not in client_get(client, cast.manager, FILE).content.decode()


def client_get(client, user, address):
    client.force_login(user)
    return client.get(address)


def test_an_administrator_gives_and_takes_the_right(cast, client):
    membership = cast.coach.memberships.get()
    page = reverse("accounts:user_edit", args=[cast.coach.public_id])
    give = reverse("accounts:membership_export", args=[cast.coach.public_id, membership.pk])
    client.force_login(cast.administrator)
    assert client.post(give, {"may_export": "yes"}).url == page
    assert "Alma Alm får ta ut listor." in client.get(page).content.decode()
    assert Membership.objects.get(pk=membership.pk).may_export
    client.post(give, {"may_export": "no"})
    assert not Membership.objects.get(pk=membership.pk).may_export


@pytest.mark.parametrize("who", ["manager", "analyst", "administrator"])
def test_the_right_is_given_to_job_coaches_only(cast, client, who):
    user = getattr(cast, who)
    membership = user.memberships.get()
    client.force_login(cast.administrator)
    address = reverse("accounts:membership_export", args=[user.public_id, membership.pk])
    page = client.post(address, {"may_export": "yes"}, follow=True).content.decode()
    assert "Rätten att ta ut listor ges till jobbcoacher." in page
    assert not Membership.objects.get(pk=membership.pk).may_export


# --- What is in it ------------------------------------------------------------------------------------------------


def test_it_holds_exactly_those_whom_the_list_shows_in_its_order(cast, client, taken):
    for number in range(60):
        EnrolmentFactory(unit=cast.centrum, participant__family_name=f"Nr{number:02}", coach=cast.colleague)
    query = f"coach={cast.colleague.public_id}&sort=-name"
    shown = names(client_get(client, cast.manager, f"{LIST}?{query}"))
    shown += names(client_get(client, cast.manager, f"{LIST}?{query}&page=2"))
    assert len(shown) == 61
    assert [name for (name,) in lines(taken(cast.manager, query))[1:]] == shown
    assert [name for (name,) in lines(taken(cast.manager, f"{query}&page=2"))[1:]] == shown


def test_the_columns_are_those_that_were_chosen_in_the_lists_order(cast, taken):
    person = cast.asa.participant
    person.phone, person.email, person.language = "070-174 06 05", "asa@example.org", "ar"
    person.street_address, person.postal_code, person.city = "Storgatan 1", "123 45", "Ekby"
    person.save()
    cast.asa.case_number = "AME 1"
    cast.asa.save()
    FollowUpFactory(placement=PlacementFactory(enrolment=cast.asa, workplace__name="Köket"), due=days_ago(-3))
    columns = ["language", "phone", "case_number", "name", "placement", "next_followup", "address", "start", "unit"]
    heading, row = lines(taken(cast.manager, "q=öhrström", columns=columns))
    assert heading == [
        "Namn", "Enhet", "Inskriven sedan", "Nästa uppföljning", "Placering", "Ärendenummer", "Telefon", "Adress",
        "Tolkspråk",
    ]  # fmt: skip
    assert row == [
        "Åsa Öhrström", "Jobbcenter Centrum", f"{cast.asa.start}", f"{days_ago(-3)}", "Praktik, Köket", "AME 1",
        "070-174 06 05", "Storgatan 1, 123 45 Ekby", "arabiska",
    ]  # fmt: skip


def test_nothing_in_it_is_a_formula(cast, taken):
    for text in ('=HYPERLINK("http://x")', "+46 70", "-1", "@SUM(A1)", "\tx", "\rx"):
        EnrolmentFactory(unit=cast.norr, coach=cast.outsider, case_number=text, participant__family_name="Formel")
    chosen = {"columns": ["case_number"]}
    found = [value for (value,) in lines(taken(cast.other_manager, "q=formel", **chosen))[1:]]
    assert sorted(found) == sorted(['\'=HYPERLINK("http://x")', "'+46 70", "'-1", "'@SUM(A1)", "'\tx", "'\rx"])
    book = load_workbook(io.BytesIO(taken(cast.other_manager, "q=formel", form="xlsx", **chosen).content))
    cells = [cell for row in book.worksheets[0].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]


def test_the_workbook_has_days_as_days_and_says_what_it_is(cast, taken):
    response = taken(cast.manager, "q=öhrström&status=active", columns=["name", "start"], form="xlsx")
    assert response["Content-Disposition"] == f'attachment; filename="lista-{days_ago(0)}.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert rows[0] == ["Namn", "Inskriven sedan"]
    assert rows[1][1].date() == cast.asa.start
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert about["Av"] == "Eva Ek"
    assert about["Visar"] == "Min enhet; Status: Inskriven"
    assert about["Deltagare"] == 1
    everything = " ".join(str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)
    assert "Bara de som en sökning gav" in everything
    assert "öhrström" not in everything.lower()


def test_a_protected_person_is_never_in_it_and_told_of_only_to_who_may_see(cast, client, taken):
    person = cast.protected_centrum.participant
    assert "utelämnad" not in client_get(client, cast.manager, FILE).content.decode()
    ProtectedAccess.objects.create(participant=person, user=cast.manager)
    assert "Petra Hemlig" in names(client_get(client, cast.manager, LIST))
    page = client_get(client, cast.manager, FILE).content.decode()
    assert "1 person med skyddade personuppgifter står i listan och är utelämnad ur filen." in page
    response = taken(cast.manager, form="xlsx", with_numbers="on")
    book = load_workbook(io.BytesIO(response.content))
    everything = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [text for text in everything if "Hemlig" in text or person.written_number in text]
    assert "1 person med skyddade personuppgifter" in everything
    assert (exported().detail["rows"], exported().detail["left_out"]) == (2, 1)


def test_numbers_are_in_it_only_when_asked_for_and_then_everybodys_log_knows(cast, taken):
    assert "Personnummer" not in lines(taken(cast.manager))[0]
    assert not AccessLogEntry.objects.filter(act=ACT.UNMASKED).exists()
    heading, *rows = lines(taken(cast.manager, with_numbers="on"))
    assert heading == ["Namn", "Personnummer"]
    assert [row[1] for row in rows] == [
        cast.bertil.participant.written_number, cast.asa.participant.written_number
    ]  # fmt: skip
    seen = AccessLogEntry.objects.filter(act=ACT.UNMASKED)
    assert {entry.subject for entry in seen} == {cast.person.public_id, cast.bertil.participant.public_id}
    # The unit's manager finds it where the looks at the file stand.
    assert access_log_of(file_for(cast.manager, cast.person.public_id)).filter(act=ACT.UNMASKED).count() == 1


def test_the_log_knows_who_took_what_out_but_not_what_was_searched_for(cast, taken):
    taken(cast.manager, "q=Öhrström&status=active&sort=start", columns=["name", "phone"])
    entry = exported()
    assert (entry.actor, entry.subject_kind) == (cast.manager, "participant_list")
    assert entry.request_id
    assert entry.detail == {
        "choices": {"status": ["active"], "sort": ["start"]},
        "search": "name",
        "columns": ["name", "phone"],
        "form": "csv",
        "rows": 1,
        "left_out": 0,
    }


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_says_who_is_in_it_and_begins_with_the_lists_columns(cast, client):
    html = client_get(client, cast.manager, f"{FILE}?status=active&q=bodin").content.decode()
    assert "1 deltagare" in html
    for words in ("Min enhet", "Status: Inskriven", "Bara de som din sökning ger"):
        assert words in html
    for column, chosen in (("name", True), ("coach", True), ("phone", False), ("case_number", False)):
        box = re.search(f'<input type="checkbox" name="columns" value="{column}"[^>]*>', html)[0]
        assert ("checked" in box) is chosen, column
    assert not AccessLogEntry.objects.filter(act=ACT.EXPORTED).exists()


def test_without_a_column_nothing_is_taken_out(cast, taken):
    page = taken(cast.manager, expect=422, columns=[]).content.decode()
    assert "Välj minst en kolumn." in page
    assert not AccessLogEntry.objects.filter(act=ACT.EXPORTED).exists()


def test_nobody_is_taken_out_of_an_empty_list(cast, client, taken, listed):
    page = client_get(client, cast.manager, f"{FILE}?status=closed")
    assert "Det finns ingen att ta ut" in page.content.decode()
    assert "Det finns ingen att ta ut" in taken(cast.manager, "status=closed").content.decode()
    assert FILE not in listed(cast.manager, status="closed").content.decode()


def test_an_address_that_means_nothing_is_mended_first(cast, client):
    assert client_get(client, cast.manager, f"{FILE}?status=hej").url == FILE


def test_the_file_costs_as_many_queries_for_many_rows_as_for_few(cast, client, django_assert_max_num_queries):
    used = []
    for rows in (5, 40):
        unit = UnitFactory()
        for _ in range(rows):
            EnrolmentFactory(unit=unit)
        client.force_login(UserFactory(role=Role.MANAGER, unit=unit))
        columns = ["name", "unit", "coach", "next_followup", "placement", "phone"]
        with django_assert_max_num_queries(30) as queries:
            assert len(client.post(FILE, {"columns": columns, "form": "csv"}).content.splitlines()) == rows + 1
        used.append(len(queries))
    assert used[0] == used[1]


# --- In the background --------------------------------------------------------------------------------------------


@pytest.fixture
def ordered(cast, client, taken, monkeypatch):
    """A file that is made in the background: two rows are many."""
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    monkeypatch.setattr("participants.listing.file_views.AT_ONCE", 1)

    def order(user=cast.manager, query="q=ö&status=active", **data):
        fields = {"participant__family_name": "Öberg", "participant__given_name": "X", "coach": cast.colleague}
        EnrolmentFactory(unit=cast.centrum, **fields)
        response = taken(user, query, expect=302, **data)
        job = Job.objects.get()
        assert response.url == job.get_absolute_url()
        return job

    return order


@pytest.mark.django_db(transaction=True)
def test_many_rows_are_made_in_the_background_and_kept_a_day(cast, client, ordered, settings):
    job = ordered(with_numbers="on")
    assert "ö" not in str(job.params)  # what was searched for is no parameter
    assert job.files.get().role == JobFile.Role.INPUT
    assert not AccessLogEntry.objects.filter(act=ACT.EXPORTED).exists()
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"rows": 2, "left_out": 0})
    file = job.files.get()  # the search is gone
    assert (file.role, file.name) == (JobFile.Role.OUTPUT, f"lista-{days_ago(0)}.csv")
    assert "Åsa Öhrström" in bytes(file.content).decode()
    assert exported().detail["job"] == str(job.public_id)
    assert AccessLogEntry.objects.filter(act=ACT.UNMASKED).count() == 2
    page = client.get(job.get_absolute_url()).content.decode()
    assert "2 deltagare i filen" in page
    assert "Filer sparas i 24 timmar" in page
    download = reverse("delivery:job_file", args=[job.public_id, file.public_id])
    assert client.get(download).status_code == 200

    Membership.objects.filter(user=cast.manager).update(role=Role.JOB_COACH)
    assert client.get(download).status_code == 404  # the right covered the file too
    for hours, left in ((23, 1), (25, 0)):
        Job.objects.update(finished_at=job.finished_at - dt.timedelta(hours=hours))
        clean_job_files()
        assert JobFile.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_the_background_asks_for_the_right_and_for_the_scope_again(cast, client, ordered):
    job = ordered(query=f"coach={cast.colleague.public_id}&status=active", user=cast.head)
    Membership.objects.filter(user=cast.head).update(unit=cast.norr)
    job_run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "finns inte kvar för dig" in job.error
    assert not AccessLogEntry.objects.filter(act=ACT.EXPORTED).exists()
