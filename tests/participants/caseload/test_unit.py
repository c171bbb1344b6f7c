"""The unit's view: every number is the length of the list behind it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from participants.models import Pause
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, UnitFactory, coach_of, days_ago
from tests.participants.days import few_lists  # noqa: F401  only the lists that are told of here

UNIT = reverse("unit:unit")


@pytest.fixture
def manager(client, cast):
    type(cast.asa).objects.update(last_activity_on=timezone.localdate())
    client.force_login(cast.manager)
    return client


def page(browser, **params) -> str:
    response = browser.get(UNIT, params)
    assert response.status_code == 200
    return response.content.decode()


def rows(html) -> dict[str, list[str]]:
    """The numbers of the table, by what stands first in the row."""
    found = {}
    for heading, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html, re.S):
        name = re.sub("<[^>]+>", "", heading).strip()
        found[name] = [
            re.sub("<[^>]+>", "", each) for each in re.findall(r'<td class="number"[^>]*>(.*?)</td>', cells)
        ]
    return found


def linked(html) -> list[tuple[str, int]]:
    """Every number of the table with the address it leads to."""
    table = html[html.index("<tbody") : html.index("</table>")]
    return [
        (address.replace("&amp;", "&"), int(number))
        for address, number in re.findall(r'<td class="number"[^>]*><a href="([^"]+)">(\d+)</a>', table)
    ]


def unit_with_everything(cast):
    """Alma has six: one silent, one new, one to come, one resting; she has closed one this month and one long ago."""
    case = {"unit": cast.centrum, "coach": cast.coach, "last_activity_on": timezone.localdate()}
    today = timezone.localdate()
    EnrolmentFactory(**case | {"last_activity_on": days_ago(31)})
    EnrolmentFactory(**case | {"start": today})
    EnrolmentFactory(**case | {"start": days_ago(-5)})
    resting = EnrolmentFactory(**case | {"last_activity_on": days_ago(31)})  # of whom nobody expects to hear
    Pause.objects.create(enrolment=resting, start=days_ago(20), reason="illness", by=cast.coach, by_name="Alma Alm")
    EnrolmentFactory(**case | {"coach": None})
    EnrolmentFactory(**case, end=today, closure_reason="moved")
    EnrolmentFactory(**case | {"start": days_ago(400), "end": days_ago(70), "closure_reason": "studies"})
    for enrolment in (cast.asa, cast.asa, cast.bertil, cast.ciwan):
        FollowUpFactory(placement__enrolment=enrolment)
    FollowUpFactory(placement__enrolment=cast.asa, due=today)  # not late yet


def test_the_caseload_by_coach_with_its_sum(manager, cast):
    unit_with_everything(cast)
    PlacementFactory(enrolment=cast.asa, form="municipal_employment", start=days_ago(50), end=days_ago(3))
    table = rows(page(manager))
    # enrolled, paused, new, closed, not heard from, added value not assessed, late follow-ups, late in all
    assert table["Alma Alm"] == ["6", "1", "1", "1", "1", "1", "2", "3"]
    assert table["Bo Berg"] == ["1", "0", "0", "0", "0", "0", "1", "1"]
    assert table["Utan jobbcoach"] == ["1", "0", "0", "0", "0", "0", "0", "0"]
    assert table["Enheten"] == ["8", "1", "1", "1", "1", "1", "3", "4"]
    assert list(table) == ["Alma Alm", "Bo Berg", "Utan jobbcoach", "Enheten"]


def test_every_number_is_the_length_of_its_list(manager, cast):
    unit_with_everything(cast)
    found = linked(page(manager))
    assert len(found) == 18
    for address, number in found:
        html = manager.get(address).content.decode()
        told = re.search(r'class="count"[^>]*>\s*(\d+) ', html) or re.search(r"· (\d+) sake?r? att göra", html)
        assert int(told[1]) == number, address


def test_a_coach_with_nobody_yet_and_one_who_has_left(manager, cast):
    new = coach_of(cast.centrum, given_name="Nils", family_name="Ny")
    type(new).objects.filter(pk=cast.colleague.pk).update(is_active=False)
    html = page(manager)
    assert rows(html)["Nils Ny"] == ["0"] * 8
    assert "Bo Berg" in html
    assert "Stängt konto" in html
    assert 'Lämna över<span class="visually-hidden"> från Nils' not in html


def test_a_protected_person_counts_only_for_who_is_named_and_is_told_of_as_a_number(manager, cast):
    html = page(manager)
    assert rows(html)["Alma Alm"][0] == "1"
    assert "Av 1 skyddad person ser du bara ärendenumret" in html


def test_who_manages_several_units_chooses_one(client, cast):
    client.force_login(cast.head)
    html = page(client)
    assert list(rows(html)) == ["Jobbcenter Centrum", "Jobbcenter Norr", "Tillsammans"]
    assert rows(html)["Jobbcenter Norr"][0] == "1"
    assert list(rows(page(client, unit="NORR"))) == ["Cecilia Carlsson", "Enheten"]
    assert "Alla dina enheter" in client.get(reverse("unit:number", args=["oppna"])).content.decode()
    type(cast.asa).objects.filter(pk=cast.asa.pk).update(coach=None)
    assert "?unit=CENTRUM&amp;coach=none" in page(client)


@pytest.mark.parametrize("unit", ["NORR", "STRUNT"])
def test_another_unit_is_not_there_for_who_manages_one_or_several(client, cast, unit):
    third = UnitFactory(code="SODER")
    Membership.objects.create(user=cast.other_manager, role=Role.MANAGER, unit=third)
    for user in (cast.manager, cast.other_manager):
        client.force_login(user)
        other = unit if user == cast.manager else unit.replace("NORR", "CENTRUM")
        for address in (UNIT, reverse("unit:number", args=["oppna"])):
            assert client.get(address, {"unit": other}).status_code == 404


def test_a_coach_of_another_unit_is_not_there(manager, cast):
    number = reverse("unit:number", args=["oppna"])
    for nobody in (cast.outsider, cast.administrator):
        assert manager.get(number, {"coach": nobody.public_id}).status_code == 404
    cast.asa.coach = cast.outsider  # who has somebody here is there
    cast.asa.save()
    assert "Åsa Öhrström" in manager.get(number, {"coach": cast.outsider.public_id}).content.decode()
    new = coach_of(cast.centrum)  # and so is who works here and has nobody yet
    assert "Ingen räknas här just nu" in manager.get(number, {"coach": new.public_id}).content.decode()


def test_the_sum_of_all_units_leads_to_the_list_of_as_many(client, cast):
    FollowUpFactory(placement__enrolment=cast.asa, due=days_ago(3))
    client.force_login(cast.head)
    html = page(client)
    one, two, total = rows(html).values()
    assert [int(each) for each in total] == [int(a) + int(b) for a, b in zip(one, two, strict=True)]
    counted = client.get(reverse("unit:number", args=["oppna"])).context["page"].paginator.count
    assert total[0] == str(counted)
    assert f'href="{reverse("unit:number", args=["oppna"])}"' in html
    late = client.get(reverse("day:day"), {"show": "all", "late": "1"}).content.decode()
    assert total[-1] == "1"
    assert "1 försenad" in late


@pytest.mark.parametrize(("key", "coach"), [("strunt", ""), ("oppna", "strunt")])
def test_a_list_that_is_not_there(manager, key, coach):
    assert manager.get(reverse("unit:number", args=[key]), {"coach": coach}).status_code == 404


def test_the_rows_of_the_table_add_up_to_its_sum(manager, cast):
    """Somebody without a coach was closed this month, and nobody else is without one."""
    first = timezone.localdate().replace(day=1)
    for coach in (None, cast.coach):
        EnrolmentFactory(unit=cast.centrum, coach=coach, start=days_ago(90), end=first, closure_reason="moved")
    table = rows(page(manager))
    total = table.pop("Enheten")
    assert [sum(int(row[place]) for row in table.values()) for place in range(7)] == [int(each) for each in total]


def test_the_database_is_asked_the_same_however_many_there_are(manager, cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(manager)
        return len(found)

    unit_with_everything(cast)
    few = queries()
    for _more in range(6):
        case = EnrolmentFactory(unit=cast.centrum, coach=coach_of(cast.centrum))
        FollowUpFactory(placement__enrolment=case)
    assert queries() == few <= 15


def test_where_a_managers_day_begins(client, cast):
    client.force_login(cast.manager)
    assert client.get("/").url == UNIT
    Membership.objects.create(user=cast.manager, role=Role.JOB_COACH, unit=cast.centrum)
    assert client.get("/").url == reverse("day:day")
