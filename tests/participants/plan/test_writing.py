"""Writing a plan: the draft that keeps itself, two windows, what is missing before it is decided."""

import uuid

import pytest
from django.urls import reverse
from django.utils.html import escape

from participants.file import file_for
from participants.journal.writing import writer_ticket
from participants.models import Enrolment, PlanVersion
from participants.plan.services.versions import draft_of
from tests.factories import days_ago
from tests.participants.mapping.conftest import completed_mapping
from tests.participants.plan.plans import (
    activity,
    address,
    decided,
    drafted,
    in_days,
    milestone,
    part,
    sent,
    typed,
)
from vocabulary.models import ActivityForm


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_is_typed_is_kept_right_or_wrong(coach, cast):
    plan = typed([milestone(due="i vår")], goal_on="när det går")
    answer = coach.post(address("plan_write", cast.asa), sent(plan), headers={"HX-Request": "true"})
    assert "Utkastet är sparat" in text(answer)
    draft = PlanVersion.objects.get()
    assert (draft.state, draft.number, draft.revision, draft.saved_by) == ("draft", 1, 1, cast.coach)
    assert draft.typed["milestones"][0]["due"] == draft.typed["milestones"][0]["due"] == "i vår"
    page = text(coach.get(address("plan_write", cast.asa)))
    assert 'value="när det går"' in page
    assert "Klara språkpraktik 12 veckor" in page


def test_the_same_again_changes_nothing(coach, cast):
    data = sent(typed([milestone()]))
    for _time in range(2):
        coach.post(address("plan_write", cast.asa), data)
    assert PlanVersion.objects.get().revision == 1


def test_no_history_is_kept_of_what_is_typed(coach, cast):
    for goal in ("Ett", "Ett jobb"):
        coach.post(
            address("plan_write", cast.asa), sent(typed(goal=goal), window="a1b2c3d4-0000-4000-8000-000000000000")
        )
    assert PlanVersion.pgh_event_model.objects.count() == 1


def test_another_window_is_told_and_loses_nothing(coach, cast):
    plan = typed([milestone()])
    coach.post(address("plan_write", cast.asa), sent(plan))
    mine = sent(plan | {"goal": "Anställning som bagare"})
    told = coach.post(address("plan_write", cast.asa), mine, headers={"HX-Request": "true"})
    assert "Du sparade andra ändringar i ett annat fönster" in text(told)
    assert told["HX-Retarget"] == "#draft-state"
    page = coach.post(address("plan_write", cast.asa), mine)
    assert page.status_code == 409
    assert PlanVersion.objects.get().typed["goal"] == plan["goal"]
    assert "Anställning som bagare</textarea>" in text(page)
    assert "<del>" in text(page)
    seen = PlanVersion.objects.get().revision
    assert coach.post(address("plan_write", cast.asa), mine | {"seen": seen}).status_code == 302
    assert PlanVersion.objects.get().typed["goal"] == "Anställning som bagare"


def test_a_colleague_is_named(client, cast):
    drafted(cast.asa, cast.colleague, typed([milestone()]))
    client.force_login(cast.coach)
    page = client.post(address("plan_write", cast.asa), sent(typed(goal="Annat")))
    assert page.status_code == 409
    assert "Bo Berg sparade andra ändringar" in text(page)


def test_a_draft_that_was_decided_in_another_window_can_be_saved_anew(coach, cast):
    decided(cast.asa, cast.coach, [milestone()])
    plan = typed([milestone("Nytt delmål")])
    page = coach.post(address("plan_write", cast.asa), sent(plan, seen="4"))
    assert page.status_code == 409
    assert "Utkastet finns inte längre" in text(page)
    assert "Nytt delmål" in text(page)
    assert coach.post(address("plan_write", cast.asa), sent(plan, seen="0")).status_code == 302
    assert PlanVersion.objects.get(state="draft").number == 2


def test_rows_are_added_and_taken_away_with_and_without_script(coach, cast):
    first = milestone()
    plan = typed([first], [activity()])
    here = address("plan_write", cast.asa)
    answer = coach.post(here, sent(plan, act="add-milestone"))
    draft = PlanVersion.objects.get()
    added = draft.typed["milestones"][1]
    assert answer["Location"] == f"{here}#row-{added['key']}"
    assert added["responsible"] == "participant"
    rest = sent(draft.typed, act=f"remove-{first['key']}", seen=draft.revision)
    answer = coach.post(here, rest, headers={"HX-Request": "true"})
    assert [row["key"] for row in PlanVersion.objects.get().typed["milestones"]] == [added["key"]]
    assert f'id="row-{added["key"]}"' in text(answer)
    assert first["key"] not in text(answer)


