"""What is missing for the figures: which gaps are found, who is shown, and where they are mended."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import municipal
from accounts.models import AccessLogEntry, MunicipalSetting
from participants.models import Aftercare, Enrolment, Participant, Referral
from placements.models import FollowUp, GradeTerm, Placement
from reporting.figures import FIGURES
from reporting.missing import GAPS, missing_in
from reporting.municipal import MONTHS_WITHOUT_CONTACT
from reporting.periods import Period
from reporting.question import Question
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FollowUpFactory,
    GradeTermFactory,
    ParticipantFactory,
    PlacementFactory,
)
from tests.register import expected
from vocabulary.codes import Gender, PlacementForm, Protection

AS_OF = dt.date(2026, 4, 15)
QUESTION = {"period": "2026Q1", "as_of": AS_OF.isoformat()}


def asked(unit=None, period="2026Q1", as_of=AS_OF) -> Question:
    return Question(Period.parse(period), as_of, unit)


def counts(question: Question | None = None) -> dict[str, int]:
    """The gaps that something has."""
    return {found.gap.key: found.count for found in missing_in(question or asked()) if found.count}


def case(**fields) -> Enrolment:
    """An enrolment with nothing missing; `gender` and `education` are the participant's."""
    person = {"gender": fields.pop("gender", Gender.WOMAN), "education": fields.pop("education", "primary")}
    fields.setdefault("start", dt.date(2025, 11, 3))
    return EnrolmentFactory(
        participant=ParticipantFactory(**person), **{"last_activity_on": dt.date(2026, 3, 2)} | fields
    )


def closed(reason: str, end: dt.date = dt.date(2026, 3, 6), **fields) -> Enrolment:
    return case(end=end, closure_reason=reason, **fields)


def worked(end: dt.date = dt.date(2026, 3, 6), **fields) -> Enrolment:
    job = {"job_start": end, "job_form": "unsubsidised"}
    return closed("work", end, **job | fields)


def employment(**fields) -> Placement:
    """A municipal employment with nothing missing."""
    grade_from = fields.pop("grade_from", None)
    fields = {"start": dt.date(2025, 12, 1), "end": dt.date(2026, 2, 27)} | fields
    placement = PlacementFactory(enrolment=case(), form=PlacementForm.MUNICIPAL_EMPLOYMENT, **fields)
    GradeTermFactory(placement=placement, valid_from=grade_from or placement.start)
    return placement


def update(row, **fields) -> None:
    type(row).objects.filter(pk=row.pk).update(**fields)


def job_start():
    row = worked(job_start=None)
    return lambda: update(row, job_start="2026-03-06")


def own_business():
    row = closed("own_business")
    return lambda: update(row, job_start="2026-03-06")


def job_form():
    row = worked(job_form="")
    return lambda: update(row, job_form="osa")


def study_aid():
    row = closed("studies")
    return lambda: update(row, study_aid=False)


def aftercare():
    row = worked(end=dt.date(2025, 12, 1))
    return lambda: Aftercare.objects.create(
        enrolment=row, days_after=90, status="not_reached", checked=dt.date(2026, 5, 2)
    )


def contact():
    row = case(start=dt.date(2025, 1, 7), last_activity_on=dt.date(2025, 10, 15))
    return lambda: update(row, last_activity_on="2025-10-16")


def never_contacted():
    row = case(start=dt.date(2025, 10, 15), last_activity_on=None)
    return lambda: update(row, end="2026-04-20", closure_reason="moved")


def referral():
    row = case(start=dt.date(2026, 1, 7), end=dt.date(2026, 1, 9), closure_reason="moved")
    Referral.objects.create(
        unit=row.unit, participant=row.participant, source="self", received="2026-01-12", decision="accepted"
    )
    return lambda: EnrolmentFactory(participant=row.participant, unit=row.unit, start=dt.date(2026, 4, 27))


def gender():
    row = case(gender=Gender.UNKNOWN)
    return lambda: update(row.participant, gender=Gender.MAN)


def education():
    row = case(education="")
    return lambda: update(row.participant, education="not_validated")


def target_group():
    row = case(target_group="")
    return lambda: update(row, target_group="other")


def certificate():
    row = employment()
    return lambda: CertificateFactory(placement=row, issued=dt.date(2026, 5, 30))


def grade():
    row = employment(end=None, grade_from=dt.date(2026, 1, 2))
    return lambda: GradeTerm.objects.filter(placement=row).update(valid_from="2026-01-01")


def placement_end():
    row = PlacementFactory(enrolment=closed("moved"), start=dt.date(2026, 2, 2))
    return lambda: update(row, end="2026-03-06")


def followup():
    row = FollowUpFactory(placement__enrolment=case(), due=dt.date(2026, 3, 31))
    return lambda: update(row, filed="2026-05-01")


def followup_outside():
    row = case(start=dt.date(2026, 3, 2))
    outside = FollowUp.objects.create(
        participant=row.participant, kind="plan_review", due="2026-02-02", filed="2026-02-02"
    )
    return lambda: update(outside, enrolment=row)


