"""The first day of an enrolment, corrected: from the personal details, with a reason, as far as it can be."""

import pytest
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.models import Enrolment, EnrolmentQuestion, Mapping, Pause, UnitAssignment
from tests.factories import EnrolmentFactory, FollowUpFactory, PlacementFactory, days_ago
from tests.participants.enrolling.pages import accepted
from tests.participants.person.pages import Page, address, past

pytestmark = pytest.mark.django_db
WHY = "Skrev fel månad."


def open_page(user, enrolment: Enrolment) -> Page:
    return Page(user, f"{address(enrolment, 'first_day')}?inskrivning={enrolment.start}")


def now(enrolment: Enrolment) -> tuple:
    row = Enrolment.objects.get(pk=enrolment.pk)
    return row.start, row.assignments.earliest("start").start


@pytest.fixture
def case(cast) -> Enrolment:
    """Enrolled since ninety days, and nothing has happened since."""
    case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(90))
    Enrolment.objects.filter(pk=case.pk).update(last_activity_on=case.start)
    case.refresh_from_db()
    return case


def test_it_is_corrected_from_the_personal_details_and_the_history_tells_why(cast, case):
    html = Page(cast.coach, address(case, "facts")).html
    assert f"{address(case, 'first_day')}?inskrivning={case.start}" in html
    page = open_page(cast.coach, case)
    assert page.typed["day"] == f"{case.start}"
    assert "Inskrivningen börjar nu den" in page.send(day=f"{days_ago(60)}", why=WHY)
    assert now(case) == (days_ago(60), days_ago(60))
    row = Enrolment.objects.get(pk=case.pk)
    assert (row.last_activity_on, row.revision) == (days_ago(60), case.revision + 1)
    told = past(Page(cast.coach, address(case, "facts")).html)
    assert [WHY in told[0][0], *told[0][1:]] == [True, f"{case.start}", f"{days_ago(60)}", cast.coach.full_name]


def test_an_earlier_day_is_as_good(cast, case):
    open_page(cast.manager, case).send(day=f"{days_ago(120)}", why=WHY)
    assert now(case) == (days_ago(120), days_ago(120))


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"day": ""}, "day", "Ange vilken dag."),
        ({"day": "i maj"}, "day", "Skriv dagen som"),
        ({"why": "  "}, "why", "Skriv varför första dagen var fel."),
        ({"day": f"{days_ago(90)}"}, "day", "redan registrerad så"),
        ({"day": f"{days_ago(-200)}"}, "day", "ett halvår fram"),
        ({"day": "0026-05-04"}, "day", "Kontrollera året."),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_what_was_typed_stays(cast, case, typed, field, told):
    page = open_page(cast.coach, case)
    html = page.send(422, **{"day": f"{days_ago(60)}", "why": WHY} | typed)
    assert told in html
    assert f'href="#id_{field}"' in html
    assert now(case) == (days_ago(90), days_ago(90))
    if field == "day":
        assert page.typed["why"] == WHY


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda case: Pause.objects.create(enrolment=case, start=days_ago(80), reason="illness", by=case.coach),
            "En vila från",
        ),
        (
            lambda case: Mapping.objects.create(
                enrolment=case, number=1, state="completed", completed_on=days_ago(80)
            ),
            "En kartläggning som fastställdes",
        ),
        (lambda case: PlacementFactory(enrolment=case, start=days_ago(80)), "En placering från"),
        (lambda case: FollowUpFactory(placement__enrolment=case, due=days_ago(80)), "En uppföljning den"),
    ],
)
def test_what_would_stand_before_it_is_told(cast, case, make, told):
    make(case)
    html = open_page(cast.coach, case).send(422, day=f"{days_ago(60)}", why=WHY)
    assert told in html
    assert now(case) == (days_ago(90), days_ago(90))
    open_page(cast.coach, case).send(day=f"{days_ago(100)}", why=WHY)
    assert now(case) == (days_ago(100), days_ago(100))


