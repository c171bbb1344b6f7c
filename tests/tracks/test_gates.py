"""Gates: small rules, each with the sentence that says what is missing."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from competence.language import HeldLevel
from competence.models import Credential, CredentialKind
from tests.factories import EnrolmentFactory
from tracks.gates import Known, known_of, lacks
from tracks.models import Gate, GateKind, Step, Track

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def step():
    """The assessment step of the care track, after its introduction."""
    return Step.objects.select_related("version").get(version__track__code="vard-och-omsorg", key="bedomning")


def said(step, kind: str, asks: dict, known: Known, before: Step | None = None) -> str:
    """What one gate says. The shipped step's own gates are left aside."""
    step._prefetched_objects_cache = {"gates": [Gate(step=step, kind=kind, asks=asks)]}
    return " ".join(lack.sentence for lack in lacks(step, known, before=before))


def known(**facts) -> Known:
    return Known(**{"age": 25} | facts)


def level(skill: str, held: str) -> dict[str, HeldLevel]:
    return {skill: HeldLevel(skill, held, DAY, "Lärare")}


@pytest.mark.parametrize(("held", "eligible"), [("A2", False), ("B1", True), ("C1", True), ("none", False)])
def test_a_level_of_swedish_opens_from_the_one_that_is_asked_for(step, held, eligible):
    """The vectors `cefr_gate` of the acceptance cases."""
    asks = {"skill": "INTERACTION", "level": "B1"}
    answer = said(step, GateKind.LANGUAGE, asks, known(levels=level("INTERACTION", held)))
    assert bool(answer) is not eligible
    if held == "A2":
        assert answer == "B1 i ”Samtala” krävs. Nivån bedömdes senast till A2."
    assert "inte bedömd" in said(step, GateKind.LANGUAGE, asks, known(levels=level("READING", "C1")))


@pytest.mark.parametrize(("age", "words"), [(17, "minst 18 år"), (18, ""), (29, ""), (30, "högst 29 år")])
def test_an_age_is_asked_in_full_years(step, age, words):
    answer = said(step, GateKind.AGE, {"least": 18, "most": 29}, known(age=age))
    assert words in answer if words else answer == ""


def test_an_earlier_step_must_have_gone_as_it_says(step):
    asks = {"step": "introduktion", "results": ["passed", "skipped"]}
    assert said(step, GateKind.PREVIOUS_STEP, asks, known()) == "”Introduktion till omsorgsyrket” kommer först."
    assert "Inte godkänt" in said(step, GateKind.PREVIOUS_STEP, asks, known(results={"introduktion": "not_passed"}))
    assert said(step, GateKind.PREVIOUS_STEP, asks, known(results={"introduktion": "skipped"})) == ""


def test_a_competence_counts_from_a_signed_assessment(step):
    asks = {"code": "ALLMANNA-01", "level": 3}
    answer = said(step, GateKind.COMPETENCE, asks, known())
    assert "Kommer i tid" in answer
    assert "Självständigt" in answer
    assert "Med visst stöd" in said(step, GateKind.COMPETENCE, asks, known(competences={"ALLMANNA-01": 2}))
    assert said(step, GateKind.COMPETENCE, asks, known(competences={"ALLMANNA-01": 3})) == ""


def test_a_paper_of_the_kind_with_one_of_the_words_opens(step):
    asks = {"kind": "vocational", "words": "lokalvård eller städ"}
    paper = Credential(kind=CredentialKind.VOCATIONAL, title="Yrkesbevis Städ SRY")
    other = Credential(kind=CredentialKind.LICENCE, title="Truckkort städ")
    assert said(step, GateKind.CREDENTIAL, asks, known(credentials=(paper,))) == ""
    assert "Yrkesbevis krävs" in said(step, GateKind.CREDENTIAL, asks, known(credentials=(other,)))


def test_a_document_must_have_been_shown(step):
    asks = {"words": "Utdrag ur belastningsregistret"}
    assert "ska ha visats upp" in said(step, GateKind.DOCUMENT, asks, known())
    shown = known(documents=frozenset({"utdrag ur belastningsregistret"}))
    assert said(step, GateKind.DOCUMENT, asks, shown) == ""


def test_so_many_weeks_on_the_step_before(step):
    before = Step(key="introduktion", title="Introduktion")
    assert "1 vecka återstår" in said(step, GateKind.TIME, {"weeks": 4}, known(days={"introduktion": 22}), before)
    assert "4 veckor återstår" in said(step, GateKind.TIME, {"weeks": 4}, known(), before)
    assert said(step, GateKind.TIME, {"weeks": 4}, known(days={"introduktion": 28}), before) == ""


def test_many_cost_as_many_questions_as_one():
    cases = [EnrolmentFactory() for _each in range(4)]
    counts = []
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as queries:
            assert set(known_of(some, DAY)) == {case.pk for case in some}
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_shipped_care_track_asks_for_b1_before_its_assessment(step):
    answers = [lack.sentence for lack in lacks(step, known(levels=level("INTERACTION", "A2")))]
    assert len(answers) == 2
    assert "B1" in answers[0]
    assert Track.objects.filter(name="Vård och omsorg").exists()