def test_a_form_sent_after_the_session_has_ended_is_kept(client, cast):
    ticket = writer_ticket(file_for(cast.coach, cast.person.public_id))
    answer = client.post(address("plan_write", cast.asa), sent(typed(goal="Skrivet länge"), writer=ticket))
    assert answer.status_code == 302
    assert PlanVersion.objects.get().typed["goal"] == "Skrivet länge"
    client.force_login(cast.colleague)
    refused = client.post(address("plan_write", cast.asa), sent(typed(goal="En annans"), writer=ticket))
    assert refused.status_code == 403


def test_a_false_ticket_keeps_nothing(client, cast):
    client.post(address("plan_write", cast.asa), sent(typed(), writer="falsk"))
    assert not PlanVersion.objects.exists()


def test_a_closed_enrolment_gets_no_plan(coach, cast):
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(1), closure_reason="moved")
    page = coach.post(address("plan_write", cast.asa), sent(typed()), follow=True)
    assert "går inte att skriva någon plan" in text(page)
    assert not PlanVersion.objects.exists()


WRONG = (
    ({"goal": ""}, "Skriv vad målet är."),
    ({"goal_on": ""}, "Ange när målet senast ska vara nått."),
    ({"goal_on": "snart"}, "Skriv dagen som 2026-03-31."),
    ({"goal_on": in_days(-3)}, "Det är innan planen beslutas."),
    ({"goal_on": in_days(3000)}, "Det är mer än fem år framåt."),
    ({"agreement": "not_asked"}, "Fråga deltagaren först."),
    ({"agreement": ""}, "Fråga deltagaren först."),
    ({"agreement_way": ""}, "Ange hur deltagaren svarade."),
    ({"agreement_on": ""}, "Ange vilken dag."),
    ({"agreement_on": in_days(2)}, "Dagen ligger i framtiden."),
    ({"agreement_on": in_days(-400)}, "Det är före inskrivningens början"),
    ({"agreement": "with_comment"}, "Skriv kommentaren."),
    ({"agreement": "disagrees"}, "Skriv varför planen beslutas ändå"),
    ({"decided_on": in_days(1)}, "Besluta planen när den dagen har kommit."),
    ({"decided_on": in_days(-400)}, "Det är före inskrivningens början"),
    ({"review_on": ""}, "Ange när planen senast ska följas upp."),
    ({"review_on": in_days(0)}, "Planen följs upp efter beslutet."),
    ({"review_on": in_days(300)}, "Planen ska följas upp senast den"),
    ({"goal": "x" * 501}, "Skriv högst 500 tecken."),
)


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_a_plan_is_not_decided_before_it_is_whole(coach, cast, fields, sentence):
    page = coach.post(address("plan_write", cast.asa), sent(typed([milestone()], **fields), act="decide"))
    assert page.status_code == 422
    assert escape(sentence) in text(page)
    assert "Det du har skrivit är sparat som utkast." in text(page)
    assert PlanVersion.objects.get().state == "draft"


ROWS_WRONG = (
    (milestone, {"text": ""}, "Skriv vad det är."),
    (milestone, {"due": ""}, "Ange senaste dag."),
    (milestone, {"due": in_days(-400)}, "Det är före inskrivningens början"),
    (milestone, {"due": in_days(3000)}, "Det är mer än fem år framåt."),
    (milestone, {"responsible": "nobody"}, "Ange vem som ansvarar."),
    (milestone, {"responsible": "other"}, "Skriv vem det är."),
    (activity, {"form": ""}, "Välj insatsform."),
    (activity, {"form": "extratjanst"}, "Välj en av formerna i listan."),
    (activity, {"purpose": ""}, "Skriv syftet: inget kan bokas utan det."),
    (activity, {"expected_outcome": ""}, "Skriv det förväntade utfallet: inget kan bokas utan det."),
    (activity, {"need": ""}, "Ange vems behov det är."),
    (activity, {"end": in_days(1)}, "Slutet är före starten."),
)