def test_it_cannot_begin_after_it_ended_or_was_taken_over(cast, case):
    Enrolment.objects.filter(pk=case.pk).update(end=days_ago(50), closure_reason="moved")
    assert "har inskrivningen avslutats" in open_page(cast.coach, case).send(422, day=f"{days_ago(40)}", why=WHY)
    UnitAssignment.objects.filter(enrolment=case).update(end=days_ago(70))
    UnitAssignment.objects.create(
        enrolment=case, unit=cast.centrum, legal_basis="social_services", start=days_ago(69)
    )
    assert "en annan enhet tagit över" in open_page(cast.coach, case).send(422, day=f"{days_ago(60)}", why=WHY)
    open_page(cast.coach, case).send(day=f"{days_ago(75)}", why=WHY)
    assert now(case) == (days_ago(75), days_ago(75))
    assert UnitAssignment.objects.filter(enrolment=case, start=days_ago(69)).exists()


def test_a_day_of_another_enrolment_is_not_free(cast, case):
    before = EnrolmentFactory(
        participant=case.participant, unit=cast.centrum, start=days_ago(300), end=days_ago(100),
        closure_reason="moved",
    )  # fmt: skip
    html = open_page(cast.coach, case).send(422, day=f"{days_ago(100)}", why=WHY)
    assert "redan inskriven någon av de dagarna" in html
    # The earlier one may not reach into the later one either; from its own first day on nothing is in its way.
    open_page(cast.coach, before).send(day=f"{days_ago(250)}", why=WHY)
    assert now(before)[0] == days_ago(250)


def test_what_another_unit_knows_is_not_told_and_the_administrator_is(cast, case):
    hidden = EnrolmentFactory(
        participant=case.participant, unit=cast.norr, coach=cast.outsider, start=days_ago(300), end=days_ago(100),
        closure_reason="moved",
    )  # fmt: skip
    html = open_page(cast.coach, case).send(422, day=f"{days_ago(100)}", why=WHY)
    assert "Dagen kan inte sparas." in html
    assert "Norr" not in html
    assert f"{hidden.end}" not in html.replace(f'value="{days_ago(100)}"', "")
    question = EnrolmentQuestion.objects.get()
    assert (question.participant, question.unit) == (case.participant, cast.centrum)
    assert AccessLogEntry.objects.filter(act="denied", subject=case.participant.public_id).exists()


def test_the_referral_came_first(cast, case):
    referral = accepted(cast, participant=case.participant, received=days_ago(95))
    Enrolment.objects.filter(pk=case.pk).update(referral=referral)
    html = open_page(cast.coach, case).send(422, day=f"{days_ago(96)}", why=WHY)
    assert "innan anvisningen" in html
    open_page(cast.coach, case).send(day=f"{days_ago(95)}", why=WHY)


def test_of_two_who_correct_it_at_once_the_second_is_told(cast, case):
    first, second = open_page(cast.coach, case), open_page(cast.manager, case)
    first.send(day=f"{days_ago(60)}", why=WHY)
    # The address names a first day that is no longer: the page is gone, and so is what it would have overwritten.
    second.where = address(case, "first_day")
    assert "Någon annan har rättat första dagen" in second.send(day=f"{days_ago(80)}", why=WHY)
    assert now(case)[0] == days_ago(60)


def test_who_does_not_work_with_the_case_cannot(cast, case):
    page = Page(cast.outsider, address(case, "first_day"))
    assert page.client.get(page.where).status_code == 404
    assert page.client.post(page.where, {"day": days_ago(60), "seen": case.start, "why": WHY}).status_code == 404
    assert now(case)[0] == days_ago(90)


def test_two_enrolments_of_one_day_can_be_told_apart_and_their_files_merged(cast, case):
    """As the page about the merge advises: close one, let the other begin the day after, and merge."""
    twin = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=case.start)
    compare = reverse("participants:compare", args=[case.participant.public_id, twin.participant.public_id])
    html = Page(cast.manager, compare).html
    assert "har gemensamma dagar" in html
    Enrolment.objects.filter(pk=twin.pk).update(end=twin.start, closure_reason="other")
    open_page(cast.manager, case).send(day=f"{days_ago(89)}", why=WHY)
    assert "har gemensamma dagar" not in Page(cast.manager, compare).html
