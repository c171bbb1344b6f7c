"""The lists of Min dag that say that an administrator has looked into what somebody asked.

What was found out is not told: it may be what another unit knows.
"""

import datetime as dt
import uuid

from django.db.models import CharField, F, Model, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from participants.day.case_lists import file_address
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment, EnrolmentQuestion, NumberQuestion, Participant
from participants.services.questions import question_see


def _answered(questions: QuerySet, reader: User) -> QuerySet:
    """Of the questions those of the reader that are handled, and that the reader has not read."""
    rows = questions.filter(asked_by=reader, handled_at__isnull=False, seen_at=None)
    return rows.annotate(
        day_due=Value(None),
        day_since=TruncDate("handled_at"),
        day_reference=F("public_id"),
        day_note=Value(""),
    )


def _note(model: type[Model], reader: User, reference: str, noted: bool) -> bool:
    """Only who asked says that it is read."""
    try:
        key = uuid.UUID(reference)
    except ValueError:
        return False
    question = model.objects.filter(asked_by=reader, handled_at__isnull=False, public_id=key).first()
    if question is None:
        return False
    question_see(question=question, seen=noted)
    return True


# --- Whose number it is -------------------------------------------------------------------------------------------


def answered_numbers(_enrolments: QuerySet[Enrolment], _today: dt.date, reader: User) -> QuerySet[NumberQuestion]:
    """The reader was told that a number cannot be saved. About a temporary number nothing was told."""
    latest = Enrolment.objects.visible_to(reader).filter(participant=OuterRef("participant")).order_by("-start")
    rows = _answered(NumberQuestion.objects.filter(temporary=False), reader)
    return rows.annotate(day_enrolment=Subquery(latest.values("pk")[:1])).filter(day_enrolment__isnull=False)


def number_words(_row: DayRow) -> str:
    return _("An administrator has looked into the number. Try to save it again.")


def number_noted(reader: User, reference: str, noted: bool) -> bool:
    return _note(NumberQuestion, reader, reference, noted)


# --- Who is to answer for somebody --------------------------------------------------------------------------------


def answered_enrolments(
    _enrolments: QuerySet[Enrolment], _today: dt.date, reader: User
) -> QuerySet[EnrolmentQuestion]:
    """The reader was told that an enrolment cannot be saved; about those of whom the reader may know still."""
    known = Participant.objects.known_to(reader)
    name = Trim(Concat("participant__given_name", Value(" "), "participant__family_name"))
    return _answered(EnrolmentQuestion.objects.filter(participant__in=known), reader).annotate(
        day_enrolment=Value(None),
        day_name=Coalesce(NullIf(name, Value("")), Value("–"), output_field=CharField()),
    )


def enrolment_words(_row: DayRow) -> str:
    return _("An administrator has looked into who is to answer for the person. Try to save the enrolment again.")


def enrolment_noted(reader: User, reference: str, noted: bool) -> bool:
    return _note(EnrolmentQuestion, reader, reference, noted)


def new_address(_row: DayRow) -> str:
    return reverse("participants:new")


def join() -> None:
    shared = {"action": gettext_lazy("Mark as read"), "for_reader": True, "own_only": True}
    join_day_list(
        DayList(
            key="personnummer",
            label=gettext_lazy("Personal numbers that have been looked into"),
            order=75,
            rows=answered_numbers,
            address=file_address,
            told=number_words,
            may_act=lambda user, enrolment: True,
            noted=number_noted,
            **shared,
        )
    )
    join_day_list(
        DayList(
            key="inskrivningar",
            label=gettext_lazy("Enrolments that have been looked into"),
            order=76,
            rows=answered_enrolments,
            address=new_address,
            told=enrolment_words,
            noted=enrolment_noted,
            **shared,
        )
    )
