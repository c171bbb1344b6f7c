"""The supervisor's page of an assessment through the front door: filled in bit by bit, signed, and what it hides."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competence.assessing.links import draft_discard
from competence.assessing.said import Said
from competence.assessing.services import (
    assessment_complete,
    assessment_correct,
    assessment_sign,
    competence_save,
)
from competence.models import Assessment, AssessmentLink, AssessmentState, CatalogueArea, Competence, SignedBy
from placements.models import FollowUpLink
from placements.services.links import link_send
from placements.services.supervisors import placement_choose_supervisor, placement_correct_supervisor
from tests.competence.assessing.conftest import send, supervised
from tests.factories import FollowUpFactory, SupervisorFactory, days_ago
from tests.placements.conftest import written
from vocabulary.codes import FollowUpKind, PlacementForm, Protection

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def fill(client, sent, code, level, *evidence, note="", was="", **more):
    fields = {f"{code}-level": level, f"{code}-evidence": evidence, f"{code}-note": note, f"{code}-was": was}
    return client.post(sent.page("by_link_statement", code), fields | more)


# --- Filling in ---------------------------------------------------------------------------------------------------


def test_it_says_whose_where_and_how_much_is_left_and_looking_changes_nothing(client, sent):
    for name, args in (("by_link", ()), ("by_link_statement", ("SPRAK-01",)), ("by_link_finish", ())):
        assert client.head(sent.page(name, *args)).status_code == 200
    page = text(client.get(sent.page()))
    assert "Vad klarar Åsa i arbetet?" in page
    assert "Öhrström" not in page
    assert "Köket på Ekbackens förskola" in page
    assert "Praktiskt kunnande: Kök och måltid 10 kvar" in page
    assert sent.fresh().revision == 0


def test_each_statement_is_stored_as_it_is_sent_and_the_next_one_comes(client, sent):
    answer = fill(client, sent, "SPRAK-01", "3", "OBSERVED", note="Varje dag.")
    assert answer.url == sent.page("by_link_statement", "SPRAK-02")
    assert fill(client, sent, "SPRAK-02", "0").status_code == 302
    assert sent.said() == {"SPRAK-01": 3, "SPRAK-02": 0}
    assert sent.fresh().edited_by_name == "Lena Holm"
    page = text(client.get(sent.page()))
    assert "2 av 35 är ifyllda" in page
    assert "Fortsätt, ett i taget" in page
    assert sent.page("by_link_statement", "SPRAK-03") in client.get(sent.page()).content.decode()
    html = client.get(sent.page("by_link_statement", "SPRAK-01")).content.decode()
    assert 'value="3" class="needs" checked' in html
    assert "Varje dag." in html


def test_a_level_without_what_shows_it_is_stored_and_asked_about(client, sent):
    answer = fill(client, sent, "SPRAK-01", "2")
    assert answer.status_code == 422
    assert "Nivån är sparad" in text(answer)
    assert sent.said() == {"SPRAK-01": 2}
    mark = re.search(r'name="SPRAK-01-was" value="(\w+)"', answer.content.decode())[1]
    assert fill(client, sent, "SPRAK-01", "2", "COURSE", was=mark).status_code == 302
    # What is wrong loses nothing of what was typed.
    wrong = fill(client, sent, "SPRAK-02", "", note="Hon frågar alltid.")
    assert wrong.status_code == 422
    assert "Välj en nivå också." in text(wrong)
    assert "Hon frågar alltid." in wrong.content.decode()
    long = fill(client, sent, "SPRAK-02", "1", note="x" * 301)
    assert "Skriv högst 300 tecken. Nu är det 301." in text(long)


def test_the_list_stores_what_can_be_read_and_leads_on_to_the_next_part(client, sent):
    page = sent.page("by_link_module", "SOCIALA")
    fields = {
        "SOCIALA-01-level": "1",
        "SOCIALA-02-level": "4",
        "SOCIALA-03-note": "Utan nivå",
        "SOCIALA-04-level": "9",
    }
    answer = client.post(page, fields)
    assert answer.status_code == 422
    assert sent.said() == {"SOCIALA-01": 1, "SOCIALA-02": 4}
    html = answer.content.decode()
    assert [code in html for code in ('href="#SOCIALA-01"', 'href="#SOCIALA-02"', 'href="#SOCIALA-04"')] == [
        False,
        True,
        True,
    ]
    marks = dict(re.findall(r'name="(SOCIALA-\d+-was)" value="(\w*)"', html))
    whole = marks | {"SOCIALA-01-level": "1", "SOCIALA-02-level": "4", "SOCIALA-02-evidence": "OBSERVED"}
    assert client.post(page, whole).url == sent.page("by_link_module", "ALLMANNA")
    assert client.get(sent.page("by_link_module", "NIX")).status_code == 404


def test_two_tabs_are_told_of_each_other_and_a_form_sent_twice_counts_once(client, sent):
    assert fill(client, sent, "SPRAK-01", "1").status_code == 302
    assert fill(client, sent, "SPRAK-01", "1").status_code == 302
    assert sent.fresh().revision == 1
    other = fill(client, sent, "SPRAK-01", "4", "OBSERVED")
    assert other.status_code == 409
    assert "Någon annan har sparat det här under tiden: Med handledning" in text(other)
    assert sent.said() == {"SPRAK-01": 1}
    mark = re.search(r'name="SPRAK-01-was" value="(\w+)"', other.content.decode())[1]
    assert fill(client, sent, "SPRAK-01", "4", "OBSERVED", was=mark).status_code == 302
    assert sent.said() == {"SPRAK-01": 4}


def test_who_stops_has_saved(client, sent):
    assert fill(client, sent, "SPRAK-01", "3", sluta="1").url == sent.page()
    listed = {"SOCIALA-01-level": "2", "SOCIALA-02-level": "1", "sluta": "1"}
    assert client.post(sent.page("by_link_module", "SOCIALA"), listed).url == sent.page()
    assert sent.said() == {"SPRAK-01": 3, "SOCIALA-01": 2, "SOCIALA-02": 1}


@pytest.mark.deep
def test_the_area_is_asked_for_where_nobody_has_said(client, cast):
    sent = send(supervised(cast.asa, area=None), cast.coach)
    assert "yrkesområde" in text(client.get(sent.page()))
    assert client.post(sent.page("by_link_area"), {"area": ""}).status_code == 422
    chosen = CatalogueArea.objects.get(version=sent.assessment.catalogue_id, code="LOK")
    assert client.post(sent.page("by_link_area"), {"area": chosen.pk}).url == sent.page()
    assert "Praktiskt kunnande: Lokalvård" in text(client.get(sent.page()))


@pytest.mark.deep
def test_it_speaks_english_and_says_which_statements_are_swedish(client, sent):
    page = client.get(sent.page("by_link_statement", "SPRAK-01") + "?sprak=en")
    html = page.content.decode()
    assert '<html lang="en">' in html
    text_en = Competence.objects.get(version=sent.assessment.catalogue_id, code="SPRAK-01").text_en
    assert ('<legend lang="sv">' in html) == (not text_en)
    for words in ("With some support", "I have seen it", "Not tried", "That is no shortcoming."):
        assert words in text(page)
    answer = client.post(sent.page("by_link_statement", "SPRAK-01") + "?sprak=en", {"SPRAK-01-level": "1"})
    assert answer.url == sent.page("by_link_statement", "SPRAK-02") + "?sprak=en"


# --- Signing ------------------------------------------------------------------------------------------------------


def test_signing_completes_and_locks_in_one_act_and_only_what_was_read(client, sent, cast):
    fill(client, sent, "SPRAK-01", "3", "OBSERVED")
    seen = {"seen": sent.fresh().revision}
    assert "Du signerar som Lena Holm" in text(client.get(sent.page("by_link_finish")))
    competence_save(assessment=sent.assessment, code="SPRAK-02", said=Said(2), actor=cast.coach)
    overtaken = client.post(sent.page("by_link_finish"), seen)
    assert overtaken.status_code == 409
    assert "Ange vad som visar det: Frågar när något är oklart" in text(overtaken)
    assert sent.page("by_link_change") not in overtaken.content.decode()
    seen = {"seen": sent.fresh().revision}
    lacking = client.post(sent.page("by_link_finish"), seen)
    assert lacking.status_code == 422
    assert "Ange vad som visar det: Frågar när något är oklart" in text(lacking)
    fill(client, sent, "SPRAK-02", "2", "COURSE", was=Said(2).mark)
    seen = {"seen": sent.fresh().revision}
    for _time in range(2):
        assert client.post(sent.page("by_link_finish"), seen).url == sent.page()
    signed = sent.fresh()
    assert (signed.state, signed.signed_how, signed.signed_by_name) == ("signed", SignedBy.LINK, "Lena Holm")
    assert (signed.supervisor, signed.completed_by_name) == (sent.link.supervisor, "Lena Holm")
    page = client.get(sent.page())
    assert "Tack! Kompetensunderlaget är signerat." in text(page)
    assert "Självständigt Jag har sett det" in text(page)
    assert "<form" not in page.content.decode()
    # What comes too late changes nothing and breaks nothing.
    assert fill(client, sent, "SPRAK-05", "1").url == sent.page()
    assert sent.said() == {"SPRAK-01": 3, "SPRAK-02": 2}


@pytest.mark.deep
def test_nothing_is_signed_when_nothing_was_tried(client, sent):
    fill(client, sent, "SPRAK-01", "0")
    answer = client.post(sent.page("by_link_finish"), {"seen": sent.fresh().revision})
    assert answer.status_code == 422
    assert "Bedöm minst en kompetens" in text(answer)
    assert sent.fresh().state == AssessmentState.DRAFT


@pytest.mark.deep
def test_what_the_coach_has_completed_is_signed_or_taken_back(client, sent, cast):
    fill(client, sent, "SPRAK-01", "1")
    assessment_complete(assessment=sent.assessment, actor=cast.coach)
    assert client.get(sent.page()).url == sent.page("by_link_finish")
    client.post(sent.page("by_link_change"))
    assert sent.fresh().state == AssessmentState.DRAFT
    assessment_complete(assessment=sent.assessment, actor=cast.coach)
    client.post(sent.page("by_link_finish"), {"seen": sent.fresh().revision})
    assert sent.fresh().state == AssessmentState.SIGNED
    assert "tidigare version" not in text(client.get(sent.page()))
    correction = assessment_correct(assessment=sent.fresh(), why="Fel.", actor=cast.coach)
    assert "1 av 35 är ifyllda" in text(client.get(sent.page()))
    for name in ("by_link", "by_link_finish"):
        assert "En tidigare version är signerad." in text(client.get(sent.page(name)))
    draft_discard(assessment=correction)
    assert "Kompetensunderlaget är signerat." in text(client.get(sent.page()))


# --- Links --------------------------------------------------------------------------------------------------------


def test_the_mail_reveals_nothing_and_follows_the_address(client, sent, cast):
    (mail,) = sent.mails()
    message = written(mail)
    assert sent.page() in message.body
    person = sent.assessment.placement.enrolment.participant
    for secret in (person.given_name, person.family_name, "Ekbacken", "Jobbcenter", "praktik"):
        assert secret not in message.subject + message.body
    placement = sent.assessment.placement
    told = {"name": "Lena Holm", "phone": "", "actor": cast.coach}
    placement_correct_supervisor(placement=placement, email="ny@koket.example", **told)
    assert client.get(sent.page()).status_code == 404
    first, second = sent.mails()
    assert (written(first), second.recipient) == (None, "ny@koket.example")
    assert written(second) is not None
    placement.refresh_from_db()
    other = SupervisorFactory(workplace=placement.workplace, name="Per Ny")
    placement_choose_supervisor(placement=placement, supervisor=other, actor=cast.coach)
    assert sent.mails()[-1].recipient == other.email
    link = AssessmentLink.objects.get(public_id=sent.mails()[-1].reference)
    assert client.get(reverse("assessing:by_link", args=[link.token])).status_code == 200


@pytest.mark.deep
def test_an_expired_link_is_renewed_to_the_address_on_file_and_tells_nothing(client, sent):
    AssessmentLink.objects.update(valid_until=days_ago(1))
    assert "Länken är för gammal" in text(client.get(sent.page()))
    assert fill(client, sent, "SPRAK-01", "1").url == sent.page()
    assert sent.said() == {}
    before = client.post(sent.page("by_link_renew")).content
    assert len(sent.mails()) == 1  # the last one was sent this very minute
    sent.mails()[0].__class__.objects.update(created_at="2026-01-01T00:00Z")
    assert client.post(sent.page("by_link_renew")).content == before
    assert len(sent.mails()) == 2


def test_a_protected_participant_has_no_name_there(client, sent):
    person = sent.assessment.placement.enrolment.participant
    person.protection = Protection.SECRECY_MARK
    person.save()
    for name, args in (("by_link", ()), ("by_link_statement", ("SPRAK-01",)), ("by_link_finish", ())):
        assert "Åsa" not in text(client.get(sent.page(name, *args)))


@pytest.mark.deep
def test_who_did_not_sign_is_not_shown_what_somebody_else_said(client, sent):
    fill(client, sent, "SPRAK-01", "1", note="Bara jag vet.")
    assessment_sign(assessment=sent.assessment, how=SignedBy.PAPER, name="Per Gammal")
    page = text(client.get(sent.page()))
    assert "Du behöver inte göra något mer" in page
    assert "Bara jag vet." not in page


# --- Beside a follow-up -------------------------------------------------------------------------------------------


def test_a_follow_up_at_the_end_begins_the_assessment_and_leads_to_it(client, cast):
    placement = supervised(cast.asa)
    followup = FollowUpFactory(placement=placement, kind=FollowUpKind.EMPLOYMENT_FINAL)
    link_send(followup=followup, actor=cast.coach, seen=None)
    assert Assessment.objects.get().stage == "final"
    token = FollowUpLink.objects.get().token
    page = reverse("placements:supervisor", args=[token])
    html = client.get(page).content.decode()
    address = reverse("assessing:beside_followup", args=[token])
    assert f'action="{address}"' in html
    assert client.get(address).url == page
    for _time in range(2):
        opened = client.post(address).url
    assert AssessmentLink.objects.count() == 1
    assert "Vad klarar Åsa i arbetet?" in text(client.get(opened))
    client.post(page, {"came": "yes", "going": "well", "version": "0"})
    assert f'action="{address}"' in client.get(page).content.decode()


@pytest.mark.deep
@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (FollowUpKind.THREE_PARTY_MEETING, PlacementForm.MUNICIPAL_EMPLOYMENT),
        (FollowUpKind.PLACEMENT_FINAL, PlacementForm.HOLIDAY_JOB),
    ],
)
def test_no_other_follow_up_asks_for_one(client, cast, kind, form):
    followup = FollowUpFactory(placement=supervised(cast.asa, form=form), kind=kind)
    link_send(followup=followup, actor=cast.coach, seen=None)
    assert not Assessment.objects.exists()
    token = FollowUpLink.objects.get().token
    assert "kompetensunderlag" not in client.get(reverse("placements:supervisor", args=[token])).content.decode()
    client.post(reverse("assessing:beside_followup", args=[token]))
    assert not AssessmentLink.objects.exists()


# --- What it weighs -----------------------------------------------------------------------------------------------


def test_every_page_is_light_and_asks_few_questions(client, sent):
    fill(client, sent, "SPRAK-01", "3", "OBSERVED")
    style = settings.BASE_DIR / "static" / "css" / "by_link.css"
    fonts = re.findall(r"\.\./fonts/([\w.-]+)", style.read_text(encoding="utf-8"))
    weight = style.stat().st_size + (settings.BASE_DIR / "static" / "img" / "mark.svg").stat().st_size
    weight += sum((settings.BASE_DIR / "static" / "fonts" / name).stat().st_size for name in fonts)
    for name, args in (
        ("by_link", ()),
        ("by_link_statement", ("KOK-01",)),
        ("by_link_module", ("PRAKTISKT",)),
        ("by_link_finish", ()),
    ):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(sent.page(name, *args))
        assert "<script" not in response.content.decode()
        assert len(queries) <= 11, name
        assert len(response.content) + weight < 60_000, name
