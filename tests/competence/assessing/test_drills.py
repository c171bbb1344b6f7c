"""Two at the same moment: one assessment is begun, one signature is given, and nothing is written after it."""

import pytest
from django.db import transaction
from django.test import Client

from competence.assessing.said import Said
from competence.assessing.services import assessment_begin, assessment_sign, competence_save
from competence.models import Assessment, AssessmentState, SignedBy
from placements.services.supervisors import placement_choose_supervisor
from tests.beside import wait_until_somebody_waits
from tests.competence.assessing.conftest import send, supervised
from tests.factories import SupervisorFactory

pytestmark = [pytest.mark.deep, pytest.mark.beside, pytest.mark.django_db(transaction=True)]


def test_two_who_begin_at_once_begin_one(cast, beside):
    placement = supervised(cast.asa)
    with transaction.atomic():
        mine = assessment_begin(placement=placement, stage="mid", actor=cast.coach)
        other = beside(lambda: assessment_begin(placement=placement, stage="mid", actor=cast.colleague))
        wait_until_somebody_waits()
    assert other.result(30) == mine
    assert Assessment.objects.count() == 1


def test_nothing_is_written_into_what_is_being_signed(cast, beside):
    sent = send(supervised(cast.asa), cast.coach)
    competence_save(assessment=sent.assessment, code="SPRAK-01", said=Said(1), actor=cast.coach)
    with transaction.atomic():
        assessment_sign(
            assessment=sent.assessment,
            how=SignedBy.LINK,
            name=sent.link.supervisor.name,
            supervisor=sent.link.supervisor,
        )
        late = beside(Client().post, sent.page("by_link_statement", "SPRAK-02"), {"SPRAK-02-level": "1"})
        wait_until_somebody_waits()
    assert late.result(30).url == sent.page()
    assert sent.said() == {"SPRAK-01": 1}


def test_who_is_no_longer_the_supervisor_does_not_sign(cast, beside):
    sent = send(supervised(cast.asa), cast.coach)
    competence_save(assessment=sent.assessment, code="SPRAK-01", said=Said(1), actor=cast.coach)
    placement = sent.assessment.placement
    other = SupervisorFactory(workplace=placement.workplace, name="Per Ny")
    with transaction.atomic():
        placement_choose_supervisor(placement=placement, supervisor=other, actor=cast.coach)
        late = beside(Client().post, sent.page("by_link_finish"), {"seen": sent.fresh().revision})
        wait_until_somebody_waits()
    assert late.result(30).status_code == 302
    assert sent.fresh().state == AssessmentState.DRAFT
