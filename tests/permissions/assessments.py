"""Assessments of competence and levels of language: the staff's side, and the supervisor's by a secret address."""

import datetime as dt
import uuid

from django.utils import timezone

from competence.assessing.grades import language_grade_record
from competence.assessing.links import assessment_link_send
from competence.assessing.services import assessment_complete
from competence.models import Assessment, AssessmentLink
from placements.models import FollowUpLink
from placements.services.links import link_send
from tests.cast import Cast
from tests.competence.assessments import begun_assessment, signed_assessment
from tests.competence.certificates import ended_placement
from tests.factories import FollowUpFactory, SupervisorFactory, days_ago
from tests.permissions.rows import WRITERS, Row, everybody, in_unit, person
from vocabulary.codes import FollowUpKind


def _placement(cast: Cast):
    placement = ended_placement(cast.asa)
    placement.supervisor = SupervisorFactory(workplace=placement.workplace)
    placement.save()
    return placement


def _ids(cast: Cast, assessment: Assessment) -> list:
    return [cast.person.public_id, assessment.public_id]


def a_draft(cast: Cast, _user) -> list:
    return _ids(cast, begun_assessment(_placement(cast), actor=cast.coach))


def a_completed(cast: Cast, _user) -> list:
    draft = begun_assessment(_placement(cast), actor=cast.coach)
    return _ids(cast, assessment_complete(assessment=draft, actor=cast.coach))


def a_signed(cast: Cast, _user) -> list:
    return _ids(cast, signed_assessment(_placement(cast), actor=cast.coach))


def a_placement(cast: Cast, _user) -> list:
    return [cast.person.public_id, ended_placement(cast.asa).pk]


def a_stage(cast: Cast, _user) -> list:
    return [*a_placement(cast, None), "start"]


def a_grade(cast: Cast, _user) -> list:
    grade = language_grade_record(
        enrolment=cast.asa,
        skill="READING",
        level="A2",
        graded_on=days_ago(3),
        assessor="Eva Lärare",
        how="education",
        actor=cast.coach,
    )
    return [cast.person.public_id, grade.public_id]


def a_link(cast: Cast, _user) -> list:
    """The token by which the supervisor fills in the assessment."""
    draft = begun_assessment(_placement(cast), actor=cast.coach)
    assessment_link_send(assessment=draft, actor=cast.coach, seen=None)
    return [AssessmentLink.objects.get().token]


def a_statement(cast: Cast, _user) -> list:
    return [*a_link(cast, None), "SPRAK-05"]


def a_module(cast: Cast, _user) -> list:
    return [*a_link(cast, None), "SPRAK"]


def a_followup_link(cast: Cast, _user) -> list:
    followup = FollowUpFactory(placement=_placement(cast), kind=FollowUpKind.EMPLOYMENT_FINAL)
    link_send(followup=followup, actor=cast.coach, seen=None)
    return [FollowUpLink.objects.get().token]


def today() -> dt.date:
    return timezone.localdate()


ASSESSMENTS = (
    Row("assessing:begin", "Begin an assessment", a_stage, post=in_unit(302, WRITERS)),
    Row("assessing:assessment", "An assessment", a_signed, get=in_unit()),
    Row("assessing:write", "Fill it in", a_draft, get=in_unit(200, WRITERS), post=in_unit(302, WRITERS)),
    Row(
        "assessing:area",
        "Choose its occupational area",
        a_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row(
        "assessing:discard",
        "Throw a draft away",
        a_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row("assessing:complete", "Say that it is whole", a_draft, post=in_unit(302, WRITERS)),
    Row("assessing:reopen", "Take it back to draft", a_completed, post=in_unit(302, WRITERS)),
    Row(
        "assessing:sign",
        "Record a signature on paper",
        a_completed,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"name": "Lena Holm", "day": today().isoformat(), "seen": "1"},
    ),
    Row("assessing:review", "Say that a signed one is reviewed", a_signed, post=in_unit(302)),
    Row(
        "assessing:correct",
        "Correct a signed one",
        a_signed,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"why": "Fel nivå."},
    ),
    Row(
        "assessing:own_view",
        "Write down the participant's own view",
        a_signed,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"agrees": "yes", "said_on": today().isoformat(), "seen": "0"},
    ),
    Row("assessing:link_send", "Mail the supervisor the link", a_draft, post=in_unit(302, WRITERS)),
    Row(
        "assessing:link_withdraw",
        "Withdraw the link",
        a_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
    ),
    Row("assessing:progress", "How things have moved between the stages", a_placement, get=in_unit()),
    Row(
        "assessing:grade_in_assessment",
        "Grade the language in an assessment",
        a_draft,
        get=in_unit(200, WRITERS),
        post=in_unit(422, WRITERS),
    ),
    Row(
        "assessing:grade",
        "Grade the language",
        person,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {
            "READING": "A2",
            "graded_on": today().isoformat(),
            "assessor": "Eva Lärare",
            "how": "test",
            "token": uuid.uuid4(),
        },
    ),
    Row(
        "assessing:grade_withdraw",
        "Withdraw a level of language",
        a_grade,
        get=in_unit(200, WRITERS),
        post=in_unit(302, WRITERS),
        data=lambda cast, user: {"why": "Fel person."},
    ),
    Row("assessing:by_link", "The supervisor's page, by the link of a mail", a_link, get=everybody(anonymous=200)),
    Row(
        "assessing:by_link_renew",
        "Ask for a new link in place of an expired one",
        a_link,
        post=everybody(302, anonymous=302),
    ),
    Row(
        "assessing:by_link_statement",
        "One statement on the supervisor's page",
        a_statement,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"SPRAK-05-level": "1"},
    ),
    Row(
        "assessing:by_link_module",
        "The list of a module on the supervisor's page",
        a_module,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
    ),
    Row(
        "assessing:by_link_area",
        "Choose the occupational area on the supervisor's page",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(422, anonymous=422),
    ),
    Row(
        "assessing:by_link_finish",
        "Look through and sign on the supervisor's page",
        a_link,
        get=everybody(anonymous=200),
        post=everybody(302, anonymous=302),
        data=lambda cast, user: {"seen": "1"},
    ),
    Row(
        "assessing:by_link_change",
        "Change what is completed on the supervisor's page",
        a_link,
        post=everybody(302, anonymous=302),
    ),
    Row(
        "assessing:beside_followup",
        "From a follow-up to the assessment that belongs to it",
        a_followup_link,
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
)
