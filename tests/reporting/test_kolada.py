"""The yearly answer to the national survey: what is filled in, what is typed, and what goes out."""

import csv
import datetime as dt
import io
import re
import threading
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry, MunicipalSetting, Role
from accounts.municipal import MUNICIPALITY_NAME
from participants.models import Enrolment, Participant
from reporting.models import KoladaAnswer
from reporting.services.kolada import AnswersChanged, kolada_answers_save
from tests.factories import UserFactory
from tests.register import COLUMNS, cases, expected
from vocabulary.codes import Gender

PRELIMINARY, FINAL = sorted(cases()["meta"]["snapshots"].values())
YEAR = {"year": "2026", "as_of": PRELIMINARY.isoformat()}
RESULTS = {"A": ("U40450", "U40406"), "B": ("U40451", "U40409"), "C": ("U40452", "U40412"), "D": ("U40453", "U40415")}
RESULTS["E"] = ("U40454", "U40418")
#: The survey's ids, as the national list has them.
IDS = (
    "N40008 N40011 N40013 N40450 N40471 N40472 N40473 N40474 N40475 N40826 N40827 N40828 N40829 N40830 U40000 U40403 "
    "U40406 U40409 U40412 U40415 U40418 U40450 U40451 U40452 U40453 U40454 U40455 U40800 U40803 U40806 U40807 U40808 "
    "U40809 U40810 U40811 U40812 U40813 U40814 U40815 U40816 U40817 U40818 U40819 U40823 U40827 U40835"
)


@pytest.fixture
def manager(db):
    """Manager of the whole municipality."""
    return UserFactory(given_name="Greta", family_name="Gran", role=Role.MANAGER)


@pytest.fixture
def other(db):
    return UserFactory(given_name="Bengt", family_name="Borg", role=Role.MANAGER)


def answers(client, user, **asked) -> dict[str, dict]:
    """The lines of the CSV by their ids."""
    client.force_login(user)
    response = client.get(reverse("reporting:kolada_csv"), YEAR | asked)
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    keys = ("id", "name", "women", "men", "total", "unit", "source")
    return {line[0]: dict(zip(keys, line, strict=True)) for line in lines[1:]}


def opened(client, user, **asked):
    client.force_login(user)
    return client.get(reverse("reporting:kolada"), YEAR | asked)


