"""An employer offers a place without an account; it counts when somebody has reviewed it."""

import uuid

import pytest
from django.urls import reverse

from placements.models import Employer, Place, PlaceOffer
from placements.models.place import OfferState
from tests.factories import WorkplaceFactory
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
    coordinator.post(address, form_of())  # another form for the same offer: too late
    assert Place.objects.count() == 1


def test_an_offer_of_an_employer_that_is_not_there_leads_all_the_way_to_its_place(coordinator, offer):
    asks = f"?erbjudande={offer.public_id}"
    create = reverse("employers:create") + asks
    assert create in text(coordinator.get(reverse("places:choose") + asks + "&q=zzz"))
    form = coordinator.get(create).context["form"]
    assert form["name"].value() == offer.employer_name
    data = {
        "name": offer.employer_name,
        "kind": "private",
        "organisation_number": "",
        "code": "",
        "token": uuid.uuid4(),
    }
    answer = coordinator.post(create, data)
    employer = Employer.objects.get(name=offer.employer_name)
    assert answer.url == reverse("employers:workplace_create", args=[employer.public_id]) + asks
    assert coordinator.get(answer.url).context["form"]["name"].value() == offer.workplace_name
    answer = coordinator.post(answer.url, {"name": offer.workplace_name, "token": uuid.uuid4()})
    assert answer.url == reverse("places:new", args=[employer.workplaces.get().public_id]) + asks
    assert coordinator.get(answer.url).context["form"]["tasks"].value() == offer.tasks
    Employer.objects.filter(pk=employer.pk).update(organisation_number="5560360793")
    PlaceOffer.objects.update(organisation_number="556036-0793")
    shown = text(coordinator.get(page(offer)))
    assert reverse("employers:employer", args=[employer.public_id]) in shown, "however the number is written"


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
