"""The invented municipality has something of everything to look at."""

import pytest
from django.core.management import call_command

from competence.models import Certificate
from participants.models import Participant
from reporting.models import Publication, Report, Target


@pytest.mark.deep
@pytest.mark.django_db
def test_a_second_demo_adds_nothing_to_the_first():
    call_command("make_demo", participants=120)
    models = (Participant, Certificate, Target, Report, Publication)
    counts = [model.objects.count() for model in models]
    assert all(counts)
    assert Publication.objects.get().is_published
    assert [report.is_frozen for report in Report.objects.order_by("period_end")] == [True, True, False]
    call_command("make_demo", participants=120)
    assert [model.objects.count() for model in models] == counts