def fields(response) -> dict[str, str]:
    """What the page's form would send as it is."""
    html = response.content.decode()
    found = {"seen": response.context["form"].seen_text}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([NU]\d{5}-\w+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def send(client, user, form: dict, asked=YEAR, **typed):
    """Send the form with something typed; `U40000_women` is the women of U40000."""
    client.force_login(user)
    typed = {name.replace("_", "-"): value for name, value in typed.items()}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return client.post(f"{reverse('reporting:kolada')}?{query}", form | typed)


def stored(year=2026) -> dict[str, Decimal]:
    return {f"{each.indicator}-{each.gender}": each.value for each in KoladaAnswer.objects.filter(year=year)}


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def written(value) -> str:
    return str(value).replace(".", ",")


def share(part: int, whole: int) -> str:
    return written((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


# ---------------------------------------------------------------- what is filled in


def test_every_answer_of_the_survey_is_there_once_in_the_order_of_the_ids(manager, client):
    assert " ".join(answers(client, manager)) == IDS


@pytest.mark.parametrize("day", [PRELIMINARY, FINAL])
def test_the_acceptance_year_is_answered_as_its_quarter_was(acceptance_quarter, manager, client, day):
    """Whoever begins or ends in 2026 does so in its first quarter, so the quarter's figures are the year's."""
    found, given = answers(client, manager, as_of=day.isoformat()), expected(day)
    for gender in ("women", "men", "total"):
        assert found["U40800"][gender] == written(given["active"][gender])
        assert found["N40450"][gender] == written(given["closed"][gender])
        assert found["U40455"][gender] == written(given["share_ab"][gender])
        for row, (number, part) in RESULTS.items():
            assert found[number][gender] == written(given["results"][row][gender])
            assert found[part][gender] == share(given["results"][row][gender], given["closed"][gender])
    told = cases()["expected_preliminary"]
    sources = ("arbetsformedlingen", "forsakringskassan", "individen", "socialtjanst", "ovrigt")
    for id, source in zip(("U40806", "U40807", "U40808", "U40809", "U40810"), sources, strict=True):
        assert found[id]["total"] == written(told["referral_shares"][source])
        assert found[id]["women"] == found[id]["men"] == ""
    for id, band in zip(("N40828", "N40829", "N40830", "U40823"), told["duration_shares"], strict=True):
        assert found[id]["total"] == written(told["duration_shares"][band])
    assert (found["U40811"]["total"], found["U40812"]["total"]) == (share(8, 48), share(40, 48))


def test_the_time_without_work_is_that_of_each_participants_latest_enrolment(acceptance_quarter, manager, client):
    """Everybody of the year is counted, also those of whom nothing is registered."""
    active = Enrolment.objects.filter(Q(end=None) | Q(end__gte="2026-01-01"), start__lte="2026-12-31")
    latest = active.order_by("participant_id", "-start").distinct("participant_id")
    keys = list(latest.values_list("pk", flat=True))
    everyones = list(keys)
    for code, number in (("lt6", 5), ("m6_12", 4), ("m12_24", 3), ("gt24", 2), ("missing", 1)):
        Enrolment.objects.filter(pk__in=[keys.pop() for _each in range(number)]).update(time_without_work=code)
    Enrolment.objects.exclude(pk__in=everyones).update(time_without_work="gt24")
    found, everybody = answers(client, manager), len(keys) + 15
    assert found["U40800"]["total"] == str(everybody)
    for id, number in (("U40817", 5), ("N40826", 4), ("N40827", 3), ("U40818", 7), ("U40819", 2)):
        assert found[id]["total"] == share(number, everybody)
    assert found["U40835"]["total"] == share(1 + len(keys), everybody)


def test_persons_referred_are_counted_once_and_full_time_is_counted_by_gender(acceptance_quarter, manager, client):
    gender = {row[0]: COLUMNS[row[1]] for row in cases()["enrolments"]}
    referred = {person for person, *_rest in cases()["referrals"] if person}
    assert len(referred) < len(cases()["referrals"])
    days = {"women": Decimal(0), "men": Decimal(0)}
    for _key, person, _employer, start, end, grade in cases()["employments"]:
        overlap = (min(end, dt.date(2026, 12, 31)) - max(start, dt.date(2026, 1, 1))).days + 1
        days[gender[person]] += max(overlap, 0) * Decimal(str(grade))
    days["total"] = sum(days.values())
    found = answers(client, manager)
    for column in ("women", "men", "total"):
        who = [person for person in referred if column in ("total", gender[person])]
        assert found["U40803"][column] == str(len(who))
        assert found["U40403"][column] == written((days[column] / 365).quantize(Decimal("0.001"), ROUND_HALF_UP))
    assert "2 anvisningar gäller personer som inte finns i registret." in words(opened(client, manager))


def test_who_is_not_determined_yet_is_told_and_stands_in_no_result(acceptance_quarter, manager, client):
    early = opened(client, manager)
    assert "1 avslutad person har ett arbete som då inte hade pågått i en månad." in words(early)
    assert "inte hade pågått i en månad" not in words(opened(client, manager, as_of=FINAL.isoformat()))


def test_unknown_gender_and_missing_education_are_told(acceptance_quarter, manager, client):
    assert "har okänt kön" not in words(opened(client, manager))
    Participant.objects.filter(enrolments__end=None).update(gender=Gender.UNKNOWN)
    response = opened(client, manager)
    unknown = 48 - sum(int(answers(client, manager)["U40800"][gender]) for gender in ("women", "men"))
    assert unknown > 0
    assert f"{unknown} deltagare har okänt kön och räknas bara i totalen." in words(response)
    assert "48 deltagare av 48 har ingen utbildning registrerad" in words(response)


def test_a_count_opens_the_list_behind_it(acceptance_quarter, manager, client):
    response = opened(client, manager)
    links = re.findall(r'href="([^"]*lista/results[^"]*row=A[^"]*column=women)"', response.content.decode())
    listed = client.get(links[0].replace("&amp;", "&"))
    assert listed.context["total"] == 5 == int(answers(client, manager)["U40450"]["women"])


def test_a_year_that_is_over_stands_still_from_the_last_of_march(manager, client):
    today = timezone.localdate()
    question = client.force_login(manager) or client.get(reverse("reporting:kolada")).context["sheet"].question
    assert question.period.end.year == today.year - 1
    assert question.as_of == min(today, dt.date(today.year, 3, 31))
    long_ago = client.get(reverse("reporting:kolada"), {"year": "2019"}).context["sheet"].question
    assert long_ago.as_of == dt.date(2020, 3, 31)


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"year": "tjugo"}, "year", "Skriv ett år med fyra siffror"),
        ({"year": "2026Q1"}, "year", "Skriv ett år med fyra siffror"),
        ({"year": "2190", "as_of": ""}, "year", "Året har inte börjat än."),
        ({"as_of": "2025-12-31"}, "as_of", "är före periodens början"),
        ({"as_of": "31/12"}, "as_of", "giltigt datum"),
    ],
)
def test_a_wrong_year_or_day_is_said_at_its_field(manager, client, asked, field, said):
    response = opened(client, manager, **asked)
    assert said in str(response.context["asked"].errors[field])
    assert "sheet" not in response.context
    refused = client.get(reverse("reporting:kolada_csv"), YEAR | asked)
    assert refused.status_code == 302


