"""The paper itself: what stands on it, judged by veraPDF, and looked at page by page."""

import datetime as dt
import io
import json
import re

import pikepdf
import pytest

from accounts import municipal
from accounts.models import MunicipalSetting
from competence.certifying.services import certificate_render, certificate_render_enqueue, shortcomings
from competence.documents.certificate import certificate_content, certificate_pdf, scope_in_words, version_pdf
from competence.models import CertificateDraft, Competence, Credential, LanguageGrade
from delivery.documents import sealing
from delivery.documents.letters import missing_letters
from delivery.documents.sealing import Seal, seal_of
from delivery.marks.services import mark_choose
from delivery.models import Document, DocumentFile
from placements.models import GradeTerm
from tests.competence.certificates import STATEMENTS, TASKS, assessed, drafted, ended_placement, entered, issued, work
from tests.delivery.seals import seal_key
from tests.factories import EnrolmentFactory, WorkplaceFactory, days_ago
from tests.pdf import check_paper, fonts_embedded, pages, text_of
from tests.pictures import png
from tests.verapdf import ATTACHED, CLAIMED, faults

__all__ = ["seal_key"]
pytestmark = pytest.mark.django_db

#: As many as there may be: all of the kitchen and twelve of use everywhere.
MOST = [f"KOK-{each:02}" for each in range(1, 13)]
MOST += [f"{module}-{each:02}" for module in ("SPRAK", "SOCIALA", "ALLMANNA") for each in range(1, 5)]


@pytest.fixture
def bjorkakra(db):
    MunicipalSetting.objects.create(key=municipal.MUNICIPALITY_NAME.key, value="Björkåkra kommun")


@pytest.fixture
def amina(cast, bjorkakra):
    """Somebody with a short name and eight statements: what most certificates are like."""
    enrolment = EnrolmentFactory(
        unit=cast.centrum, participant__given_name="Amina", participant__family_name="Warsame",
        participant__birth_date=dt.date(1992, 3, 14),
    )  # fmt: skip
    placement = ended_placement(enrolment)
    assessed(placement, stage="start", day=days_ago(40), levels={"KOK-01": 1})
    assessed(placement, dict.fromkeys(STATEMENTS, 3) | {"KOK-02": 2, "SPRAK-01": 4, "KOK-04": 0, "KOK-05": 3})
    return issued(placement, cast.coach)


@pytest.fixture
def sukruye(cast, bjorkakra):
    """A draft with everything as long as it gets: name, workplace, grades, tasks, all statements at all levels,
    language, papers of others, in Swedish and English, with the municipality's mark."""
    mark_choose(content=png((900, 700)), actor=None)
    enrolment = EnrolmentFactory(
        unit=cast.centrum,
        participant__given_name="Şükrüye-Łucja",
        participant__family_name="Wiśniewska Öhrström von Grünewaldt-Đorđević",
    )
    workplace = WorkplaceFactory(
        name="Sinnenas trädgård och Återbruket i Norra Björkåkra industriområde",
        employer__name="Samhällsbyggnads- och trafikförvaltningen",
        occupational_area_id="KOK",
    )
    placement = ended_placement(enrolment, workplace=workplace, grade="0.5", start=days_ago(200))
    GradeTerm.objects.create(placement=placement, grade="0.75", valid_from=days_ago(100))
    GradeTerm.objects.create(placement=placement, grade="1", valid_from=days_ago(50))
    sentence = "Arbetet har handlat om att ta emot, sortera, laga och märka möbler som lämnas in till återbruket"
    tasks = ". ".join([sentence] * 4) + ", och att sälja dem i butiken tillsammans med andra som arbetar i huset."
    for stage, days in (("start", 190), ("mid", 100)):
        assessed(placement, stage=stage, day=days_ago(days))
    offered = Competence.objects.filter(code__in=MOST).values_list("code", flat=True)
    assessed(
        placement,
        {code: 1 + number % 4 for number, code in enumerate(sorted(offered))},
        evidence=("OBSERVED", "CONVERSATION", "WORK_SAMPLE", "COURSE"),
    )
    draft = drafted(placement, cast.coach, tasks=tasks, statements=MOST, with_identity_number=True)
    draft.with_language = draft.with_english = True
    draft.tasks_en = "The work was about receiving, sorting, mending and marking furniture. " * 5
    draft.save()
    for skill, level in {"LISTENING": "B1", "READING": "A2", "INTERACTION": "B1", "WRITING": "none"}.items():
        graded(enrolment, skill, level, cast.coach)
    for title, until in (("Truckkort", dt.date(2031, 4, 2)), ("Hygienutbildning i livsmedel", None)):
        draft.credentials.add(
            Credential.objects.create(
                enrolment=enrolment,
                kind="licence",
                title=title,
                level="A2–B4",
                issuer="Transportfackens yrkesnämnd",
                issued_on=days_ago(90),
                valid_until=until,
                seen_on=days_ago(3),
                by=cast.coach,
                by_name="Alma Alm",
            )
        )
    return draft


