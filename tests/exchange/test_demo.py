"""The invented municipality has something of everything to look at."""

import io

import pikepdf
import pytest
from django.core.management import call_command
from PIL import Image

from competence.models import Certificate
from exchange.demo import papers
from participants.attachments.content import recognise
from participants.models import (
    AftercareLink,
    Attachment,
    JournalEntry,
    JournalMove,
    Merge,
    NumberQuestion,
    Participant,
    SavedFilter,
)
from reporting.models import Publication, Report, Target


@pytest.mark.deep
@pytest.mark.django_db
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
        Certificate,
        Target,
        Report,
        Publication,
    )
    counts = [model.objects.count() for model in models]
    assert all(counts)
    assert Publication.objects.get().is_published
    assert [report.is_frozen for report in Report.objects.order_by("period_end")] == [True, True, False]
    call_command("make_demo", participants=120)
    assert [model.objects.count() for model in models] == counts


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
