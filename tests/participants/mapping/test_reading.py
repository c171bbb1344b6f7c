"""Mappings in the file, the way, the timeline, Min dag and the list; what has changed; the form on paper."""

import pytest
from django.urls import reverse

from participants.day.lists import day_lists
from participants.mapping.progress import drawing_of, progress_of
from participants.mapping.told import cefr_of, completed, goals_of
from participants.models import Enrolment
from tests.factories import days_ago
from tests.participants.mapping.conftest import completed_mapping, page, part
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db

FIRST = {
    "sprak": {"cefr_LISTENING": "A2", "cefr_READING": "A1"},
    "hinder": {"obstacles": ["unemployed", "social_reasons"]},
    "digitalt": {"digital_skills": ["phone"]},
    "arbete": {"last_work": "Bagare"},
}
SECOND = {
    "sprak": {"cefr_LISTENING": "B1", "cefr_READING": "A2", "cefr_WRITING": "A2"},
    "hinder": {"obstacles": ["unemployed"]},
    "digitalt": {"digital_skills": ["phone", "email"]},
    "mal": {"goal_occupations": [["9412", "Restaurang- och köksbiträden m.fl."]]},
}


@pytest.fixture
def twice(cast):
    first = completed_mapping(cast.asa, cast.coach, days_ago(40), **FIRST)
    return first, completed_mapping(cast.asa, cast.coach, days_ago(2), **SECOND)


def test_the_file_shows_the_latest_and_leads_to_the_earlier(coach, cast, twice):
    first, second = twice
    said = text(coach.get(part(cast.asa)))
    assert f"Fastställd {days_ago(2).isoformat()} av Alma Alm." in said
    assert "B1" in said
    assert page(cast.asa, "read", first.public_id) in coach.get(part(cast.asa)).content.decode()
    assert "A1" in text(coach.get(page(cast.asa, "read", first.public_id)))
    assert second.number == 2


def test_a_file_without_a_mapping_says_what_to_do_first(coach, cast):
    said = text(coach.get(part(cast.asa)))
    assert "Ingen kartläggning än" in said
    assert "Börja kartläggningen" in said


def test_a_manager_reads_and_does_not_write(client, cast, twice):
    client.force_login(cast.manager)
    assert "Kartlägg på nytt" not in text(client.get(part(cast.asa)))


def test_another_units_mapping_is_not_there(coach, cast):
    elsewhere = completed_mapping(cast.ciwan, cast.outsider, arbete={"last_work": "Kock"})
    assert coach.get(page(cast.ciwan, "read", elsewhere.public_id)).status_code == 404
    assert coach.get(page(cast.asa, "read", elsewhere.public_id)).status_code == 404


def test_what_others_ask_of_the_latest_mapping(cast, twice):
    assert cefr_of(cast.asa) == {"LISTENING": "B1", "READING": "A2", "WRITING": "A2"}
    assert [goal.occupation_id for goal in goals_of(cast.asa)] == ["9412"]
    assert (cefr_of(cast.bertil), goals_of(cast.bertil)) == ({}, [])


def test_what_has_changed_is_told_and_drawn(coach, cast, twice):
    progress = progress_of(completed([cast.asa]))
    assert [(line.label, line.levels) for line in progress.skills if any(line.levels)] == [
        ("Höra och förstå", ["A2", "B1"]), ("Läsa", ["A1", "A2"]), ("Skriva", [None, "A2"])
    ]  # fmt: skip
    assert [(each.new, each.gone) for each in progress.lists] == [
        (["Skriver och läser e-post"], []), ([], ["Arbetshinder av sociala skäl"])
    ]  # fmt: skip
    drawing = drawing_of(progress)
    assert [len(row.dots) for row in drawing.rows] == [2, 2, 1]
    assert all(row.first.x <= row.last.x < drawing.width for row in drawing.rows)
    said = coach.get(page(cast.asa, "progress")).content.decode()
    assert f"Höra och förstå: {days_ago(40)} A2, {days_ago(2)} B1." in " ".join(said.split())


def test_with_one_mapping_there_is_nothing_to_compare(coach, cast):
    completed_mapping(cast.asa, cast.coach, **FIRST)
    assert "Inget att jämföra än" in text(coach.get(page(cast.asa, "progress")))


def test_the_form_on_paper_has_every_question_but_health(coach, cast):
    said = text(coach.get(page(cast.asa, "blank")))
    assert "Vad har du arbetat med?" in said
    assert "med tanke på hälsan" not in said


def test_an_old_mapping_says_so(coach, cast):
    completed_mapping(cast.asa, cast.coach, days_ago(400), **FIRST)
    assert "Gå igenom den på nytt" in text(coach.get(part(cast.asa)))
    assert "Kartläggningen är gammal" in text(coach.get(reverse("participants:file", args=[cast.person.public_id])))


def test_the_way_and_the_timeline_follow(coach, cast, draft):
    file = reverse("participants:file", args=[cast.person.public_id])
    assert "Fastställ kartläggningen som är påbörjad." in text(coach.get(file))
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"})
    said = text(coach.get(file))
    assert "Kartläggningen fastställdes" in said


def test_min_dag_and_the_list_tell_who_lacks_one(coach, cast, draft):
    unmapped = next(each for each in day_lists() if each.key == "kartlaggningar")
    Enrolment.objects.filter(pk=cast.bertil.pk).update(start=days_ago(14))

    def found():
        rows = unmapped.rows(Enrolment.objects.filter(unit=cast.centrum), days_ago(0))
        return dict(rows.values_list("day_enrolment", "day_note"))

    assert found()[cast.asa.pk] == "draft"
    assert cast.bertil.pk not in found()  # not more than fourteen days
    assert "Åsa Öhrström" in text(coach.get(reverse("participants:list"), {"no_mapping": "on", "show": "all"}))
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"})
    assert cast.asa.pk not in found()
