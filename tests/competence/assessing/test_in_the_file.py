"""An assessment in the participant's file: begun, filled in, completed, signed on paper, corrected, drawn."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLogEntry
from competence.assessing.links import assessment_link_send
from competence.assessing.said import Said
from competence.assessing.services import competence_save
from competence.models import Assessment, AssessmentLink, ParticipantView
from participants import journal
from participants.file import file_for
from participants.models import Enrolment
from tests.competence.assessing.conftest import send, supervised
from tests.competence.assessing.test_by_link import text
from tests.competence.assessments import begun_assessment, signed_assessment
from tests.factories import days_ago

pytestmark = pytest.mark.django_db


def staff(assessment: Assessment, name="assessment") -> str:
    person = assessment.placement.enrolment.participant
    return reverse(f"assessing:{name}", args=[person.public_id, assessment.public_id])


def part(person) -> str:
    return reverse("participants:part", args=[person.public_id, "kompetens"])


@pytest.fixture
def placement(client, cast):
    client.force_login(cast.coach)
    return supervised(cast.asa)


@pytest.fixture
def draft(placement, cast) -> Assessment:
    return begun_assessment(placement, actor=cast.coach)


def test_it_is_begun_from_the_part_and_gone_on_with(client, placement, cast):
    assert "Börja" in text(client.get(part(cast.person)))
    begin = reverse("assessing:begin", args=[cast.person.public_id, placement.pk, "start"])
    first = client.post(begin).url
    assert client.post(begin).url == first
    assessment = Assessment.objects.get()
    html = client.get(first).content.decode()
    assert "Praktiskt kunnande: Kök och måltid" in html
    saved = client.post(first, {"SPRAK-01-level": "1", "window": "nonsense", "go": "on"})
    assert saved.url == staff(assessment)
    assert AccessLogEntry.objects.filter(actor=cast.coach, detail__assessment=str(assessment.public_id)).exists()
    assert client.post(begin.replace("/start/", "/nix/")).status_code == 404


def test_what_is_chosen_is_saved_meanwhile_and_two_editors_lose_nothing(client, draft, cast):
    page, window = staff(draft, "write"), "8d2f5a4e-7a55-4c0c-9d5e-2f0a54a4b001"
    shown = {"SPRAK-01-was": Said(2, ("OBSERVED",)).mark, "SOCIALA-02-was": Said(3, ("OBSERVED",)).mark}
    fields = shown | {"window": window, "SPRAK-01-level": "4", "SPRAK-01-evidence": "OBSERVED"}
    fields |= {"SOCIALA-02-level": "3", "SOCIALA-02-evidence": "OBSERVED"}
    answer = client.post(page, fields, headers={"HX-Request": "true"})
    assert "Sparat" in text(answer)
    assert f'id="was-SPRAK-01" value="{Said(4, ("OBSERVED",)).mark}"' in answer.content.decode()
    # A page that has not heard of its own saving is not in its own way.
    assert client.post(page, fields | {"SPRAK-01-level": "3"}, headers={"HX-Request": "true"}).status_code == 200
    for code, said in (("SPRAK-01", Said(1)), ("SOCIALA-02", Said(0))):
        competence_save(assessment=draft, code=code, said=said, actor=cast.colleague)
    answer = client.post(page, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "någon annan har sparat ”Med handledning”" in text(answer)
    assert 'id="was-' not in answer.content.decode()
    answer = client.post(page, fields)
    assert answer.status_code == 409
    assert dict(draft.competences.values_list("competence__code", "level"))["SOCIALA-02"] == 0
    # Who has seen the other's may replace it.
    seen = dict(re.findall(r'name="(SPRAK-01-was)" id="[^"]*" value="(\w*)"', answer.content.decode()))
    assert client.post(page, fields | seen).status_code == 302
    levels = dict(draft.competences.values_list("competence__code", "level"))
    assert (levels["SPRAK-01"], levels["SOCIALA-02"]) == (4, 0)


@pytest.mark.deep
def test_a_form_that_is_sent_after_the_session_has_ended_is_kept(client, draft, cast):
    ticket = journal.writer_ticket(file_for(cast.coach, cast.person.public_id))
    signed_out = Client()
    fields = {"KOK-01-level": "1", "writer": ticket}
    assert signed_out.post(staff(draft, "write"), fields).status_code == 302
    assert (
        signed_out.post(staff(draft, "write"), fields | {"KOK-02-level": "1", "writer": "false"}).status_code == 302
    )
    assert set(draft.competences.values_list("competence__code", flat=True)) >= {"KOK-01"}
    assert not draft.competences.filter(competence__code="KOK-02").exists()


def test_it_is_completed_only_when_nothing_is_missing(client, draft, cast):
    competence_save(assessment=draft, code="SPRAK-02", said=Said(4), actor=cast.coach)
    answer = client.post(staff(draft, "complete"), {"seen": "2"})
    assert answer.status_code == 422
    assert "Ange vad som visar det: Frågar när något är oklart" in text(answer)
    competence_save(assessment=draft, code="SPRAK-02", said=Said(4, ("COURSE",)), actor=cast.coach)
    assert client.post(staff(draft, "complete"), {"seen": "2"}).status_code == 302  # changed since it was read
    assert Assessment.objects.get().state == "draft"
    client.post(staff(draft, "complete"), {"seen": "3"})
    assert "väntar på handledarens signatur" in text(client.get(staff(draft)))
    assert client.get(staff(draft, "write")).url == staff(draft)
    assert client.post(staff(draft, "reopen")).url == staff(draft, "write")


def test_a_signature_on_paper_has_a_name_and_a_day_that_has_come(client, draft, cast):
    client.post(staff(draft, "complete"), {"seen": "1"})
    html = client.get(staff(draft, "sign")).content.decode()
    assert 'value="Lena Holm"' in html
    said = {"name": "Lena Holm", "day": days_ago(-1).isoformat(), "seen": "1"}
    answer = client.post(staff(draft, "sign"), said)
    assert answer.status_code == 422
    assert "Dagen har inte varit ännu." in text(answer)
    Enrolment.objects.filter(pk=cast.asa.pk).update(last_activity_on=None)
    assert client.post(staff(draft, "sign"), said | {"day": days_ago(1).isoformat()}).status_code == 302
    signed = Assessment.objects.get()
    assert (signed.signed_how, signed.signed_on) == ("paper", days_ago(1))
    assert signed.supervisor == signed.placement.supervisor
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == days_ago(1)
    client.force_login(cast.manager)
    client.post(staff(signed, "review"))
    assert "Granskat" in text(client.get(staff(signed)))


def test_a_correction_says_why_and_the_signed_one_holds_until_it_is_signed(client, placement, cast):
    signed = signed_assessment(placement, levels={"SPRAK-01": 1})
    assert client.post(staff(signed, "correct"), {"why": " "}).status_code == 422
    address = client.post(staff(signed, "correct"), {"why": "Fel nivå."}).url
    new = Assessment.objects.get(version=2)
    assert address == staff(new, "write")
    assert "rättelse" in text(client.get(part(cast.person)))
    assert list(Assessment.objects.holding()) == [signed]
    client.post(staff(new, "discard"))
    assert not Assessment.objects.filter(version=2).exists()
    assert client.get(staff(signed)).status_code == 200


def test_the_participants_own_view_stands_beside_also_after_signing(client, placement, cast):
    signed = signed_assessment(placement, levels={"SPRAK-01": 1})
    said = {"said_on": timezone.localdate().isoformat(), "seen": "0", "own-SPRAK-01": "3", "own-SPRAK-02": ""}
    refused = client.post(staff(signed, "own_view"), said | {"agrees": "no"})
    assert refused.status_code == 422
    assert "Skriv vad deltagaren inte håller med om" in text(refused)
    for day, why in ((days_ago(-1), "Dagen har inte varit"), (days_ago(400), "Placeringen hade inte börjat")):
        refused = client.post(staff(signed, "own_view"), said | {"said_on": day.isoformat()})
        assert refused.status_code == 422
        assert why in text(refused)
    told = {"agrees": "no", "comment": "Jag läser scheman själv."}
    assert client.post(staff(signed, "own_view"), said | told).status_code == 302
    view = ParticipantView.objects.get()
    assert (view.levels, view.agrees, view.by) == ({"SPRAK-01": 3}, False, cast.coach)
    page = text(client.get(staff(signed)))
    assert "Deltagaren: Självständigt" in page
    assert "Jag läser scheman själv." in page
    late = client.post(staff(signed, "own_view"), said | told | {"comment": "Annat."})
    assert late.status_code == 409
    assert "Jag läser scheman själv." in text(late)
    assert ParticipantView.objects.get().revision == 1
    timeline = text(client.get(reverse("participants:file", args=[cast.person.public_id])))
    assert "Kompetensunderlag signerat: i slutet" in timeline
    assert "Jag läser scheman själv." in timeline


@pytest.mark.deep
def test_the_link_is_sent_once_withdrawn_and_never_for_a_signed_one(client, draft, cast):
    for _time in range(2):
        client.post(staff(draft, "link_send"), {"mail": ""})
    assert AssessmentLink.objects.count() == 1
    assert "Länken gäller till" in text(client.get(staff(draft)))
    client.post(staff(draft, "link_withdraw"))
    link = AssessmentLink.objects.get()
    assert client.get(reverse("assessing:by_link", args=[link.token])).status_code == 404
    assert "Länken återkallades" in text(client.get(staff(draft)))
    signed = signed_assessment(supervised(cast.asa))
    client.post(staff(signed, "link_send"), {"mail": ""})
    assert AssessmentLink.objects.count() == 1


@pytest.mark.deep
def test_a_discarded_draft_takes_its_link_with_it(client, placement, cast):
    sent = send(placement, cast.coach)
    client.post(staff(sent.assessment, "discard"))
    assert not Assessment.objects.exists()
    assert client.get(sent.page()).status_code == 404


def test_it_is_drawn_how_things_have_moved_with_words_beside(client, placement, cast):
    page = reverse("assessing:progress", args=[cast.person.public_id, placement.pk])
    assert "Inget signerat kompetensunderlag än" in text(client.get(page))
    signed_assessment(placement, "start", {"SPRAK-01": 1, "KOK-01": 2, "SPRAK-05": 0})
    signed_assessment(placement, "final", {"SPRAK-01": 3, "KOK-01": 2})
    html = client.get(page).content.decode()
    told = text(client.get(page))
    assert "1 kompetens kräver mindre stöd" in told
    assert "I början: Med visst stöd 1, Med handledning 1. I slutet: Självständigt 1, Med visst stöd 1." in told
    assert html.count("Kräver mindre stöd") == 1
    assert "SPRAK-05" not in html
    assert "Deltar i vardagliga samtal" not in told  # nobody has tried it
    # The next stage shows where things stood.
    mid = begun_assessment(placement, "mid", {})
    assert "I början: Med handledning" in text(client.get(staff(mid, "write")))


def test_the_pages_ask_no_more_for_many(client, placement, cast):
    def questions(address) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    assessment = begun_assessment(placement, "final", {"SPRAK-01": 1})
    addresses = [part(cast.person), staff(assessment), staff(assessment, "write")]
    counted = [questions(address) for address in addresses]
    many = {f"{module}-0{number}": 2 for module in ("SPRAK", "SOCIALA", "KOK") for number in range(1, 9)}
    begun_assessment(placement, "final", many)
    for _one in range(3):
        assessment_link_send(assessment=signed_and_more(supervised(cast.asa)), actor=cast.coach, seen=None)
    assert [questions(address) for address in addresses] == counted


def signed_and_more(placement) -> Assessment:
    signed_assessment(placement, "start")
    return begun_assessment(placement, "final")


@pytest.mark.deep
def test_an_assessment_of_another_person_is_not_found(client, draft, cast):
    other = begun_assessment(supervised(cast.ciwan), actor=cast.outsider)
    address = reverse("assessing:assessment", args=[cast.person.public_id, other.public_id])
    assert client.get(address).status_code == 404
