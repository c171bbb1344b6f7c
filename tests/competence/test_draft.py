"""Writing a certificate: what is kept, what is missing, who has seen what."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessLogEntry
from competence.assessing.grades import language_grade_record
from competence.assessing.said import Said
from competence.assessing.services import (
    assessment_complete,
    assessment_correct,
    assessment_save,
    assessment_sign,
)
from competence.certifying.services import CannotIssue, certificate_issue
from competence.models import CertificateDraft
from competence.models.certificate import sentence_count
from participants import journal
from participants.file import file_for
from participants.models import Participant, ProtectedAccess
from placements.models import Placement
from tests.competence.assessments import begun_assessment
from tests.competence.certificates import STATEMENTS, TASKS, assessed, drafted, ended_placement, entered, issued
from tests.factories import CertificateFactory, days_ago
from tests.pdf import text_of
from tests.placements.places.conftest import place_of

CODES = [
    *(f"KOK-{number:02}" for number in range(1, 11)), *(f"SPRAK-{number:02}" for number in range(1, 8)),
    *(f"SOCIALA-{number:02}" for number in range(1, 8)), *(f"ALLMANNA-{number:02}" for number in range(1, 9)),
]  # fmt: skip
#: Everything at level 3 but: shows others, was not tried, needs some support.
LEVELS = dict.fromkeys(CODES, 3) | {"KOK-05": 4, "KOK-04": 0, "KOK-10": 2, "SOCIALA-05": 4, "SPRAK-07": 0}


@pytest.fixture
def writing(client, cast):
    """Alma writes about Åsa's ended placement: `writing.address`, `writing.fields`, `writing.send(...)`."""
    client.force_login(cast.coach)
    placement = ended_placement(cast.asa)
    assessed(placement, LEVELS)
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
        names = ("seen", "window", "shown")
        hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1] for name in names}
        said = {"occupation": "9412", "birth": "year", "read_on": days_ago(0).isoformat()}
        return hidden | said | {"tasks": TASKS, "statements": STATEMENTS} | changes

    def send(self, act="issue", headers=None, **changes):
        """Saved first: the day on which the participant has read it is of what stands on the page."""
        if "read_on" not in changes:
            self.client.post(self.address, self.fields(**changes) | {"act": "", "read_on": ""})
        return self.client.post(self.address, self.fields(**changes) | {"act": act}, headers=headers)

    @property
    def draft(self) -> CertificateDraft:
        return CertificateDraft.objects.get(placement=self.placement)


pytestmark = pytest.mark.django_db


def test_the_page_begins_with_what_was_assessed_and_is_known(writing):
    html = writing.client.get(writing.address).content.decode()
    assert "75 % av heltid" in html
    assert "Praktiskt kunnande: Kök och måltid" in html
    # The most independent first, of the occupation before the general ones; what was not tried is not offered.
    assert html.index("KOK-05") < html.index("KOK-01") < html.index("KOK-10") < html.index("SPRAK-01")
    assert "KOK-04" not in html
    assert "SPRAK-07" not in html
    assert "LOK-01" not in html
    # Ticked is as much as there is room for, the most independent first.
    ticked = re.findall(r'value="([A-Z]+)-\d+" checked', html)
    assert (ticked.count("KOK"), len(ticked)) == (9, 21)
    assert re.search(r'value="SOCIALA-05" checked', html)
    assert not CertificateDraft.objects.exists()


def test_without_a_signed_assessment_there_is_nothing_to_compose_from(client, cast):
    client.force_login(cast.coach)
    writing = Writing(client, ended_placement(cast.asa))
    html = client.get(writing.address).content.decode()
    assert "Kompetensunderlaget är inte signerat" in html
    assert f"/placering/{writing.placement.pk}/kompetensunderlag/final/" in html
    draft = begun_assessment(writing.placement, actor=cast.coach)
    assert str(draft.public_id) in client.get(writing.address).content.decode()
    assessed(writing.placement, stage="mid")
    assert client.post(writing.address, {}).status_code == 409
    # Of one that was interrupted the latest stage that is signed will do.
    writing.placement.why_interrupted = "Flyttade."
    writing.placement.save()
    assert "Kompetensunderlaget är inte signerat" not in client.get(writing.address).content.decode()