MAKERS = [
    job_start, job_form, study_aid, aftercare, contact, referral, gender, education, target_group, certificate, grade,
    placement_end, followup, followup_outside,
]  # fmt: skip


@pytest.mark.django_db
class TestGaps:
    @pytest.mark.parametrize("make", MAKERS)
    def test_each_gap_is_found_until_it_is_mended(self, make):
        mend = make()
        key = {"aftercare": "aftercare_90"}.get(make.__name__, make.__name__)
        assert counts() == {key: 1}
        mend()
        assert counts() == {}

    @pytest.mark.parametrize(("make", "key"), [(own_business, "job_start"), (never_contacted, "contact")])
    def test_a_gap_has_more_than_one_form(self, make, key):
        mend = make()
        assert counts() == {key: 1}
        mend()
        assert counts() == {}

    def test_no_gap_is_without_a_test(self):
        tried = {make.__name__ for make in MAKERS} - {"aftercare"} | {"aftercare_90"}
        assert tried == {gap.key for gap in GAPS}

    def test_every_gap_says_which_figures_it_spoils(self):
        known = {figure.key for figure in FIGURES}
        assert all(gap.spoils and set(gap.spoils) <= known for gap in GAPS)

    def test_what_is_not_due_yet_is_no_gap(self):
        worked(end=dt.date(2026, 1, 15), job_start=dt.date(2026, 1, 15))  # its ninetieth day is the as-of date
        FollowUpFactory(placement__enrolment=case(), due=AS_OF)
        employment(end=AS_OF)
        question = asked(period="2026")
        assert counts(question) == {"aftercare_90": 1}
        assert counts(asked(period="2026", as_of=AS_OF - dt.timedelta(days=1))) == {}
        assert counts(asked(period="2026", as_of=AS_OF + dt.timedelta(days=1))) == {
            "aftercare_90": 1, "followup": 1, "certificate": 1
        }  # fmt: skip

    def test_an_earlier_closure_is_told_when_a_figure_of_the_period_reads_it(self):
        """Its ninetieth day may lie in the period; or it makes somebody go round who perhaps never did."""
        worked(end=dt.date(2025, 12, 1), job_form="")
        round_and_round = worked(start=dt.date(2023, 5, 8), end=dt.date(2023, 8, 31), job_form="")
        worked(start=dt.date(2023, 5, 8), end=dt.date(2023, 8, 31), job_form="")  # no figure of the quarter reads it
        for start, end in (("2024-01-08", "2024-02-09"), ("2026-01-12", "2026-04-30")):
            EnrolmentFactory(
                participant=round_and_round.participant,
                unit=round_and_round.unit,
                start=dt.date.fromisoformat(start),
                end=dt.date.fromisoformat(end),
                closure_reason="interrupted",
            )
        assert counts() == {"job_form": 2}
        assert counts(asked(round_and_round.unit)) == {"job_form": 1}
        assert counts(asked(period="2022")) == {}

    def test_a_holiday_job_and_what_was_withdrawn_are_no_gaps(self):
        holiday = PlacementFactory(
            enrolment=closed("moved"), form=PlacementForm.HOLIDAY_JOB, start=dt.date(2026, 2, 2)
        )
        FollowUpFactory(placement=holiday, due=dt.date(2026, 3, 2))
        FollowUpFactory(placement__enrolment=case(), due=dt.date(2026, 3, 2), withdrawn_on=dt.date(2026, 3, 3))
        assert counts() == {}

    def test_an_employment_may_outlast_its_enrolment(self):
        placement = PlacementFactory(
            enrolment=closed("moved"), form=PlacementForm.MUNICIPAL_EMPLOYMENT, start=dt.date(2026, 2, 2)
        )
        GradeTermFactory(placement=placement)
        assert counts() == {}

    def test_a_referral_says_nothing_of_whom_another_unit_knows(self):
        """Enrolled elsewhere or not, the referral that this unit accepted stands in its list."""
        here, elsewhere = case(start=dt.date(2025, 1, 7), end=dt.date(2025, 2, 3), closure_reason="moved"), case()
        for person in (here.participant, elsewhere.participant):
            Referral.objects.create(
                unit=here.unit, participant=person, source="self", received="2026-01-12", decision="accepted"
            )
        assert counts(asked(here.unit)) == {"referral": 2}

    def test_a_unit_s_gaps_are_its_own(self):
        here, there = worked(job_form=""), worked(job_form="", education="")
        FollowUpFactory(placement__enrolment=there, placement__start=dt.date(2026, 1, 7), due=dt.date(2026, 3, 2))
        assert counts(asked(here.unit)) == {"job_form": 1}
        assert counts(asked(there.unit)) == {"job_form": 1, "education": 1, "followup": 1, "placement_end": 1}

    def test_the_municipality_decides_how_long_without_contact_is_too_long(self):
        case(last_activity_on=dt.date(2026, 1, 15))
        assert counts() == {}
        MunicipalSetting.objects.create(key=MONTHS_WITHOUT_CONTACT.key, value=3)
        assert counts() == {"contact": 1}
        assert municipal.value_of(MONTHS_WITHOUT_CONTACT.key) == 3
        told = next(found for found in missing_in(asked()) if found.count)
        assert told.as_stored == {"key": "contact", "label": "Öppen, men inget antecknat på 3 månader", "count": 1}


