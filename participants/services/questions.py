"""What an administrator does with a question that waits."""

from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from participants.models.question import AdministratorsQuestion

Question = TypeVar("Question", bound=AdministratorsQuestion)


@transaction.atomic
def question_handle(*, question: Question, actor: User, outcome: str) -> Question:
    """Write down what was done about a question. What another administrator has written already stays: the question
    is returned as it is."""
    row = type(question).objects.select_for_update(of=("self",)).get(pk=question.pk)
    if row.handled_at is None:
        row.outcome, row.handled_at = outcome, timezone.now()
        row.handled_by, row.handled_by_name = actor, actor.full_name
        row.save(update_fields=["outcome", "handled_at", "handled_by", "handled_by_name"])
    return row


@transaction.atomic
def question_see(*, question: AdministratorsQuestion, seen: bool) -> None:
    """Say that who asked has read that it is handled, or (`seen` False) take that back. Twice is once."""
    seen_at = Coalesce(F("seen_at"), timezone.now()) if seen else None
    type(question).objects.filter(pk=question.pk).update(seen_at=seen_at)
