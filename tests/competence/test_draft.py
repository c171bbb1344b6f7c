"""Writing a certificate: what is kept, what is missing, who has seen what."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessLogEntry
from competence.models import CertificateDraft
from competence.models.certificate import sentence_count
from participants import journal
from participants.file import file_for
from participants.models import ProtectedAccess
from tests.competence.certificates import STATEMENTS, TASKS, assessed, drafted, ended_placement, issued
from tests.factories import CertificateFactory, days_ago
from tests.pdf import text_of


@pytest.fixture
def writing(client, cast):
    """Alma writes about Åsa's ended placement: `writing.address`, `writing.fields`, `writing.send(...)`."""
    client.force_login(cast.coach)
    placement = ended_placement(cast.asa)
    assessed(placement)
    return Writing(client, placement)


class Writing:
    def __init__(self, client, placement):
        self.client, self.placement = client, placement
        self.address = self.to("certificate_write")

    def to(self, name: str) -> str:
        person = self.placement.enrolment.participant
        return reverse(f"competence:{name}", args=[person.public_id, self.placement.pk])

    def fields(self, **changes) -> dict:
        """The form as the writing shows it, filled in so that it can be issued, with `changes`."""
        html = self.client.get(self.address).content.decode()
        names = ("seen", "shown_area", "window")
        hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in names}
        area = re.search(r'<option value="(\d+)" selected', html)
        said = {"area": area[1] if area else "", "occupation": "9412", "birth": "year"}
        return hidden | said | {"tasks": TASKS, "statements": STATEMENTS} | changes

    def send(self, act="issue", headers=None, **changes):
        return self.client.post(self.address, self.fields(**changes) | {"act": act}, headers=headers)

    @property
    def draft(self) -> CertificateDraft:
        return CertificateDraft.objects.get(placement=self.placement)


pytestmark = pytest.mark.django_db


def test_the_page_begins_with_what_is_known(writing):
    html = writing.client.get(writing.address).content.decode()
    assert "75 % av heltid" in html
    assert "Praktiskt kunnande: Kök och måltid" in html
    assert html.index("KOK-01") < html.index("SPRAK-01")
    assert "LOK-01" not in html
    assert not CertificateDraft.objects.exists()


