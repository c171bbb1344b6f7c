"""Answering a follow-up, and reading the answer. The follow-up's row is locked, so of two windows one comes first."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.history import act_as
from accounts.models import User
from delivery.models.link import LinkState
from delivery.services.mail import mail_withdraw
from participants.services.activity import enrolment_note_activity
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, Supervisor
from placements.period import Period
from placements.permissions import can_amend_answer
from placements.services.holding import case_held
from placements.services.links import KIND, TEXT_KIND

#: What is asked, in the order of the page.
SAID = ("no_show", "going", "hours", "works_well", "needs", "wishes")


class FollowUpClosed(Exception):
    """The follow-up is withdrawn, or was filed without an answer that could be changed."""


class AnswerChanged(Exception):
    """The answer is no longer the one that its writer has seen."""

    def __init__(self, answer: FollowUpAnswer):
        super().__init__()
        self.answer = answer


class AnswerStands(Exception):
    """The answer can no longer be changed by whoever wants to: it is read, or somebody else's."""

    def __init__(self, answer: FollowUpAnswer):
        super().__init__()
        self.answer = answer


@transaction.atomic
def answer_file_by_link(
    *, link: FollowUpLink, said: Mapping[str, Any], period: Period, version: int
) -> FollowUpAnswer:
    """File what the supervisor says through the link, or change it. See `_file`; raises FollowUpClosed when the
    link has stopped to hold meanwhile."""
    # Whoever is signed in on the same telephone did not say it; the history tells which link did.
    with act_as(actor=None, source="link", link=str(link.public_id)):
        followup = followup_locked(link.followup)
        if FollowUpLink.objects.whole().get(pk=link.pk).state != LinkState.HOLDS:
            raise FollowUpClosed
        return _file(followup, said, period, version, supervisor=link.supervisor)


@transaction.atomic
def answer_file_by_staff(
    *, followup: FollowUp, author: User, said: Mapping[str, Any], period: Period, version: int
) -> FollowUpAnswer:
    """File what was said in a call, or change it the same day. Its author has read it already. See `_file`."""
    return _file(followup_locked(followup), said, period, version, author=author)


@transaction.atomic
def answer_mark_read(*, answer: FollowUpAnswer, version: int, actor: User) -> None:
    """Note that the answer is read: from now on it stands. Twice is once, and the first reader is kept.

    Raises AnswerChanged when it is no longer the wording that was read.
    """
    followup_locked(answer.followup)
    current = FollowUpAnswer.objects.get(pk=answer.pk)
    if current.is_read:
        return
    if current.version != version:
        raise AnswerChanged(current)
    current.read_at, current.read_by, current.read_by_name = timezone.now(), actor, actor.full_name
    current.save(update_fields=["read_at", "read_by", "read_by_name"])


def followup_locked(followup: FollowUp) -> FollowUp:
    """The row as it is now with what belongs to it, held until the transaction ends."""
    # The case first, as whoever closes it does: that something happened is noted there.
    case_held(followup.enrolment_id)
    FollowUp.objects.select_for_update(of=("self",)).get(pk=followup.pk)
    return FollowUp.objects.select_related("placement", "enrolment", "answer", "opinion").get(pk=followup.pk)


def _file(
    followup: FollowUp,
    said: Mapping[str, Any],
    period: Period,
    version: int,
    *,
    supervisor: Supervisor | None = None,
    author: User | None = None,
) -> FollowUpAnswer:
    """Store the answer, or a new wording of it. `period` is what was asked about, `version` the wording that the
    writer has seen, 0 for none.

    The same once more is the same answer. Raises AnswerChanged when another window was quicker with something else,
    AnswerStands when it may no longer be changed, FollowUpClosed when there is nothing to answer.
    """
    said = {name: said[name] for name in SAID}
    answer = getattr(followup, "answer", None)
    if answer is None:
        if not followup.is_open or followup.placement is None:
            raise FollowUpClosed
        return _create(followup, said, period, supervisor, author)
    ours = answer.supervisor_id == supervisor.pk if supervisor else answer.author_id == author.pk
    if ours and all(getattr(answer, name) == value for name, value in said.items()):
        return answer
    today = timezone.localdate()
    if not ours or (answer.is_read if supervisor else not can_amend_answer(author, answer, today)):
        raise AnswerStands(answer)
    if answer.version != version:
        raise AnswerChanged(answer)
    for name, value in said.items():
        setattr(answer, name, value)
    answer.version += 1
    answer.amended_at = timezone.now()
    answer.save(update_fields=[*SAID, "version", "amended_at"])
    return answer


def _create(
    followup: FollowUp, said: dict, period: Period, supervisor: Supervisor | None, author: User | None
) -> FollowUpAnswer:
    today, now = timezone.localdate(), timezone.now()
    read = {"read_at": now, "read_by": author, "read_by_name": author.full_name} if author else {}
    answer = FollowUpAnswer.objects.create(
        followup=followup,
        supervisor=supervisor,
        author=author,
        by_name=(supervisor.name if supervisor else author.full_name),
        period_start=period.first,
        period_end=period.last,
        filed_at=now,
        **said,
        **read,
    )
    followup.filed = today
    followup.save(update_fields=["filed"])
    enrolment_note_activity(enrolment=followup.enrolment, day=today)
    mail_withdraw(kind=(KIND, TEXT_KIND), references=followup.links.filter(withdrawn_at=None).values("public_id"))
    return answer


def hours_in_words(hours: Decimal) -> str:
    """12,5 and not 12,50: as people write hours."""
    return f"{hours.normalize():f}".replace(".", ",")
