"""From an employer nobody knew to a trained supervisor by the browser; whole at a desk and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from placements.models import EmployerContact, EmployerNote, SupervisorTraining, SupportVisit
from tests.browser import both_widths, check, listen, sign_in
from tests.factories import EmployerFactory, PlacementFactory, SupervisorFactory, WorkplaceFactory, days_ago
from tests.placements.employers.conftest import (
    MUNICIPALITY,
    NUMBER,
    agreement_of,
    check_of,
    commitment_of,
    of,
    place_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.deep
def test_an_employer_a_workplace_its_check_and_a_trained_supervisor_are_entered(page, live_server, cast):
    EmployerFactory(name="Åkra Bygg", kind="private", organisation_number=NUMBER)
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, live_server.url, cast.coordinator)
    complaints = listen(page)
    page.goto(live_server.url + reverse("places:list"))
    page.get_by_role("link", name="Arbetsgivare", exact=True).click()
    page.get_by_role("link", name="Lägg in en arbetsgivare").click()
    page.get_by_role("textbox", name="Namn").fill("Lundbergs Livs")
    page.get_by_label("Slag").select_option("private")
    page.get_by_label("Organisationsnummer").fill(NUMBER.replace("-", ""))
    page.get_by_role("button", name="Lägg in arbetsgivaren").click()
    expect(page.get_by_role("link", name="Gå till Åkra Bygg")).to_be_visible()
    check(page, "employer-taken")
    page.get_by_label("Organisationsnummer").fill("556677-0011")
    page.get_by_role("button", name="Lägg in arbetsgivaren").click()
    page.get_by_role("link", name="Lägg in en arbetsplats").click()
    page.get_by_role("textbox", name="Namn").fill("Butiken på Storgatan")
    page.get_by_role("button", name="Lägg in arbetsplatsen").click()
    page.get_by_role("link", name="Kontrollera arbetsplatsen").click()
    for question in ("Är riskerna bedömda?", "Finns det en introduktion"):
        page.get_by_role("group", name=question).get_by_label("Ja").check()
    page.get_by_label("Kommunens försäkring").check()
    check(page, "workplace-check-form")
    page.get_by_role("button", name="Spara kontrollen").click()
    expect(page.get_by_text("Allt är i ordning.")).to_be_visible()
    page.get_by_role("link", name="Lägg in en handledare").click()
    page.get_by_role("textbox", name="Namn").fill("Kim Ek")
    page.get_by_label("E-postadress").fill("kim.ek@livs.example")
    page.get_by_role("button", name="Spara handledaren").click()
    page.get_by_role("link", name="Lägg in en utbildning").click()
    page.get_by_role("textbox", name="Utbildning").fill("Handledarutbildning")
    page.get_by_label("Genomförd").fill(days_ago(30).isoformat())
    page.get_by_label("Gäller till och med").fill(days_ago(-20).isoformat())
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("Utbildad till").first).to_be_visible()
    page.goto(live_server.url + reverse("day:day"))
    expect(page.get_by_role("link", name="Öppna Kim Ek")).to_be_visible()
    assert not complaints


@pytest.mark.deep
@both_widths
def test_the_pages_of_employers_and_supervisors_are_whole(page, live_server, cast, width):
    employer = EmployerFactory(name="Vård- och omsorgsförvaltningen", organisation_number=MUNICIPALITY)
    EmployerFactory(name="Skolförvaltningen", organisation_number=MUNICIPALITY)
    EmployerFactory(name="Arbetsmarknadsförvaltningen i Björkåkra", kind="other_public")
    workplace = WorkplaceFactory(employer=employer, name="Äldreboendet Björkgården", street_address="Storgatan 4")
    WorkplaceFactory(employer=employer, name="Kiosken", closed_on=days_ago(30))
    supervisor = SupervisorFactory(workplace=workplace, phone="070-1740605")
    training = SupervisorTraining.objects.create(
        supervisor=supervisor, course="Handledarutbildning", level="Grund", language=True,
        completed_on=days_ago(900), valid_until=days_ago(3),
    )  # fmt: skip
    SupportVisit.objects.create(
        supervisor=supervisor, day=days_ago(5), note="Rutiner", by=cast.coach, by_name="Alma Alm"
    )
    check_of(workplace, cast.coach, days_ago(900), note="Brandvägen visades.")
    check_of(workplace, cast.coach, days_ago(20), introduction=False)
    agreement = agreement_of(employer, valid_until=days_ago(3), terms="Tolv platser.", reference="AMN 2026-1")
    commitment_of(employer, due=days_ago(9), about="Praktik i köket")
    contact = EmployerContact.objects.create(employer=employer, name="Ulla Ung", email="ulla@vard.example")
    note = EmployerNote.objects.create(
        employer=employer, text="Vill ha fler i höst.", author=cast.coach, author_name="Alma Alm"
    )
    place_of(workplace, supervisor=supervisor)
    PlacementFactory(enrolment=cast.asa, workplace=workplace, supervisor=supervisor)
    PlacementFactory(enrolment=cast.ciwan, workplace=workplace)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, cast.coach)
    complaints = listen(page)
    mine = [supervisor.public_id]
    pages = {
        "employers": reverse("employers:list"),
        "employers-found": reverse("employers:list") + "?q=förvaltning&kind=department",
        "employers-none": reverse("employers:list") + "?q=finns+inte",
        "employer": of("employer", employer),
        "employer-placements": of("placements", employer),
        "employer-change": of("change", employer),
        "employer-agreement": of("agreement_change", employer, agreement),
        "employer-commitment": of("commitment_create", employer),
        "employer-contact": of("contact_change", employer, contact),
        "employer-note-remove": of("note_remove", employer, note),
        "workplace": of("workplace", workplace),
        "workplace-close": of("workplace_close", workplace),
        "supervisors": reverse("supervisors:list"),
        "supervisor": reverse("supervisors:supervisor", args=mine),
        "supervisor-change": reverse("supervisors:change", args=mine),
        "supervisor-leave": reverse("supervisors:leave", args=mine),
        "supervisor-training": reverse("supervisors:training_change", args=[*mine, training.public_id]),
        "places-list": reverse("places:list"),
    }
    for name, address in pages.items():
        page.goto(live_server.url + address)
        check(page, name)
    page.goto(live_server.url + of("workplace_close", workplace))
    page.get_by_role("button", name="Stäng arbetsplatsen").click()
    check(page, "workplace-close-refused")
    assert not complaints
