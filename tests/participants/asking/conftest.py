"""Åsa, who left for studies a hundred days ago, and the link by which she is asked what she does now."""

import re
from dataclasses import dataclass

import pytest
from django.urls import reverse

from delivery import mail_kinds as kinds
from delivery.models import Mail
from participants.asking.services import aftercare_link_send
from participants.models import Aftercare, AftercareLink, Enrolment, Participant
from tests.factories import days_ago

LINK = re.compile(r"/efteruppfoljning/[\w-]{43}/")


@dataclass
class Asked:
    """Who has been asked, and by which link."""

    enrolment: Enrolment
    link: AftercareLink

    @property
    def person(self) -> Participant:
        return self.enrolment.participant

    @property
    def page(self) -> str:
        """The path of the person's page, as the mail has it."""
        return reverse("asking:answer", args=[self.link.token])

    @property
    def answer(self) -> Aftercare | None:
        return Aftercare.objects.filter(enrolment=self.enrolment, days_after=self.link.days_after).first()

    def staff_page(self, name="aftercare", days=90) -> str:
        path = reverse(f"participants:{name}", args=[self.person.public_id, days])
        return f"{path}?inskrivning={self.enrolment.start}"

    def mails(self) -> list[Mail]:
        links = AftercareLink.objects.filter(enrolment=self.enrolment).values("public_id")
        return list(Mail.objects.filter(reference__in=links).order_by("pk"))


def written(mail: Mail) -> kinds.Message | None:
    """What the mail says when it is sent now."""
    return kinds.find(mail.kind).compose(mail)


def leave(enrolment, days=100, **person) -> Enrolment:
    """The enrolment was closed so many days ago for studies; `person` changes the participant."""
    fields = {"closure_reason": "studies", "study_aid": True}
    Enrolment.objects.filter(pk=enrolment.pk).update(start=days_ago(days + 200), end=days_ago(days), **fields)
    Participant.objects.filter(pk=enrolment.participant_id).update(**({"email": "asa@example.org"} | person))
    return Enrolment.objects.select_related("participant").get(pk=enrolment.pk)


def ask(enrolment, actor, days=90) -> Asked:
    mail = aftercare_link_send(enrolment=enrolment, days_after=days, actor=actor, seen=None)
    return Asked(enrolment, AftercareLink.objects.get(public_id=mail.reference))


@pytest.fixture
def asked(cast) -> Asked:
    return ask(leave(cast.asa), cast.coach)
