"""What happens in a case after it has begun: pauses, agreements, joint reviews, changed facts, what is flagged."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from participants.agreements.rules import agreement_missing
from participants.models import Enrolment, JointReview, Pause, ServiceAgreement
from tests.factories import EnrolmentFactory, ParticipantFactory, days_ago
from tests.participants.enrolling.pages import closed, file_of
from tests.participants.person.pages import past
from tests.participants.referrals.pages import referral_of

pytestmark = pytest.mark.django_db


def today() -> dt.date:
    return timezone.localdate()


def iso(days: int) -> str:
    return days_ago(days).isoformat()


# --- Paused and resumed -------------------------------------------------------------------------------------------


def test_a_case_rests_and_goes_on_again(cast):
    page = file_of(cast.coach, cast.asa, "pause")
    html = page.send(start=iso(5), reason="parental_leave", note="Till hösten")
    assert "Vilande sedan den" in html
    assert "Till hösten" in html
    assert '<span class="tag warn">Vilande</span>' in html
    assert "Inskrivningen blev vilande: föräldraledighet" in html
    assert "Gör vilande" not in html
    page = file_of(cast.coach, cast.asa, "resume")
    html = page.send(resumes=today().isoformat())
    pause = Pause.objects.get()
    assert (pause.start, pause.end, pause.ended_by_name) == (days_ago(5), days_ago(1), "Alma Alm")
    assert "Inskrivningen är i gång igen" in html
    assert '<span class="tag ok">Inskriven</span>' in html
    page.send()  # the same once more
    assert Pause.objects.get() == pause


def test_the_same_pause_twice_is_one(cast):
    page = file_of(cast.coach, cast.asa, "pause")
    for _twice in range(2):
        page.send(reason="away")
    assert Pause.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": ""}, "Välj varför."),
        ({"reason": "other"}, "Skriv vad det är."),
        ({"start": iso(61)}, "Det är före inskrivningens början"),
        ({"start": iso(-400)}, "Det är mer än ett år framåt."),
        ({"end": iso(1)}, "Sista dagen är före den första."),
        ({"start": iso(10), "end": iso(4)}, "Inskrivningen är redan vilande från den"),
        ({"start": iso(20)}, "Inskrivningen är redan vilande från den"),
    ],
)
def test_what_pauses_cannot_be(cast, typed, told):
    Pause.objects.create(
        enrolment=cast.asa, start=days_ago(8), end=days_ago(2), reason="away", by=cast.coach, by_name="Alma Alm"
    )
    html = file_of(cast.coach, cast.asa, "pause").send(422, **{"reason": "away"} | typed)
    assert told in html
    assert Pause.objects.count() == 1


def test_the_database_keeps_pauses_apart(cast):
    known = {"enrolment": cast.asa, "reason": "away", "by": cast.coach, "by_name": "Alma Alm"}
    Pause.objects.create(start=days_ago(8), end=days_ago(2), **known)
    Pause.objects.create(start=days_ago(1), **known)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(start=days_ago(2), end=days_ago(2), **known)


@pytest.mark.parametrize(
    ("resumes", "told"),
    [(iso(9), "Det är innan vilan började"), (iso(-31), "Vilan slutar redan den"), ("", "Ange vilken dag.")],
)
def test_when_it_cannot_go_on(cast, resumes, told):
    Pause.objects.create(
        enrolment=cast.asa, start=days_ago(8), end=days_ago(-20), reason="away", by=cast.coach, by_name="Alma Alm"
    )
    assert told in file_of(cast.coach, cast.asa, "resume").send(422, resumes=resumes)


def test_a_planned_pause_is_told_and_one_that_never_rests_is_taken_away(cast):
    file_of(cast.coach, cast.asa, "pause").send(start=iso(-3), reason="away")
    html = file_of(cast.coach, cast.asa).html
    assert "Blir vilande från den" in html
    assert '<span class="tag ok">Inskriven</span>' in html
    file_of(cast.coach, cast.asa, "resume").send(resumes=iso(-3))
    assert Pause.objects.count() == 0
    page = file_of(cast.coach, cast.asa, "resume")
    assert (
        "Inskrivningen är inte vilande." in page.client.get(page.where, follow=True).content.decode() or not page.html
    )


def test_closing_ends_the_pause_and_says_so(cast):
    for start, end in ((20, 15), (10, None)):
        Pause.objects.create(
            enrolment=cast.asa, start=days_ago(start), end=end and days_ago(end), reason="away", by=cast.coach,
            by_name="Alma Alm",
        )  # fmt: skip
    page = file_of(cast.coach, cast.asa, "enrolment_close")
    assert "Vilan slutar på inskrivningens sista dag." in page.html
    html = page.send(200, closure_reason="moved", end=iso(3))
    assert "Vilan slutar på inskrivningens sista dag." in html
    told = html.split('name="told" value="')[1:]
    html = page.send(
        302, closure_reason="moved", end=iso(3), step="save", told=[each.partition('"')[0] for each in told]
    )
    assert [(each.start, each.end) for each in Pause.objects.order_by("start")] == [
        (days_ago(20), days_ago(15)), (days_ago(10), days_ago(3)),
    ]  # fmt: skip
    assert "Gör vilande" not in html
    page = file_of(cast.coach, cast.asa, "pause")
    assert page.html == ""  # led to the file: never reopened


def test_closing_before_the_pause_takes_it_away(cast):
    Pause.objects.create(enrolment=cast.asa, start=days_ago(2), reason="away", by=cast.coach, by_name="Alma Alm")
    page = file_of(cast.coach, cast.asa, "enrolment_close")
    html = page.send(200, closure_reason="moved", end=iso(3))
    assert "Vilan blir inte av." in html
    key = html.split('name="told" value="')[1].partition('"')[0]
    page.send(302, closure_reason="moved", end=iso(3), step="save", told=key)
    assert Pause.objects.count() == 0


def test_the_list_tells_who_rests(cast, client):
    Pause.objects.create(enrolment=cast.asa, start=days_ago(2), reason="away", by=cast.coach, by_name="Alma Alm")
    Pause.objects.create(
        enrolment=cast.bertil, start=days_ago(9), end=days_ago(2), reason="away", by=cast.coach, by_name="Alma Alm"
    )
    client.force_login(cast.coach)
    html = client.get(reverse("participants:list"), {"show": "all", "status": "paused"}).content.decode()
    assert "Åsa Öhrström" in html
    assert '<span class="tag warn">Vilande</span>' in html
    assert "Bertil Bodin" not in html
    html = client.get(reverse("participants:list"), {"show": "all", "status": "active"}).content.decode()
    assert "Åsa Öhrström" in html  # who rests is enrolled


# --- The agreement with the employment service ---------------------------------------------------------------------


@pytest.fixture
def preventive(cast):
    Enrolment.objects.filter(pk=cast.asa.pk).update(target_group="preventive")
    cast.asa.refresh_from_db()
    return cast.asa


AGREED = {"contact": "Ann Ask", "activity": "Arbetsträning i kök", "extent": "halvtid"}


def test_who_comes_preventively_needs_an_agreement_before_anything_is_booked(cast, preventive):
    assert agreement_missing(cast.bertil) == ""
    assert "Anteckna först överenskommelsen med Arbetsförmedlingen" in agreement_missing(preventive)
    page = file_of(cast.coach, preventive)
    assert "Ingen överenskommelse med Arbetsförmedlingen är antecknad." in page.html
    page = file_of(cast.coach, preventive, "agreement_new")
    for _twice in range(2):
        html = page.send(**AGREED, agreed_on=iso(1), until=iso(-30))
    agreement = ServiceAgreement.objects.get()
    assert "Ingen överenskommelse" not in html
    assert "Arbetsträning i kök, halvtid" in html
    assert "Överenskommelse med Arbetsförmedlingen" in html.partition('id="timeline"')[2]
    assert agreement_missing(preventive) == ""
    assert agreement_missing(preventive, days_ago(2)) != ""
    assert agreement_missing(preventive, days_ago(-31)) != ""
    ServiceAgreement.objects.filter(pk=agreement.pk).update(agreed_on=days_ago(9), until=days_ago(1))
    assert "Ingen överenskommelse" in file_of(cast.coach, preventive).html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"agreed_on": iso(-1)}, "Dagen har inte varit ännu."),
        ({"until": iso(1)}, "Sista dagen är före dagen för överenskommelsen."),
        ({"contact": ""}, "Skriv vem på Arbetsförmedlingen som har gått med på det."),
        ({"activity": ""}, "Skriv vad det gäller."),
    ],
)
def test_what_an_agreement_cannot_be(cast, typed, told):
    html = file_of(cast.coach, cast.asa, "agreement_new").send(422, **AGREED | typed)
    assert told in html
    assert ServiceAgreement.objects.count() == 0


def test_an_agreement_is_corrected_and_two_at_once_lose_nothing(cast, preventive):
    file_of(cast.coach, preventive, "agreement_new").send(**AGREED)
    agreement = ServiceAgreement.objects.get()
    where = reverse("participants:agreement_edit", args=[cast.person.public_id, agreement.public_id])
    page = file_of(cast.coach, preventive)
    mine, theirs = (type(page)(user, where) for user in (cast.coach, cast.colleague))
    theirs.send(extent="heltid")
    html = mine.send(409, activity="Praktik")
    assert "Nu: <b>heltid</b><br>Du skrev: <b>halvtid</b>" in html
    mine.send(activity="Praktik")
    agreement.refresh_from_db()
    assert (agreement.activity, agreement.extent) == ("Praktik", "halvtid")
    other = reverse("participants:agreement_edit", args=[cast.bertil.participant.public_id, agreement.public_id])
    assert mine.client.get(other).status_code == 404


# --- Joint reviews ------------------------------------------------------------------------------------------------


def test_a_joint_review_is_planned_moved_held_and_told(cast):
    page = file_of(cast.coach, cast.asa, "joint_review")
    html = page.send(step="plan", due=iso(-10))
    assert "Den gemensamma genomgången är planerad." in html
    file_of(cast.coach, cast.asa, "joint_review").send(step="plan", due=iso(-12))
    review = JointReview.objects.get()
    assert review.due == days_ago(-12)
    page = file_of(cast.coach, cast.asa, "joint_review")
    assert "Skriv vad det ledde till." in page.send(422, act="held", day=iso(0), step="")
    typed = {"act": "held", "day": iso(1), "outcome": "Ny inriktning: kök.", "step": ""}
    for _twice in range(2):
        html = page.send(**typed)
    review.refresh_from_db()
    assert (review.held_on, review.called_off_on, review.outcome) == (days_ago(1), None, "Ny inriktning: kök.")
    assert html.count("Ny inriktning: kök.") == 2  # in its card and in the timeline
    cast.asa.refresh_from_db()
    assert cast.asa.last_activity_on == days_ago(1)


def test_a_joint_review_is_called_off_with_a_reason(cast):
    file_of(cast.coach, cast.asa, "joint_review").send(step="plan", due=iso(-10))
    page = file_of(cast.coach, cast.asa, "joint_review")
    html = page.send(act="called_off", day=iso(0), outcome="Flyttar till Lund.", step="")
    assert "Inställd" in html
    assert "Flyttar till Lund." in html


@pytest.mark.parametrize(("due", "told"), [(iso(1), "Dagen har redan varit."), (iso(-400), "mer än ett år framåt")])
def test_when_a_joint_review_cannot_be(cast, due, told):
    assert told in file_of(cast.coach, cast.asa, "joint_review").send(422, step="plan", due=due)


def test_the_file_flags_who_goes_round_until_a_review_is_held(cast):
    closed(cast.person, cast.centrum, 900, 700)
    closed(cast.person, cast.centrum, 400, 300)
    html = file_of(cast.coach, cast.asa).html
    assert "Snurrar runt: inskrivning nummer 3" in html
    assert "Planera en gemensam genomgång" in html
    assert "Planera en gemensam genomgång" not in file_of(cast.manager, cast.asa).html  # managers read
    JointReview.objects.create(
        enrolment=cast.asa, due=days_ago(1), held_on=days_ago(1), outcome="Klart.", by=cast.coach, by_name="Alma Alm"
    )
    assert "Snurrar runt" not in file_of(cast.coach, cast.asa).html


# --- Facts that change --------------------------------------------------------------------------------------------


def test_the_facts_of_the_enrolment_are_changed_with_history(cast):
    page = file_of(cast.coach, cast.asa, "facts")
    html = page.send(
        other_groups=["preventive", "other"], support_obstacle="parental_leave", time_without_work="gt24",
        service_registration="registered", service_since=iso(9), service_form="jog",
    )  # fmt: skip
    assert "Jobb- och utvecklingsgarantin" in html
    assert "Arbetsförmedlingen har redan en insats" in html
    assert "Förebyggande, Annan" in html
    page = file_of(cast.colleague, cast.asa, "facts")
    changed = {label: (before, after, who) for label, before, after, who in past(page.html)}
    assert changed["Andra målgrupper"] == ("–", "Förebyggande, Annan", "Alma Alm")
    assert changed["Insats hos Arbetsförmedlingen"][1] == "Jobb- och utvecklingsgarantin (Arbetsförmedlingen)"
    assert changed["Inskriven där sedan"][1] == iso(9)
    assert changed["Tid utan arbete"] == ("–", "Mer än 24 månader", "Alma Alm")
    page.send(other_groups=[], service_form="", service_since="", service_registration="not_registered")
    cast.asa.refresh_from_db()
    assert (cast.asa.other_groups, cast.asa.service_registration) == ([], "not_registered")


def test_the_law_of_the_case_is_corrected_with_history_and_two_at_once_lose_nothing(cast):
    mine, theirs = file_of(cast.coach, cast.asa, "facts"), file_of(cast.colleague, cast.asa, "facts")
    assert mine.typed["legal_basis"] == "social_services"
    html = mine.send(legal_basis="labour_market")
    assert "Arbetsmarknadsverksamhet" in html
    assert cast.asa.assignments.get().legal_basis == "labour_market"
    changed = past(file_of(cast.colleague, cast.asa, "facts").html)
    assert ("Rättslig grund", "Socialtjänsten", "Arbetsmarknadsverksamhet", "Alma Alm") in changed
    theirs.send(case_number="AME 9")  # nothing of theirs says anything of the law
    assert cast.asa.assignments.get().legal_basis == "labour_market"


def test_two_who_change_facts_that_cannot_both_be_true_are_told(cast):
    Enrolment.objects.filter(pk=cast.asa.pk).update(service_registration="registered")
    mine, theirs = file_of(cast.coach, cast.asa, "facts"), file_of(cast.colleague, cast.asa, "facts")
    theirs.send(service_registration="not_registered")
    html = mine.send(422, service_form="jog")
    assert "Personen är inte inskriven hos Arbetsförmedlingen. Kontrollera vad som står där." in html


# --- What is pointed out ------------------------------------------------------------------------------------------


@pytest.fixture
def pointed_out(cast):
    """One of each, in Centrum with Alma as coach, by flag and list."""

    def case(name, **facts):
        person = {f"participant__{key}": facts.pop(key) for key in ("birth_date", "birth_year") if key in facts}
        return EnrolmentFactory(unit=cast.centrum, coach=cast.coach, participant__given_name=name, **person, **facts)

    soon = today().replace(year=today().year - 20, day=1)
    young = today().replace(year=today().year - 18, day=1)
    return {
        "turns_20": [
            case("Snart", target_group="activity_responsibility", birth_date=soon),
            case("Också", target_group="other", other_groups=["activity_responsibility"], birth_date=soon),
            case("År", target_group="activity_responsibility", birth_date=None, birth_year=today().year - 21),
        ],
        "no_agreement": [case("Före", target_group="preventive")],
        "not_registered": [case("Inte", service_registration="not_registered")],
        "double_measure": [case("Dubbel", service_registration="registered", service_form_id="jog")],
        "": [case("Ung", target_group="activity_responsibility", birth_date=young),
             case("Annan", target_group="other", birth_date=soon)],
    }  # fmt: skip


@pytest.mark.parametrize("flag", ["turns_20", "no_agreement", "not_registered", "double_measure"])
def test_the_list_is_narrowed_by_what_to_think_of(cast, client, pointed_out, flag):
    client.force_login(cast.coach)
    response = client.get(reverse("participants:list"), {"show": "all", "flag": flag})
    assert {row.pk for row in response.context["rows"]} == {case.pk for case in pointed_out[flag]}


def test_min_dag_has_a_list_of_each_and_of_the_referrals(cast, client, pointed_out):
    JointReview.objects.create(enrolment=cast.asa, due=days_ago(1), by=cast.coach, by_name="Alma Alm")
    referral_of(cast, received=days_ago(20))
    referral_of(cast, participant=None, reference="X 1", assessing_since=days_ago(1))
    referral_of(cast, decision="accepted", decided_on=days_ago(1))
    referral_of(cast, unit=cast.norr)
    wanted = {
        "fyller-20": 3, "utan-overenskommelse": 1, "inte-inskrivna-hos-af": 1, "gemensam-genomgang": 1,
        "nya-anvisningar": 1, "anvisningar-att-avgora": 1, "att-skriva-in": 1,
    }  # fmt: skip
    client.force_login(cast.coach)
    html = client.get(reverse("day:day")).content.decode()
    for key, number in wanted.items():
        response = client.get(reverse("day:list", args=[key]))
        assert response.context["page"].paginator.count == number, key
    for told in ("Försörjningsstöd, väntat 20 dagar", "Ingen känd person ännu", "Anvisningar att avgöra"):
        assert told in html
    client.force_login(cast.outsider)
    assert "väntat 20 dagar" not in client.get(reverse("day:day")).content.decode()


def test_a_person_without_the_responsibility_is_not_told_about_twenty(cast):
    person = ParticipantFactory(birth_date=today() - dt.timedelta(days=7290), identity_number=None)
    case = EnrolmentFactory(unit=cast.centrum, participant=person, target_group="other")
    assert "fyller 20" not in file_of(cast.coach, case).html
    Enrolment.objects.filter(pk=case.pk).update(target_group="activity_responsibility")
    assert "Personen fyller 20 den" in file_of(cast.coach, case).html
