"""The list of certificates: what is missing, what is issued, for whom."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import LegalBasis
from competence.batches.services import candidates
from competence.certifying.services import certificate_issue
from participants.models import Enrolment, ProtectedAccess, UnitAssignment
from placements.models import Placement
from reporting.figures.certificates import issued as issued_in
from reporting.missing.placements import without_certificate
from reporting.periods import Period
from reporting.question import Question
from tests.competence.assessments import begun_assessment
from tests.competence.certificates import assessed, drafted, ended_placement, issued, replaced, revoked
from tests.factories import CertificateFactory, EnrolmentFactory, days_ago
from vocabulary.codes import PlacementForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(client, cast):
    """The list as somebody sees it: `listed(cast.manager, visa="utfardade")`."""

    def html(user, **params):
        client.force_login(user)
        return client.get(reverse("competence:list"), params).content.decode()

    return html


def test_ended_placements_without_a_certificate_are_missing(listed, cast):
    ended_placement(cast.asa)
    ended_placement(cast.bertil, end=None)
    assert "1 avslutad placering utan intyg" in listed(cast.coach)
    html = listed(cast.coach, vems="alla")
    assert "Åsa Öhrström" in html
    assert "Bertil Bodin" not in html


def test_mine_are_those_whose_coach_i_am(listed, cast):
    ended_placement(cast.asa)
    ended_placement(cast.bertil)
    assert "Bertil Bodin" not in listed(cast.coach)
    assert "Bertil Bodin" in listed(cast.coach, vems="alla")
    assert "Bertil Bodin" in listed(cast.manager)


def test_other_units_and_protected_persons_are_not_there(listed, cast):
    ended_placement(cast.ciwan)
    ended_placement(cast.protected_centrum)
    assert "0 avslutade placeringar" in listed(cast.coach, vems="alla")
    assert "0 avslutade placeringar" in listed(cast.manager)
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    assert "Petra Hemlig" in listed(cast.coach)


def test_a_draft_is_seen_and_gone_on_with_by_who_may_write(listed, cast):
    placement = ended_placement(cast.asa)
    drafted(placement, cast.coach)
    write = reverse("competence:certificate_write", args=[cast.person.public_id, placement.pk])
    html = listed(cast.coach)
    assert "Utkast" in html
    assert write in html
    assert write not in listed(cast.manager)


def test_issued_ones_have_number_day_and_issuer(listed, cast):
    version = issued(ended_placement(cast.asa), cast.coach)
    CertificateFactory(placement=ended_placement(cast.bertil))
    html = listed(cast.manager, visa="utfardade")
    assert "2 intyg" in html
    assert version.document.number in html
    assert "Alma Alm" in html
    assert "Utfärdat i ett annat system" in html
    assert "Åsa" not in listed(cast.manager)


def test_it_is_narrowed_by_form(listed, cast):
    ended_placement(cast.asa)
    ended_placement(cast.asa, form=PlacementForm.INTERNSHIP)
    assert "2 avslutade placeringar" in listed(cast.coach)
    assert "1 avslutad placering" in listed(cast.coach, form=PlacementForm.INTERNSHIP)
    assert "Inget intyg passar" in listed(cast.coach, form=PlacementForm.HOLIDAY_JOB)


def test_what_ends_within_two_weeks_says_what_each_one_lacks(listed, cast):
    def soon(enrolment, days, **fields):
        return ended_placement(enrolment, end=days_ago(-days), **fields)

    soon(cast.asa, 15)
    soon(cast.asa, 14)
    begun_assessment(soon(cast.bertil, 3), actor=cast.coach)
    whole = soon(cast.bertil, 0)
    drafted(whole, cast.coach)
    assessed(soon(cast.bertil, 7, why_interrupted="Flyttar."), stage="mid")
    html = listed(cast.coach, vems="alla", visa="snart")
    assert "4 placeringar som slutar inom två veckor" in html
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', html, re.DOTALL)
    said = [re.search(r'data-label="Saknas">(.*?)</td>', row)[1] for row in rows]
    assert said == [
        "–",
        "Handledarens underskrift, arbetsuppgifter, deltagarens genomläsning",
        "Arbetsuppgifter, deltagarens genomläsning",
        "Kompetensunderlag, arbetsuppgifter, deltagarens genomläsning",
    ]
    # Who can go on is led to the certificate, else to what there is of the assessment.
    leads = [re.search(r'href="([^"]*)"', row)[1] for row in rows]
    assert [lead.endswith("/skriv/") for lead in leads] == [True, False, True, False]


def test_replaced_and_revoked_ones_are_found_by_where_they_stand(listed, cast):
    first = issued(ended_placement(cast.asa), cast.coach)
    second = replaced(first, cast.coach)
    gone = revoked(issued(ended_placement(cast.bertil), cast.coach), cast.coach)
    numbers = {each.document.number: each for each in (first, second, gone)}

    def found(lage=""):
        html = listed(cast.manager, visa="utfardade", lage=lage)
        return {numbers[number] for number in re.findall(r"INTYG-\d{4}-\d{5}", html)}

    assert found() == {second, gone}
    assert found("issued") == {second}
    assert found("replaced") == {first}
    assert found("revoked") == {gone}
    assert found("nonsense") == {second, gone}
    html = listed(cast.manager)
    assert "1 avslutad placering utan intyg" in html
    assert ">Återkallat<" in html


def test_the_employments_without_one_are_those_that_the_coverage_figure_misses(client, listed, cast):
    """The same placements, in the report and in the list, each leading to the other."""
    day = days_ago(2)
    missing = [ended_placement(cast.asa), ended_placement(cast.bertil), ended_placement(cast.ciwan)]
    ended_placement(cast.asa, form=PlacementForm.INTERNSHIP)
    ended_placement(cast.asa, start=days_ago(90), end=days_ago(60))
    replaced(issued(ended_placement(cast.asa), cast.coach), cast.coach)
    missing.append(ended_placement(cast.asa))
    revoked(issued(missing[-1], cast.coach), cast.coach)
    question = Question(Period.of_days(days_ago(30), day), timezone.localdate())
    assert set(without_certificate(question)) == set(missing)
    client.force_login(cast.head)
    report = client.get(reverse("reporting:missing_list", args=["certificate"]), question.address).content.decode()
    address = unescape(re.search(r'href="([^"]*/intyg/\?[^"]*)"', report)[1])
    html = client.get(address).content.decode()
    assert f"{len(missing)} avslutade placeringar utan intyg" in html
    back = unescape(re.search(r'href="([^"]*)">Vad rapporten räknar som saknat', html)[1])
    assert f"period={question.period.name}" in back
    assert client.get(back).status_code == 200
    assert "Vad rapporten räknar" not in listed(cast.coach)
    assert "Vad rapporten räknar" not in listed(cast.head, form=PlacementForm.INTERNSHIP)


def test_it_is_narrowed_by_unit_and_days(listed, cast):
    ended_placement(cast.asa)
    ended_placement(cast.ciwan, start=days_ago(90), end=days_ago(40))
    assert "2 avslutade placeringar" in listed(cast.head)
    assert "1 avslutad placering" in listed(cast.head, enhet=cast.ciwan.unit.code)
    assert "1 avslutad placering" in listed(cast.head, fran=days_ago(10).isoformat())
    assert "1 avslutad placering" in listed(cast.head, till=days_ago(40).isoformat())
    assert "2 avslutade placeringar" in listed(cast.head, till="nonsense", enhet="nonsense")


def test_min_dag_says_what_is_missing_two_weeks_before_the_end(client, cast):
    client.force_login(cast.coach)

    def told():
        html = client.get(reverse("day:list", args=["slutar-utan-intyg"])).content.decode()
        what = re.search(r'class="day-what">(.*?)</span>', html)[1].strip()
        return unescape(what).partition("saknas: ")[2], re.search(r'size="sm" href="([^"]*)"', html)[1]

    placement = ended_placement(cast.asa, end=days_ago(-14))
    # One that has not begun has nothing to certify yet.
    ended_placement(cast.asa, start=days_ago(-2), end=days_ago(-9))
    part = reverse("participants:part", args=[cast.person.public_id, "kompetens"])
    assert told() == ("kompetensunderlag, arbetsuppgifter, deltagarens genomläsning", part)
    write = reverse("competence:certificate_write", args=[cast.person.public_id, placement.pk])
    drafted(placement, cast.coach, read_on=None)
    assert told() == ("deltagarens genomläsning", write)
    drafted(placement, cast.coach)
    assert told() == ("", write)


@pytest.mark.parametrize("shown", ["saknas", "snart", "utfardade"])
def test_the_number_of_questions_does_not_grow_with_the_rows(client, cast, shown, django_assert_max_num_queries):
    client.force_login(cast.manager)

    def fill(count):
        for number in range(count):
            enrolment = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(100))
            end = days_ago(-number) if shown == "snart" else days_ago(2 + number)
            placement = ended_placement(enrolment, start=days_ago(90), end=end)
            if shown == "utfardade":
                issued(placement, cast.coach)

    fill(3)
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("competence:list"), {"visa": shown})
    fill(12)
    with django_assert_max_num_queries(len(few)):
        html = client.get(reverse("competence:list"), {"visa": shown}).content.decode()
    assert html.count('<tr><th scope="row">') == 15


def test_who_was_transferred_stands_with_the_unit_that_answers_now_and_counts_with_the_one_that_did(listed, cast):
    placement = ended_placement(cast.asa)
    UnitAssignment.objects.filter(enrolment=cast.asa).update(end=days_ago(5))
    UnitAssignment.objects.create(
        enrolment=cast.asa, unit=cast.norr, legal_basis=LegalBasis.SOCIAL_SERVICES, start=days_ago(4)
    )
    Enrolment.objects.filter(pk=cast.asa.pk).update(unit=cast.norr, coach=cast.outsider)
    assert "Åsa Öhrström" not in listed(cast.manager)
    assert "Åsa Öhrström" in listed(cast.other_manager)
    assert "Åsa Öhrström" in listed(cast.head, enhet="NORR")
    assert "Åsa Öhrström" not in listed(cast.head, enhet="CENTRUM")
    placement = Placement.objects.get(pk=placement.pk)
    draft = drafted(placement, cast.outsider)
    period = {"start": days_ago(30), "end": days_ago(1)}
    assert candidates(cast.manager, unit=cast.centrum, **period) == []
    assert [each.is_ready for each in candidates(cast.other_manager, unit=cast.norr, **period)] == [True]
    content = certificate_issue(placement=placement, actor=cast.outsider, seen=draft.revision).content
    assert content["unit"] == "Jobbcenter Norr"
    question = Question(Period.of_days(days_ago(90), days_ago(0)), timezone.localdate(), unit=cast.centrum)
    assert issued_in(question).count() == 1