def test_a_half_finished_draft_is_kept_and_come_back_to(writing, cast):
    assert writing.send(act="", tasks="Bara en början", statements=["KOK-02"]).status_code == 302
    writing.client.force_login(cast.colleague)
    html = writing.client.get(writing.address).content.decode()
    assert "Bara en början" in html
    assert "Alma Alm" in html
    assert re.search(r'value="KOK-02" checked', html)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tasks": ""}, "Skriv vad arbetet har handlat om."),
        ({"tasks": "En enda mening."}, "Nu är det 1."),
        ({"tasks": "Ett. Två. Tre. Fyra. Fem."}, "Nu är det 5."),
        ({"tasks": f"{'a' * 400}. {'B' + 'b' * 300}."}, "Korta texten till 600 tecken."),
        ({"statements": []}, "Välj minst ett påstående."),
        ({"statements": [*STATEMENTS, "KOK-04", "KOK-05", "KOK-08", "KOK-09", "KOK-10"]}, "Valda nu: 13."),
        ({"area": ""}, "Välj yrkesområde och yrke."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(writing, changes, said):
    response = writing.send(**changes)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert writing.draft.tasks == changes.get("tasks", TASKS)
    assert writing.client.post(writing.to("certificate_issue"), {"seen": writing.draft.revision}).status_code == 302
    assert not writing.placement.__class__.objects.filter(certificate__isnull=False).exists()


def test_a_whole_draft_leads_to_the_question(writing):
    response = writing.send()
    assert response.url == writing.to("certificate_issue")
    html = writing.client.get(response.url).content.decode()
    assert "Utfärda kompetensintyget för Åsa Öhrström?" in html
    assert "Köket på Ekbackens förskola" in html


def test_a_statement_that_does_not_exist_is_refused(writing):
    assert writing.send(statements=["KOK-01", "NIX-99"]).status_code == 422
    assert writing.client.post(writing.address, {"window": "no uuid"}).status_code == 422


def test_two_editors_do_not_overwrite_each_other(writing, cast):
    fields = writing.fields(tasks="Almas text.")
    drafted(writing.placement, cast.colleague, tasks="Bos text.")
    response = writing.client.post(writing.address, fields)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Bo Berg sparade andra ändringar" in html
    assert "Bos text." in html
    assert "Almas text." in html
    assert writing.draft.tasks == "Bos text."
    # Who has seen the other's may replace it.
    assert writing.client.post(writing.address, fields | {"seen": writing.draft.revision}).status_code == 302
    assert writing.draft.tasks == "Almas text."


def test_two_windows_of_one_person_say_so_and_count_what_is_ticked_in_this_one(writing, cast):
    fields = writing.fields(statements=STATEMENTS[:2])
    drafted(writing.placement, cast.coach, tasks="Från fliken bredvid.", statements=STATEMENTS[:5])
    for headers in ({"HX-Request": "true"}, {}):
        html = writing.client.post(writing.address, fields, headers=headers).content.decode()
        assert "Du sparade andra ändringar i ett annat fönster" in html
        assert "2 påståenden är valda" in html


def test_what_is_typed_is_kept_meanwhile_and_counted(writing):
    response = writing.send(act="", headers={"HX-Request": "true"}, statements=STATEMENTS[:3])
    html = response.content.decode()
    assert "3 påståenden är valda" in html
    assert "Allt finns med" in html
    assert f'id="draft-seen" value="{writing.draft.revision}"' in html
    # The same page goes on, also when it has not heard of its own saving yet.
    fields = writing.fields(tasks="Mer text.") | {"seen": "0", "window": str(writing.draft.window)}
    assert writing.client.post(writing.address, fields, headers={"HX-Request": "true"}).status_code == 200
    assert writing.draft.tasks == "Mer text."


def test_a_form_that_is_sent_after_the_session_has_ended_is_kept(writing, cast):
    file = file_for(cast.coach, cast.person.public_id)
    fields = writing.fields(tasks="Skrivet före lunch.") | {"writer": journal.writer_ticket(file)}
    signed_out = Client()
    assert signed_out.post(writing.address, fields).status_code == 302
    assert writing.draft.tasks == "Skrivet före lunch."
    assert writing.draft.saved_by == cast.coach
    fields |= {"writer": "false", "tasks": "Av en främling.", "seen": writing.draft.revision}
    assert signed_out.post(writing.address, fields).status_code == 302
    assert writing.draft.tasks == "Skrivet före lunch."


def test_the_preview_is_the_paper_with_draft_across_it_and_keeps_nothing(writing):
    assert writing.send(act="preview").url == writing.to("certificate_preview")
    response = writing.client.get(writing.to("certificate_preview"))
    assert response["Content-Type"] == "application/pdf"
    assert "Öhrström" not in response["Content-Disposition"]
    text = text_of(response.content)
    assert "Utkast" in text
    assert "Åsa Öhrström" in text
    assert "INTYG" not in text


def test_no_certificate_is_written_before_the_placement_has_ended(writing, cast):
    for end in (None, days_ago(0), days_ago(-3)):
        writing.placement.end = end
        writing.placement.save()
        response = writing.client.get(writing.address, follow=True)
        assert "Placeringen är inte avslutad" in response.content.decode()
        assert writing.client.post(writing.address, {}).status_code == 302
    assert not CertificateDraft.objects.exists()


def test_an_issued_certificate_leads_to_itself(writing, cast):
    issued(writing.placement, cast.coach)
    assert writing.client.get(writing.address).url == writing.to("certificate")
    elsewhere = ended_placement(cast.bertil)
    CertificateFactory(placement=elsewhere)
    other = Writing(writing.client, elsewhere)
    html = writing.client.get(other.address, follow=True).content.decode()
    assert "tidigare system" in html


def test_a_protected_participants_workplace_stands_there_only_if_chosen(client, cast):
    ProtectedAccess.objects.create(participant=cast.protected_centrum.participant, user=cast.coach)
    client.force_login(cast.coach)
    writing = Writing(client, ended_placement(cast.protected_centrum))
    writing.send(act="")
    text = text_of(client.get(writing.to("certificate_preview")).content)
    assert "Petra Hemlig" in text
    assert "Ekbacken" not in text
    assert "Skolförvaltningen" not in text
    assert "Jobbcenter" not in text
    writing.send(act="", with_workplace="on")
    assert "Ekbacken" in text_of(client.get(writing.to("certificate_preview")).content)
    client.force_login(cast.colleague)
    assert client.get(writing.address).status_code == 404


def test_opening_the_page_is_written_down(writing, cast):
    writing.client.get(writing.address)
    entry = AccessLogEntry.objects.get(actor=cast.coach, subject=cast.person.public_id)
    assert (entry.act, entry.detail["part"]) == ("opened", "kompetens")


def test_a_placement_of_another_person_is_not_found(writing, cast):
    other = ended_placement(cast.ciwan)
    address = reverse("competence:certificate_write", args=[cast.person.public_id, other.pk])
    assert writing.client.get(address).status_code == 404


def test_a_draft_of_the_register_without_area_can_choose_one(client, cast):
    client.force_login(cast.coach)
    writing = Writing(client, ended_placement(cast.asa, area=None, grade=None))
    html = client.get(writing.address).content.decode()
    assert "KOK-01" not in html
    assert "Omfattning" not in html
    response = client.post(writing.address, writing.fields(area="", statements=[]) | {"window": str(uuid.uuid4())})
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("  ", 0), ("Utan punkt", 1), ("En. Två.", 2), ("Arbetet, t.ex. i kök, gick bra. Hon lagade mat", 2),
        ("Klart! Bra? Ja…", 3), ("Version 2.5 av boken.", 1), ("En rad.\nEn till.", 2),
    ],
)  # fmt: skip
def test_sentences_are_counted_as_a_reader_would(text, count):
    assert sentence_count(text) == count
