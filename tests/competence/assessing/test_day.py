"""What Min dag says of assessments: what waits, for how long, and when it is settled."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.services import setting_change
from competence.assessing.services import assessment_review
from competence.models import Assessment, AssessmentLink
from placements.models import FollowUpLink
from placements.services.links import link_send
from tests.competence.assessing.conftest import send, supervised
from tests.competence.assessing.test_by_link import text
from tests.competence.assessments import signed_assessment
from tests.factories import FollowUpFactory, days_ago
from vocabulary.codes import FollowUpKind, PlacementForm

pytestmark = pytest.mark.django_db
WAITS, REVIEW, ENDS = "kompetensunderlag-vantar", "kompetensunderlag-att-granska", "slutar-utan-kompetensunderlag"


@pytest.fixture
def listed(client, cast):
    client.force_login(cast.coach)
    return lambda key: text(client.get(reverse("day:list", args=[key])))


def test_a_placement_that_ends_soon_lacks_its_final_assessment_until_that_is_signed(listed, cast):
    placement = supervised(cast.asa, end=days_ago(-14))
    assert "Åsa Öhrström" in listed(ENDS)
    setting_change(key="assessment_before_days", value=13)
    assert "Åsa Öhrström" not in listed(ENDS)
    supervised(cast.bertil, form=PlacementForm.HOLIDAY_JOB)
    placement.end = days_ago(2)
    placement.save()
    signed_assessment(placement, "mid")
    assert "Åsa Öhrström" in listed(ENDS)
    assert "Bertil" not in listed(ENDS)
    signed_assessment(placement, "final")
    assert "Åsa Öhrström" not in listed(ENDS)


def test_what_the_supervisor_has_had_for_a_week_waits_until_it_is_signed_then_for_review(listed, cast):
    sent = send(supervised(cast.asa), cast.coach)
    assert "Åsa Öhrström" not in listed(WAITS)
    a_week_ago = timezone.now() - dt.timedelta(days=8)
    AssessmentLink.objects.update(created_at=a_week_ago)
    Assessment.objects.update(begun_at=a_week_ago)
    assert "I slutet · Köket på Ekbackens förskola" in listed(WAITS)
    signed = signed_assessment(sent.assessment.placement)
    assert "Åsa Öhrström" not in listed(WAITS)
    assert "Åsa Öhrström" in listed(REVIEW)
    assessment_review(assessment=signed, actor=cast.colleague)
    assert "Åsa Öhrström" not in listed(REVIEW)


def test_one_asked_for_with_a_follow_up_waits_too_but_not_of_who_never_came(client, listed, cast):
    followup = FollowUpFactory(placement=supervised(cast.asa), kind=FollowUpKind.EMPLOYMENT_FINAL)
    link_send(followup=followup, actor=cast.coach, seen=None)
    assert "Åsa Öhrström" not in listed(WAITS)
    FollowUpLink.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    assert "Åsa Öhrström" in listed(WAITS)
    client.post(reverse("placements:supervisor", args=[FollowUpLink.objects.get().token]), {"came": "no"})
    assert "Åsa Öhrström" not in listed(WAITS)
