"""Reading old versions, comparing them, and the plan on paper."""

import pytest

from accounts.models import AccessLogEntry
from participants.file import file_for
from participants.models import Enrolment, Participant, PlanVersion
from participants.plan.document import plan_pdf
from participants.plan.reading import PlanCase
from tests.factories import EnrolmentFactory, days_ago
from tests.participants.plan.plans import activity, address, decided, drafted, milestone, part, typed
from tests.pdf import check_paper, fonts_embedded, text_of
from tests.verapdf import faults

LONG = "Öva yrkessvenska i ett kök tillsammans med kollegor som hjälper till, och lära sig hygienreglerna. "


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_of_several_versions_each_is_read_and_put_beside_another(coach, cast):
    rows = [milestone(), milestone("Hygienutbildning")]
    decided(cast.asa, cast.coach, rows, [activity()])
    decided(cast.asa, cast.coach, rows[:1], view="Jag vill baka.")
    decided(cast.asa, cast.coach, [*rows[:1], milestone("Körkort")], agreement_way="phone")
    assert "Jag vill baka." in text(coach.get(address("plan_version", cast.asa, 2)))
    page = text(coach.get(address("plan_version", cast.asa, 3) + "?jamfor=1"))
    assert "Vad version 3 ändrade i version 1" in page
    assert "telefon" in page
    assert "Oförändrat" in page
    assert page.count("Borttagen</span>") == 1
    assert page.count("Ny</span>") == 1
    for wrong in ("1", "9", "x"):  # beside itself, or what is not there: the version alone
        assert "Som den beslutades" in text(coach.get(address("plan_version", cast.asa, 1) + f"?jamfor={wrong}"))


def test_a_draft_and_what_is_not_there_are_no_versions_to_read(coach, cast):
    drafted(cast.asa, cast.coach, typed([milestone()]))
    assert coach.get(address("plan_version", cast.asa, 1)).status_code == 404
    assert coach.get(address("plan_version", cast.asa, 2)).status_code == 404
    assert coach.get(address("plan_print", cast.asa, 2)).status_code == 404


def test_the_plan_of_an_earlier_enrolment_is_found_from_the_later(coach, cast):
    decided(cast.asa, cast.coach, [milestone("Det gamla delmålet")])
    Enrolment.objects.filter(pk=cast.asa.pk).update(end=days_ago(10), closure_reason="moved")
    EnrolmentFactory(participant=cast.person, unit=cast.centrum, coach=cast.coach, start=days_ago(5))
    page = text(coach.get(part(cast.asa)))
    assert "Ingen plan än" in page
    old = f"{part(cast.asa)}?inskrivning={cast.asa.start.isoformat()}"
    assert "Det gamla delmålet" in text(coach.get(old))
    version = address("plan_version", cast.asa, 1)
    assert coach.get(version).status_code == 404
    assert coach.get(f"{version}?inskrivning={cast.asa.start.isoformat()}").status_code == 200
    assert coach.get(f"{version}?inskrivning=2001-01-01").status_code == 404


def test_the_queries_of_the_part_do_not_grow(coach, cast, django_assert_max_num_queries):
    decided(cast.asa, cast.coach, [milestone(f"{n}") for n in range(20)], [activity() for _n in range(20)])
    with django_assert_max_num_queries(30):
        coach.get(part(cast.asa))


# --- On paper -----------------------------------------------------------------------------------------------------


def test_the_plan_on_paper_is_downloaded_logged_and_named_after_nobody(coach, cast):
    Participant.objects.filter(pk=cast.person.pk).update(language="ar")
    decided(cast.asa, cast.coach, [milestone(), milestone("Ring kursen", responsible="coach")], [activity()])
    answer = coach.get(address("plan_print", cast.asa, 1))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="genomforandeplan-1.pdf"'
    entry = AccessLogEntry.objects.filter(act="downloaded").get()
    assert (entry.subject, entry.detail["version"]) == (cast.person.public_id, 1)
    read = text_of(answer.content)
    for words in ("Min plan", "Åsa Öhrström", "Anställning som köksbiträde", "Ring kursen", "Din jobbcoach",
                  "Språkpraktik", "Varför: Öva yrkessvenska i ett kök", "Jag vill laga mat.", "Tolk: arabiska",
                  "Jag instämmer i planen.", "Alma Alm", "alma@example.org", "Det här händer härnäst"):  # fmt: skip
        assert words in read, words
    for words in (cast.person.identity_number, "1990", "Försörjningsstöd", cast.asa.case_number, "Utkast"):
        assert words not in read, words


def test_a_draft_says_across_the_page_that_it_is_one(coach, cast):
    drafted(cast.asa, cast.coach, typed([milestone(due="")], [activity(form="")], goal_on=""))
    read = text_of(coach.get(address("plan_print", cast.asa, 1)).content)
    assert "Utkast" in read
    assert "Anställning som köksbiträde" in read


def test_of_a_protected_person_the_unit_is_left_out(client, cast):
    Participant.objects.filter(pk=cast.person.pk).update(protection="secrecy_mark")
    cast.person.access_list.create(user=cast.coach)
    client.force_login(cast.coach)
    decided(cast.asa, cast.coach, [milestone()])
    assert "Jobbcenter Centrum" not in text_of(client.get(address("plan_print", cast.asa, 1)).content)


def printed(cast, *args, **fields) -> bytes:
    decided(cast.asa, cast.coach, *args, **fields)
    file = file_for(cast.coach, cast.person.public_id)
    case = PlanCase(file, file.latest)
    return plan_pdf(case, PlanVersion.objects.latest("number"))


def full(cast) -> tuple:
    milestones = [milestone(f"{LONG[:90]} nummer {n}") for n in range(8)]
    activities = [activity(purpose=LONG * 2, expected_outcome=LONG) for n in range(5)]
    return milestones, activities


def test_the_paper_is_one_page_or_two(cast):
    check_paper(printed(cast, [milestone() for _n in range(3)], [activity()]), margin=6, name="plan-short", most=1)
    check_paper(printed(cast, *full(cast), view=LONG * 4), margin=6, name="plan-long", most=2)


@pytest.mark.beside
@pytest.mark.deep
def test_the_paper_is_archived_and_read_aloud(cast):
    short = printed(cast, [milestone()], [activity()])
    long = printed(cast, *full(cast), agreement="disagrees", decided_without=LONG)
    assert faults({"short": short, "long": long}) == {}
    assert fonts_embedded(short)
