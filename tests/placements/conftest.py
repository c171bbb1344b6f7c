"""A placement of Åsa's with a supervisor, a follow-up that is due, and the link that was sent about it."""

import re
from dataclasses import dataclass

import pytest
from django.urls import reverse

from delivery import mail_kinds as kinds
from delivery.models import Mail
from placements.models import FollowUp, FollowUpLink, Placement, Supervisor
from placements.services.links import link_send
from tests.factories import FollowUpFactory, PlacementFactory, SupervisorFactory, WorkplaceFactory, days_ago

LINK = re.compile(r"/uppfoljning/([\w-]{43})/")


@dataclass
class Asked:
    """What a supervisor has been asked, and by which link."""

    followup: FollowUp
    link: FollowUpLink

    @property
    def placement(self) -> Placement:
        return self.followup.placement

    @property
    def supervisor(self) -> Supervisor:
        return self.link.supervisor

    @property
    def page(self) -> str:
        """The path of the supervisor's page, as the mail has it."""
        return reverse("placements:supervisor", args=[self.link.token])

    def coach_page(self, name="followup") -> str:
        person = self.followup.participant
        return reverse(f"placements:{name}", args=[person.public_id, self.followup.public_id])

    def fresh(self) -> FollowUp:
        return FollowUp.objects.get(pk=self.followup.pk)

    def mails(self) -> list[Mail]:
        links = FollowUpLink.objects.filter(followup=self.followup).values("public_id")
        return list(Mail.objects.filter(reference__in=links).order_by("pk"))


def placement_of(enrolment, name="Köket på Ekbacken", **fields) -> Placement:
    workplace = WorkplaceFactory(name=name)
    supervisor = SupervisorFactory(workplace=workplace)
    return PlacementFactory(enrolment=enrolment, workplace=workplace, supervisor=supervisor, **fields)


def ask(followup, actor) -> Asked:
    """Send the link to a follow-up's supervisor."""
    mail = link_send(followup=followup, actor=actor, seen=None)
    return Asked(followup=followup, link=FollowUpLink.objects.get(public_id=mail.reference))


def written(mail: Mail) -> kinds.Message | None:
    """What the mail says when it is sent now."""
    return kinds.find(mail.kind).compose(mail)


@pytest.fixture
def asked(cast) -> Asked:
    placement = placement_of(cast.asa, start=days_ago(30))
    return ask(FollowUpFactory(placement=placement, due=days_ago(2)), cast.coach)


GOOD = {
    "came": "yes",
    "going": "well",
    "hours": "42,5",
    "works_well": "Hon är alltid i tid.",
    "needs": "",
    "wishes": "Fler dagar i veckan.",
    "version": "0",
}
