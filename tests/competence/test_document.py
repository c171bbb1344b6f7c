"""The paper itself: judged by veraPDF, and looked at page by page."""

import datetime as dt

import pytest

from accounts import municipal
from accounts.models import MunicipalSetting
from competence.documents.certificate import certificate_content, certificate_pdf, scope_in_words, version_pdf
from placements.models import GradeTerm
from tests.competence.certificates import STATEMENTS, drafted, ended_placement, issued
from tests.factories import EnrolmentFactory, WorkplaceFactory, days_ago
from tests.pdf import check_paper, fonts_embedded, text_of
from tests.verapdf import faults

pytestmark = pytest.mark.django_db

LONGEST = (
    "KOK-02", "KOK-05", "KOK-09", "SPRAK-02", "SPRAK-03", "SPRAK-06", "SOCIALA-01", "SOCIALA-03", "SOCIALA-07",
    "ALLMANNA-02", "ALLMANNA-08", "ALLMANNA-09",
)  # fmt: skip


@pytest.fixture
def amina(cast):
    """Somebody with a short name and eight statements: what most certificates are like."""
    MunicipalSetting.objects.create(key=municipal.MUNICIPALITY_NAME.key, value="Björkåkra kommun")
    enrolment = EnrolmentFactory(
        unit=cast.centrum, participant__given_name="Amina", participant__family_name="Warsame",
        participant__birth_date=dt.date(1992, 3, 14),
    )  # fmt: skip
    return issued(ended_placement(enrolment), cast.coach)


@pytest.fixture
def sukruye(cast):
    """Everything as long as it gets: name, workplace, grades, tasks, twelve statements."""
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
    return issued(placement, cast.coach, tasks=tasks, statements=LONGEST, with_identity_number=True)


@pytest.mark.beside
@pytest.mark.deep
def test_real_certificates_are_valid_to_archive_and_to_read_aloud(amina, sukruye, cast):
    arabic = EnrolmentFactory(unit=cast.centrum, participant__given_name="علي", participant__family_name="Łukasz")
    draft = drafted(ended_placement(arabic), cast.coach)
    content = certificate_content(draft=draft, issuer=cast.coach, version=1, issued=dt.date(2026, 11, 22))
    made = {
        "short": version_pdf(amina),
        "long": version_pdf(sukruye),
        "draft, other letters": certificate_pdf(content=content, document=None),
    }
    assert faults(made) == {}
    assert all(fonts_embedded(each) for each in made.values())


def test_a_certificate_is_one_a4_with_everything_inside_its_frame(amina, sukruye):
    for name, version in (("certificate-short", amina), ("certificate-long", sukruye)):
        (page,) = check_paper(version_pdf(version), margin=9.5, name=name, most=1)
        frame = page.picture.convert("L")
        # Between the frame and the text is air on every side: nothing runs over the edge.
        scale = frame.width / 210
        for side in ((12, 20, 24, 280), (186, 20, 198, 280)):
            strip = frame.crop(tuple(round(each * scale) for each in side))
            assert strip.getextrema()[0] > 200, f"{name}: ink in {side}"
        assert strip.width > 20


def test_it_says_what_a_certificate_says(amina):
    text = text_of(version_pdf(amina))
    for said in (
        "Björkåkra kommun", "Jobbcenter Centrum", "Kompetensintyg", "Amina Warsame", "Född 1992", "75 % av heltid",
        "Arbetsmarknadsanställning", "Köket på Ekbackens förskola – Skolförvaltningen", "Kök och måltid", "SSYK 9412",
        "Det här har arbetet handlat om", "Praktiskt kunnande", "Samarbetar med andra om en gemensam uppgift.",
        "Så har bedömningen gjorts", "Underskrift", "Alma Alm", "Jobbcoach", amina.document.number,
        amina.document.verification_code, "127.0.0.1", "/kontroll", "Version 1",
        "Intyget är inget tjänstgöringsbetyg och innehåller inga omdömen om personen.",
    ):  # fmt: skip
        assert said in text, said


def test_it_never_says_what_a_certificate_must_not(amina):
    person = amina.certificate.placement.enrolment.participant
    text = text_of(version_pdf(amina))
    for silent in (person.identity_number, person.written_number, "örsörjningsstöd", "rånvaro", "ärvaro", "prövat"):
        assert silent not in text, silent


def test_the_whole_number_stands_there_only_when_it_was_chosen(sukruye):
    person = sukruye.certificate.placement.enrolment.participant
    text = text_of(version_pdf(sukruye))
    assert f"Personnummer {person.written_number}" in text
    assert "Şükrüye-Łucja Wiśniewska Öhrström von Grünewaldt-Đorđević" in text
    assert "50 % från" in text


def test_statements_stand_by_module_those_of_the_area_first(amina):
    modules = amina.content["modules"]
    assert modules[0]["label"] == "Praktiskt kunnande"
    assert sorted(each["code"] for module in modules for each in module["statements"]) == sorted(STATEMENTS)


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