def graded(enrolment, skill, level, user, **fields):
    given = {"graded_on": days_ago(30), "assessor": "SFI Centrum", "how": "test", "by": user, "by_name": "Alma Alm"}
    return LanguageGrade.objects.create(enrolment=enrolment, skill=skill, level=level, **(given | fields))


def content_of(draft, cast, version=1):
    return certificate_content(draft=draft, issuer=cast.coach, version=version, issued=dt.date(2026, 11, 22))


@pytest.mark.beside
@pytest.mark.deep
def test_real_certificates_are_valid_to_archive_and_to_read_aloud(amina, sukruye, cast, seal_key):
    arabic = EnrolmentFactory(unit=cast.centrum, participant__given_name="علي şđ", participant__family_name="Łukasz")
    draft = drafted(ended_placement(arabic), cast.coach)
    others = certificate_pdf(content=content_of(draft, cast), document=amina.document)
    long = certificate_pdf(
        content=content_of(sukruye, cast) | {"replaces": {"version": 1, "issued": "2026-10-01"}, "version": 2},
        document=amina.document,
    )
    swedish = certificate_pdf(content=content_of(sukruye, cast) | {"languages": ["sv"]}, document=amina.document)
    certificate_render(version=amina)
    made = {
        "sealed": bytes(DocumentFile.objects.get().content),
        "long": long,
        "long and sealed": sealing.seal(long, key=seal_key, reason="Utfärdat av Björkåkra kommun"),
        "long, in Swedish alone": swedish,
        "other letters": others,
    }
    assert faults(made, ATTACHED) == {}
    sketch = certificate_pdf(content=content_of(draft, cast), document=None)
    assert faults({"draft": sketch}, CLAIMED) == {}
    for name, pdf in (made | {"draft": sketch}).items():
        assert fonts_embedded(pdf), name
        check_paper(pdf, margin=9.5, name=f"certificate-{name.replace(' ', '-')}", most=2)


def test_a_certificate_is_one_a4_with_everything_inside_its_frame(amina):
    (page,) = check_paper(version_pdf(amina), margin=9.5, name="certificate-short", most=1)
    frame = page.picture.convert("L")
    # Between the frame and the text is air on every side: nothing runs over the edge.
    scale = frame.width / 210
    for side in ((12, 20, 24, 280), (186, 20, 198, 280)):
        strip = frame.crop(tuple(round(each * scale) for each in side))
        assert strip.getextrema()[0] > 200, f"ink in {side}"
    assert strip.width > 20


