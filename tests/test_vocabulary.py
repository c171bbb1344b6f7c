"""The field's words that come and go: forms of activity with the days on which they exist."""

import datetime as dt

import pytest
from django.urls import reverse

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


# --- The administrators' pages ------------------------------------------------------------------------------------


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


def typed(**fields) -> dict:
    data = {"label": "Studiebesök", "code": "studiebesok", "kind": "activity", "requirement": "ability"}
    return data | {"valid_from": "", "valid_to": ""} | fields


def test_a_municipality_adds_a_form_of_its_own(administrator):
    page = administrator.post(reverse("vocabulary:activity_form_create"), typed(), follow=True)
    assert "Studiebesök har sparats." in page.content.decode()
    assert "studiebesok" in choosable(dt.date(2026, 1, 1))


def test_a_form_is_ended_and_the_shipped_file_leaves_it_alone_from_then_on(administrator):
    address = reverse("vocabulary:activity_form_edit", args=["course"])
    administrator.post(address, typed(label="Kurser", valid_to="2026-06-30"))
    activity_forms_load()
    form = ActivityForm.objects.get(pk="course")
    assert (form.label, form.valid_to) == ("Kurser", dt.date(2026, 6, 30))
    assert "course" not in choosable(dt.date(2026, 7, 1))
    page = administrator.get(reverse("vocabulary:activity_form_list")).content.decode()
    assert page.index("Bara att läsa") > 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": ""}, "Skriv vad insatsformen heter."),
        ({"code": "Stora Ord"}, "Använd små bokstäver a–z, siffror och understreck"),
        ({"code": "course"}, "Det finns redan en insatsform med den koden."),
        ({"valid_from": "2026-03-01", "valid_to": "2026-02-01"}, "Sista dagen är före den första."),
        ({"valid_to": "snart"}, "Skriv dagen som 2026-03-31."),
        ({"kind": ""}, "måste fyllas i"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(administrator, fields, sentence):
    page = administrator.post(reverse("vocabulary:activity_form_create"), typed(**fields))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ActivityForm.objects.filter(is_own=True).exists()
