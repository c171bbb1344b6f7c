"""The care and the kitchen track in the browser: refused at A2, admitted at B1, an exception, a drop-out, a hire."""

import pytest
from playwright.sync_api import expect

from participants.models import Participant
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import EmployerFactory, EnrolmentFactory, days_ago
from tests.placements.booking.conftest import kitchen_of
from tests.tracks.rounds_of import CARE, EXTRACT, KITCHEN, planned_for, speaks
from tracks.models import GateException, Member, MemberState, Round, Track
from vocabulary.codes import TargetGroup

pytestmark = [pytest.mark.deep, pytest.mark.browser, pytest.mark.beside, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.set_default_timeout(8000)
    return page


def begin_round(page, base: str, code: str, name: str, seats: dict[int, str]) -> Round:
    """A round that runs since today, with seats on some of its steps, by their number."""
    page.goto(f"{base}/jobbspar/omgangar/ny/{Track.objects.get(code=code).public_id}/")
    page.locator("#id_name").fill(name)
    page.locator("#id_start").fill(days_ago(0).isoformat())
    page.get_by_role("button", name="Skapa omgången").click()
    page.get_by_role("link", name="Ändra antalet platser").click()
    for number, value in seats.items():
        page.locator("input[type=number]").nth(number).fill(value)
    page.get_by_role("button", name="Spara platserna").click()
    for words in ("Öppna för ansökan", "Starta omgången"):
        page.get_by_role("link", name=words).click()
        page.get_by_role("button", name=words).click()
    return Round.objects.get(name=name)


def propose_and_begin(page, base: str, round: Round, name: str, *, why: str) -> Member:
    """Proposed, offered a seat, and the answer noted."""
    page.goto(f"{base}/jobbspar/omgangar/{round.public_id}/")
    page.get_by_role("link", name="Föreslå en deltagare").click()
    page.get_by_role("link", name=f"Föreslå {name}").click()
    page.get_by_label("Varför passar spåret?").fill(why)
    page.get_by_role("button", name="Föreslå").click()
    expect(page.get_by_text("som nummer 1 i turordningen")).to_be_visible()
    page.goto(f"{base}/jobbspar/omgangar/{round.public_id}/")
    page.get_by_role("link", name="Erbjud en plats").click()
    page.get_by_role("button", name="Erbjud platsen").click()
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Notera svaret").click()
    page.get_by_label("Vill ha platsen").check()
    page.get_by_role("button", name="Spara svaret").click()
    page.get_by_role("link", name="Börja på spåret").click()
    return Member.objects.get(round=round, enrolment__participant=Participant.objects.get(given_name=name.split()[0]))


@both_widths
def test_the_care_track_from_round_to_hire(at, live_server, cast, width):
    complaints, base = listen(at), live_server.url
    sign_in(at, base, cast.coach)
    planned_for(cast.asa)
    speaks(cast.asa, "A2")
    employer = EmployerFactory(name="Äldreförvaltningen")
    round = begin_round(at, base, CARE, "Våren 2027", {0: "12", 2: "4"})
    at.get_by_role("link", name="Lägg till arbetsgivare").click()
    check(at, "rounds-partner")
    at.get_by_label("Arbetsgivare").select_option(label=employer.name)
    at.get_by_label("Hur många de tar emot för praktik").fill("4")
    at.get_by_role("button", name="Spara").click()
    check(at, "rounds-empty")
    at.goto(f"{base}/deltagare/{cast.person.public_id}/jobbspar/foresla/{round.public_id}/")
    check(at, "members-propose")
    member = propose_and_begin(at, base, round, "Åsa Öhrström", why="Har vårdat sin mor och vill ha yrket")
    check(at, "members-start")
    at.get_by_role("button", name="Börja på spåret").click()
    check(at, "members-member")

    at.get_by_role("link", name="Gå vidare").click()
    at.get_by_label("Godkänt", exact=True).check()
    at.get_by_role("button", name="Gå vidare").click()
    expect(at.get_by_role("alert").first).to_contain_text("Nivån bedömdes senast till A2.")
    check(at, "members-refused")
    speaks(cast.asa, "B1", day=0)
    at.get_by_role("button", name="Gå vidare").click()
    expect(at.get_by_role("heading", name="Nu och härnäst")).to_be_visible()
    at.get_by_role("link", name="Notera att en handling visades").click()
    check(at, "members-document")
    at.get_by_role("button", name="Spara att den visades").click()
    expect(at.get_by_text(EXTRACT).first).to_be_visible()
    at.get_by_role("link", name="Gå vidare").click()
    at.get_by_label("Godkänt", exact=True).check()
    at.get_by_role("button", name="Gå vidare").click()
    expect(at.get_by_text("Ingen plats är bokad för steget än.")).to_be_visible()
    check(at, "members-to-book")
    at.get_by_role("link", name="Spåret är genomfört").click()
    at.get_by_label("Godkänt", exact=True).check()
    at.get_by_label("Anställd från").fill(days_ago(-7).isoformat())
    at.get_by_label("Anställd av").select_option(label=employer.name)
    check(at, "members-complete")
    at.get_by_role("button", name="Spara att spåret är genomfört").click()
    expect(at.get_by_text("Anställd av Äldreförvaltningen från").first).to_be_visible()
    at.goto(f"{base}/jobbspar/omgangar/{round.public_id}/")
    check(at, "rounds-hired")
    at.goto(f"{base}/deltagare/{cast.person.public_id}/jobbspar/")
    check(at, "members-part")
    at.goto(f"{base}/deltagare/{cast.person.public_id}/?visa=job_track")
    check(at, "members-timeline")
    member.refresh_from_db()
    assert (member.state, member.hired_by) == (MemberState.COMPLETED, employer)
    assert not complaints


@both_widths
def test_the_kitchen_track_with_an_exception_and_a_drop_out(at, live_server, cast, width):
    complaints, base, place = listen(at), live_server.url, kitchen_of().place
    sign_in(at, base, cast.coach)
    planned_for(cast.asa)
    for _each in range(3):
        EnrolmentFactory(unit=cast.centrum, coach=cast.coach, target_group=TargetGroup.PREVENTIVE)
    round = begin_round(at, base, KITCHEN, "Kök 2027", {0: "6", 2: "2"})
    at.goto(f"{base}/jobbspar/omgangar/")
    check(at, "rounds-list")
    at.goto(f"{base}/jobbspar/omgangar/{round.public_id}/antal-platser/")
    check(at, "rounds-seats")
    propose_and_begin(at, base, round, "Åsa Öhrström", why="Vill arbeta i kök")
    at.get_by_text("Välj plats redan nu").click()
    check(at, "members-places")
    at.get_by_role("link", name="Köksbiträde, Skolkök Ekbacken").click()
    check(at, "members-book")
    at.get_by_label("Varför görs ett undantag?").fill("Samtalar på jobbet redan, ny bedömning i december")
    at.get_by_role("button", name="Spara och boka placeringen").click()
    expect(at.get_by_text("Skolkök Ekbacken").first).to_be_visible()
    assert GateException.objects.get().by_name == "Alma Alm"
    check(at, "members-exception")
    assert place.placements.get().activity.track_passages.exists()
    at.goto(f"{base}/deltagare/{cast.person.public_id}/plan/")
    expect(at.get_by_text("steg 1: Måltidsvärd varannan vecka")).to_be_visible()
    check(at, "members-plan")
    at.goto(f"{base}/jobbspar/omgangar/{round.public_id}/")
    at.get_by_role("link", name="Åsa Öhrström").click()
    at.get_by_role("link", name="Lämna spåret").click()
    at.get_by_label("Varför?").select_option("health")
    at.get_by_label("Delvis godkänt").check()
    check(at, "members-leave")
    at.get_by_role("button", name="Spara att deltagaren lämnar").click()
    at.get_by_role("link", name="Ta tillbaka ett misstag").click()
    check(at, "members-undo")
    at.goto(f"{base}/jobbspar/omgangar/{round.public_id}/")
    check(at, "rounds-left")
    assert not complaints
