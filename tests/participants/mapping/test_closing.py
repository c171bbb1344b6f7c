"""What becomes of a mapping that is being written when its enrolment ends."""

import pytest

from participants.mapping.services import answers_of
from participants.models import Mapping
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.enrolling.pages import file_of
from tests.participants.mapping.conftest import answered, page, part
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db

CLOSING = {"closure_reason": "moved", "end": days_ago(3).isoformat()}


def told_of(html: str) -> list[str]:
    return [each.partition('"')[0] for each in html.split('name="told" value="')[1:]]


def test_closing_says_that_a_draft_is_thrown_away_and_does_it(cast, draft):
    closing = file_of(cast.coach, cast.asa, "enrolment_close")
    assert "Ett utkast till kartläggning" in closing.html
    html = closing.send(200, **CLOSING)
    assert "Den blev aldrig fastställd och kastas. Fastställ den först om den ska finnas kvar." in html
    closing.send(302, **CLOSING, step="save", told=told_of(html))
    assert not Mapping.objects.exists()


def test_one_that_was_completed_while_the_page_asked_stays(cast, draft):
    closing = file_of(cast.coach, cast.asa, "enrolment_close")
    told = told_of(closing.send(200, **CLOSING))
    answered(draft, "arbete", {"last_work": "Bagare"}, cast.coach)
    closing.client.post(page(cast.asa, "complete"))
    closing.send(200, **CLOSING, step="save", told=told)  # asked again: nothing goes on any more
    cast.asa.refresh_from_db()
    assert cast.asa.end is None
    assert answers_of(Mapping.objects.get().sections.all()) == {"last_work": "Bagare"}


def test_what_was_left_lying_when_a_register_closed_the_case_is_not_gone_on_with(coach, cast, draft):
    answered(draft, "arbete", {"last_work": "Bagare"}, cast.coach)
    cast.asa.end, cast.asa.closure_reason = days_ago(5), "moved"
    cast.asa.save()
    again = EnrolmentFactory(participant=cast.asa.participant, unit=cast.centrum, coach=cast.coach, start=days_ago(2))
    assert "Bagare" not in text(coach.get(part(again)))
    answer = coach.post(page(again, "begin"))
    assert answer.url == page(again, "section", "arbete")
    assert Mapping.objects.get(enrolment=again).number == 1
    assert Mapping.objects.get(enrolment=cast.asa).sections.get(key="arbete").answers == {"last_work": "Bagare"}
