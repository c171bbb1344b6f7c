"""The figures as they are and as they would be published, beside each other: what is hidden, and why."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import MunicipalSetting
from reporting.municipal import DISCLOSURE_THRESHOLD
from tests.browser import both_widths, check, listen, sign_in

QUESTION = {"period": "2026Q1", "as_of": "2026-04-15"}
PAGE = "reporting:as_published"


def opened(client, user, **question):
    client.force_login(user)
    return client.get(reverse(PAGE), QUESTION | question)


def blocks(response) -> dict:
    return {block.key: block for section in response.context["beside"].sections for block in section.blocks}


def pairs(response) -> list:
    return [pair for block in blocks(response).values() for line in block.lines for pair in line.pairs]


def test_each_value_stands_beside_what_would_be_published_of_it(acceptance_quarter, cast, client, capsys):
    response = opened(client, cast.head)
    for pair in pairs(response):
        assert (pair.published == "..") == (pair.why is not None)
        assert pair.published in (pair.internal, "..")
    call_command("statistics", "2026Q1", "--published", as_of=QUESTION["as_of"], format="csv")
    said = capsys.readouterr().out
    beside = response.context["beside"]
    assert beside.hidden == said.count(";..") == sum(why.count for why in beside.reasons) > 20
    assert beside.size > beside.hidden
    duration = blocks(response)["duration"]
    assert duration.hidden == sum(pair.why is not None for line in duration.lines for pair in line.pairs)


def test_it_says_why_in_words(acceptance_quarter, cast, client):
    response = opened(client, cast.head)
    small = [pair.internal for pair in pairs(response) if pair.why and pair.why.code == "small"]
    assert {number for number in small if "," not in number} == {"1", "2", "3", "4", "80"}  # 80 days of full time
    assert len(small) > 20
    protecting = [pair.internal for pair in pairs(response) if pair.why and pair.why.code == "protects"]
    assert any(int(number) >= 5 for number in protecting)
    shares = blocks(response)["closed"].lines[1]
    assert {pair.why.label for pair in shares.pairs if pair.why} == {"följer av dolt"}
    html = response.content.decode()
    for words in ("färre än 5", "skyddar annat", "dolt värde", "1–4 personer", "Inget döljs: visa tabellen"):
        assert words in html


def test_it_follows_the_number_that_the_municipality_has_set(acceptance_quarter, cast, client):
    before = opened(client, cast.head).context["beside"].hidden
    MunicipalSetting.objects.create(key=DISCLOSURE_THRESHOLD.key, value=3)
    response = opened(client, cast.head)
    assert response.context["beside"].hidden < before
    assert "färre än 3" in response.content.decode()


def test_it_is_always_of_the_whole_municipality(acceptance_quarter, cast, client):
    response = opened(client, cast.head, unit="CENTRUM")
    assert response.context["question"].unit is None


@pytest.mark.parametrize("period", ["dates", "2026-01-15..2026-02-14", "2026-02..2026-04", "2025-12..2026-03"])
def test_a_period_that_is_not_published_is_refused_at_its_field(period, cast, client):
    response = opened(client, cast.head, period=period)
    assert "beside" not in response.context
    assert "Bara kvartal, tertial, år" in str(response.context["form"].errors["period"])


def test_months_from_january_can_be_asked_for(cast, client):
    response = opened(client, cast.head, period="2026-01..2026-08", as_of="2026-09-01")
    assert response.context["question"].period.name == "2026-01..2026-08"
    assert response.context["beside"].hidden >= 0


def test_it_asks_the_database_as_often_whatever_it_shows(
    acceptance_quarter, cast, client, django_assert_max_num_queries
):
    client.force_login(cast.head)
    with django_assert_max_num_queries(22):
        client.get(reverse(PAGE), QUESTION)


@pytest.mark.deep
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@both_widths
def test_a_manager_sees_what_would_be_hidden(page, live_server, cast, acceptance_quarter, width):
    complaints = listen(page)
    sign_in(page, live_server.url, cast.head)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}{reverse(PAGE)}?period=2026Q1&as_of=2026-04-15")
    expect(page.get_by_role("heading", name="värden döljs")).to_be_visible()
    results = page.get_by_role("region", name="Resultat vid avslut").get_by_role("row", name="D. Slutfört uppdrag")
    expect(results.get_by_text("färre än 5").first).to_be_visible()
    check(page, "as-published")
    page.get_by_text("Inget döljs: visa tabellen").first.click()
    check(page, "as-published-open")
    assert not complaints
