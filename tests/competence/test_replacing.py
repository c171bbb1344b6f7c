"""Replaced and revoked: what becomes of the versions, who may, what is refused, and what other places say then."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from competence.assessing.services import assessment_complete, assessment_correct, assessment_sign
from competence.certifying import services
from competence.models import (
    AssessedCompetence,
    CertificateDraft,
    CertificateState,
    CertificateVersion,
    Competence,
)
from competence.models.certificate import TRANSITIONS
from delivery.models import Document
from placements.providers import end_hindrances
from reporting.figures.counted import counted_certificates
from tests.competence.certificates import (
    TASKS,
    assessed,
    drafted,
    ended_placement,
    entered,
    issued,
    replaced,
    revoked,
    work,
)
from tests.competence.test_issue import in_threads
from tests.factories import CertificateFactory, days_ago
from tests.pdf import text_of

pytestmark = pytest.mark.django_db
WHY = "Efternamnet var fel stavat."


@pytest.fixture
def placement(cast):
    return ended_placement(cast.asa)


@pytest.fixture
def to(placement):
    """The address of a page about the placement's certificate: `to("certificate_revoke")`."""

    def address(name, *more):
        person = placement.enrolment.participant
        return reverse(f"competence:{name}", args=[person.public_id, placement.pk, *more])

    return address


def checked(client, version) -> str:
    """What the public page says of a version."""
    cache.clear()
    html = client.get(reverse("competence:verification", args=[version.document.verification_code])).content.decode()
    return re.search(r"<h1>(.*?)</h1>", html)[1]


def test_the_table_of_states_says_all_there_is():
    draft, issued_, replaced_, revoked_ = CertificateState
    table = {draft: {issued_}, issued_: {replaced_, revoked_}, replaced_: {revoked_}, revoked_: set()}
    assert table == TRANSITIONS


def test_a_new_version_is_written_from_the_issued_one_and_takes_its_place(client, cast, placement, to):
    paper = entered(cast.asa, cast.coach)
    first = issued(
        placement, cast.coach, with_identity_number=True, credentials=[paper], statements=["KOK-01", "KOK-03"]
    )
    client.force_login(cast.coach)
    assert "Ersätta intyget för Åsa Öhrström?" in client.get(to("certificate_replace")).content.decode()
    assert "Skriv varför intyget ersätts." in client.post(to("certificate_replace"), {"why": " "}).content.decode()
    assert client.post(to("certificate_replace"), {"why": WHY}).url == to("certificate_write")
    draft = CertificateDraft.objects.get()
    assert (draft.tasks, draft.statements, draft.replaces_why) == (TASKS, ["KOK-01", "KOK-03"], WHY)
    assert draft.with_identity_number
    assert draft.read_on is None
    assert list(draft.credentials.all()) == [paper]
    # As long as it is a draft the issued one holds, and its page leads to the draft.
    assert checked(client, first) == "Intyget är giltigt"
    assert "En ny version håller på att skrivas" in client.get(to("certificate")).content.decode()
    second = issued(placement, cast.coach, replaces_why=WHY)
    assert (second.version, second.replaces_why, second.content["replaces"]["version"]) == (2, WHY, 1)
    assert checked(client, first) == "Intyget är ersatt"
    assert checked(client, second) == "Intyget är giltigt"
    work()
    old = Document.objects.get(pk=first.document_id).files.get().sha256
    content = b"".join(client.get(to("certificate_pdf", 2)).streaming_content)
    assert "ersätter version 1" in text_of(content)
    assert WHY not in text_of(content)
    assert Document.objects.get(pk=first.document_id).files.get().sha256 == old
    timeline = client.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert "Ny version av kompetensintyget" in timeline
    assert WHY in timeline
    assert counted_certificates().get().first_issued == first.issued


def test_a_corrected_assessment_is_what_the_new_version_says(cast, placement):
    first = issued(placement, cast.coach, statements=["KOK-01", "KOK-02"])
    again = assessment_correct(assessment=first.assessment, why="Prövades aldrig.", actor=cast.coach)
    AssessedCompetence.objects.filter(assessment=again, competence__code="KOK-02").delete()
    AssessedCompetence.objects.filter(assessment=again, competence__code="KOK-01").update(level=4)
    assessment_complete(assessment=again, actor=cast.coach)
    assessment_sign(assessment=again, how="paper", name="Lena Holm")
    draft = services.certificate_replace_begin(placement=placement, why="Fel nivå.", actor=cast.coach)
    assert (draft.assessment, draft.statements) == (again, ["KOK-01"])
    second = issued(placement, cast.coach, statements=draft.statements, replaces_why="Fel nivå.")
    (module,) = second.content["modules"]
    assert [(each["code"], each["level"]) for each in module["statements"]] == [("KOK-01", 4)]
    first.refresh_from_db()
    assert len(first.content["modules"][0]["statements"]) == 2


