"""Two at the same moment: one assessment is begun, one signature is given, and nothing is written after it."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from competence.assessing.grades import language_grade_record
from competence.assessing.links import assessment_link_send, draft_discard
from competence.assessing.said import Said
from competence.assessing.services import (
    assessment_begin,
    assessment_sign,
    competence_save,
)
from competence.models import Assessment, AssessmentLink, AssessmentState, GradedBy, SignedBy
from placements.changing import seen_of
from placements.models import FollowUpLink
from placements.services.links import link_send
from placements.services.supervisors import placement_choose_supervisor, supervisor_change
from tests.beside import wait_until_somebody_waits
from tests.competence.assessing.conftest import send, supervised
from tests.competence.assessments import begun_assessment
from tests.factories import FollowUpFactory, SupervisorFactory, days_ago
from vocabulary.codes import FollowUpKind, LanguageLevel, LanguageSkill

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


def test_who_sends_a_link_and_who_changes_the_address_do_not_wait_for_each_other(cast, beside):
    sent = send(supervised(cast.asa), cast.coach)
    supervisor, facts = sent.link.supervisor, {"email": "ny@koket.example"}
    AssessmentLink.objects.all().delete()
    with transaction.atomic():
        competence_save(assessment=sent.assessment, code="SPRAK-01", said=Said(1), actor=cast.coach)
        change = {"supervisor": supervisor, "facts": facts, "seen": seen_of(supervisor, facts), "actor": cast.coach}
        other = beside(lambda: supervisor_change(**change))
        wait_until_somebody_waits()
        assessment_link_send(assessment=sent.assessment, actor=cast.coach, seen=None)
    assert other.result(30) == 1
    assert sent.mails()[-1].recipient == "ny@koket.example"


def test_a_level_of_language_outlives_a_draft_that_is_thrown_away_at_the_same_moment(cast, beside):
    draft = begun_assessment(supervised(cast.asa), actor=cast.coach)
    said = {"graded_on": days_ago(1), "assessor": "Eva Lärare", "how": GradedBy.WORK, "actor": cast.coach}
    said |= {"enrolment": cast.asa, "assessment": draft, "skill": LanguageSkill.READING, "level": LanguageLevel.B1}
    with transaction.atomic():
        draft_discard(assessment=draft)
        other = beside(lambda: language_grade_record(**said))
        wait_until_somebody_waits()
    assert other.result(30).assessment is None


def test_who_is_no_longer_the_supervisor_is_not_led_to_the_link_of_who_is(cast, beside):
    placement = supervised(cast.asa)
    followup = FollowUpFactory(placement=placement, kind=FollowUpKind.EMPLOYMENT_FINAL)
    link_send(followup=followup, actor=cast.coach, seen=None)
    token = FollowUpLink.objects.get().token
    other = SupervisorFactory(workplace=placement.workplace, name="Per Ny")
    with transaction.atomic():
        placement_choose_supervisor(placement=placement, supervisor=other, actor=cast.coach)
        late = beside(Client().post, reverse("assessing:beside_followup", args=[token]))
        wait_until_somebody_waits()
    assert late.result(30).url == reverse("placements:supervisor", args=[token])
    assert not AssessmentLink.objects.exists()
