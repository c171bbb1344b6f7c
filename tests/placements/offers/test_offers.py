"""An employer offers a place without an account; it counts when somebody has reviewed it."""

import pytest
from django.urls import reverse

from placements.models import Place, PlaceOffer, Workplace
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
    assert [client.post(FORM, offer_of()).status_code for _ in range(3)] == [302, 302, 429]
    assert PlaceOffer.objects.count() == 2


def test_offers_wait_for_those_who_review_them_and_nobody_else(client, cast, offer):
    client.force_login(cast.manager)
    assert "Café Lindblom" in text(client.get(reverse("offers:list")))
    assert "att granska" in text(client.get(reverse("places:list")))
    client.force_login(cast.coach)
    assert client.get(reverse("offers:list")).status_code == 403
    assert client.get(page(offer)).status_code == 403
    assert "Erbjudanden" not in text(client.get(reverse("places:list")))


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
    assert "Arbetsgivare med det organisationsnumret: Caféet AB" in text(coordinator.get(page(offer)))
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
