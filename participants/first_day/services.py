"""The service that corrects the first day of an enrolment."""

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.history import noted
from accounts.models import User
from participants.enrolling.services import NotFree, check_free, enrolment_question_ask
from participants.first_day import standing_before
from participants.models import Enrolment, UnitAssignment
from participants.services.activity import enrolment_recall_activity


class FirstDayChanged(Exception):
    """Somebody else has corrected the first day since the page was opened."""

    def __init__(self, enrolment: Enrolment):
        super().__init__()
        self.enrolment = enrolment


class AfterItsEnd(Exception):
    """The enrolment, or the time of the unit that was the first to answer for it, has ended on `last` before the new
    first day."""

    def __init__(self, last: dt.date):
        super().__init__()
        self.last = last


class StandsBefore(Exception):
    """What belongs to the enrolment stands before the new first day: `what`, in words."""

    def __init__(self, what: list[str]):
        super().__init__()
        self.what = what


def first_day_correct(
    *, enrolment: Enrolment, day: dt.date, seen: dt.date, why: str, actor: User, units: list[str]
) -> Enrolment:
    """Let the enrolment begin on `day`. `seen` is the first day that the page showed, and `units` are the codes of
    the units for which it is done; `why` is kept in the history. The same once more changes nothing.

    The law of the case stays: it may be corrected beside the other facts. Raises FirstDayChanged, AfterItsEnd,
    StandsBefore, EnrolledAlready, and NotFree, when a question is left to the administrator; then nothing is stored.
    """
    known = {"enrolment": enrolment, "day": day, "seen": seen, "why": why, "actor": actor, "units": units}
    try:
        try:
            return _correct(**known)
        except IntegrityError:
            # Somebody enrolled the person on one of the days at the same moment; now it is known where.
            return _correct(**known)
    except NotFree as refused:
        enrolment_question_ask(participant=refused.participant, unit=enrolment.unit, start=day, actor=actor)
        raise


@transaction.atomic
def _correct(
    *, enrolment: Enrolment, day: dt.date, seen: dt.date, why: str, actor: User, units: list[str]
) -> Enrolment:
    # Whatever is added to the enrolment meanwhile refers to its row, and waits for this or is seen below.
    current = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if current.start == day:
        return current
    if current.start != seen:
        raise FirstDayChanged(current)
    first = UnitAssignment.objects.select_for_update(of=("self",)).filter(enrolment=current).earliest("start")
    if last := min((each for each in (current.end, first.end) if each and each < day), default=None):
        raise AfterItsEnd(last)
    check_free(current.participant, day, actor, until=current.end, but=current)
    if standing := standing_before(current, day):
        raise StandsBefore(standing)
    with noted(units=units, why=why):
        current.start, first.start = day, day
        current.revision += 1
        current.save(update_fields=["start", "revision"])
        first.save(update_fields=["start"])
    enrolment_recall_activity(enrolment=current, day=seen)
    return current