@pytest.mark.deep
@pytest.mark.beside
def test_what_needs_two_pages_says_on_each_which_it_is_and_not_whose(sukruye, amina, cast):
    pdf = certificate_pdf(content=content_of(sukruye, cast), document=amina.document)
    first, second = check_paper(pdf, margin=9.5, name="certificate-long", most=2)
    assert "Sida 1 av 2" in first.text
    assert "Sida 2 av 2" in second.text
    assert f"Kompetensintyg {amina.document.number}" in second.text
    assert "ükrüye" not in second.text
    text = text_of(pdf)
    for said in (
        "Şükrüye-Łucja Wiśniewska Öhrström von Grünewaldt-Đorđević", "50 % från", "Certificate of competence",
        "Municipal employment", "B1", "Truckkort, A2–B4",
        "Transportfackens yrkesnämnd", "Gäller till 2031-04-02", "SFI Centrum",
    ):  # fmt: skip
        assert said in text, said
    statements = [each for module in content_of(sukruye, cast)["modules"] for each in module["statements"]]
    assert len(statements) >= 20
    assert all(" ".join(each["text"].split()) in text for each in statements)


def test_with_english_beside_it_a_short_one_is_still_one_page(amina):
    few = [module | {"statements": module["statements"][:1]} for module in amina.content["modules"]]
    english = {"languages": ["sv", "en"], "tasks_en": "Cooking for 120 children. Doing the dishes."}
    content = amina.content | english | {"modules": few}
    pdf = certificate_pdf(content=content, document=amina.document)
    check_paper(pdf, margin=9.5, name="certificate-short-english", most=1)
    assert "Cooking for 120 children" in text_of(pdf)


@pytest.mark.deep
@pytest.mark.beside
def test_as_much_as_there_may_be_in_both_languages_fits_two_pages_and_no_heading_stands_twice(sukruye, amina, cast):
    most = content_of(sukruye, cast)
    most["credentials"] *= 3
    for content in (amina.content, most):
        for module in content["modules"]:
            module["label_en"] = f"Skills {module['code']}"
            for each in module["statements"]:
                each["text_en"] = "Follows the routines for hygiene, work clothes and washing hands."
                each["phrase_en"] = "does this independently"
        content |= {"languages": ["sv", "en"], "tasks_en": "Cooking for 120 children. Doing the dishes."}
        pdf = certificate_pdf(content=content, document=amina.document)
        text, (_first, second) = text_of(pdf), check_paper(pdf, margin=9.5, name="certificate-full", most=2)
        for heading in ["How it was assessed", *[module["label_en"] for module in content["modules"]]]:
            assert text.count(heading) == 1, heading
        # No module's name is left behind on the first page.
        assert not re.match(r"Kompetensintyg \S+ (Gör|Does) ", " ".join(second.text.split())), second.text[:200]


def test_it_says_what_a_certificate_says(amina):
    text = text_of(version_pdf(amina))
    for said in (
        "Björkåkra kommun", "Jobbcenter Centrum", "Kompetensintyg", "Amina Warsame", "Född 1992", "75 % av heltid",
        "Arbetsmarknadsanställning", "Köket på Ekbackens förskola, Skolförvaltningen", "Kök och måltid", "SSYK 9412",
        "Det här har arbetet handlat om", "Praktiskt kunnande", "Gör detta självständigt", "Gör detta med visst stöd",
        "Gör detta självständigt och kan visa andra", "Samarbetar med andra om en gemensam uppgift.",
        "Så har bedömningen gjorts", "Lena Holm", "Handledaren har sett det", "Underskrift", "Alma Alm", "Jobbcoach",
        amina.document.number, amina.document.verification_code, "127.0.0.1", "/kontroll", "Version 1",
        "Intyget är inget tjänstgöringsbetyg och innehåller inga omdömen om personen.",
    ):  # fmt: skip
        assert said in text, said


def test_it_never_says_what_a_certificate_must_not(amina):
    person = amina.certificate.placement.enrolment.participant
    pdf = version_pdf(amina)
    told = text_of(pdf) + attached(pdf).decode() + json.dumps(amina.content, ensure_ascii=False)
    for silent in (person.identity_number, person.written_number, "örsörjningsstöd", "rånvaro", "ärvaro", "prövat",
                   "KOK-04", "KOK-05"):  # fmt: skip
        assert silent not in told, silent


