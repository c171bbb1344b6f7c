"""The invented municipality has something of everything to look at."""

import datetime as dt
import io

import pikepdf
import pytest
from django.core.management import call_command
from PIL import Image

from competence.models import (
    Assessment,
    AssessmentLink,
    Certificate,
    CertificateDraft,
    CertificateVersion,
    Credential,
    LanguageGrade,
    ParticipantView,
)
from exchange.demo import papers
from exchange.demo.register import DemoRegister
from participants.attachments.content import recognise
from participants.identity import identity_number_parse
from participants.models import (
    AftercareLink,
    Attachment,
    JournalEntry,
    JournalMove,
    Merge,
    NumberQuestion,
    Participant,
    PlanVersion,
    SavedFilter,
)
from placements.models import (
    AddedValue,
    Commitment,
    EmployerAgreement,
    GroupPlace,
    Placement,
    PlacementChecklist,
    ScheduledHours,
    SupervisorTraining,
    SupportVisit,
    WorkplaceCheck,
)
from placements.models.placement import PlacementState
from reporting.models import Publication, Report, Target
from tracks.models import Action, GateException, Member, Passage


@pytest.mark.beside
@pytest.mark.deep
@pytest.mark.django_db(transaction=True)  # the heart of the job that prepares a publication beats beside it
def test_a_second_demo_adds_nothing_to_the_first():
    call_command("make_demo", participants=120)
    people = (Participant, Merge, NumberQuestion)
    models = (
        *people,
        AftercareLink,
        SavedFilter,
        JournalEntry,
        JournalMove,
        Attachment,
        PlanVersion,
        GroupPlace,
        EmployerAgreement,
        Commitment,
        WorkplaceCheck,
        SupervisorTraining,
        SupportVisit,
        PlacementChecklist,
        ScheduledHours,
        AddedValue,
        Certificate,
        CertificateDraft,
        Credential,
        Assessment,
        AssessmentLink,
        ParticipantView,
        LanguageGrade,
        Target,
        Report,
        Publication,
        Member,
        Passage,
        GateException,
        Action,
    )
    counts = [model.objects.count() for model in models]
    assert not [model.__name__ for model, count in zip(models, counts, strict=True) if not count]
    assert {placement.state for placement in Placement.every.all()} == set(PlacementState)
    here = CertificateVersion.objects.filter(issued_elsewhere=False)
    assert {each.state_among(each.certificate.versions.all()) for each in here} == {"issued", "replaced", "revoked"}
    assert {tuple(each.content["languages"]) for each in here} == {("sv",), ("sv", "en")}
    assert Publication.objects.get().is_published
    assert [report.is_frozen for report in Report.objects.order_by("period_end")] == [True, True, False]
    # Nobody is past a gate otherwise than by meeting it or by an exception that says what was missing.
    asked = Passage.objects.been_on().select_related("member", "step")
    for passage in asked.filter(step__gates__kind="previous_step").distinct():
        before = passage.member.passages.filter(step__position__lt=passage.step.position)
        assert before.count() == passage.step.position - 1, passage.step
    assert 1 <= GateException.objects.count() <= Member.objects.count() / 4
    call_command("make_demo", participants=120)
    assert [model.objects.count() for model in models] == counts


def test_nobody_has_been_under_the_activity_responsibility_long_after_turning_20():
    """It ends with the birthday (skollagen 29 kap. 9 §): the list of those who turn 20 is not one of grown-ups."""
    today = dt.date(2026, 11, 27)
    files = DemoRegister(participants=400, seed=1, today=today, coaches={}).files()
    born = {row["participant"]: birth_date_of(row) for row in files["participants.csv"]}
    under = [row for row in files["enrolments.csv"] if row["target_group"] == "activity_responsibility"]
    ages = [((row["end"] or today) - born[row["participant"]]).days / 365.25 for row in under]
    assert 20 < len(ages) < 120
    assert max(ages) < 20.25


def birth_date_of(row: dict) -> dt.date:
    if not row["identity_number"]:
        return row["birth_date"]
    return identity_number_parse(row["identity_number"], today=dt.date(2026, 11, 27)).birth_date


def test_the_papers_of_the_demo_are_what_they_are_said_to_be():
    """Whoever opens one sees a letter, a form or a picture; and each would be taken if somebody attached it."""
    for content, name in (
        (papers.letter("Kallelse (ny tid)", "", "Till Åsa Öberg"), "kallelse.pdf"),
        (papers.form("Inför mötet", "Mål"), "inför mötet.docx"),
        (papers.photograph(1), "IMG_1.png"),
    ):
        assert recognise(content, name)
    with pikepdf.open(io.BytesIO(papers.letter("Rubrik", "Rad"))) as pdf:
        assert len(pdf.pages) == 1
    with Image.open(io.BytesIO(papers.photograph(2))) as picture:
        picture.load()
