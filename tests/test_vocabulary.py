"""The field's words that come and go: forms of activity with the days on which they exist."""

import datetime as dt

import pytest

from vocabulary.models import ActivityForm
from vocabulary.services import activity_forms_load

pytestmark = pytest.mark.django_db


def choosable(day):
    return set(ActivityForm.objects.choosable_on(day).values_list("code", flat=True))


def test_an_abolished_form_is_readable_and_cannot_be_chosen():
    assert ActivityForm.objects.get(code="extratjanst").label == "Extratjänst"
    assert "extratjanst" not in choosable(dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("code", "day", "may_be"),
    [
        ("extratjanst", dt.date(2022, 12, 31), True),  # SFS 2022:1734
        ("extratjanst", dt.date(2023, 1, 1), False),
        ("etableringsjobb", dt.date(2023, 12, 31), False),
        ("etableringsjobb", dt.date(2024, 1, 1), True),
        ("instegsjobb", dt.date(2018, 4, 30), True),
        ("instegsjobb", dt.date(2018, 5, 1), False),
        ("course", dt.date(1999, 1, 1), True),
    ],
)
def test_a_form_may_be_chosen_on_its_days(code, day, may_be):
    assert (code in choosable(day)) is may_be
    assert ActivityForm.objects.get(code=code).is_choosable_on(day) is may_be


def test_loading_again_changes_nothing():
    before = list(ActivityForm.objects.values())
    assert activity_forms_load() == len(before)
    assert list(ActivityForm.objects.values()) == before