def test_only_what_was_tried_and_ticked_stands_there_by_module_and_phrase(amina):
    modules = amina.content["modules"]
    assert [each["label"] for each in modules] == [
        "Praktiskt kunnande", "Språk", "Sociala färdigheter", "Allmänna kompetenser",
    ]  # fmt: skip
    assert [(each["code"], each["level"]) for each in modules[0]["statements"]] == [
        ("KOK-01", 3), ("KOK-03", 3), ("KOK-06", 3), ("KOK-07", 3), ("KOK-02", 2),
    ]  # fmt: skip
    assert modules[0]["statements"][-1]["phrase"] == "gör detta med visst stöd"
    stages = amina.content["assessed"]["stages"]
    assert [(each["stage"], each["by"]) for each in stages] == [("start", "Lena Holm"), ("final", "Lena Holm")]


def test_the_latest_level_of_each_language_skill_is_told_only_if_the_participant_wants(cast):
    draft = drafted(ended_placement(cast.asa), cast.coach)
    graded(cast.asa, "READING", "A2", cast.coach, graded_on=days_ago(90))
    graded(cast.asa, "READING", "B1", cast.coach)
    graded(cast.asa, "WRITING", "none", cast.coach)
    graded(cast.asa, "LISTENING", "C2", cast.coach, withdrawn_on=days_ago(1), withdrawn_why="Fel person.")
    assert content_of(draft, cast)["language"] == []
    draft.with_language = True
    (told,) = content_of(draft, cast)["language"]
    assert (told["skill"]["code"], told["level"], told["assessor"]) == ("READING", "B1", "SFI Centrum")


def test_a_protected_person_decides_whether_it_tells_where_they_were(cast):
    placement = ended_placement(cast.protected_centrum)
    graded(placement.enrolment, "READING", "B1", cast.coach, assessor="Läraren på Ekbackens sfi")
    draft = drafted(placement, cast.coach, with_language=True)
    silent = json.dumps(content_of(draft, cast), ensure_ascii=False)
    document = issued(ended_placement(cast.asa), cast.coach).document
    pdf = certificate_pdf(content=content_of(draft, cast), document=document)
    paper = text_of(pdf)
    pages(pdf, name="certificate-protected")
    assert "Läsa B1" in paper
    for where in ("Ekbacken", "Skolförvaltningen", "Jobbcenter", "Lena Holm"):
        assert where not in silent + paper + attached(pdf).decode(), where
    draft.with_workplace = True
    told = json.dumps(content_of(draft, cast), ensure_ascii=False)
    assert all(where in told for where in ("Ekbacken", "Skolförvaltningen", "Jobbcenter", "Lena Holm", "Läraren"))


