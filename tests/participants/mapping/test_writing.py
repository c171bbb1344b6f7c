"""A mapping is written section by section, saved as it is typed, by two at once, signed out, and completed."""

import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from accounts.models import AccessLogEntry
from participants.mapping.services import CaseClosed, NoDraft, mapping_begin, mapping_discard, section_save
from participants.models import Enrolment, GoalOccupation, MappedLanguage, MappedObstacle, Mapping, MappingSection
from tests.factories import days_ago
from tests.participants.mapping.conftest import answered, completed_mapping, page, part
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


def section(mapping, key="arbete") -> MappingSection:
    return mapping.sections.get(key=key)


def typed(mapping, key="arbete", **fields) -> dict:
    return {"seen": section(mapping, key).revision, "window": uuid.uuid4()} | fields


def test_a_mapping_is_begun_once_and_leads_to_the_first_section(coach, cast):
    for _time in range(2):
        answer = coach.post(page(cast.asa, "begin"))
        assert answer.url == page(cast.asa, "section", "arbete")
    assert Mapping.objects.count() == 1
    assert "Vad har du arbetat med?" in text(coach.get(answer.url))


def test_a_new_mapping_goes_on_from_the_latest_but_for_health(coach, cast):
    sections = {"arbete": {"work_experience": "Bageri i åtta år"}, "halsa": {"health_work": "Inga tunga lyft"}}
    completed_mapping(cast.asa, cast.coach, **sections)
    coach.post(page(cast.asa, "begin"))
    draft = Mapping.objects.get(state="draft")
    assert (draft.number, section(draft).answers) == (2, {"work_experience": "Bageri i åtta år"})
    assert section(draft, "halsa").answers == {}
    assert section(draft, "halsa").opened_why == ""


def test_what_is_typed_is_saved_and_leads_on(coach, cast, draft):
    data = typed(draft, work_experience="Bageri", last_work_end="2024-05-31", time_without_work="gt24", go="next")
    answer = coach.post(page(cast.asa, "section", "arbete"), data)
    assert answer.url == page(cast.asa, "section", "utbildning")
    assert section(draft).answers == {
        "work_experience": "Bageri", "last_work_end": "2024-05-31", "time_without_work": "gt24"
    }  # fmt: skip
    assert (section(draft).edited_by_name, section(draft).revision) == ("Alma Alm", 1)


def test_the_last_section_leads_to_the_look_through(coach, cast, draft):
    answer = coach.post(
        page(cast.asa, "section", "styrkor"), typed(draft, "styrkor", strengths="Noggrann", go="next")
    )
    assert answer.url == page(cast.asa, "complete")


def test_while_somebody_types_only_the_line_below_answers(coach, cast, draft):
    address = page(cast.asa, "section", "arbete")
    answer = coach.post(address, typed(draft, last_work="Bagare"), headers={"HX-Request": "true"})
    assert "Sparat" in text(answer)
    assert "<form" not in answer.content.decode()
    assert 'id="m_seen" value="1" hx-swap-oob="true"' in answer.content.decode()
    assert section(draft).answers == {"last_work": "Bagare"}


def test_what_cannot_be_read_is_told_and_the_rest_is_saved(coach, cast, draft):
    answered(draft, "arbete", {"last_work_end": "2024-05-31"}, cast.coach)
    address = page(cast.asa, "section", "arbete")
    data = typed(draft, last_work="Bagare", last_work_end="i våras")
    assert "Skriv dagen som 2026-03-31." in text(coach.post(address, data, headers={"HX-Request": "true"}))
    assert section(draft).answers == {"last_work": "Bagare", "last_work_end": "2024-05-31"}
    answer = coach.post(address, typed(draft, last_work="Konditor", last_work_end="i våras"))
    assert answer.status_code == 422
    assert 'value="i våras"' in answer.content.decode()
    assert section(draft).answers["last_work"] == "Konditor"