def test_revoked_are_all_versions_and_it_counts_nowhere(client, cast, placement, to):
    first = issued(placement, cast.coach)
    assert end_hindrances(placement)
    second = replaced(first, cast.coach)
    assert len(end_hindrances(placement)) == 1
    client.force_login(cast.manager)
    assert "Återkalla intyget för Åsa Öhrström?" in client.get(to("certificate_revoke")).content.decode()
    assert "Skriv varför intyget återkallas." in client.post(to("certificate_revoke"), {"why": ""}).content.decode()
    assert client.post(to("certificate_revoke"), {"why": "Fel person."}).url == to("certificate")
    assert [checked(client, each) for each in (first, second)] == ["Intyget är återkallat"] * 2
    page = client.get(to("certificate")).content.decode()
    assert "Fel person." in page
    assert "Ersätt med en ny version" not in page
    timeline = client.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert "Kompetensintyget återkallat" in timeline
    part = client.get(reverse("participants:part", args=[cast.person.public_id, "kompetens"])).content.decode()
    assert "Placeringar utan intyg" in part
    assert part.count(">Återkallat<") == 2
    assert not counted_certificates().exists()
    assert not end_hindrances(placement)
    again = client.post(to("certificate_revoke"), {"why": "En gång till."}, follow=True).content.decode()
    assert f"Intyget återkallades {timezone.localdate()} av" in again
    assert set(CertificateVersion.objects.values_list("revoked_why", flat=True)) == {"Fel person."}


def test_after_a_revocation_a_new_one_may_be_issued_and_the_old_stays_revoked(client, cast, placement, to):
    first = issued(placement, cast.coach)
    services.certificate_replace_begin(placement=placement, why=WHY, actor=cast.coach)
    revoked(first, cast.coach)
    # What was being written goes on as the draft of the new one.
    assert CertificateDraft.objects.get().replaces_why == ""
    second = issued(placement, cast.coach)
    assert (second.version, second.replaces_why, second.content["replaces"]) == (2, "", None)
    assert checked(client, first) == "Intyget är återkallat"
    assert checked(client, second) == "Intyget är giltigt"
    client.force_login(cast.coach)
    timeline = client.get(reverse("participants:file", args=[cast.person.public_id])).content.decode()
    assert "Nytt kompetensintyg utfärdat, sedan det förra återkallats" in timeline
    assert counted_certificates().count() == 1


def test_what_cannot_be_replaced_or_revoked_says_why(client, cast, placement, to):
    def refused(act, error, **more):
        with pytest.raises(error) as reason:
            act(placement=placement, why="Fel.", actor=cast.coach, **more)
        return str(reason.value)

    replace, revoke = services.certificate_replace_begin, services.certificate_revoke
    assert refused(replace, services.CannotReplace) == "Det finns inget giltigt intyg att ersätta."
    assert refused(revoke, services.CannotRevoke) == "Inget intyg har utfärdats."
    CertificateFactory(placement=placement)
    assert "tidigare system. Det ersätts där." in refused(replace, services.CannotReplace)
    assert "tidigare system. Det återkallas där." in refused(revoke, services.CannotRevoke)
    client.force_login(cast.coach)
    page = client.post(to("certificate_replace"), {"why": "Fel."}, follow=True).content.decode()
    assert "Det ersätts där." in page
    assert "Återkalla intyget" not in client.get(to("certificate")).content.decode()


def test_where_no_assessment_is_signed_any_more_the_way_to_one_is_shown(client, cast, placement, to):
    assessed(placement, stage="mid")
    type(placement).objects.update(why_interrupted="Flyttade.")
    placement.refresh_from_db()
    issued(placement, cast.coach)
    type(placement).objects.update(why_interrupted="")  # its end was corrected: the assessment at the end is missing
    client.force_login(cast.coach)
    response = client.post(to("certificate_replace"), {"why": WHY})
    assert response.status_code == 409
    assert "Kompetensunderlaget är inte signerat" in response.content.decode()
    assert not CertificateDraft.objects.exists()