def test_the_same_lies_inside_as_an_open_badge(amina):
    pdf = version_pdf(amina)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (file,) = opened.Root.AF
        assert (str(file.UF), str(file.AFRelationship)) == ("kompetensintyg.json", "/Data")
    badge = json.loads(attached(pdf))
    address = badge["id"]
    assert address.endswith(f"/kontroll/{amina.document.verification_code}/")
    assert badge["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert badge["issuer"]["name"] == "Björkåkra kommun"
    subject = badge["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Amina Warsame"
    statements = {each["id"]: each["name"] for each in subject["achievement"]["resultDescription"]}
    assert statements[f"{address}#KOK-01"] == "Följer rutiner för hygien, arbetskläder och handtvätt i köket."
    levels = {each["resultDescription"]: each["achievedLevel"] for each in subject["result"]}
    assert levels.keys() == statements.keys()
    assert levels[f"{address}#KOK-02"] == f"{address}#KOK-02-2"
    assert subject["achievement"]["alignment"][0]["targetCode"] == "9412"
    assert "Gör detta med visst stöd:\n- " in subject["achievement"]["criteria"]["narrative"]


def test_it_is_drawn_in_the_mark_and_colour_it_was_issued_with(amina, cast):
    mark_choose(content=png((400, 200), "#aa0000"), actor=cast.administrator)
    MunicipalSetting.objects.create(key="document_colour", value="#7a1f2b")
    later = issued(ended_placement(cast.bertil), cast.coach)
    mark_choose(content=png((400, 200), "#00aa00"), actor=cast.administrator)
    assert version_pdf(later) == version_pdf(later)
    (plain,), (own,) = pages(version_pdf(amina)), pages(version_pdf(later), name="certificate-own")
    assert colours(own.picture) >= {(170, 0, 0), (122, 31, 43)}
    assert not colours(plain.picture) & {(170, 0, 0), (0, 170, 0), (122, 31, 43)}


def test_it_is_sealed_once_and_kept_byte_for_byte(amina, seal_key):
    certificate_render(version=amina)
    file = DocumentFile.objects.get()
    content = bytes(file.content)
    assert file.sealed_with.sha256 == seal_key.sha256
    assert seal_of(content, known={seal_key.sha256: seal_key.certificate}) == Seal.INTACT
    amina.document.made_at = None
    certificate_render(version=amina)
    assert bytes(DocumentFile.objects.get().content) == content


def test_a_key_that_cannot_seal_leaves_number_and_reason_and_the_next_one_makes_it(cast, settings, seal_key):
    settings.SEAL_KEY, settings.SEAL_CERTIFICATE = "no key", "no certificate"
    version = issued(ended_placement(cast.asa), cast.coach)
    work()
    document = Document.objects.get()
    assert document.has_failed
    assert "går inte att läsa" in document.job.error
    settings.SEAL_KEY = settings.SEAL_CERTIFICATE = ""  # the one of the folder again
    certificate_render_enqueue(version=version)
    work()
    file = DocumentFile.objects.get()
    assert (file.name, file.sealed_with.sha256) == (f"{version.document.number}.pdf", seal_key.sha256)


def test_a_later_version_says_which_one_it_replaces(amina, cast):
    placement = amina.certificate.placement
    draft = CertificateDraft(placement=placement, assessment=amina.assessment, statements=STATEMENTS, tasks="Kök.")
    content = content_of(draft, cast, version=2)
    assert content["replaces"] == {"version": 1, "issued": amina.issued.isoformat()}
    assert "Version 2, ersätter version 1 från" in text_of(certificate_pdf(content=content, document=amina.document))


def test_letters_that_cannot_be_printed_are_told_before_it_is_issued(cast):
    draft = drafted(ended_placement(cast.asa), cast.coach, tasks="Har lagat mat 😀. Har diskat 名.")
    assert shortcomings(draft) == {"tasks": "De här tecknen kan inte skrivas på intyget: 😀名"}
    draft.tasks = TASKS
    draft.credentials.add(entered(cast.asa, cast.coach, title="名 Truckkort"))
    assert {name: text for name, text in shortcomings(draft).items() if name != "read_on"} == {
        "printed": "De här tecknen, i namnet på en arbetsplats eller en person eller i ett papper från någon annan, "
        "kan inte skrivas på intyget: 名"
    }
    assert missing_letters("Şükrüye-Łucja Đorđević, علي محمد پرویز, Ελένη, Жанна, s\u030c\n–…’”½·") == ""


def attached(pdf: bytes) -> bytes:
    """The file inside."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return opened.attachments["kompetensintyg.json"].get_file().read_bytes()


def colours(picture) -> set[tuple[int, int, int]]:
    return {colour for _count, colour in picture.convert("RGB").getcolors(1 << 20)}


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ([], ""),
        ([(60, "0.75")], "75 % av heltid"),
        ([(60, "0.125")], "12,5 % av heltid"),
        ([(90, "0.25"), (60, "0.5")], "50 % av heltid"),
        ([(60, "0.5"), (1, "1")], "50 % av heltid"),
    ],
)
def test_the_scope_is_that_of_the_days_of_the_placement(cast, terms, words):
    placement = ended_placement(cast.asa, grade=None, start=days_ago(50), end=days_ago(5))
    for days, grade in terms:
        GradeTerm.objects.create(placement=placement, grade=grade, valid_from=days_ago(days))
    placement = type(placement).objects.prefetch_related("grades").get(pk=placement.pk)
    assert scope_in_words(placement) == words