# ---------------------------------------------------------------- what is typed


def test_what_the_register_does_not_hold_is_typed_and_counted_off(manager, client):
    response = opened(client, manager)
    assert "9 av 46 svar saknas." in words(response)
    typed = {"U40000_women": "12,5", "U40000_men": "3.25", "U40000_total": "15,75", "N40008_total": "1 423"}
    saved = send(client, manager, fields(response), **typed)
    assert saved.status_code == 302
    assert saved.url.endswith("?year=2026&as_of=2026-04-15#U40000")  # where the writer was
    after = client.get(saved.url)
    assert "4 värden sparade." in words(after)
    assert "7 av 46 svar saknas." in words(after)
    assert fields(after)["U40000-women"] == "12,5"
    assert f"Greta Gran {timezone.localdate()}" in words(after)
    found = answers(client, manager)
    assert [found["U40000"][gender] for gender in ("women", "men", "total")] == ["12,500", "3,250", "15,750"]
    assert (found["N40008"]["total"], found["N40008"]["source"]) == ("1423", "Inskrivet")
    assert found["N40011"]["source"] == "Saknas"
    assert not stored(2025)


def test_an_answer_by_gender_is_missing_until_all_its_numbers_are_there(manager, client):
    send(client, manager, fields(opened(client, manager)), U40000_women="1")
    assert "9 av 46 svar saknas." in words(opened(client, manager))


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("N40013-total", "många", "Skriv ett tal, till exempel 12,5."),
        ("N40472-total", "1,5", "Skriv ett heltal."),
        ("N40013-total", "12,55", "Skriv högst en decimal."),
        ("N40013-total", "100,1", "En andel är högst 100 procent."),
        ("N40472-total", "-1", "Talet kan inte vara mindre än noll."),
        ("U40000-men", "9" * 12, "Talet är för stort."),
        ("U40000-men", "NaN", "Skriv ett tal, till exempel 12,5."),
    ],
)
def test_a_wrong_number_is_said_at_its_field_and_nothing_is_stored_or_lost(manager, client, name, typed, said):
    form = fields(opened(client, manager))
    response = send(client, manager, form | {name: typed}, N40008_total="17")
    assert response.status_code == 422
    assert response.context["form"].errors[name] == [said]
    assert fields(response)[name] == typed
    assert fields(response)["N40008-total"] == "17"
    assert not stored()


def test_a_value_of_one_s_own_stands_before_what_was_counted_until_it_is_emptied(acceptance_quarter, manager, client):
    send(client, manager, fields(opened(client, manager)), N40450_total="30")
    response = opened(client, manager)
    assert "uträknat: 28" in words(response)
    assert "Kvinnor och män är 28 tillsammans, men totalen är 30." in words(response)
    line = answers(client, manager)["N40450"]
    assert (line["women"], line["men"], line["total"]) == ("15", "13", "30")
    assert line["source"] == "Eget värde i stället för det uträknade (totalt 28)"
    send(client, manager, fields(response), N40450_total="")
    assert answers(client, manager)["N40450"]["total"] == "28"
    assert "Eget värde" not in answers(client, manager)["N40450"]["source"]
    changes = KoladaAnswer.pgh_event_models["insert"].objects.filter(indicator="N40450").order_by("pgh_id")
    assert [change.pgh_label for change in changes] == ["insert", "delete"]


def test_zero_is_an_answer(acceptance_quarter, manager, client):
    send(client, manager, fields(opened(client, manager)), N40472_total="0", N40450_total="0")
    found = answers(client, manager)
    assert (found["N40472"]["total"], found["N40472"]["source"]) == ("0", "Inskrivet")
    assert found["N40450"]["total"] == "0"


def test_two_who_answer_different_questions_keep_both(manager, other, client):
    first, second = fields(opened(client, manager)), fields(opened(client, other))
    assert send(client, manager, first, N40008_total="10").status_code == 302
    assert send(client, other, second, N40011_total="20").status_code == 302
    assert stored() == {"N40008-total": 10, "N40011-total": 20}