def test_what_the_place_says_of_its_tasks_is_a_suggestion(client, cast):
    client.force_login(cast.coach)
    placement = ended_placement(cast.asa)
    tasks = "Diska.\nLaga mat. Servera. Städa köket. Ta emot varor."
    placement.place = place_of(placement.workplace, tasks=tasks, start=placement.start)
    placement.seat = 1
    placement.save()
    assessed(placement)
    html = client.get(Writing(client, placement).address).content.decode()
    assert "Diska. Laga mat. Servera. Städa köket.</textarea>" in html
    assert "Förslaget kommer från platsen" in html


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
        ({"statements": [code for code in CODES if code[:3] not in ("KOK", "SPR")]}, "Valda nu: 15."),
        ({"read_on": ""}, "Ange när deltagaren har läst det."),
        ({"read_on": days_ago(5).isoformat()}, "Låt deltagaren läsa det igen."),
        ({"with_english": "on", "tasks_en": "One sentence."}, "Nu är det 1."),
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


def test_what_is_changed_after_the_participant_has_read_it_is_read_again(writing, cast):
    changed = "Något som står på intyget har ändrats sedan deltagaren läste det"
    assert writing.send().status_code == 302
    page = writing.fields(act="issue")
    # Changed on the same page, the day still in its field: nobody has read that.
    html = writing.client.post(writing.address, page | {"tasks": f"{TASKS} Och mer."}).content.decode()
    assert changed in html
    assert 'name="read_on" value=""' in html
    seen = {"seen": writing.draft.revision}
    assert changed in writing.client.post(writing.to("certificate_issue"), seen, follow=True).content.decode()
    assert not writing.placement.__class__.objects.filter(certificate__isnull=False).exists()
    # What was read stands there again; and then the name is another.
    assert writing.client.post(writing.address, page | {"seen": writing.draft.revision}).status_code == 302
    Participant.objects.filter(pk=cast.person.pk).update(family_name="Åström")
    writing.placement = Placement.objects.get(pk=writing.placement.pk)
    assert changed in writing.client.get(writing.address).content.decode()
    with pytest.raises(CannotIssue, match="har ändrats sedan"):
        certificate_issue(placement=writing.placement, actor=cast.coach, seen=writing.draft.revision)
    # The page goes on, and empties its field by itself.
    told = writing.client.post(
        writing.address,
        page | {"act": "", "seen": writing.draft.revision, "tasks": TASKS.upper()},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'hx-swap-oob="innerHTML:#certificate-read"' in told
    assert changed in told
    # Read as it is now, on the same day: given again, it is issued.
    assert writing.client.post(writing.address, writing.fields(tasks=TASKS.upper(), act="issue")).status_code == 302
    certificate_issue(placement=writing.placement, actor=cast.coach, seen=writing.draft.revision)


def test_a_statement_that_does_not_exist_is_refused_and_one_that_was_not_tried_left_out(writing):
    assert writing.send(statements=["KOK-01", "NIX-99"]).status_code == 422
    assert writing.client.post(writing.address, {"window": "no uuid"}).status_code == 422
    assert writing.send(read_on=days_ago(-1).isoformat()).status_code == 422
    writing.send(act="", statements=["KOK-01", "KOK-04"])
    assert writing.draft.statements == ["KOK-01"]


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
        assert "Valda: 2 för yrket och 0 allmänna" in html


def test_what_is_typed_is_kept_meanwhile_and_counted(writing):
    response = writing.send(act="", headers={"HX-Request": "true"}, statements=STATEMENTS[:3])
    html = response.content.decode()
    assert "Valda: 3 för yrket och 0 allmänna" in html
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


def test_it_is_prepared_two_weeks_before_the_end_and_not_issued_before_it(writing, cast):
    for end in (None, days_ago(-15)):
        writing.placement.end = end
        writing.placement.save()
        response = writing.client.get(writing.address, follow=True)
        assert "Intyget kan förberedas från 14 dagar före sista dagen" in response.content.decode()
        assert writing.client.post(writing.address, {}).status_code == 302
    assert not CertificateDraft.objects.exists()
    for end in (days_ago(-14), days_ago(0)):
        writing.placement.end = end
        writing.placement.save()
        response = writing.send()
        assert response.status_code == 422
        assert "Intyget utfärdas när den är det." in response.content.decode()
    assert writing.draft.tasks == TASKS


def test_a_corrected_assessment_recomposes_the_draft_and_asks_to_look_again(writing, cast):
    writing.send(act="", statements=["KOK-01", "KOK-02", "SPRAK-01"])
    old = writing.placement.assessments.get()
    levels = LEVELS | {"KOK-04": 3, "KOK-02": 0}
    levels = {code: level for code, level in levels.items() if code != "KOK-01"}
    again = assessment_correct(assessment=old, why="Fel nivå.", actor=cast.coach)
    again.competences.all().delete()
    said = {code: Said(level, ("OBSERVED",) if level > 1 else ()) for code, level in levels.items()}
    assessment_save(assessment=again, said=said, actor=cast.coach)
    assessment_complete(assessment=again, actor=cast.coach)
    assert "rättades efter" not in writing.client.get(writing.address).content.decode()
    assessment_sign(assessment=again, how="paper", name="Lena Holm")
    html = writing.client.get(writing.address).content.decode()
    assert "Kompetensunderlaget rättades efter att utkastet sparades" in html
    assert set(re.findall(r'value="([A-Z]+-\d+)" checked', html)) == {"KOK-04", "SPRAK-01"}
    with pytest.raises(CannotIssue, match="rättades efter"):
        certificate_issue(placement=writing.placement, actor=cast.coach, seen=writing.draft.revision)
    writing.send(act="", statements=["KOK-04", "SPRAK-01"])
    assert (writing.draft.assessment, writing.draft.statements) == (again, ["KOK-04", "SPRAK-01"])
    assert writing.send(statements=["KOK-04", "SPRAK-01"]).status_code == 302


def test_the_participant_chooses_what_stands_of_language_and_of_others_papers(writing, cast):
    html = writing.client.get(writing.address).content.decode()
    assert "with_language" not in html
    assert "credentials" not in html
    graded = {"level": "B1", "graded_on": days_ago(9), "assessor": "Eva Lärare", "how": "test"}
    language_grade_record(enrolment=cast.asa, skill="LISTENING", actor=cast.coach, **graded)
    paper = entered(cast.asa, cast.coach, title="Truckkort A+B")
    entered(cast.bertil, cast.coach, title="Någon annans")
    html = writing.client.get(writing.address).content.decode()
    assert "Höra och förstå B1" in html.replace(" och förstå", " och förstå")
    assert "Truckkort A+B, Transportutbildning AB" in html
    assert "Någon annans" not in html
    writing.send(act="")
    text = text_of(writing.client.get(writing.to("certificate_preview")).content)
    assert "B1" not in text
    assert "Truckkort" not in text
    writing.send(act="", with_language="on", credentials=[paper.pk])
    text = text_of(writing.client.get(writing.to("certificate_preview")).content)
    assert "B1" in text
    assert "Truckkort A+B" in text
    assert "Transportutbildning AB" in text


def test_a_draft_is_thrown_away_after_a_question(writing):
    writing.send(act="")
    assert "Kasta utkastet?" in writing.client.get(writing.to("certificate_discard")).content.decode()
    for _press in range(2):
        writing.client.post(writing.to("certificate_discard"))
    assert not CertificateDraft.objects.exists()


def test_only_a_page_of_ours_shows_the_preview_inside_it(writing):
    page = writing.client.get(writing.address)
    assert "object-src 'self'" in page["Content-Security-Policy"]
    preview = writing.client.get(writing.to("certificate_preview"))
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    part = writing.client.get(reverse("competence:list"))
    assert "frame-ancestors 'none'" in part["Content-Security-Policy"]
    assert "object-src" not in part["Content-Security-Policy"]


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
    assessed(writing.placement)
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
    # The picture inside the page is no look of its own; the same address opened by itself is.
    preview = writing.to("certificate_preview") + "?inuti=1"
    writing.client.get(preview, headers={"Sec-Fetch-Dest": "object"})
    assert AccessLogEntry.objects.count() == 1
    writing.client.get(preview)
    assert AccessLogEntry.objects.count() == 2


def test_a_placement_of_another_person_is_not_found(writing, cast):
    other = ended_placement(cast.ciwan)
    address = reverse("competence:certificate_write", args=[cast.person.public_id, other.pk])
    assert writing.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("  ", 0), ("Utan punkt", 1), ("En. Två.", 2), ("Arbetet, t.ex. i kök, gick bra. Hon lagade mat", 2),
        ("Klart! Bra? Ja…", 3), ("Version 2.5 av boken.", 1), ("En rad.\nEn till.", 2),
    ],
)  # fmt: skip
def test_sentences_are_counted_as_a_reader_would(text, count):
    assert sentence_count(text) == count
