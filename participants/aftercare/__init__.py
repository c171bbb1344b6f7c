"""When the aftercare asks what a person does now, of which closures, and what is known already."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, Exists, F, Func, IntegerField, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participants.aftercare.services import version_of
from participants.models import Aftercare, Enrolment
from participants.models.aftercare import AFTERCARE_DAYS
from participants.results import LASTING, PENDING, Closure, outcome_of, result_of_closure
from vocabulary.codes import ClosureReason

#: What is asked about later: whether work or studies lasted.
REASONS_ASKED = (ClosureReason.WORK, ClosureReason.OWN_BUSINESS, ClosureReason.STUDIES)
LABELS = {90: _("After 90 days"), 180: _("After 6 months"), 365: _("After 12 months")}
#: The last question is worth asking this long; each of the others until the next one comes.
LAST_ASKED = 90
#: A question that nobody has answered after so many days is late.
LATE_AFTER = 14


@dataclass(frozen=True)
class Point:
    """One time at which the aftercare asks about a closure, and the answer if there is one."""

    enrolment: Enrolment
    days_after: int
    answer: Aftercare | None
    today: dt.date
    #: The link about it that was sent last (participants.asking.reading), where a page tells.
    sent: Any = None

    @property
    def label(self) -> str:
        return str(LABELS[self.days_after])

    @property
    def due(self) -> dt.date:
        return due_day(self.enrolment, self.days_after)

    @property
    def is_due(self) -> bool:
        """Whether the day has come; what is answered is due no longer."""
        return self.answer is None and self.due <= self.today

    @property
    def is_late(self) -> bool:
        return self.is_due and self.today > self.due + dt.timedelta(days=LATE_AFTER)

    @property
    def seen(self) -> str:
        return version_of(self.answer)

    @property
    def address(self) -> str:
        """The address of its page."""
        path = reverse("participants:aftercare", args=[self.enrolment.participant.public_id, self.days_after])
        return f"{path}?inskrivning={self.enrolment.start.isoformat()}"

    @property
    def link_address(self) -> str:
        """Where a link about it is sent from."""
        path = reverse("participants:aftercare_link", args=[self.enrolment.participant.public_id, self.days_after])
        return f"{path}?inskrivning={self.enrolment.start.isoformat()}"

    @property
    def may_be_mailed(self) -> bool:
        """Whether the person can be asked by a link: has an address, and is not protected."""
        person = self.enrolment.participant
        return self.is_due and bool(person.email) and not person.is_protected


def due_day(enrolment: Enrolment, days_after: int) -> dt.date:
    """The first day on which a closure is asked about."""
    return enrolment.end + dt.timedelta(days=days_after)


def is_asked_about(closure: Closure, today: dt.date) -> bool:
    """Whether the aftercare asks at all: of work and studies that count, or may come to count, as such."""
    return outcome_of(closure, today).result in (*LASTING, PENDING)


def points_of(enrolment: Enrolment, answers: Iterable[Aftercare], today: dt.date) -> list[Point]:
    """The times at which a closed enrolment is asked about, and those that have been answered all the same."""
    known = {answer.days_after: answer for answer in answers}
    asked = is_asked_about(Closure.of(enrolment), today)
    return [
        Point(enrolment=enrolment, days_after=days, answer=known.get(days), today=today)
        for days in AFTERCARE_DAYS
        if asked or days in known
    ]


def point_of(enrolment: Enrolment, days_after: int, today: dt.date) -> Point | None:
    """One time of a closed enrolment, with what is known now; None if nobody asks about it then."""
    points = points_of(enrolment, enrolment.aftercare.all(), today)
    return next((point for point in points if point.days_after == days_after), None)


def to_ask_on(enrolments: QuerySet, today: dt.date) -> QuerySet:
    """The closures that wait for an answer on `today`, each with `days_after` and `due`, the late ones first.

    One question for each closure: when the next time has come, nobody asks for the one before any more. It can still
    be answered in the file.
    """
    first, *others = AFTERCARE_DAYS
    latest = today - dt.timedelta(days=first)
    earliest = today - dt.timedelta(days=AFTERCARE_DAYS[-1] + LAST_ASKED)
    passed = [When(end__lte=today - dt.timedelta(days=days), then=Value(days)) for days in reversed(others)]
    answered = Aftercare.objects.filter(enrolment=OuterRef("pk"), days_after=OuterRef("days_after"))
    return (
        enrolments.filter(end__gt=earliest, end__lte=latest, closure_reason__in=REASONS_ASKED)
        .alias(result=result_of_closure(today))
        .annotate(days_after=Case(*passed, default=Value(first), output_field=IntegerField()))
        .annotate(
            due=Func(
                F("end"), F("days_after"), template="(%(expressions)s)", arg_joiner=" + ", output_field=DateField()
            )
        )
        .filter(~Exists(answered), result__in=LASTING)
        .order_by("due", "participant__sort_name", "pk")
    )
