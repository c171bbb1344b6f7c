"""What a supervisor has typed when the form comes too late: it is shown to be copied, and stored nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from placements.models import FollowUpAnswer, FollowUpLink
from placements.services.answers import answer_mark_read
from tests.factories import days_ago
from tests.placements.conftest import GOOD

pytestmark = pytest.mark.django_db
TYPED = GOOD | {"wishes": "Hon vill <b>stanna</b> längre."}
SHOWN = "Hon vill &lt;b&gt;stanna&lt;/b&gt; längre."


@pytest.fixture
def coach(cast):
    client = Client()
    client.force_login(cast.coach)
    return client


def test_after_the_job_coach_has_read_it(client, asked, cast):
    client.post(asked.page, GOOD)
    answer_mark_read(answer=FollowUpAnswer.objects.get(), version=1, actor=cast.coach)
    page = client.post(asked.page, TYPED | {"version": "1"}).content.decode()
    assert "Det är inte sparat" in page
    assert SHOWN in page
    assert SHOWN not in client.get(asked.page).content.decode()


def test_after_staff_have_written_down_the_answer(client, coach, asked):
    coach.post(asked.coach_page("answer_file"), GOOD)
    page = client.post(asked.page, TYPED).content.decode()
    assert "redan inlämnad" in page
    assert SHOWN in page


def test_after_the_link_has_expired(client, asked):
    FollowUpLink.objects.update(valid_until=days_ago(1))
    page = client.post(asked.page, TYPED).content.decode()
    assert "Länken är för gammal" in page
    assert SHOWN in page


def test_a_form_from_elsewhere_puts_no_words_on_our_page(client, asked):
    address = reverse("placements:supervisor", args=["x" * 43])
    assert SHOWN not in client.post(address, TYPED).content.decode()


def test_an_answered_follow_up_is_not_asked_to_be_withdrawn(client, coach, asked):
    client.post(asked.page, GOOD)
    assert coach.get(asked.coach_page("followup_withdraw")).url == asked.coach_page()
