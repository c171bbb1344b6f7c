"""The course of a placement: what is settled before it begins, what changes meanwhile, each refusal's words."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import AccessLogEntry
from participants.models import Participant
from placements import providers
from placements.booking.rules import Refused
from placements.booking.services.settle import placement_agree, supervisor_settle
from placements.models import Placement
from placements.models.placement import PlacementState
from placements.services.schedules import Hours
from placements.services.supervisors import placement_choose_supervisor
from tests.factories import FollowUpFactory, SupervisorFactory, days_ago
from tests.placements.booking.conftest import MONDAY, hours_form, kitchen_of, page, placement_of, settled, trained
from tests.placements.groups.conftest import activity_of
from tests.placements.test_followups import text

pytestmark = pytest.mark.django_db


def do(client, placement, act, **fields):
    """Send the form of an act as the page shows it now; the answer, after what it leads to."""
    placement.refresh_from_db()
    fields = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in fields.items()}
    return client.post(page(placement, act), {"seen": placement.revision} | fields, follow=True)


def refused(answer) -> str:
    assert answer.status_code == 422
    return text(answer)


TICKED = {"risks_assessed": "on", "introduction_planned": "on", "hours_agreed": "on", "insurance": "municipality"}


def test_the_whole_way_until_it_is_agreed(coach, cast):
    placement = placement_of(cast.asa)
    leader = trained(placement.workplace)
    shown = coach.get(page(placement))
    assert "Inget samråd med facket." in text(shown)
    assert "Ingen handledare är vald." in text(shown)
    assert "riskerna, introduktionen, arbetstiderna, försäkringen" in text(shown)
    assert placement.state == PlacementState.PLANNED
    do(coach, placement, "union", consulted=days_ago(3), union="Kommunal", said="Inget att invända", exception="")
    placement.refresh_from_db()
    assert placement.state == PlacementState.UNION_CONSULTED
    do(coach, placement, "supervisor", supervisor=leader.public_id, exception="")
    answer = do(coach, placement, "checklist", **TICKED, note="Skor finns")
    assert "Det här saknas" not in text(answer)
    assert "Kom överens" in text(answer)
    answer = do(coach, placement, "agree", day=days_ago(0))
    assert "Placeringen är överenskommen." in text(answer)
    placement.refresh_from_db()
    assert (placement.state, placement.agreed_on) == (PlacementState.AGREED, days_ago(0))
    assert placement.checklist.by_name == "Alma Alm"


# --- The union ----------------------------------------------------------------------------------------------------


def test_the_union_is_consulted_by_the_first_day_or_somebody_says_why_not(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(5))
    said = {"consulted": days_ago(2), "union": "Kommunal", "said": ""}
    assert "efter första dagen" in refused(do(coach, placement, "union", **said, exception=""))
    do(coach, placement, "union", **said, exception="Akut behov av en plats")
    placement.refresh_from_db()
    assert placement.union_consulted == days_ago(2)
    assert "Undantag: Akut behov av en plats" in text(coach.get(page(placement)))


def test_the_first_day_is_soon_enough_and_an_exception_alone_is_an_answer(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(2))
    assert do(coach, placement, "union", consulted=days_ago(2), union="Kommunal").status_code == 200
    other = placement_of(cast.asa)
    do(coach, other, "union", exception="Ingen lokal klubb finns")
    other.refresh_from_db()
    assert (other.union_consulted, other.state) == (None, PlacementState.PLANNED)
    assert "Inget samråd med facket." not in text(coach.get(page(other)))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Ange vilken dag samrådet var, eller skriv varför det inte görs."),
        ({"consulted": days_ago(-1), "union": "Kommunal"}, "Den dagen har inte varit än."),
        ({"consulted": days_ago(1)}, "Skriv vilket fack samrådet var med."),
    ],
)
def test_what_is_no_consultation_is_refused(coach, cast, fields, sentence):
    assert sentence in refused(do(coach, placement_of(cast.asa), "union", **fields))


# --- The supervisor -----------------------------------------------------------------------------------------------


def test_somebody_trained_leads_the_work_or_somebody_says_why_not(coach, cast):
    placement = placement_of(cast.asa)
    untrained = SupervisorFactory(workplace=placement.workplace, name="Otto Utan")
    assert "Välj en handledare, eller skriv varför" in refused(do(coach, placement, "supervisor"))
    answer = do(coach, placement, "supervisor", supervisor=untrained.public_id)
    assert "Otto Utan har ingen handledarutbildning som gäller" in refused(answer)
    do(coach, placement, "supervisor", supervisor=untrained.public_id, exception="Går kursen i maj")
    shown = text(coach.get(page(placement)))
    assert "Ingen giltig utbildning" in shown
    assert "Undantag: Går kursen i maj" in shown
    assert "Ingen handledare är vald" not in shown


def test_a_training_that_runs_out_before_the_first_day_does_not_count(coach, cast):
    placement = placement_of(cast.asa)
    leader = SupervisorFactory(workplace=placement.workplace)
    leader.trainings.create(course="Grund", completed_on=days_ago(300), valid_until=days_ago(-9))
    assert "ingen handledarutbildning" in refused(do(coach, placement, "supervisor", supervisor=leader.public_id))
    placement_choose_supervisor(placement=placement, supervisor=leader, actor=cast.coach)
    assert "ingen handledarutbildning" in text(coach.get(page(placement)))


def test_a_supervisor_who_is_elsewhere_or_has_left_is_refused(coach, cast):
    placement, other = placement_of(cast.asa), kitchen_of("Annat kök")
    answer = do(coach, placement, "supervisor", supervisor=other.supervisor.public_id)
    assert "Välj ett giltigt alternativ" in refused(answer)
    settle = {"placement": placement, "exception": "", "actor": cast.coach, "seen": placement.revision}
    with (
        override("sv"),
        pytest.raises(Refused, match="Handledaren finns på en annan arbetsplats"),
    ):
        supervisor_settle(supervisor=other.supervisor, **settle)
    left = trained(placement.workplace, name="Lena Lind", left_on=days_ago(1))
    with override("sv"), pytest.raises(Refused, match="Lena Lind leder inte någon där längre"):
        supervisor_settle(supervisor=left, **settle)


# --- The checklist, and agreeing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tick", "left"),
    [
        ("risks_assessed", "riskerna"),
        ("introduction_planned", "introduktionen"),
        ("hours_agreed", "arbetstiderna"),
        ("insurance", "försäkringen"),
    ],
)
def test_nothing_is_agreed_before_the_checklist_is_complete(coach, cast, tick, left):
    placement = settled(placement_of(cast.asa), cast.coach)
    setattr(placement.checklist, tick, "" if tick == "insurance" else False)
    placement.checklist.save()
    answer = refused(do(coach, placement, "agree", day=days_ago(0)))
    assert f"Checklistan för arbetsmiljön är inte klar: {left}." in answer


def test_of_somebody_under_eighteen_the_rules_for_minors_are_asked(coach, cast):
    young = days_ago(0).replace(year=days_ago(0).year - 17, day=1)
    Participant.objects.filter(pk=cast.person.pk).update(birth_date=young, birth_year=young.year)
    placement = settled(placement_of(cast.asa), cast.coach)
    assert "reglerna för minderåriga" in refused(do(coach, placement, "agree", day=days_ago(0)))
    do(coach, placement, "checklist", **TICKED, minor_checked="on")
    assert "Placeringen är överenskommen." in text(do(coach, placement, "agree", day=days_ago(0)))
    grown = placement_of(cast.bertil)
    assert "minderåriga" not in text(coach.get(page(grown, "checklist")))


def test_hours_that_are_written_nowhere_are_not_agreed(coach, cast):
    placement = placement_of(cast.asa)
    placement.schedules.get().hours.all().delete()
    assert "Skriv schemat först." in refused(do(coach, placement, "checklist", **TICKED))


def test_nothing_is_agreed_without_union_and_supervisor_nor_in_the_future(coach, cast):
    placement = settled(placement_of(cast.asa), cast.coach)
    assert "Den dagen har inte varit än." in refused(do(coach, placement, "agree", day=days_ago(-1)))
    Placement.objects.filter(pk=placement.pk).update(union_consulted=None)
    assert "Inget samråd med facket." in refused(do(coach, placement, "agree", day=days_ago(0)))
    Placement.objects.filter(pk=placement.pk).update(union_consulted=days_ago(1), supervisor=None)
    assert "Ingen handledare är vald." in refused(do(coach, placement, "agree", day=days_ago(0)))


# --- Days ---------------------------------------------------------------------------------------------------------


def test_the_days_are_changed_with_schedule_and_grade_and_whoever_keeps_them_is_told(coach, cast, monkeypatch):
    told = []
    monkeypatch.setattr(providers, "_keepers", [])
    providers.join_placements(lambda placement: told.append((placement.start, placement.end)))
    placement = placement_of(cast.asa)
    answer = do(coach, placement, "days", start=days_ago(-20), end=days_ago(-120))
    assert "Dagarna är ändrade." in text(answer)
    placement.refresh_from_db()
    assert (placement.start, placement.end) == (days_ago(-20), days_ago(-120))
    assert placement.schedules.get().valid_from == placement.grades.get().valid_from == days_ago(-20)
    assert told == [(days_ago(-20), days_ago(-120))]


def test_what_was_agreed_is_agreed_anew_when_something_is_lacking_again(coach, cast):
    placement = settled(placement_of(cast.asa), cast.coach)
    do(coach, placement, "agree", day=days_ago(0))
    placement.supervisor.trainings.update(valid_until=days_ago(-15))
    do(coach, placement, "days", start=days_ago(-12), end=days_ago(-100))
    placement.refresh_from_db()
    assert placement.state == PlacementState.AGREED
    do(coach, placement, "days", start=days_ago(-20), end=days_ago(-100))
    placement.refresh_from_db()
    assert placement.state == PlacementState.UNION_CONSULTED


def test_nor_is_it_agreed_with_a_supervisor_who_was_chosen_elsewhere_and_has_no_training(coach, cast):
    placement = settled(placement_of(cast.asa), cast.coach)
    do(coach, placement, "agree", day=days_ago(0))
    untrained = SupervisorFactory(workplace=placement.workplace, name="Otto Utan")
    followup = FollowUpFactory(placement=placement, due=days_ago(-20))
    choose = reverse("placements:supervisor_choose", args=[cast.person.public_id, followup.public_id])
    coach.post(choose, {"choose": "1", "supervisor": untrained.public_id})
    placement.refresh_from_db()
    assert (placement.supervisor, placement.state) == (untrained, PlacementState.UNION_CONSULTED)
    do(coach, placement, "supervisor", supervisor=untrained.public_id, exception="Går kursen i maj")
    do(coach, placement, "agree", day=days_ago(0))
    placement.refresh_from_db()
    do(coach, placement, "supervisor", supervisor=trained(placement.workplace).public_id, exception="")
    placement.refresh_from_db()
    assert (placement.state, placement.supervisor_exception) == (PlacementState.AGREED, "")


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (days_ago(70), days_ago(-100), "Deltagaren är inskriven från"),
        (days_ago(-20), days_ago(-15), "Sista dagen är före den första."),
        (days_ago(4), days_ago(-100), "Samrådet med facket var den"),
    ],
)
def test_days_that_cannot_be_are_refused(coach, cast, start, end, sentence):
    placement = placement_of(cast.asa, union_consulted=days_ago(1), union_name="Kommunal")
    assert sentence in refused(do(coach, placement, "days", start=start, end=end))


def test_of_one_that_goes_on_only_the_last_day_comes_nearer(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(20))
    start = days_ago(20)
    assert "Första dagen kan inte ändras längre." in refused(
        do(coach, placement, "days", start=days_ago(19), end=days_ago(-50))
    )
    assert "Förläng placeringen i stället." in refused(do(coach, placement, "days", start=start, end=days_ago(-200)))
    assert "Den dagen har passerat." in refused(do(coach, placement, "days", start=start, end=days_ago(1)))
    do(coach, placement, "days", start=start, end=days_ago(-50))
    placement.refresh_from_db()
    assert placement.end == days_ago(-50)


def test_who_moves_to_days_when_the_seat_is_taken_gets_another_or_is_refused(coach, cast):
    kitchen = kitchen_of(capacity=2)
    placement = placement_of(cast.asa, at=kitchen.workplace, place=kitchen.place, seat=1, end=days_ago(-30))
    held = {"at": kitchen.workplace, "place": kitchen.place, "start": days_ago(-40), "end": days_ago(-90)}
    activity = activity_of(cast.bertil, form="municipal_employment")
    placement_of(cast.bertil, seat=1, activity=activity, **held)
    do(coach, placement, "days", start=days_ago(-35), end=days_ago(-60))
    placement.refresh_from_db()
    assert placement.seat == 2
    Placement.objects.filter(pk=placement.pk).update(start=days_ago(-10), end=days_ago(-30), seat=1)
    placement_of(cast.bertil, seat=2, activity=activity, **held)
    answer = refused(do(coach, placement, "days", start=days_ago(-35), end=days_ago(-60)))
    assert "Alla 2 platser är upptagna" in answer


# --- Facts, schedule, grade ---------------------------------------------------------------------------------------


def test_purpose_and_terms_are_changed_and_never_emptied(coach, cast):
    placement = placement_of(cast.asa)
    facts = {
        "purpose": "Nytt syfte", "expected_outcome": "Nytt utfall", "need": "employer", "collective_agreement": "bui",
        "funding": "project", "expected_person": "Ett intyg", "expected_workplace": "",
    }  # fmt: skip
    assert "Inget bokas utan syfte." in refused(do(coach, placement, "facts", **facts | {"purpose": ""}))
    do(coach, placement, "facts", **facts)
    placement.refresh_from_db()
    assert (placement.purpose, placement.funding, placement.collective_agreement) == ("Nytt syfte", "project", "bui")
    assert dict(placement.values.values_list("side", "expected")) == {"person": "Ett intyg", "workplace": ""}


def test_other_hours_hold_from_a_day_on(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(20))
    rows = hours_form([MONDAY, (3, "08:00", "12:00", "", "second")])
    assert "Placeringen börjar den" in refused(do(coach, placement, "schedule", valid_from=days_ago(30), **rows))
    assert "Placeringen slutar den" in refused(do(coach, placement, "schedule", valid_from=days_ago(-300), **rows))
    more = do(coach, placement, "schedule", valid_from=days_ago(-7), **rows, more="1")
    assert "hours-11-begins" in more.content.decode()
    answer = do(coach, placement, "schedule", valid_from=days_ago(-7), **rows, on_holidays="on")
    assert "Schemat är sparat." in text(answer)
    assert "9 timmar i veckan" in text(answer)
    assert placement.schedules.count() == 2
    revision = Placement.objects.get().revision
    coach.post(page(placement, "schedule"), {"seen": 0, "valid_from": days_ago(-7), "on_holidays": "on"} | rows)
    assert Placement.objects.get().revision == revision, "the same form sent twice changes nothing"


def test_the_grade_is_another_from_a_day_on_and_it_stays_one_placement(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(20))
    assert "Placeringen börjar den" in refused(do(coach, placement, "grade", valid_from=days_ago(30), grade="50"))
    do(coach, placement, "grade", valid_from=days_ago(-5), grade="37,5")
    terms = [(str(each.grade), each.valid_from) for each in placement.grades.order_by("valid_from")]
    assert terms == [("0.7500", days_ago(20)), ("0.3750", days_ago(-5))]
    assert "37,5 %" in text(coach.get(page(placement)))
    loaded = placement_of(cast.bertil, start=days_ago(20))
    loaded.grades.all().delete()
    assert "Sysselsättningsgraden från första dagen" in refused(
        do(coach, loaded, "grade", valid_from=days_ago(1), grade="50")
    )
    practice = placement_of(cast.bertil, form="internship", activity=activity_of(cast.bertil, "internship_public"))
    assert "Bara en anställning har en sysselsättningsgrad." in refused(
        do(coach, practice, "grade", valid_from=days_ago(-10), grade="50")
    )


# --- Extending ----------------------------------------------------------------------------------------------------


def test_an_extended_placement_stays_one_and_says_why(coach, cast):
    placement = placement_of(cast.asa, start=days_ago(30), end=days_ago(-5))
    assert "Förläng" in text(coach.get(page(placement)))
    for end, why, sentence in (
        (days_ago(-5), "Går bra", "Den pågår redan till den"),
        (days_ago(-60), "", "Skriv varför placeringen förlängs."),
        (days_ago(-2000), "Går bra", "mer än tre år"),
    ):
        assert sentence in refused(do(coach, placement, "extend", end=end, why=why))
    answer = do(coach, placement, "extend", end=days_ago(-60), why="Hon klarar mer")
    placement.refresh_from_db()
    assert (placement.state, placement.end, placement.extended_on) == (
        PlacementState.EXTENDED, days_ago(-60), days_ago(0)
    )  # fmt: skip
    extension = placement.extensions.get()
    assert (extension.end_before, extension.end_after, extension.by_name) == (days_ago(-5), days_ago(-60), "Alma Alm")
    assert "Hon klarar mer" in text(answer)
    file = coach.get(reverse("participants:file", args=[cast.person.public_id]))
    assert "Placering förlängd: Arbetsmarknadsanställning" in text(file)
    assert page(placement) in file.content.decode()


def test_the_seat_is_kept_or_the_extension_is_refused(coach, cast, kitchen):
    at = {"at": kitchen.workplace, "place": kitchen.place, "seat": 1}
    placement = placement_of(cast.asa, start=days_ago(30), end=days_ago(-5), **at)
    placement_of(cast.bertil, start=days_ago(-30), end=days_ago(-90), **at)
    assert "Någon annan har platsen från en tidigare dag." in refused(
        do(coach, placement, "extend", end=days_ago(-60), why="Går bra")
    )
    assert "Någon annan" in refused(do(coach, placement, "extend", end="", why="Går bra"))
    do(coach, placement, "extend", end=days_ago(-29), why="Går bra")
    assert Placement.objects.get(pk=placement.pk).seat == 1


def test_what_cannot_be_extended_says_why(coach, cast):
    to_come = placement_of(cast.asa)
    assert "Placeringen har inte börjat." in refused(do(coach, to_come, "extend", end=days_ago(-300), why="Nej"))
    open_end = placement_of(cast.asa, start=days_ago(10), end=None)
    assert "pågår tills vidare" in refused(do(coach, open_end, "extend", end=days_ago(-300), why="Nej"))
    ended = placement_of(cast.asa, start=days_ago(50), end=days_ago(10), result="met")
    assert "En chef kan ångra avslutet." in refused(do(coach, ended, "extend", end=days_ago(-30), why="Nej"))


# --- Two editors, scope, questions --------------------------------------------------------------------------------


def test_a_change_that_overlooks_another_is_told_and_nothing_typed_is_lost(coach, cast):
    placement = settled(placement_of(cast.asa), cast.coach)
    sent = {"seen": placement.revision, "start": days_ago(-20), "end": days_ago(-120)}
    placement_agree(placement=placement, day=days_ago(0), seen=placement.revision)
    answer = coach.post(page(placement, "days"), sent)
    assert answer.status_code == 409
    assert "Någon har ändrat placeringen under tiden" in text(answer)
    assert days_ago(-120).isoformat() in answer.content.decode()
    placement.refresh_from_db()
    assert placement.start == days_ago(-10)
    assert "Dagarna är ändrade." in text(do(coach, placement, "days", start=days_ago(-20), end=days_ago(-120)))


def test_an_act_that_does_not_fit_leads_back(coach, cast):
    ended = placement_of(cast.asa, start=days_ago(50), end=days_ago(10), result="met")
    for act in ("extend", "agree", "cancel", "schedule"):
        answer = coach.get(page(ended, act), follow=True)
        assert "Det går inte att göra med placeringen som den är nu." in text(answer)


def test_to_look_at_a_placement_stands_in_the_access_log_and_out_of_scope_it_is_not_there(coach, cast):
    coach.get(page(placement_of(cast.asa)))
    entry = AccessLogEntry.objects.get(act="opened")
    assert (entry.subject, entry.subject_kind) == (cast.person.public_id, "participant")
    for enrolment in (cast.ciwan, cast.protected_centrum):
        assert coach.get(page(placement_of(enrolment))).status_code == 404


def test_a_manager_reads_and_is_offered_nothing_to_change(client, cast):
    client.force_login(cast.manager)
    shown = client.get(page(placement_of(cast.asa)))
    assert shown.status_code == 200
    assert "Samråd med facket" not in text(shown)


def test_the_page_asks_as_many_questions_however_much_there_is_to_tell(coach, cast, django_assert_max_num_queries):
    placement = settled(placement_of(cast.asa, start=days_ago(30)), cast.coach)
    for number in range(6):
        placement.extensions.create(
            end_before=days_ago(50 - number), end_after=days_ago(-number), decided_on=days_ago(1), why="x",
            by=cast.coach, by_name="Alma Alm",
        )  # fmt: skip
        schedule = placement.schedules.create(valid_from=days_ago(20 - number))
        schedule.hours.create(weekday=2, begins=dt.time(8), ends=dt.time(9))
    with django_assert_max_num_queries(24):
        assert coach.get(page(placement)).status_code == 200


def test_hours_are_told_apart_by_their_weeks():
    assert Hours("every", 1, dt.time(8), dt.time(9)) != Hours("first", 1, dt.time(8), dt.time(9))