@pytest.mark.parametrize(
    ("wish", "stored"),
    [
        ("Vårdbiträden (5330)", ["5330", "Vårdbiträden"]),
        ("5330", ["5330", "Vårdbiträden"]),
        ("vårdbiträden", ["5330", "Vårdbiträden"]),
        ("köksbiträden", ["9412", "Restaurang- och köksbiträden m.fl."]),
    ],
)
def test_an_occupation_is_found_by_name_code_or_both(coach, cast, draft, wish, stored):
    coach.post(page(cast.asa, "section", "mal"), typed(draft, "mal", goal_occupations_0=wish))
    assert section(draft, "mal").answers == {"goal_occupations": [stored]}


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("Undersköterskor", "Flera yrken passar. Välj ett: "),
        ("Trollkarl", "Inget yrke heter så. Välj ett i listan."),
    ],
)
def test_an_occupation_that_is_not_one_is_told_beside_its_field(coach, cast, draft, wish, sentence):
    answer = coach.post(page(cast.asa, "section", "mal"), typed(draft, "mal", goal_occupations_1=wish))
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_question_is_not_asked_twice_in_a_section_because_its_form_was_sent_twice(client, cast):
    client.force_login(cast.administrator)
    assert client.post(reverse("mapping_questions:create"), question()).status_code == 302
    again = client.post(reverse("mapping_questions:create"), question())
    assert "Den frågan ställs redan" in str(again.context["form"].errors["label"])
    assert client.post(reverse("mapping_questions:create"), question(section="arbete")).status_code == 302


def test_two_who_write_in_a_section_do_not_overwrite_each_other(coach, cast, draft):
    mine = typed(draft, last_work="Bagare")
    answered(draft, "arbete", {"last_work": "Servitör"}, cast.colleague)
    address = page(cast.asa, "section", "arbete")
    for headers, status in (({"HX-Request": "true"}, 200), ({}, 409)):
        answer = coach.post(address, mine, headers=headers)
        assert answer.status_code == status
        assert "Bo Berg sparade något annat här" in text(answer)
        assert "Servitör" in text(answer)
        assert section(draft).answers == {"last_work": "Servitör"}
    assert 'value="Bagare"' in answer.content.decode()
    coach.post(address, mine | {"mine": "1"})
    assert section(draft).answers == {"last_work": "Bagare"}


def test_a_window_does_not_stand_in_its_own_way(coach, cast, draft):
    window, address = uuid.uuid4(), page(cast.asa, "section", "arbete")
    for words in ("B", "Ba", "Bagare"):
        answer = coach.post(
            address, {"seen": 0, "window": window, "last_work": words}, headers={"HX-Request": "true"}
        )
        assert answer.status_code == 200
    assert section(draft).answers == {"last_work": "Bagare"}


def test_what_is_sent_after_the_session_has_ended_is_kept_for_its_writer(client, cast, draft):
    client.force_login(cast.coach)
    address = page(cast.asa, "section", "arbete")
    writer = client.get(address).context["writer"]
    client.logout()
    data = typed(draft, last_work="Bagare", writer=writer)
    client.post(address, data)
    assert section(draft).answers == {"last_work": "Bagare"}
    client.post(address, data | {"last_work": "Inkräktare", "writer": "falsk", "seen": 1})
    assert section(draft).answers == {"last_work": "Bagare"}


# --- Health -------------------------------------------------------------------------------------------------------


def test_health_is_closed_until_somebody_says_why(coach, cast, draft):
    address, opening = page(cast.asa, "section", "halsa"), page(cast.asa, "health_open")
    assert coach.get(address).url == opening
    assert coach.post(address, typed(draft, "halsa", health_work="Rygg")).url == opening
    assert section(draft, "halsa").answers == {}
    assert "Skriv varför du behöver fråga om hälsa." in text(coach.post(opening, {"why": ""}))
    assert coach.post(opening, {"why": "Hitta arbete utan tunga lyft"}).url == address
    assert "Hitta arbete utan tunga lyft" in text(coach.get(address))
    looks = AccessLogEntry.objects.filter(detail__part="mapping_health", actor=cast.coach)
    before = looks.count()
    coach.get(address)  # each look, not only the first
    assert looks.count() == before + 1


