"""The states of an assessment, what is refused, and what stays as it was."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from competence.assessing import services
from competence.assessing.said import Said
from competence.models import AssessedCompetence, Assessment, AssessmentState, SignedBy
from placements.changing import Overtaken
from tests.competence.assessments import begun_assessment, signed_assessment
from tests.competence.certificates import ended_placement
from tests.factories import days_ago

pytestmark = pytest.mark.django_db


def test_it_begins_with_the_area_of_the_workplace_and_once(cast):
    placement = ended_placement(cast.asa)
    first = services.assessment_begin(placement=placement, stage="start", actor=cast.coach)
    assert first.area.code == "KOK"
    assert services.assessment_begin(placement=placement, stage="start", actor=cast.colleague) == first
    to_come = ended_placement(cast.asa, start=days_ago(-3), end=None)
    with pytest.raises(services.CannotBegin):
        services.assessment_begin(placement=to_come, stage="start", actor=cast.coach)


def test_it_is_completed_only_with_an_area_something_tried_and_evidence(cast):
    placement = ended_placement(cast.asa, area=None)
    draft = services.assessment_begin(placement=placement, stage="final", actor=cast.coach)
    services.competence_save(assessment=draft, code="SPRAK-01", said=Said(0), actor=cast.coach)
    with pytest.raises(services.NotComplete) as refused:
        services.assessment_complete(assessment=draft, actor=cast.coach)
    assert [each.code for each in refused.value.missing] == ["", ""]
    draft = begun_assessment(placement, levels={"SPRAK-01": 2, "SPRAK-02": 1}, evidence=())
    with pytest.raises(services.NotComplete) as refused:
        services.assessment_complete(assessment=draft, actor=cast.coach)
    assert [each.code for each in refused.value.missing] == ["SPRAK-01"]
    services.competence_save(assessment=draft, code="SPRAK-01", said=Said(2, ("CONVERSATION",)), actor=cast.coach)
    assert services.assessment_complete(assessment=draft, actor=cast.coach).state == AssessmentState.COMPLETED
    assert services.assessment_reopen(assessment=draft).completed_on is None


def test_two_who_write_lose_nothing(cast):
    draft = begun_assessment(ended_placement(cast.asa), levels={"SPRAK-01": 2})
    shown = Said(2, ("OBSERVED",)).mark
    mine, theirs = Said(4, ("OBSERVED",)), Said(3, ("OBSERVED",))
    services.competence_save(assessment=draft, code="SPRAK-01", said=theirs, was=shown, actor=cast.colleague)
    page = {"SPRAK-01": mine, "SPRAK-02": Said(1), "SPRAK-03": Said()}
    was = {"SPRAK-01": shown, "SPRAK-02": "", "SPRAK-03": ""}
    saved = services.assessment_save(assessment=draft, said=page, was=was, actor=cast.coach)
    assert saved.kept == {"SPRAK-01": theirs}
    assert saved.said["SPRAK-02"] == Said(1)
    # Who has seen the other's may replace it; who did not touch it leaves it alone.
    was["SPRAK-01"] = theirs.mark
    assert services.assessment_save(assessment=draft, said=page, was=was, actor=cast.coach).kept == {}
    services.assessment_save(assessment=draft, said={"SPRAK-01": Said()}, was={"SPRAK-01": ""}, actor=cast.coach)
    assert AssessedCompetence.objects.get(assessment=draft, competence__code="SPRAK-01").level == 4
    with pytest.raises(ValueError, match="NIX-01"):
        services.competence_save(assessment=draft, code="NIX-01", said=Said(1), actor=cast.coach)


def test_a_page_that_saves_something_else_does_not_overwrite_what_others_have_said(cast):
    draft, window = begun_assessment(ended_placement(cast.asa), levels={"SPRAK-01": 2}), uuid.uuid4()
    shown, theirs = Said(2, ("OBSERVED",)).mark, Said(3, ("OBSERVED",))
    services.competence_save(assessment=draft, code="SPRAK-01", said=theirs, actor=cast.colleague)

    def page(code, said, was):
        return services.competence_save(
            assessment=draft, code=code, said=said, was=was, actor=cast.coach, window=window
        )

    page("SPRAK-02", Said(1), "")
    for _time in range(2):
        assert page("SPRAK-01", Said(1), shown).kept == {"SPRAK-01": theirs}
    # It has not heard of its own saving, and is not in its own way.
    assert page("SPRAK-02", Said(0), "").said["SPRAK-02"] == Said(0)


@pytest.mark.deep
def test_what_was_said_of_another_area_is_no_part_of_it(cast):
    draft = begun_assessment(ended_placement(cast.asa), levels={"KOK-01": 1, "SPRAK-01": 1})
    other = draft.area.__class__.objects.get(version=draft.catalogue, code="LOK")
    services.area_choose(assessment=draft, area=other, actor=cast.coach)
    services.assessment_complete(assessment=draft, actor=cast.coach)
    assert [row.competence.code for row in draft.competences.all()] == ["SPRAK-01"]


def test_signed_it_never_changes_and_a_correction_is_a_new_version(cast):
    placement = ended_placement(cast.asa)
    signed = signed_assessment(placement, levels={"KOK-01": 2, "SPRAK-01": 1})
    with pytest.raises(services.OtherState):
        services.competence_save(assessment=signed, code="KOK-01", said=Said(1), actor=cast.coach)
    for act in (services.assessment_reopen, services.assessment_discard):
        with pytest.raises(services.OtherState):
            act(assessment=signed)
    with pytest.raises(services.AssessmentSigned):
        services.assessment_begin(placement=placement, stage="final", actor=cast.coach)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.competences.update(level=4)
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.filter(pk=signed.pk).update(signed_by_name="Annan")
    correction = services.assessment_correct(assessment=signed, why="Fel nivå.", actor=cast.coach)
    assert services.assessment_correct(assessment=signed, why="Igen.", actor=cast.coach) == correction
    assert (correction.version, correction.corrects_why) == (2, "Fel nivå.")
    assert [row.level for row in correction.competences.all()] == [1, 2]
    assert list(Assessment.objects.holding()) == [signed]
    signed_assessment(placement, levels={"KOK-01": 3})
    assert [each.version for each in Assessment.objects.holding()] == [2]


def test_a_signature_is_of_what_was_read_and_of_a_day_that_has_come(cast):
    draft = begun_assessment(ended_placement(cast.asa))
    seen = draft.revision
    services.competence_save(assessment=draft, code="SPRAK-02", said=Said(1), actor=cast.colleague)
    sign = {"assessment": draft, "how": SignedBy.PAPER, "name": "Lena Holm"}
    with pytest.raises(Overtaken):
        services.assessment_sign(**sign, seen=seen)
    for day in (days_ago(-1), days_ago(51)):
        with pytest.raises(services.CannotSign):
            services.assessment_sign(**sign, day=day)
    signed = services.assessment_sign(**sign, seen=seen + 1, day=days_ago(1))
    assert signed.completed_by_name == "Lena Holm"
    assert services.assessment_sign(**sign) == signed
    with pytest.raises(services.OtherState):
        services.assessment_sign(**(sign | {"name": "Någon Annan"}))
    assert services.assessment_review(assessment=signed, actor=cast.manager).reviewed_by_name == "Eva Ek"
