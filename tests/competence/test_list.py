"""The list of certificates: what is missing, what is issued, for whom."""

import pytest
from django.urls import reverse

from participants.models import ProtectedAccess
from tests.competence.certificates import drafted, ended_placement, issued
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
    assert "2 utfärdade intyg" in html
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


@pytest.mark.parametrize("shown", ["saknas", "utfardade"])
def test_the_number_of_questions_does_not_grow_with_the_rows(client, cast, shown, django_assert_max_num_queries):
    client.force_login(cast.manager)

    def fill(count):
        for number in range(count):
            enrolment = EnrolmentFactory(unit=cast.centrum, coach=cast.coach, start=days_ago(100))
            placement = ended_placement(enrolment, start=days_ago(90), end=days_ago(2 + number))
            if shown == "utfardade":
                issued(placement, cast.coach)

    fill(3)
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("competence:list"), {"visa": shown})
    fill(12)
    with django_assert_max_num_queries(len(few)):
        html = client.get(reverse("competence:list"), {"visa": shown}).content.decode()
    assert html.count('<tr><th scope="row">') == 15