class TestAcceptanceQuarter:
    def test_its_gaps_are_what_the_figures_say_is_missing(self, acceptance_quarter):
        """All closures are complete and all certificates issued. Of nine who were enrolled half a year before, four
        have not been followed up since."""
        day = dt.date(2026, 4, 30)
        figures = expected(day)
        everybody = figures["active"]["total"]
        assert counts(asked(as_of=day)) == {
            "followup": figures["followups"]["missing"],
            "contact": 4,
            "education": everybody,
            "target_group": everybody,
        }


class TestPage:
    def open(self, client, user, key=None, **question):
        client.force_login(user)
        address = reverse("reporting:missing_list", args=[key]) if key else reverse("reporting:missing")
        return client.get(address, QUESTION | question)

    def test_every_gap_opens_a_list_of_as_many_each_with_the_way_to_where_it_is_mended(self, cast, client):
        for make in MAKERS:
            make()
        of_plan = case()
        FollowUp.objects.create(
            participant=of_plan.participant, enrolment=of_plan, kind="plan_review", due="2026-03-02"
        )
        question = {"period": "2025-11..2026-03"}
        page = self.open(client, cast.head, **question)
        assert {found.gap.key for found in page.context["gaps"]} == {gap.key for gap in GAPS}
        assert 'href="/rapporter/luckor/" aria-current="page"' in page.content.decode()  # one of the area's pages
        for found in page.context["gaps"]:
            listed = self.open(client, cast.head, found.gap.key, **question)
            hidden = listed.context["hidden"]
            assert listed.context["total"] == found.count == len(listed.context["rows"]) + hidden > hidden
            for row in listed.context["rows"]:
                assert client.get(row.mended_at).status_code == 200

    def test_a_protected_person_is_counted_and_not_shown(self, cast, client):
        Participant.objects.filter(protection=Protection.NONE).update(education="primary", gender=Gender.MAN)
        today = dt.date.today()
        listed = self.open(client, cast.head, "education", period=f"{today}..{today}", as_of=str(today))
        assert (listed.context["total"], listed.context["hidden"]) == (2, 2)
        content = listed.content.decode()
        assert "2 fler som du inte har behörighet att se" in content
        for hidden in (cast.protected_centrum, cast.protected_norr):
            assert hidden.participant.family_name not in content
            assert str(hidden.participant.public_id) not in content

    def test_a_list_that_is_opened_stands_in_the_access_log(self, cast, client):
        self.open(client, cast.manager, "contact", unit="CENTRUM")
        entry = AccessLogEntry.objects.get(subject_kind="missing_list")
        assert entry.actor == cast.manager
        assert entry.detail == {"gap": "contact", "rows": 0, "hidden": 0, "unit": "CENTRUM", **QUESTION}

    def test_nothing_missing_is_said_gladly(self, cast, client):
        page = self.open(client, cast.head, period="1999")
        assert "Inget saknas" in page.content.decode()
        assert len(page.context["whole"]) == len(GAPS)
        assert "Här saknas inget" in self.open(client, cast.head, "job_form", period="1999").content.decode()

    def test_a_wrong_question_is_answered_at_its_field(self, cast, client):
        page = self.open(client, cast.head, as_of="2025-12-31")
        assert "2026-01-01" in page.context["form"].errors["as_of"][0]
        assert "gaps" not in page.context
        sent_back = self.open(client, cast.head, "contact", as_of="2025-12-31")
        assert sent_back["Location"].startswith(reverse("reporting:missing") + "?")

    def test_one_unit_s_manager_sees_no_other_unit_s_gaps(self, cast, client):
        refused = self.open(client, cast.manager, unit="NORR")
        assert "Välj en av enheterna i listan." in refused.content.decode()
        assert self.open(client, cast.manager, "education", unit="NORR").status_code == 302
        whole = self.open(client, cast.manager, unit="")
        assert whole.context["question"].unit == cast.centrum

    def test_there_is_no_list_of_what_is_no_gap(self, cast, client):
        assert self.open(client, cast.head, "banan").status_code == 404

    @pytest.mark.parametrize("number", [5, 50])
    def test_few_and_many_are_found_with_as_many_questions(self, number, cast, client, django_assert_num_queries):
        for _number in range(number):
            FollowUpFactory(placement__enrolment=case(unit=cast.norr), due=dt.date(2026, 3, 2))
        client.force_login(cast.head)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(reverse("reporting:missing"), QUESTION)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(reverse("reporting:missing_list", args=["followup"]), QUESTION)


#: Session, user, memberships, municipality, units with their names, the setting twice, and all gaps in one.
PAGE_QUERIES = 9
LIST_QUERIES = 12