def test_the_second_to_answer_the_same_sees_both_and_decides(manager, other, client):
    first, second = fields(opened(client, manager)), fields(opened(client, other))
    send(client, manager, first, N40008_total="10")
    refused = send(client, other, second, N40008_total="11", N40011_total="20")
    assert refused.status_code == 422
    said = "Greta Gran har sparat 10 sedan du öppnade sidan. Spara igen om ditt värde ska gälla."
    assert refused.context["form"].errors == {"N40008-total": [said]}
    assert stored() == {"N40008-total": 10}
    again = fields(refused)
    assert (again["N40008-total"], again["N40011-total"]) == ("11", "20")
    assert send(client, other, again).status_code == 302
    assert stored() == {"N40008-total": 11, "N40011-total": 20}
    # A third page, older than all: what was taken away meanwhile is told as well.
    old = fields(opened(client, manager))
    send(client, other, fields(opened(client, other)), N40011_total="")
    gone = send(client, manager, old, N40011_total="21")
    assert "Någon har tagit bort värdet" in gone.context["form"].errors["N40011-total"][0]


def test_the_same_number_from_two_pages_and_a_page_without_a_memory_are_no_quarrel(manager, other, client):
    first, second = fields(opened(client, manager)), fields(opened(client, other))
    send(client, manager, first, N40008_total="10")
    assert send(client, other, second, N40008_total="10").status_code == 302
    assert KoladaAnswer.objects.get().edited_by == manager
    for nonsense in ("[[1, {}]]", '[["N40011", "total", "sNaN"]]', "[" * 100_000):
        forgetful = fields(opened(client, other)) | {"seen": nonsense}
        assert send(client, other, forgetful, N40011_total="5").status_code == 302
    assert stored() == {"N40008-total": 10, "N40011-total": 5}


@pytest.mark.beside
@pytest.mark.deep
def test_two_who_save_the_same_at_once_do_not_overwrite_each_other(transactional_db):
    users = [UserFactory(role=Role.MANAGER) for _number in range(4)]
    ready, lost = threading.Barrier(len(users)), []

    def save(user, value):
        ready.wait()
        try:
            kolada_answers_save(year=2026, values={("N40008", "total"): Decimal(value)}, seen={}, actor=user)
        except AnswersChanged as changed:
            lost.append(changed.found["N40008", "total"].value)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(users, (1, 2, 3, 4), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == [KoladaAnswer.objects.get().value] * 3


# ---------------------------------------------------------------- what goes out


def test_nothing_in_the_workbook_is_a_formula(manager, client):
    MunicipalSetting.objects.create(key=MUNICIPALITY_NAME.key, value="=1+1")
    client.force_login(manager)
    notes = openpyxl.load_workbook(io.BytesIO(client.get(reverse("reporting:kolada_xlsx"), YEAR).content))["Noter"]
    assert (notes["B1"].value, notes["B1"].data_type) == ("=1+1", "s")


def test_the_workbook_has_numbers_and_notes_and_is_logged(acceptance_quarter, manager, client):
    client.force_login(manager)
    response = client.get(reverse("reporting:kolada_xlsx"), YEAR)
    assert 'filename="jobbspar-kolada-2026.xlsx"' in response["Content-Disposition"]
    workbook = openpyxl.load_workbook(io.BytesIO(response.content))
    lines = {row[0]: row for row in workbook["Svar"].iter_rows(min_row=2, values_only=True)}
    assert " ".join(lines) == IDS
    assert lines["U40800"][2:5] == (26, 22, 48)
    assert lines["U40455"][2:5] == (66.7, 61.5, 64.3)
    assert lines["N40008"][2:5] == (None, None, None)
    notes = [cell for row in workbook["Noter"].iter_rows(values_only=True) for cell in row]
    assert any("inte hade pågått i en månad" in str(note) for note in notes)
    entry = AccessLogEntry.objects.get(act=AccessLogEntry.Act.EXPORTED)
    assert (entry.subject_kind, entry.detail["year"], entry.detail["format"]) == ("kolada", 2026, "xlsx")


def test_the_number_of_queries_grows_with_nothing(manager, client, acceptance_quarter, django_assert_max_num_queries):
    opened(client, manager)
    with CaptureQueriesContext(connection) as queries:
        form = fields(opened(client, manager))
    before = len(queries)
    numbers = {name: "1" for name in form if name != "seen"}
    assert send(client, manager, form | numbers).status_code == 302
    assert len(stored()) == len(numbers)
    client.get(reverse("reporting:kolada"), YEAR)
    with django_assert_max_num_queries(before):
        assert opened(client, manager).status_code == 200
