"""Recording and withdrawing levels of language: beside an assessment, or by themselves."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.models import Assessment, LanguageGrade
from participants.models import Enrolment
from participants.services.activity import enrolment_note_activity


class CannotGrade(Exception):
    """Why a level of language cannot be recorded, in a sentence for the user."""


@transaction.atomic
def language_grade_record(
    *,
    enrolment: Enrolment,
    skill: str,
    level: str,
    graded_on: dt.date,
    assessor: str,
    how: str,
    actor: User,
    assessment: Assessment | None = None,
    token: uuid.UUID | None = None,
) -> LanguageGrade:
    """Record the level of one skill on a day. `token` belongs to the form and becomes the public id: a form that is
    sent twice records one. It stays without an assessment that was thrown away meanwhile. Raises CannotGrade for a
    day to come or before the participant's birth, and for an assessment of another case."""
    if graded_on > timezone.localdate():
        raise CannotGrade(_("The day has not come yet."))
    if graded_on.year <= enrolment.participant.birth_year:
        raise CannotGrade(_("The participant was not born on that day. Look at the year."))
    if assessment and assessment.placement.enrolment_id != enrolment.pk:
        raise CannotGrade(_("The assessment belongs to another case."))
    # That something happened is noted in the case: it comes before the assessment.
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if assessment:
        held = Assessment.objects.select_for_update(of=("self",), no_key=True).filter(pk=assessment.pk)
        assessment = held.first()
    grade, created = LanguageGrade.objects.get_or_create(
        public_id=token or uuid.uuid4(),
        defaults={
            "enrolment": enrolment,
            "skill": skill,
            "level": level,
            "graded_on": graded_on,
            "assessor": assessor,
            "how": how,
            "assessment": assessment,
            "by": actor,
            "by_name": actor.full_name,
        },
    )
    if created:
        enrolment_note_activity(enrolment=enrolment, day=graded_on)
    return grade


@transaction.atomic
def language_grades_record(*, levels: Mapping[str, str], token: uuid.UUID, **said) -> list[LanguageGrade]:
    """Record the levels of several skills that were judged together, all or none. See `language_grade_record`."""
    return [
        language_grade_record(skill=skill, level=level, token=uuid.uuid5(token, skill), **said)
        for skill, level in levels.items()
    ]


@transaction.atomic
def language_grade_withdraw(*, grade: LanguageGrade, why: str) -> LanguageGrade:
    """Say that a level was wrong, and why: the one before it holds again. Twice is once, and the first reason
    stays."""
    current = LanguageGrade.objects.select_for_update(of=("self",)).get(pk=grade.pk)
    if current.withdrawn_on is None:
        current.withdrawn_on, current.withdrawn_why = timezone.localdate(), why
        current.save(update_fields=["withdrawn_on", "withdrawn_why"])
    return current