@pytest.mark.parametrize(("row", "fields", "sentence"), ROWS_WRONG)
def test_each_row_says_beside_the_field_what_it_lacks(coach, cast, row, fields, sentence):
    wrong = row(**fields)
    plan = typed([wrong]) if row is milestone else typed([], [wrong])
    page = coach.post(address("plan_write", cast.asa), sent(plan, act="decide"))
    assert page.status_code == 422
    assert text(page).count(escape(sentence)) == 2  # in the summary, and beside the field
    assert not Enrolment.objects.get(pk=cast.asa.pk).activities.exists()


def test_a_plan_without_a_way_to_the_goal_is_refused_and_empty_rows_do_not_matter(coach, cast):
    empty = dict.fromkeys(milestone(), "") | {"key": str(uuid.uuid4()), "responsible": "participant"}
    page = coach.post(address("plan_write", cast.asa), sent(typed([empty]), act="decide"))
    assert "Skriv minst ett delmål eller en insats" in text(page)
    draft = PlanVersion.objects.get()
    answer = coach.post(
        address("plan_write", cast.asa), sent(typed([empty, milestone()]), act="decide", seen=draft.revision)
    )
    assert answer["Location"] == address("plan_decide", cast.asa)


def test_an_abolished_form_cannot_be_chosen_and_is_readable_in_an_old_plan(coach, cast):
    form = ActivityForm.objects.create(code="gammal", label="Gammal insats", kind="activity")
    decided(cast.asa, cast.coach, activities=[activity("gammal")])
    ActivityForm.objects.filter(pk=form.pk).update(valid_to=days_ago(1))
    assert '<option value="gammal"' not in text(coach.get(address("plan_write", cast.bertil)))
    assert "Gammal insats" in text(coach.get(part(cast.asa)))


def test_a_form_that_is_abolished_by_then_cannot_be_chosen_for_what_begins_later(coach, cast):
    ActivityForm.objects.create(code="sista", label="Sista insatsen", kind="activity", valid_to=in_days(10))
    for days, told in ((10, False), (11, True)):
        plan = typed([milestone()], [activity("sista", start=in_days(days))])
        page = coach.post(address("plan_write", cast.asa), sent(plan, seen=draft_of(cast.asa).revision, act="decide"))
        assert ("Sista insatsen går inte att välja för något som börjar" in text(page)) is told
        assert page.status_code == (422 if told else 302)


def test_only_writers_of_the_unit_write(client, cast):
    for user, status in ((cast.manager, 403), (cast.coordinator, 200), (cast.outsider, 404)):
        client.force_login(user)
        assert client.get(address("plan_write", cast.asa)).status_code == status


def test_thrown_away_after_a_question(coach, cast):
    draft = drafted(cast.asa, cast.coach, typed(goal="Ett"))
    assert "finns sedan inte kvar" in text(coach.get(address("plan_discard", cast.asa)))
    drafted(cast.asa, cast.colleague, typed(goal="Två"))
    page = coach.post(address("plan_discard", cast.asa), {"seen": draft.revision})
    assert page.status_code == 409
    for _time in range(2):
        page = coach.post(address("plan_discard", cast.asa), {"seen": draft.revision + 1}, follow=True)
    assert not PlanVersion.objects.exists()
    assert "Ingen plan än" in text(page)


def test_the_number_of_queries_does_not_grow_with_the_rows(coach, cast, django_assert_max_num_queries):
    plan = typed([milestone(f"Delmål {n}") for n in range(30)], [activity() for n in range(30)])
    with django_assert_max_num_queries(40):
        coach.post(address("plan_write", cast.asa), sent(plan), headers={"HX-Request": "true"})
    with django_assert_max_num_queries(40):
        coach.get(address("plan_write", cast.asa))


def test_a_thirty_first_row_is_not_taken(coach, cast):
    plan = typed([milestone(f"Delmål {n}") for n in range(30)])
    page = coach.post(address("plan_write", cast.asa), sent(plan, act="add-milestone"), follow=True)
    assert "Det finns plats för 30." in text(page)
    assert len(PlanVersion.objects.get().typed["milestones"]) == 30


def test_the_overview_leads_to_the_plan(coach, cast):
    completed_mapping(cast.asa, cast.coach, arbete={"last_work": "Bagare"})
    page = text(coach.get(reverse("participants:file", args=[cast.person.public_id])))
    assert "Skriv planen." in page
