"""An employer offers a place without an account; it counts when somebody has reviewed it."""

import uuid

import pytest
from django.urls import reverse

from placements.models import Employer, Place, PlaceOffer, Workplace
from placements.models.place import OfferState
from placements.places import services
from tests.factories import EmployerFactory, WorkplaceFactory, days_ago
from tests.placements.places.conftest import form_of, offer_of

pytestmark = pytest.mark.django_db
FORM = reverse("offers:new")


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def offer(client):
    client.post(FORM, offer_of())
    return PlaceOffer.objects.get()


@pytest.fixture
def coordinator(client, cast, offer):
    client.force_login(cast.coordinator)
    return client


def page(offer) -> str:
    return reverse("offers:offer", args=[offer.public_id])


def test_anybody_offers_a_place_and_is_told_what_happens_next(client):
    data = offer_of()
    response = client.post(FORM, data)
    assert response.url == reverse("offers:thanks")
    assert "hör av sig" in text(client.get(response.url))
    client.post(FORM, data)  # sent twice
    assert PlaceOffer.objects.get().state == OfferState.RECEIVED
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("employer_name", "", "Skriv namnet på er organisation."),
        ("workplace_name", "", "Skriv arbetsplatsens namn."),
        ("contact_name", "", "Skriv ditt namn."),
        ("contact_email", "", "Skriv din e-postadress, så att vi kan svara."),
        ("contact_email", "sara", "Skriv adressen som"),
        ("tasks", "", "Skriv vad som finns att göra."),
        ("seats", "0", "Skriv minst 1."),
        ("seats", "999", "Skriv högst 200."),
        ("organisation_number", "556016-0681", "Kontrollsiffran stämmer inte"),
        ("organisation_number", "hundra", "tio siffror"),
        ("organisation_number", "640823-3234", "Lämna fältet tomt."),
        ("tasks", "x" * 2001, "2000"),
        ("available_from", "2020-01-01", "Den dagen har varit."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, field, value, said):
    response = client.post(FORM, offer_of(**{field: value}))
    assert response.status_code == 422
    assert said in text(response)
    assert "Torget 3" in text(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert not PlaceOffer.objects.exists()


def test_a_robot_is_stopped_and_a_wrong_form_costs_nothing(client, settings):
    settings.OFFER_RATE = "2/h/ip"
    for _ in range(4):
        client.post(FORM, offer_of(tasks=""))
    answers = [client.post(FORM, offer_of()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "Hjälpa till i köket." in text(answers[2])  # to be sent once more
    assert PlaceOffer.objects.count() == 2


def test_offers_wait_for_those_who_review_them_and_nobody_else(client, cast, offer):
    client.force_login(cast.manager)
    assert "Café Lindblom" in text(client.get(reverse("offers:list")))
    assert "att granska" in text(client.get(reverse("places:list")))
    client.force_login(cast.coach)
    assert client.get(reverse("offers:list")).status_code == 403
    assert client.get(page(offer)).status_code == 403
    assert "Erbjudanden" not in text(client.get(reverse("places:list")))


def test_an_offer_waits_in_min_dag_of_who_reviews_it(coordinator, offer, cast):
    day = reverse("day:day")
    html = coordinator.get(day).content.decode()
    assert "Erbjudna platser att granska" in html
    assert f'href="{page(offer)}"' in html
    coordinator.post(page(offer), {"why": "För långt bort"})
    assert "Erbjudna platser" not in coordinator.get(day).content.decode()


def test_an_offer_becomes_a_place_with_what_it_said(coordinator, offer, cast):
    workplace = WorkplaceFactory(name="Caféet på torget")
    assert "Caféet på torget" in text(coordinator.get(page(offer)))
    address = f"{reverse('places:new', args=[workplace.public_id])}?erbjudande={offer.public_id}"
    form = coordinator.get(address).context["form"]
    assert (form["tasks"].value(), form["capacity"].value()) == ("Hjälpa till i köket.", 2)
    coordinator.post(address, form_of())
    offer.refresh_from_db()
    assert offer.state == OfferState.TAKEN_UP
    assert offer.place.workplace == workplace
    assert offer.reviewed_by == cast.coordinator
    late = coordinator.post(address, form_of(), follow=True)  # another form for the same offer
    assert "Någon har granskat erbjudandet under tiden." in text(late)
    assert "Någon har granskat erbjudandet under tiden." in text(
        coordinator.post(page(offer), {"why": "Ingen buss dit."}, follow=True)
    )
    assert Place.objects.count() == 1


def test_an_employer_is_known_by_the_number_however_it_was_written(coordinator, offer):
    EmployerFactory(name="Caféet AB", organisation_number="556677-8899")
    PlaceOffer.objects.update(organisation_number="16 5566778899")
    assert "Caféet AB</a> finns redan, med samma organisationsnummer." in text(coordinator.get(page(offer)))
    PlaceOffer.objects.update(organisation_number="vet inte")
    assert "Caféet AB" not in text(coordinator.get(page(offer)))


def test_a_workplace_that_closes_while_the_form_is_filled_in_gets_no_place(coordinator, monkeypatch):
    workplace = WorkplaceFactory()
    create = services.place_create

    def too_late(**given):
        Workplace.objects.update(closed_on=days_ago(1))
        return create(**given)

    monkeypatch.setattr(services, "place_create", too_late)
    answer = coordinator.post(reverse("places:new", args=[workplace.public_id]), form_of(), follow=True)
    assert "Arbetsplatsen har stängts under tiden. Välj en annan." in text(answer)
    assert not Place.objects.exists()


def test_an_offer_is_declined_with_why(coordinator, offer):
    assert "Skriv varför det inte blir något av erbjudandet." in text(coordinator.post(page(offer), {"why": ""}))
    assert coordinator.post(page(offer), {"why": "Ingen buss dit."}).status_code == 302
    coordinator.post(page(offer), {"why": "Ingen buss dit."})
    offer.refresh_from_db()
    assert (offer.state, offer.review_note) == (OfferState.DECLINED, "Ingen buss dit.")
    workplace = WorkplaceFactory()
    address = f"{reverse('places:new', args=[workplace.public_id])}?erbjudande={offer.public_id}"
    assert coordinator.post(address, form_of()).url == page(offer)
    assert not Place.objects.exists()


# --- Where it came from -------------------------------------------------------------------------------------------


def numbered(client, **given) -> PlaceOffer:
    client.post(FORM, offer_of(organisation_number="16 5560160680", address="Torget 3, 264 31 Björkåkra", **given))
    return PlaceOffer.objects.order_by("pk").last()


def entering(offer) -> str:
    return reverse("offers:enter", args=[offer.public_id])


def shown(response, **given) -> dict:
    """What the form sends as it is shown."""
    return {field.html_name: field.value() or "" for field in response.context["form"]} | given


def test_an_employer_that_is_not_known_is_entered_with_what_was_offered(coordinator):
    offer = numbered(coordinator)
    assert offer.organisation_number == "556016-0680"
    assert "Det finns ingen arbetsgivare med det organisationsnumret" in text(coordinator.get(page(offer)))
    form = coordinator.get(entering(offer))
    assert "Välj vilket slag av arbetsgivare det är." in text(coordinator.post(entering(offer), shown(form)))
    for _twice in range(2):
        on = coordinator.post(entering(offer), shown(form, kind="private"))
    workplace = Workplace.objects.get()
    employer = workplace.employer
    assert (employer.name, employer.organisation_number) == ("Café Lindblom", "556016-0680")
    assert (workplace.name, workplace.street_address) == ("Caféet på torget", "Torget 3")
    assert (workplace.postal_code, workplace.city) == ("264 31", "Björkåkra")
    contact = employer.contacts.get()
    assert (contact.name, contact.email, contact.workplace) == ("Sara Lindblom", "sara@example.org", workplace)
    assert on.url == f"{reverse('places:new', args=[workplace.public_id])}?erbjudande={offer.public_id}"
    coordinator.post(on.url, form_of())
    offer.refresh_from_db()
    assert (offer.state, offer.place.workplace) == (OfferState.TAKEN_UP, workplace)
    assert coordinator.post(entering(offer), shown(form, kind="private")).url == page(offer)


def test_an_employer_that_is_known_is_linked_with_its_workplaces_and_never_entered_twice(coordinator):
    there = WorkplaceFactory(name="Saluhallen", employer__name="Lindblom AB")
    Employer.objects.update(organisation_number="5560160680")  # as an older register spelt it
    offer = numbered(coordinator)
    known = coordinator.get(page(offer)).content.decode()
    assert reverse("employers:employer", args=[there.employer.public_id]) in known
    assert f"{reverse('places:new', args=[there.public_id])}?erbjudande={offer.public_id}" in known
    form = coordinator.get(entering(offer))
    refused = coordinator.post(entering(offer), shown(form, kind="private"))
    assert "Lindblom AB har redan det här numret." in text(refused)
    theirs = f"{entering(offer)}?arbetsgivare={there.employer.public_id}"
    assert theirs in refused.content.decode()
    coordinator.post(theirs, shown(coordinator.get(theirs)))
    assert set(there.employer.workplaces.values_list("name", flat=True)) == {"Saluhallen", "Caféet på torget"}
    assert Employer.objects.count() == 1


def test_without_a_number_the_name_tells_who_it_may_be(coordinator, offer):
    there = WorkplaceFactory(employer__name="café lindblom").employer
    known = coordinator.get(page(offer)).content.decode()
    assert reverse("employers:employer", args=[there.public_id]) in known
    assert entering(offer) in known  # another one of that name
    for wrong in ("x", uuid.uuid4()):
        assert coordinator.get(f"{entering(offer)}?arbetsgivare={wrong}").status_code == 404