def test_health_is_shown_only_to_who_asks_and_that_is_logged(client, cast):
    mapping = completed_mapping(
        cast.asa, cast.coach, arbete={"last_work": "Bagare"}, halsa={"health_work": "Ryggont"}
    )
    address = page(cast.asa, "read", mapping.public_id)
    client.force_login(cast.coach)
    for shown in (address, part(cast.asa)):
        assert "Ryggont" not in text(client.get(shown))
    AccessLogEntry.objects.all()
    assert "Ryggont" in text(client.post(address))
    assert AccessLogEntry.objects.filter(detail__part="mapping_health", actor=cast.coach).count() == 1
    client.force_login(cast.manager)
    assert "Bagare" in text(client.get(address))
    assert client.post(address).status_code == 403


# --- Completing ---------------------------------------------------------------------------------------------------


def test_completing_writes_down_what_others_ask_for(coach, cast, draft):
    languages = {"cefr_LISTENING": "B1", "cefr_READING": "A2", "cefr_assessor": "Sfi", "cefr_on": "2026-01-15"}
    answered(draft, "sprak", languages, cast.coach)
    answered(draft, "hinder", {"obstacles": ["unemployed", "social_reasons"]}, cast.coach)
    answered(draft, "mal", {"goal_occupations": [["9412", "Restaurang- och köksbiträden m.fl."]]}, cast.coach)
    assert "Det här är inte genomgånget" in text(coach.get(page(cast.asa, "complete")))
    answer = coach.post(page(cast.asa, "complete"), follow=True)
    assert "Kartläggningen är fastställd." in text(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.completed_by_name, draft.completed_on) == ("completed", "Alma Alm", days_ago(0))
    assert dict(MappedLanguage.objects.values_list("skill", "level")) == {"LISTENING": "B1", "READING": "A2"}
    assert set(MappedObstacle.objects.values_list("obstacle", flat=True)) == {"unemployed", "social_reasons"}
    assert GoalOccupation.objects.get().occupation_id == "9412"
    assert Enrolment.objects.get(pk=cast.asa.pk).last_activity_on == days_ago(0)
    coach.post(page(cast.asa, "complete"))  # once more is the same
    assert MappedLanguage.objects.count() == 2


def test_an_empty_mapping_cannot_be_completed_from_its_page(coach, cast, draft):
    assert "Inget är skrivet än" in text(coach.get(page(cast.asa, "complete")))


def test_a_completed_mapping_never_changes_whoever_writes(cast, draft):
    answered(draft, "arbete", {"last_work": "Bagare"}, cast.coach)
    done = completed_mapping(cast.asa, cast.coach)
    assert done.pk == draft.pk
    with pytest.raises(NoDraft):
        answered(done, "arbete", {"last_work": "Kock"}, cast.coach)
    with pytest.raises(NoDraft):
        mapping_discard(mapping=done)
    changes = (
        lambda: MappingSection.objects.filter(mapping=done).update(answers={}),
        lambda: Mapping.objects.filter(pk=done.pk).update(completed_by_name="Någon annan"),
        lambda: MappingSection.objects.filter(mapping=done).delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert connection.is_usable()


def test_a_draft_is_thrown_away_when_asked(coach, cast, draft):
    assert "sparas inte någonstans" in text(coach.get(page(cast.asa, "discard")))
    assert "Utkastet är kastat." in text(coach.post(page(cast.asa, "discard"), follow=True))
    assert not Mapping.objects.exists()
    answer = coach.post(page(cast.asa, "section", "arbete"), {"last_work": "Bagare", "seen": 0}, follow=True)
    assert "Ingen kartläggning är påbörjad." in text(answer)


def test_what_was_thrown_away_meanwhile_is_not_saved(cast, draft):
    mapping_discard(mapping=draft)
    with pytest.raises(NoDraft):
        section_save(mapping=draft, key="arbete", answers={}, talked=True, actor=cast.coach, seen=0, window=None)


def test_no_mapping_is_begun_in_a_closed_case(coach, cast):
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(1), closure_reason="moved")
    with pytest.raises(CaseClosed):
        mapping_begin(enrolment=cast.asa, actor=cast.coach)
    assert "hör till en inskrivning som pågår" in text(coach.post(page(cast.asa, "begin"), follow=True))


