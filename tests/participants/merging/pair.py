"""What the tests of merging share: two files of one person in Centrum, and making them one through the page."""

import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from participants.merging.services import merge_at_once
from participants.models import Enrolment, FormerIdentityNumber, Merge, Participant, Referral
from tests.factories import EnrolmentFactory, FollowUpFactory, ParticipantFactory, PlacementFactory, days_ago
from tests.participants.person.pages import Page

WHY = "Samma namn och adress, och personen har visat legitimation."
#: A personal number of a woman, and a coordination number of the same day.
WOMAN, COORDINATION = "199005172383", "199005772380"
TOLD = "Akterna kan inte slås ihop nu. Administratören har fått en uppgift."


@dataclass(frozen=True)
class Pair:
    """Åsa, whose file goes on, and Asa, who was registered before with a coordination number."""

    asa: Participant
    old: Participant
    enrolment: Enrolment
    earlier: Enrolment

    def compare(self, first: Participant | None = None, second: Participant | None = None) -> str:
        ids = [(first or self.asa).public_id, (second or self.old).public_id]
        return reverse("participants:compare", args=ids)

    def merge(self, user, status: int = 302, **typed) -> str:
        """Send the page that compares them, as the user."""
        return Page(user, self.compare()).send(status, **{"goes_on": "first", "why": WHY} | typed)

    def made_one(self, user, **choices) -> Merge:
        """The same without the page; `choices` as the page has them: first is Åsa's."""
        goes_on = choices.pop("goes_on", "first")
        winner, loser = (self.asa, self.old) if goes_on == "first" else (self.old, self.asa)
        sides = {key: "winner" if side == goes_on else "loser" for key, side in choices.items()}
        what = {"winner": winner, "loser": loser, "choices": sides, "why": WHY, "actor": user}
        return merge_at_once(**what, token=uuid.uuid4(), units=["CENTRUM"])

    def read(self) -> "Pair":
        for row in (self.asa, self.old, self.enrolment, self.earlier):
            row.refresh_from_db()
        return self


@pytest.fixture
def pair(cast) -> Pair:
    asa = cast.person
    Participant.objects.filter(pk=asa.pk).update(
        identity_number=WOMAN, gender="woman", phone="070-174 06 05", email="asa@example.org"
    )
    old = ParticipantFactory(
        given_name="Asa",
        family_name="Öström",
        identity_number=COORDINATION,
        gender="woman",
        phone="070-174 06 99",
        city="Björkåkra",
        language="som",
    )
    earlier = EnrolmentFactory(
        participant=old,
        unit=cast.centrum,
        coach=cast.colleague,
        start=days_ago(400),
        end=days_ago(200),
        closure_reason="moved",
    )
    FollowUpFactory(placement=PlacementFactory(enrolment=earlier, start=days_ago(300)))
    Referral.objects.create(
        participant=old, unit=cast.centrum, source="social_services", received=days_ago(410), decision="accepted"
    )
    FormerIdentityNumber.objects.create(participant=old, number="199105772388")
    asa.refresh_from_db()
    return Pair(asa=asa, old=old, enrolment=cast.asa, earlier=earlier)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
