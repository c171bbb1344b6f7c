"""Answering what a person does now, at the times when the aftercare asks."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from participants.models import Aftercare, Enrolment
from participants.services.activity import enrolment_note_activity


class NotClosed(Exception):
    """The closure has been taken back, so there is nothing to ask about."""


class AnsweredOtherwise(Exception):
    """The answer is no longer the one that was read: somebody was quicker with another."""

    def __init__(self, answer: Aftercare):
        super().__init__()
        self.answer = answer


@transaction.atomic
def aftercare_answer(*, enrolment: Enrolment, days_after: int, status: str, checked: dt.date, seen: str) -> Aftercare:
    """Write down what is known `days_after` days after the closure, or correct it; `checked` is the day of asking.

    `seen` is the answer that the page showed (`version_of`), empty for none. The same once more is the same answer.
    Raises NotClosed and AnsweredOtherwise.
    """
    current = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if current.end is None:
        raise NotClosed
    answer = current.aftercare.filter(days_after=days_after).first()
    if answer is None:
        answer = Aftercare(enrolment=current, days_after=days_after)
    elif (answer.status, answer.checked) == (status, checked):
        return answer
    elif version_of(answer) != seen:
        raise AnsweredOtherwise(answer)
    answer.status, answer.checked = status, checked
    answer.by_person, answer.seen_at = False, None
    answer.save()
    enrolment_note_activity(enrolment=current, day=checked)
    return answer


@transaction.atomic
def aftercare_take_back(*, enrolment: Enrolment, days_after: int, seen: str) -> None:
    """Take back an answer that was given by mistake, on the day on which it was given: nobody has answered then. The
    history keeps it. Twice is once. Raises AnsweredOtherwise, also when its day is over."""
    Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    answer = Aftercare.objects.filter(enrolment=enrolment, days_after=days_after).first()
    if answer is None:
        return
    given = answer.events.order_by("pgh_id").last().pgh_created_at
    if answer.by_person or version_of(answer) != seen or timezone.localdate(given) != timezone.localdate():
        raise AnsweredOtherwise(answer)
    answer.delete()


def version_of(answer: Aftercare | None) -> str:
    """Which answer somebody has read: sent along with the form and compared when it returns."""
    return f"{answer.status} {answer.checked.isoformat()}" if answer else ""