# --- The municipality's own questions -----------------------------------------------------------------------------


def question(**fields) -> dict:
    data = {"label": "Har du plats i barnomsorgen?", "section": "hinder", "help_text": "", "kind": "choice"}
    data |= {"choices": "Ja\nNej\nI kö", "order": "100", "valid_from": days_ago(1).isoformat(), "valid_to": ""}
    return data | fields


def test_an_own_question_is_asked_and_stays_in_the_words_in_which_it_was_put(client, cast, draft):
    client.force_login(cast.administrator)
    client.post(reverse("mapping_questions:create"), question())
    client.force_login(cast.coach)
    assert "Har du plats i barnomsorgen?" in text(client.get(page(cast.asa, "section", "hinder")))
    key = next(
        name for name in client.get(page(cast.asa, "section", "hinder")).context["form"].fields if "own" in name
    )
    client.post(page(cast.asa, "section", "hinder"), typed(draft, "hinder", **{key: "I kö"}))
    client.post(page(cast.asa, "complete"))
    client.force_login(cast.administrator)
    address = reverse("mapping_questions:edit", args=[key.removeprefix("own-")])
    client.post(address, question(label="Något annat?", valid_to=days_ago(0).isoformat()))
    client.force_login(cast.coach)
    said = text(client.get(part(cast.asa)))
    assert "Har du plats i barnomsorgen? I kö" in said
    assert "Något annat?" not in said


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": ""}, "Skriv frågan."),
        ({"section": ""}, "Välj ett avsnitt."),
        ({"choices": "Ja\nJa "}, "Skriv minst två olika svarsalternativ, ett på varje rad."),
        ({"choices": "Ja"}, "Skriv minst två olika svarsalternativ, ett på varje rad."),
        ({"valid_to": days_ago(3).isoformat()}, "Sista dagen är före den första."),
        ({"valid_from": "snart"}, "Skriv dagen som 2026-03-31."),
    ],
)
def test_a_question_that_cannot_be_is_refused_beside_its_field(client, cast, fields, sentence):
    client.force_login(cast.administrator)
    answer = client.post(reverse("mapping_questions:create"), question(**fields))
    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize(
    ("kind", "value", "stored", "told"),
    [
        ("text", "Två rader\nhär", "Två rader\nhär", "Två rader"),
        ("number", "2,5", "2.5", "2,5"),
        ("yes_no", "no", "no", "Nej"),
        ("choices", ["Ja", "I kö"], ["Ja", "I kö"], "Ja, I kö"),
        ("date", "2026-03-31", "2026-03-31", "31 mars 2026"),
    ],
)
def test_each_kind_of_question_is_asked_kept_and_read(client, cast, draft, kind, value, stored, told):
    client.force_login(cast.administrator)
    client.post(reverse("mapping_questions:create"), question(kind=kind))
    client.force_login(cast.coach)
    form = client.get(page(cast.asa, "section", "hinder")).context["form"]
    key = next(name for name in form.fields if "own" in name)
    client.post(page(cast.asa, "section", "hinder"), typed(draft, "hinder", **{key: value}))
    assert section(draft, "hinder").answers[key] == stored
    assert told in text(client.get(page(cast.asa, "complete")))
