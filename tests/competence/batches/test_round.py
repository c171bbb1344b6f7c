"""Issuing for all that are ready: who is, what the others lack, one round, its documents."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessLogEntry
from competence.batches import services
from competence.batches.services import (
    CannotStart,
    ReadyChanged,
    candidates,
    round_resume,
    round_start,
    round_stop,
    seen_of_ready,
)
from competence.certifying import services as certifying
from competence.certifying.services import certificate_revoke, draft_of, shortcomings
from competence.models import Certificate, CertificateDraft, CertificateVersion, IssueBatch, IssueBatchItem
from delivery.models import Job
from delivery.states import JobState
from participants.models import ProtectedAccess
from placements.models import Workplace
from tests.competence.certificates import assessed, drafted, ended_placement, issued, kept, work
from tests.factories import EnrolmentFactory, days_ago

pytestmark = pytest.mark.django_db
PERIOD = {"start": days_ago(30), "end": days_ago(1)}


def start(actor, unit, **changes) -> IssueBatch:
    terms = {"unit": unit, **PERIOD}
    seen = seen_of_ready(candidates(actor, **terms))
    return round_start(actor=actor, **({"seen": seen, **terms} | changes))


def outcomes(batch) -> dict[str, str]:
    return {item.placement.enrolment.participant.given_name: item.state for item in batch.items.all()}


def test_it_says_who_is_ready_and_what_each_of_the_others_lacks(cast, client):
    drafted(ended_placement(cast.asa), cast.coach)
    ended_placement(cast.bertil)
    behind = ended_placement(EnrolmentFactory(unit=cast.centrum, coach=cast.coach, participant__given_name="Dana"))
    drafted(behind, cast.coach, tasks="En mening.")
    drafted(ended_placement(cast.ciwan), cast.outsider)  # in another unit
    found = {
        each.placement.enrolment.participant.given_name: each.missing
        for each in candidates(cast.manager, unit=cast.centrum, **PERIOD)
    }
    assert found["Åsa"] == []
    assert found["Dana"] == list(shortcomings(draft_of(behind)).values())  # the rule of the page where it is written
    assert len(found["Bertil"]) == 3
    assert "Ciwan" not in found
    client.force_login(cast.manager)
    page = client.get(reverse("rounds:new")).content.decode()
    assert "1 intyg är klart att utfärdas. 2 saknar något" in page
    assert "Ciwan" not in page
    assert "Petra" not in page


def test_a_round_issues_each_once_and_says_why_not(cast):
    for case in (cast.asa, cast.bertil):
        drafted(ended_placement(case), cast.coach)
    batch = start(cast.manager, cast.centrum)
    CertificateDraft.objects.get(placement__enrolment=cast.bertil).save()  # somebody writes on meanwhile
    work()
    assert outcomes(batch) == {"Åsa": "issued", "Bertil": "refused"}
    assert "ändrades efter att omgången startades" in batch.items.get(state="refused").why
    version = CertificateVersion.objects.get()
    assert version.content["issuer"] == {"name": "Eva Ek", "role": "Chef", "role_en": "Manager"}
    job = Job.objects.get(kind=services.KIND)
    assert (job.state, job.result["issued"], job.result["refused"]) == (JobState.DONE, 1, 1)
    history = Certificate.pgh_event_model.objects.get()
    assert history.pgh_context["name"] == "Eva Ek"


def test_what_has_changed_since_it_was_read_is_not_ready_and_not_issued(cast):
    placements = [ended_placement(case) for case in (cast.asa, cast.bertil)]
    for placement in placements:
        drafted(placement, cast.coach)
    batch = start(cast.manager, cast.centrum)
    # No draft is touched: the workplace gets another name.
    Workplace.objects.filter(pk=placements[0].workplace_id).update(name="Köket på Almens förskola")
    lacks = {each.placement: each.missing for each in candidates(cast.manager, unit=cast.centrum, **PERIOD)}
    assert lacks[placements[1]] == []
    assert "har ändrats sedan deltagaren läste det" in lacks[placements[0]][0]
    work()
    assert outcomes(batch) == {"Åsa": "refused", "Bertil": "issued"}
    assert "Låt deltagaren läsa det som det är nu" in batch.items.get(state="refused").why


def test_what_was_not_shown_is_not_issued(cast, client):
    drafted(ended_placement(cast.asa), cast.coach)
    seen = seen_of_ready(candidates(cast.manager, unit=cast.centrum, **PERIOD))
    drafted(ended_placement(cast.bertil), cast.colleague)
    with pytest.raises(ReadyChanged):
        start(cast.manager, cast.centrum, seen=seen)
    client.force_login(cast.manager)
    data = {"enhet": "CENTRUM", "fran": PERIOD["start"], "till": PERIOD["end"], "seen": seen}
    response = client.post(reverse("rounds:new"), data)
    assert response.status_code == 409
    assert "Inget utfärdades" in response.content.decode()
    assert not IssueBatch.objects.exists()


def test_a_placement_waits_in_one_round_at_a_time(cast, client):
    drafted(ended_placement(cast.asa), cast.coach)
    first = start(cast.manager, cast.centrum)
    with pytest.raises(CannotStart, match="annan omgång") as refused:
        start(cast.coordinator, cast.centrum)
    assert refused.value.batch == first
    assert IssueBatch.objects.get() == first
    drafted(ended_placement(cast.bertil), cast.colleague)
    second = start(cast.coordinator, cast.centrum)
    assert outcomes(second) == {"Bertil": "waiting"}
    work()
    assert outcomes(first) | outcomes(second) == {"Åsa": "issued", "Bertil": "issued"}
    with pytest.raises(CannotStart, match="Inget intyg är klart"):
        start(cast.manager, cast.centrum)
    with pytest.raises(CannotStart, match="Inget av dem är klart längre"):
        start(cast.manager, cast.centrum, seen="what the page showed")


def test_one_whose_data_is_odd_hinders_nobody(cast, monkeypatch):
    placements = [ended_placement(case) for case in (cast.asa, cast.bertil)]
    for placement in placements:
        drafted(placement, cast.coach)
    batch = start(cast.manager, cast.centrum)
    content = certifying.certificate_content

    def odd(*, draft, **said):
        if draft.placement == placements[0]:
            raise KeyError("label")
        return content(draft=draft, **said)

    monkeypatch.setattr(certifying, "certificate_content", odd)
    work()
    assert outcomes(batch) == {"Åsa": "refused", "Bertil": "issued"}
    assert CertificateVersion.objects.get().document.number.endswith("-00001")
    assert Certificate.objects.count() == 1
    assert CertificateDraft.objects.filter(placement=placements[0]).exists()


def test_it_goes_on_where_it_broke_off_and_can_be_stopped(cast, client, monkeypatch):
    for case in (cast.asa, cast.bertil):
        drafted(ended_placement(case), cast.coach)
    batch = start(cast.coach, cast.centrum)
    monkeypatch.setattr(services, "AT_A_TIME", 1)
    settle, settled = services._settle, []

    def once(batch, items, drawer):
        settle(batch, items, drawer)
        settled.extend(items)
        if len(settled) == 2:
            raise RuntimeError("the machine is on fire")

    monkeypatch.setattr(services, "_settle", once)
    Job.objects.filter(kind=services.KIND).update(max_attempts=1)
    work()
    assert sorted(outcomes(batch).values()) == ["issued", "waiting"]
    client.force_login(cast.coach)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "Omgången avbröts" in page
    assert "Det som redan var gjort finns kvar" in page
    with pytest.raises(PermissionError):  # another's name is on the paper
        round_resume(batch=batch, actor=cast.manager)
    monkeypatch.setattr(services, "_settle", settle)
    client.post(reverse("rounds:resume", args=[batch.public_id]))
    client.post(reverse("rounds:resume", args=[batch.public_id]))  # twice is once
    assert Job.objects.filter(kind=services.KIND).count() == 2
    work()
    assert sorted(outcomes(batch).values()) == ["issued", "issued"]
    assert round_stop(batch=batch, actor=cast.manager) == 0


def test_a_stopped_round_issues_no_more(cast, client):
    drafted(ended_placement(cast.asa), cast.coach)
    batch = start(cast.coach, cast.centrum)
    client.force_login(cast.manager)
    client.post(reverse("rounds:stop", args=[batch.public_id]))
    work()
    assert batch.items.get().why == "Omgången stoppades av Eva Ek."
    assert not Certificate.objects.exists()
    assert start(cast.manager, cast.centrum)  # the placement is free again


def test_an_issuer_who_loses_the_right_issues_no_more(cast):
    drafted(ended_placement(cast.asa), cast.coach)
    batch = start(cast.coach, cast.centrum)
    cast.coach.memberships.all().delete()
    work()
    assert batch.items.get().state == "waiting"
    batch.refresh_from_db()
    assert "inte längre rätt" in batch.job.error


def test_the_documents_for_printing_are_those_that_hold_and_each_person_s_log_says_so(cast, client):
    for case in (cast.asa, cast.bertil):
        drafted(ended_placement(case), cast.coach)
    batch = start(cast.manager, cast.centrum)
    work()
    Job.objects.all().delete()
    versions = [kept(item.version, content=f"%PDF {item.pk}".encode()) for item in batch.items.all()]
    client.force_login(cast.manager)
    response = client.get(reverse("rounds:zip", args=[batch.public_id]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == sorted(f"{each.document.number}.pdf" for each in versions)
    assert sorted(archive.read(name) for name in archive.namelist()) == sorted(
        bytes(each.document.files.get().content) for each in versions
    )
    logged = AccessLogEntry.objects.filter(act="downloaded", actor=cast.manager)
    assert set(logged.values_list("subject", flat=True)) == {
        cast.asa.participant.public_id,
        cast.bertil.participant.public_id,
    }
    assert logged.first().detail["units"] == ["CENTRUM"]
    certificate_revoke(placement=versions[0].certificate.placement, why="Fel.", actor=cast.manager)
    response = client.get(reverse("rounds:zip", args=[batch.public_id]))
    assert zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist() == [
        f"{versions[1].document.number}.pdf"
    ]
    assert "1 har ersatts eller återkallats" in client.get(batch.get_absolute_url()).content.decode()


def test_a_protected_person_is_in_no_round_that_others_see(cast, client):
    ProtectedAccess.objects.create(
        participant=cast.protected_centrum.participant, user=cast.coach, granted_by=cast.manager
    )
    drafted(ended_placement(cast.protected_centrum), cast.coach)
    drafted(ended_placement(cast.asa), cast.coach)
    batch = start(cast.coach, cast.centrum)
    work()
    assert batch.items.count() == 2
    for user, names in ((cast.coach, {"Petra", "Åsa"}), (cast.colleague, {"Åsa"}), (cast.manager, {"Åsa"})):
        client.force_login(user)
        page = client.get(batch.get_absolute_url()).content.decode()
        assert {name for name in ("Petra", "Åsa") if name in page} == names
        row = client.get(reverse("rounds:list")).context["rows"][0]["batch"]
        assert row.issued == len(names)


def test_the_questions_asked_do_not_grow_with_the_people(cast, client):
    client.force_login(cast.manager)
    counted = []
    for number in (3, 12):
        for _each in range(number):
            case = EnrolmentFactory(unit=cast.centrum, coach=cast.coach)
            drafted(ended_placement(case), cast.coach, with_language=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("rounds:new")).status_code == 200
        counted.append(len(queries))
    batch = start(cast.manager, cast.centrum)
    with CaptureQueriesContext(connection) as queries:
        client.get(batch.get_absolute_url())
    assert counted[0] == counted[1] <= 25
    assert len(queries) <= 20
    assert IssueBatchItem.objects.count() == 15


def test_who_has_a_certificate_is_no_candidate(cast):
    issued(ended_placement(cast.asa), cast.coach)
    assessed(ended_placement(cast.bertil))
    found = candidates(cast.manager, unit=None, **PERIOD)
    assert [each.placement.enrolment for each in found] == [cast.bertil]
