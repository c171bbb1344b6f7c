"""An assessment of Åsa's ended placement that a supervisor has been sent the link to."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from competence.assessing.links import assessment_link_send
from competence.assessing.services import assessment_begin
from competence.models import Assessment, AssessmentLink, CatalogueArea
from delivery.models import Mail
from placements.models import Placement
from tests.competence.certificates import ended_placement
from tests.factories import SupervisorFactory


def supervised(enrolment, **fields) -> Placement:
    placement = ended_placement(enrolment, **fields)
    placement.supervisor = SupervisorFactory(workplace=placement.workplace)
    placement.save()
    return placement


@dataclass
class Sent:
    """What a supervisor has been sent: the assessment, and by which link."""

    assessment: Assessment
    link: AssessmentLink

    def page(self, name="by_link", *args) -> str:
        return reverse(f"assessing:{name}", args=[self.link.token, *args])

    def staff(self, name="assessment") -> str:
        person = self.assessment.placement.enrolment.participant
        return reverse(f"assessing:{name}", args=[person.public_id, self.assessment.public_id])

    def fresh(self) -> Assessment:
        return Assessment.objects.get(pk=self.assessment.pk)

    def said(self) -> dict[str, int]:
        return {row.competence.code: row.level for row in self.assessment.competences.select_related("competence")}

    def mails(self) -> list[Mail]:
        return list(Mail.objects.filter(kind="competence.assessment_link").order_by("pk"))


def send(placement: Placement, actor, stage="final") -> Sent:
    assessment = assessment_begin(placement=placement, stage=stage, actor=actor)
    mail = assessment_link_send(assessment=assessment, actor=actor, seen=None)
    return Sent(assessment, AssessmentLink.objects.get(public_id=mail.reference))


def area(assessment: Assessment, code: str) -> CatalogueArea:
    return CatalogueArea.objects.get(version=assessment.catalogue_id, code=code)


@pytest.fixture
def sent(cast) -> Sent:
    return send(supervised(cast.asa), cast.coach)
