"""Enrolling somebody, by a referral and without one: what is filled in, kept, refused and told."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry, LegalBasis, Role, UnitTerm
from participants.models import (
    Enrolment,
    EnrolmentQuestion,
    JointReview,
    Participant,
    PlanVersion,
    ProtectedAccess,
)
from participants.services.questions import question_handle
from tests.factories import EnrolmentFactory, ParticipantFactory, UnitFactory, UserFactory, coach_of, days_ago
from tests.participants.enrolling.pages import NEW, SOMEBODY, accepted, closed, direct, enrol, file_of
from tests.participants.referrals.pages import referral_of
from vocabulary.codes import Protection

pytestmark = pytest.mark.django_db


def last() -> Enrolment:
    return Enrolment.objects.latest("pk")


# --- By a referral ------------------------------------------------------------------------------------------------


def test_one_click_enrols_with_everything_filled_in(cast):
    referral = accepted(
        cast, support_obstacle="unemployed", service_registration="registered", service_since=days_ago(40),
        participant=ParticipantFactory(given_name="Nadja", family_name="Novak", education="primary"),
    )  # fmt: skip
    page = enrol(cast.coach, referral)
    assert page.typed["education"] == "primary"
    html = page.send()
    case = last()
    assert "Nadja Novak är inskriven, med Alma Alm som jobbcoach." in html
    assert (case.participant, case.referral, case.unit, case.coach) == (
        referral.participant, referral, cast.centrum, cast.coach,
    )  # fmt: skip
    assert (case.target_group, case.support_obstacle, case.start) == (
        "income_support", "unemployed", timezone.localdate(),
    )  # fmt: skip
    assert (case.service_registration, case.service_since) == ("registered", days_ago(40))
    assignment = case.assignments.get()
    assert (assignment.unit, assignment.start, assignment.legal_basis) == (
        cast.centrum, timezone.localdate(), LegalBasis.SOCIAL_SERVICES,
    )  # fmt: skip
    assert page.client.get(reverse("referrals:queue"), {"state": "to_enrol"}).context["page"].paginator.count == 0


def test_the_referrals_page_leads_to_it_and_afterwards_to_the_file(cast):
    referral = accepted(cast)
    page = enrol(cast.coach, referral)
    where = f'href="{page.where}"'
    assert where in page.client.get(referral.get_absolute_url()).content.decode()
    page.send()
    html = page.client.get(referral.get_absolute_url()).content.decode()
    assert where not in html
    assert "Inskriven den" in html
    again = page.client.get(page.where, follow=True).content.decode()
    assert "Personen var redan inskriven. Det här är akten." in again


def test_the_same_form_twice_is_one_enrolment(cast):
    page = enrol(cast.coach, accepted(cast))
    before = Enrolment.objects.count()
    page.send()
    assert "Personen var redan inskriven." in page.send()
    assert Enrolment.objects.count() == before + 1


@pytest.mark.parametrize(
    "facts", [{"decision": "pending", "decided_on": None}, {"decision": "declined"}, {"participant": None}]
)
def test_only_an_accepted_referral_of_somebody_known_leads_to_an_enrolment(cast, facts):
    referral = accepted(cast, **facts)
    client = file_of(cast.coach, cast.asa).client
    html = client.get(reverse("referrals:enrol", args=[referral.public_id]), follow=True).content.decode()
    assert "Ta först emot anvisningen." in html


def test_a_referral_that_is_undone_while_the_page_is_open_enrols_nobody(cast):
    referral = accepted(cast)
    page = enrol(cast.coach, referral)
    referral.decision, referral.decided_on = "pending", None
    referral.save()
    before = Enrolment.objects.count()
    assert "Ta först emot anvisningen." in page.send()
    assert Enrolment.objects.count() == before


def test_the_law_is_the_units_on_the_first_day(cast):
    UnitTerm.objects.create(
        unit=cast.centrum, name="Arbetscentrum", legal_basis=LegalBasis.LABOUR_MARKET, valid_from=days_ago(5)
    )
    page = enrol(cast.coach, accepted(cast, received=days_ago(30)))
    page.send(start=days_ago(6).isoformat())
    assert last().assignments.get().legal_basis == LegalBasis.SOCIAL_SERVICES
    enrol(cast.coach, accepted(cast)).send()
    assert last().assignments.get().legal_basis == LegalBasis.LABOUR_MARKET


def test_the_law_of_the_case_may_be_another_than_the_units(cast):
    page = enrol(cast.coach, accepted(cast))
    assert "Enhetens egen: Socialtjänsten" in page.html
    html = page.send(legal_basis="labour_market")
    assert last().assignments.get().legal_basis == LegalBasis.LABOUR_MARKET
    assert "Arbetsmarknadsverksamhet" in html


def test_a_law_that_there_is_not_is_refused(cast):
    before = Enrolment.objects.count()
    enrol(cast.coach, accepted(cast)).send(422, legal_basis="hittepå")
    assert Enrolment.objects.count() == before


# --- Without one --------------------------------------------------------------------------------------------------


def test_somebody_new_is_enrolled_without_a_referral(cast):
    typed = SOMEBODY | {
        "target_group": "activity_responsibility", "other_groups": ["preventive", "activity_responsibility"],
        "support_obstacle": "missing", "education": "upper_secondary", "time_without_work": "m12_24",
        "case_number": "AME 77",
    }  # fmt: skip
    page = direct(cast.coach)
    page.send(200, **typed)  # the person turned 20 long ago
    html = page.send(**typed)
    case = last()
    assert case.participant.full_name == "Nadja Novak"
    assert case.participant.education == "upper_secondary"
    assert (case.other_groups, case.groups) == (["preventive"], ["activity_responsibility", "preventive"])
    assert (case.time_without_work, case.case_number, case.referral) == ("m12_24", "AME 77", None)
    for told in ("Uppgift saknas", "Förebyggande", "Mer än 12, högst 24 månader", "Gymnasi", "AME 77"):
        assert told in html


def test_somebody_closed_is_enrolled_again_from_the_file_and_the_accepted_referral_follows(cast):
    case = closed(ParticipantFactory(education="primary"), cast.centrum, 300, 200)
    html = file_of(cast.coach, case).html
    where = f"{NEW}?person={case.participant.public_id}"
    assert f'href="{where}"' in html
    referral = accepted(cast, participant=case.participant)
    page = direct(cast.coach, case.participant)
    assert page.typed["education"] == "primary"
    page.send(target_group="other")
    assert (last().participant, last().referral) == (case.participant, referral)
    assert "Skriv in igen" not in file_of(cast.coach, case).html


def test_a_referral_that_waits_is_pointed_out_first(cast):
    case = closed(ParticipantFactory(), cast.centrum, 300, 200)
    referral = referral_of(cast, participant=case.participant)
    referral_of(cast, participant=case.participant, unit=cast.norr, received=days_ago(3))
    page = direct(cast.coach, case.participant)
    html = page.send(200, target_group="other")
    assert "En anvisning av personen väntar i kön" in html
    assert referral.get_absolute_url() in html
    page.send(target_group="other")
    assert last().referral is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"target_group": ""}, "Välj en målgrupp."),
        ({"coach": ""}, "Välj en jobbcoach."),
        ({"start": ""}, "Ange vilken dag."),
        ({"start": days_ago(-200).isoformat()}, "Det är mer än ett halvår framåt."),
        ({"start": days_ago(400).isoformat()}, "Det är mer än ett år sedan."),
        ({"unit": "NORR"}, "giltigt alternativ"),
        (
            {"service_registration": "not_registered", "service_form": "jog"},
            "Det här gäller den som är inskriven där.",
        ),
        ({"person-given_name": "", "person-family_name": ""}, "Skriv minst ett av namnen."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(cast, typed, told):
    page = direct(cast.coach)
    before = Enrolment.objects.count()
    html = page.send(422, **SOMEBODY | {"target_group": "other", "case_number": "AME 1"} | typed)
    assert told in html
    assert page.typed["case_number"] == "AME 1"
    assert Enrolment.objects.count() == before


def test_nobody_is_enrolled_before_the_referral_came(cast):
    html = enrol(cast.coach, accepted(cast)).send(422, start=days_ago(13).isoformat())
    assert "Det är innan anvisningen kom, den" in html


# --- The job coach ------------------------------------------------------------------------------------------------


def test_only_who_writes_in_the_unit_can_be_the_coach(cast):
    gone = UserFactory(role=Role.JOB_COACH, unit=cast.centrum, is_active=False)
    page = enrol(cast.manager, accepted(cast))
    assert page.typed["coach"] == ""  # a manager is nobody's coach
    for name in ("Alma Alm (1 deltagare)", "Bo Berg", "David Dahl"):
        assert name in page.html
    for stranger in (gone, cast.outsider, cast.manager):
        assert str(stranger.public_id) not in page.html
        page.send(422, coach=str(stranger.public_id))
    html = page.send(coach=str(cast.colleague.public_id))
    assert "med Bo Berg som jobbcoach" in html


def test_the_queries_are_the_same_however_many_units_one_may_enrol_in(client, cast, django_assert_max_num_queries):
    client.force_login(cast.head)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(30) as asked:
            html = client.get(NEW).content.decode()
        assert "Alma Alm (1 deltagare)" in html  # the protected one is not hers to see
        assert "Cecilia Carlsson (1 deltagare)" in html
        counts.append(len(asked))
        for _more in range(4):
            EnrolmentFactory(unit=(unit := UnitFactory()), coach=coach_of(unit))
    assert counts[0] == counts[1]


def test_a_coach_of_another_unit_is_refused_where_somebody_works_in_two(cast):
    page = direct(cast.head)
    assert '<optgroup label="Jobbcenter Norr">' in page.html
    typed = SOMEBODY | {"target_group": "other", "unit": "NORR"}
    html = page.send(422, **typed, coach=str(cast.coach.public_id))
    assert "Alma Alm arbetar inte i enheten." in html
    page.send(**typed, coach=str(cast.outsider.public_id))
    assert (last().unit, last().coach) == (cast.norr, cast.outsider)


def test_a_coach_who_leaves_while_the_page_is_open_is_refused(cast):
    page = enrol(cast.coach, accepted(cast))
    cast.colleague.memberships.all().delete()
    page.send(422, coach=str(cast.colleague.public_id))


def test_who_cannot_see_a_protected_person_is_told_of(cast):
    person = ParticipantFactory(given_name="Hemlig", protection=Protection.SECRECY_MARK)
    ProtectedAccess.objects.create(participant=person, user=cast.coach)
    html = enrol(cast.coach, accepted(cast, participant=person)).send(coach=str(cast.colleague.public_id))
    assert "Bo Berg står inte på åtkomstlistan" in html


# --- What another unit knows --------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(cast):
    """Somebody whom Norr has, and who is referred to Centrum."""
    return accepted(cast, participant=cast.ciwan.participant)


def test_who_is_enrolled_elsewhere_cannot_be_and_nothing_tells_why(cast, elsewhere):
    page = enrol(cast.coach, elsewhere)
    for _twice in range(2):
        html = page.send(422)
        assert "Inskrivningen kan inte sparas. Administratören har fått en uppgift" in html
        for secret in ("Jobbcenter Norr", "Cecilia", cast.ciwan.case_number, f"{cast.ciwan.start}"):
            assert secret not in html
    question = EnrolmentQuestion.objects.get()
    assert (question.participant, question.unit, question.asked_by) == (
        cast.ciwan.participant, cast.centrum, cast.coach,
    )  # fmt: skip
    assert AccessLogEntry.objects.filter(act="denied", subject=cast.ciwan.participant.public_id).exists()
    assert Enrolment.objects.filter(participant=cast.ciwan.participant).count() == 1


def test_the_page_is_the_same_for_who_is_known_elsewhere(cast, elsewhere):
    """As many questions, and the same words, as for somebody whom nobody has."""
    pages, queries = set(), set()
    free = ParticipantFactory(given_name=elsewhere.participant.given_name, family_name="Celik")
    for referral in (elsewhere, accepted(cast, participant=free)):
        with CaptureQueriesContext(connection) as counted:
            page = enrol(cast.coach, referral)
        queries.add(len(counted))
        pages.add(page.html.replace(str(referral.public_id), "").replace(page.typed.get("csrf", "-"), ""))
    assert len(queries) == 1


def test_an_administrator_sees_the_units_and_writes_what_was_done(cast, elsewhere):
    enrol(cast.coach, elsewhere).send(422)
    question = EnrolmentQuestion.objects.get()
    page = file_of(cast.administrator, cast.asa)  # 403: an administrator sees no file
    html = page.client.get(reverse("accounts:administration")).content.decode()
    assert "Inskrivningar i två enheter" in html
    html = page.client.get(question.get_absolute_url()).content.decode()
    for told in ("Jobbcenter Centrum", "Jobbcenter Norr", cast.ciwan.case_number):
        assert told in html
    for secret in ("Ciwan", "Celik"):
        assert secret not in html
    answer = page.client.post(question.get_absolute_url(), {"outcome": ""})
    assert answer.status_code == 422
    page.client.post(question.get_absolute_url(), {"outcome": "Norr avslutar i maj."})
    question.refresh_from_db()
    assert (question.outcome, question.handled_by) == ("Norr avslutar i maj.", cast.administrator)
    listed = page.client.get(reverse("enrolment_questions:list")).content.decode()
    assert "Norr avslutar i maj." in listed
    late = page.client.post(question.get_absolute_url(), {"outcome": "En annan gång."}).status_code
    assert late == 302  # the same administrator; the first words stay
    question.refresh_from_db()
    assert question.outcome == "Norr avslutar i maj."
    enrol(cast.coach, elsewhere).send(422)
    assert EnrolmentQuestion.objects.count() == 2  # asked anew once it was handled


def test_who_asked_is_told_that_it_is_looked_into_and_not_what_was_found(cast, elsewhere):
    page, day, note = enrol(cast.coach, elsewhere), reverse("day:day"), reverse("day:note", args=["inskrivningar"])
    page.send(422)
    told = "En administratör har undersökt vem som ska svara för personen."
    assert told not in page.client.get(day).content.decode()
    question = EnrolmentQuestion.objects.get()
    question_handle(question=question, actor=cast.administrator, outcome="Norr avslutar i maj.")
    html = page.client.get(day).content.decode()
    assert told in html
    assert "Ciwan" in html
    assert "Norr" not in html
    other = Client()
    other.force_login(cast.colleague)
    assert told not in other.get(day).content.decode()
    assert other.post(note, {"reference": question.public_id}).status_code == 404
    assert page.client.post(note, {"reference": question.public_id}).status_code == 302
    assert told not in page.client.get(day).content.decode()
    assert page.client.post(note, {"reference": question.public_id, "undo": "1"}).status_code == 302
    elsewhere.delete()  # the unit knows the person no more, and the page tells no name
    assert "Ciwan" not in page.client.get(day).content.decode()


def test_who_is_enrolled_in_the_own_unit_is_told_with_the_way_there(cast):
    page = enrol(cast.coach, accepted(cast, participant=cast.person))
    html = page.send(422)
    assert "Personen är redan inskriven, sedan den" in html
    assert reverse("participants:file", args=[cast.person.public_id]) in html
    assert EnrolmentQuestion.objects.count() == 0


def test_a_start_within_a_closed_enrolment_elsewhere_is_not_free(cast):
    person = ParticipantFactory()
    closed(person, cast.norr, 300, 5)
    page = enrol(cast.coach, accepted(cast, participant=person))
    page.send(422, start=days_ago(10).isoformat())
    page.send(start=days_ago(4).isoformat())


# --- Case numbers -------------------------------------------------------------------------------------------------


@pytest.fixture
def numbered():
    from accounts.models import MunicipalSetting

    MunicipalSetting.objects.create(key="case_number_pattern", value="AME {year}-{nnnn}")


def test_numbers_are_given_without_gaps_and_pass_over_those_that_stand(cast, numbered, elsewhere):
    year = timezone.localdate().year
    Enrolment.objects.filter(pk=cast.asa.pk).update(case_number=f"AME {year}-0002")
    numbers = []
    for typed in ({}, {"case_number": "Egen 1"}, {}):
        page = enrol(cast.coach, accepted(cast))
        assert "Lämna tomt, så ges nästa nummer." in page.html
        page.send(**typed)
        numbers.append(last().case_number)
        enrol(cast.coach, elsewhere).send(422)  # takes none
    assert numbers == [f"AME {year}-0001", "Egen 1", f"AME {year}-0003"]


def test_without_a_pattern_none_is_given(cast):
    page = enrol(cast.coach, accepted(cast))
    assert "Lämna tomt" not in page.html
    page.send()
    assert last().case_number == ""


@pytest.mark.parametrize(
    ("pattern", "right"),
    [
        ("AME {year}-{n}", True), ("{nnnn}", True), ("", True), ("AME", False), ("{n}{n}", False),
        ("{year}{year}{n}", False), ("{month}-{n}", False),
    ],
)  # fmt: skip
def test_which_patterns_can_be(pattern, right):
    from django.core.exceptions import ValidationError

    from participants.municipal import CASE_NUMBER_PATTERN

    field = CASE_NUMBER_PATTERN.form_field()
    if right:
        assert field.clean(pattern) == pattern
    else:
        with pytest.raises(ValidationError):
            field.clean(pattern)


# --- Who goes round -----------------------------------------------------------------------------------------------


@pytest.fixture
def comes_back(cast):
    """Enrolled twice in the last three years, and nothing lasted."""
    person = ParticipantFactory(given_name="Sara", family_name="Nyberg")
    closed(person, cast.centrum, 900, 700)
    closed(person, cast.centrum, 400, 300, closure_reason="other")
    return person


def test_who_goes_round_is_told_with_the_history_and_a_review_and_an_activity_are_planned_at_once(cast, comes_back):
    page = enrol(cast.coach, accepted(cast, participant=comes_back))
    assert page.typed["review_on"]  # waits, hidden
    assert "Gemensam genomgång planerad till" not in page.html
    html = page.send(200)
    assert "Snurrar runt: inskrivning nummer 3 inom tre år" in html
    assert f"{days_ago(900)} – {days_ago(700)}, Jobbcenter Centrum: avbruten i förtid" in html
    day = timezone.localdate() + dt.timedelta(days=14)
    page.send(422, review_on=days_ago(1).isoformat())
    html = page.send(review_on=day.isoformat(), motivation="Hitta något som känns meningsfullt.")
    review, draft = JointReview.objects.get(), last().plans.get()
    assert (review.enrolment, review.due) == (last(), day)
    [proposed] = draft.typed["activities"]
    assert (proposed["form"], proposed["purpose"]) == ("motivation", "Hitta något som känns meningsfullt.")
    page.where = reverse("participants:plan_write", args=[comes_back.public_id])
    assert "Hitta något som känns meningsfullt." in page.client.get(page.where).content.decode()
    assert "Snurrar runt" in html
    assert f"Planerad till {day}" in html
    assert "Planera en gemensam genomgång" not in html


def test_nothing_is_planned_for_who_does_not_go_round(cast):
    enrol(cast.coach, accepted(cast)).send(motivation="Något")
    assert JointReview.objects.count() == PlanVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("unit", "facts"),
    [
        ("norr", {}),  # not seen
        ("centrum", {"closure_reason": "studies", "study_aid": True}),  # lasted
        ("centrum", {"start": days_ago(1200), "end": days_ago(1150)}),  # too long ago
    ],
)
def test_who_does_not_go_round_as_far_as_the_reader_may_see_is_not_flagged(cast, unit, facts):
    person = ParticipantFactory()
    closed(person, cast.centrum, 400, 300)
    EnrolmentFactory(
        participant=person, unit=getattr(cast, unit),
        **{"start": days_ago(900), "end": days_ago(700), "closure_reason": "interrupted"} | facts,
    )  # fmt: skip
    html = enrol(cast.coach, accepted(cast, participant=person)).send()
    assert "Snurrar runt" not in html


def test_a_failed_form_makes_no_person(cast):
    direct(cast.coach).send(422, **SOMEBODY)
    assert not Participant.objects.filter(given_name="Nadja").exists()
