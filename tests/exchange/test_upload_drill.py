"""The broker is away while an administrator takes a register in: nobody waits, nothing is lost. Real servers."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from delivery.models import Job
from delivery.states import JobState
from exchange.jobs import CHECK, STORE
from participants.models import Participant
from tests.delivery.conftest import until
from tests.factories import UserFactory

pytestmark = pytest.mark.deep

PARTICIPANTS = "participant;identity_number;given_name;family_name\np1;19920314-2386;Amina;Warsame\n"


def ended(kind) -> Job:
    """The one job of this kind, when a worker has ended it."""
    until(lambda: Job.objects.get(kind=kind).is_finished, seconds=120)
    return Job.objects.get(kind=kind)


def quickly(ask):
    """The answer of the page, which does not wait for the broker."""
    began = time.monotonic()
    response = ask()
    assert time.monotonic() - began < 5
    return response


def test_a_register_handed_in_while_the_broker_is_down_is_checked_and_stored_when_it_is_back(client, workers, broker):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    workers.worker(beat=True)

    broker.stop()
    file = SimpleUploadedFile("participants.csv", PARTICIPANTS.encode())
    page = quickly(
        lambda: client.post(reverse("exchange:register"), {"files": [file], "source": "register"}, follow=True)
    )
    assert "Väntar på sin tur." in page.content.decode()
    time.sleep(2)
    assert Job.objects.get(kind=CHECK).state == JobState.QUEUED
    broker.start()
    checked = ended(CHECK)
    assert (checked.state, checked.attempts, checked.result["error_count"]) == (JobState.DONE, 1, 0)
    assert not Participant.objects.exists()

    broker.stop()
    store = reverse("exchange:register_store", args=[checked.public_id])
    for _press in range(2):
        page = quickly(lambda: client.post(store, follow=True))
        assert "Väntar på sin tur." in page.content.decode()
    broker.start()
    stored = ended(STORE)
    assert (stored.state, stored.attempts) == (JobState.DONE, 1)
    assert Participant.objects.get().family_name == "Warsame"
    assert "Registret är sparat" in client.get(stored.get_absolute_url()).content.decode()
