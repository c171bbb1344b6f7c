"""Levels of language: recorded, withdrawn, and which of them hold."""

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone

from competence.language import language_levels, reaches
from competence.models import LanguageGrade
from participants.mapping.services import mapping_begin, mapping_complete, section_save
from participants.models.mapping import MappingSectionKey
from tests.competence.assessing.conftest import supervised
from tests.competence.assessing.test_by_link import text
from tests.competence.assessments import begun_assessment
from tests.factories import days_ago
from tests.register import CASES

pytestmark = pytest.mark.django_db
TOKEN = "8d2f5a4e-7a55-4c0c-9d5e-2f0a54a4b002"


def graded(client, address, day, **levels):
    fields = {"graded_on": day.isoformat(), "assessor": "Eva Lärare", "how": "education", "token": TOKEN}
    return client.post(address, fields | levels)


def mapped(cast, **levels) -> None:
    mapping = mapping_begin(enrolment=cast.asa, actor=cast.coach)
    answers = {f"cefr_{skill}": level for skill, level in levels.items()}
    answers |= {"cefr_on": days_ago(10).isoformat(), "cefr_assessor": "Komvux"}
    key = MappingSectionKey.LANGUAGE
    section_save(mapping=mapping, key=key, answers=answers, talked=True, actor=cast.coach, seen=0, window=None)
    mapping_complete(mapping=mapping, actor=cast.coach, day=days_ago(9))


def levels(cast, day=None) -> dict[str, tuple[str, str]]:
    held = language_levels(cast.asa, day or timezone.localdate())
    return {skill: (each.level, each.assessor) for skill, each in held.items()}


def test_the_latest_level_of_each_skill_holds_whoever_has_judged_it(client, cast):
    client.force_login(cast.coach)
    mapped(cast, READING="A2", WRITING="A1")
    assert levels(cast) == {"READING": ("A2", "Komvux"), "WRITING": ("A1", "Komvux")}
    page = reverse("assessing:grade", args=[cast.person.public_id])
    for _time in range(2):
        assert graded(client, page, days_ago(3), READING="B1", LISTENING="B2").status_code == 302
    assert LanguageGrade.objects.count() == 2
    assert levels(cast)["READING"] == ("B1", "Eva Lärare")
    assert levels(cast, days_ago(4))["READING"] == ("A2", "Komvux")
    assert levels(cast, days_ago(11)) == {}
    grade = LanguageGrade.objects.get(skill="READING")
    withdraw = reverse("assessing:grade_withdraw", args=[cast.person.public_id, grade.public_id])
    assert client.post(withdraw, {"why": ""}).status_code == 422
    for why in ("Fel person.", "Något annat."):
        client.post(withdraw, {"why": why})
    grade.refresh_from_db()
    assert (grade.withdrawn_on, grade.withdrawn_why) == (timezone.localdate(), "Fel person.")
    assert levels(cast)["READING"] == ("A2", "Komvux")
    told = text(client.get(reverse("participants:part", args=[cast.person.public_id, "kompetens"])))
    assert "Återkallad" in told
    assert "Från kartläggningen" in told


def test_what_cannot_be_is_said_beside_the_field(client, cast):
    client.force_login(cast.coach)
    page = reverse("assessing:grade", args=[cast.person.public_id])
    assert "Dagen har inte varit ännu." in text(graded(client, page, days_ago(-1), READING="A1"))
    assert "Deltagaren var inte född den dagen." in text(graded(client, page, days_ago(36500), READING="A1"))
    assert "Välj en nivå för minst en färdighet." in text(graded(client, page, days_ago(1)))
    assert graded(client, page, days_ago(1), READING="D9").status_code == 422
    assert not LanguageGrade.objects.exists()


@pytest.mark.deep
def test_a_level_graded_in_an_assessment_belongs_to_it(client, cast):
    client.force_login(cast.coach)
    draft = begun_assessment(supervised(cast.asa), actor=cast.coach)
    page = reverse("assessing:grade_in_assessment", args=[cast.person.public_id, draft.public_id])
    graded(client, page, days_ago(1), INTERACTION="B1")
    assert LanguageGrade.objects.get().assessment == draft
    address = reverse("assessing:assessment", args=[cast.person.public_id, draft.public_id])
    assert "B1" in text(client.get(address))
    client.post(reverse("assessing:discard", args=[cast.person.public_id, draft.public_id]))
    assert LanguageGrade.objects.get().assessment is None


def test_the_gates_of_the_acceptance_cases_say_the_same():
    gates = yaml.safe_load(CASES.read_text(encoding="utf-8"))["vectors"]["cefr_gate"]
    for case in gates:
        assert reaches(case["level"], case["required"]) == case["eligible"], case
    assert not reaches("", "A1")
