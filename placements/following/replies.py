"""Replying to what a supervisor has answered. The reply stands on the page of the link; the mail only says so."""

import uuid

from django.db import transaction

from accounts.models import User
from placements.models import AnswerReply, FollowUpAnswer
from placements.services.answers import answer_mark_read, followup_locked
from placements.services.links import NothingToSend, link_reply


class NobodyToReply(Exception):
    """Staff wrote the answer down, or the placement has another supervisor by now: nobody would read the reply."""


@transaction.atomic
def reply_write(*, answer: FollowUpAnswer, version: int, text: str, actor: User, token: uuid.UUID) -> AnswerReply:
    """Reply to a supervisor's answer, and mail them that there is one. Who replies has read the answer: it stands.

    `version` is the wording that was read; raises AnswerChanged when it is another by now, NobodyToReply. `token`
    belongs to the form and becomes the public id, so that a form which is sent twice replies once.
    """
    followup_locked(answer.followup)
    if reply := AnswerReply.objects.filter(public_id=token).first():
        return reply
    answer_mark_read(answer=answer, version=version, actor=actor)
    try:
        mail = link_reply(answer=answer, made_by=actor)
    except NothingToSend as nobody:
        raise NobodyToReply from nobody
    return AnswerReply.objects.create(
        public_id=token, answer=answer, text=text, by=actor, by_name=actor.full_name, mail=mail
    )