def test_a_draft_that_replaces_cannot_lose_its_reason(cast, placement):
    replaced_ = issued(placement, cast.coach)
    services.certificate_replace_begin(placement=placement, why=WHY, actor=cast.coach)
    assert services.certificate_replace_begin(placement=placement, why="Annat.", actor=cast.coach).replaces_why == WHY
    assert drafted(placement, cast.coach, replaces_why="").replaces_why == WHY
    services.certificate_draft_discard(placement=placement)
    with pytest.raises(services.CannotIssue, match="redan ett intyg"):
        services.certificate_issue(placement=placement, actor=cast.coach, seen=1)
    assert services.issued_version(placement) == replaced_


def test_not_even_the_database_changes_what_is_issued(cast, placement):
    version = issued(placement, cast.coach)
    rows = CertificateVersion.objects.filter(pk=version.pk)
    for change in ({"issued": dt.date(2026, 1, 1)}, {"content": {}}, {"version": 7}, {"replaces_why": "Nytt."}):
        with pytest.raises(DatabaseError, match="an issued certificate never changes"), transaction.atomic():
            rows.update(**change)
    revoked(version, cast.coach)
    with pytest.raises(DatabaseError, match="an issued certificate never changes"), transaction.atomic():
        rows.update(revoked_on=None, revoked_by=None, revoked_by_name="", revoked_why="")


class TestAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def fresh(self, placement):
        related = ("workplace__employer", "enrolment__participant", "enrolment__unit")
        return type(placement).objects.select_related(*related).get(pk=placement.pk)

    def test_replaced_and_revoked_at_once_it_is_never_both_valid_and_revoked(self, cast):
        placement = ended_placement(cast.asa)
        issued(placement, cast.coach)
        services.certificate_replace_begin(placement=placement, why=WHY, actor=cast.coach)
        draft = drafted(placement, cast.coach, replaces_why=WHY)

        def issue():
            return services.certificate_issue(placement=self.fresh(placement), actor=cast.coach, seen=draft.revision)

        def revoke():
            return services.certificate_revoke(placement=self.fresh(placement), why="Fel.", actor=cast.manager)

        results = in_threads([issue, issue, revoke, revoke])
        versions = list(CertificateVersion.objects.order_by("version"))
        made = sum(isinstance(each, CertificateVersion) for each in results[:2])
        year = timezone.localdate().year
        assert [each.version for each in versions] == list(range(1, made + 2))
        assert [each.document.number for each in versions] == [
            f"INTYG-{year}-{number:05d}" for number in range(1, made + 2)
        ]
        # Whichever came first, one issued it at most, one revoked it, and nothing of it holds.
        assert made in (0, 1)
        assert sum(isinstance(each, services.CannotRevoke) for each in results[2:]) == 1
        assert all(each.revoked_on for each in versions)

    def test_two_who_begin_to_replace_begin_one_draft(self, cast):
        placement = ended_placement(cast.asa)
        issued(placement, cast.coach)

        def begin():
            return services.certificate_replace_begin(placement=self.fresh(placement), why=WHY, actor=cast.coach)

        drafts = in_threads([begin] * 4)
        assert {each.pk for each in drafts} == {CertificateDraft.objects.get().pk}


def test_what_is_assessed_at_level_0_or_was_never_tried_is_nowhere(cast, placement):
    assessed(placement, {"KOK-01": 0, "KOK-02": 1, "SPRAK-01": 2})
    with pytest.raises(services.CannotIssue, match="Välj minst ett påstående"):
        issued(placement, cast.coach, statements=["KOK-01"])
    version = issued(placement, cast.coach, statements=["KOK-01", "KOK-02", "KOK-03", "SPRAK-01"])
    said = [each for module in version.content["modules"] for each in module["statements"]]
    assert [(each["code"], each["level"]) for each in said] == [("KOK-02", 1), ("SPRAK-01", 2)]
    assert Competence.objects.get(code="KOK-01").text not in str(version.content)


def test_a_day_of_reading_before_the_signature_is_too_early(cast, placement):
    assessed(placement, day=days_ago(1))
    with pytest.raises(services.CannotIssue, match="Låt deltagaren läsa det igen"):
        issued(placement, cast.coach, read_on=days_ago(2))
