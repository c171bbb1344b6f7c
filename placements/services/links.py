"""Sending a supervisor the link to a follow-up: at most one link of a follow-up holds at a time."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import municipal
from accounts.models import User
from delivery.models import Mail
from delivery.models.link import LinkState
from delivery.services.links import (
    is_too_soon,
    last_mail_with,
    link_mail,
    link_make,
    link_prolong,
    links_withdraw,
    mails_with,
    was_quicker,
)
from delivery.services.mail import mail_enqueue, mail_withdraw
from placements.models import AnswerReply, FollowUp, FollowUpAnswer, FollowUpLink
from placements.municipal import LINK_DAYS
from placements.providers import followup_asked

#: What carries a link: the mail that asks or reminds, the text message beside it, the mail that tells of a reply.
KIND, TEXT_KIND, REPLY_KIND = "placements.followup_link", "placements.followup_text", "placements.followup_reply"


class NothingToSend(Exception):
    """The follow-up is filed or withdrawn, or its placement has no supervisor to write to, or another one by now."""


@transaction.atomic
def link_send(*, followup: FollowUp, actor: User, seen: str | None) -> Mail:
    """Mail the placement's supervisor the link to the follow-up: the one that holds, or a new one; the mail.

    `seen` is the public id of the latest mail that the sender knows of, empty for none. If there is a later one, or
    one that is still on its way, a form was sent twice or a colleague was quicker: that mail is given back and no
    other is sent. None: send whatever was sent before. Raises NothingToSend.
    """
    current = _locked(followup)
    last = last_mail(current)
    if was_quicker(last, seen):
        return last
    return _send(current, actor=actor, made_by=actor, last=last)


@transaction.atomic
def link_remind(*, followup: FollowUp, made_by: User, step: str) -> tuple[Mail, FollowUpLink]:
    """Remind the placement's supervisor of the follow-up: a mail with a link that holds, and the link. `step` is a
    ReminderStep, empty when it is the first that they hear of it; `made_by` answers for a new link. Raises
    NothingToSend."""
    current = _locked(followup)
    if not current.is_open:
        raise NothingToSend
    link = _holding(current, made_by=made_by)
    recipient, params = link.supervisor.email, {"step": step} if step else {}
    return mail_enqueue(kind=KIND, recipient=recipient, reference=link.public_id, actor=None, params=params), link


@transaction.atomic
def link_reply(*, answer: FollowUpAnswer, made_by: User) -> Mail:
    """Mail who gave the answer that there is a reply to it, with a link that holds. Raises NothingToSend when it was
    not a supervisor, or the placement has another one by now."""
    current = _locked(answer.followup)
    if current.placement is None or not answer.supervisor_id == current.placement.supervisor_id:
        raise NothingToSend
    link = _holding(current, made_by=made_by)
    return _tell_of_reply(link, actor=made_by)


@transaction.atomic
def link_renew(*, link: FollowUpLink) -> None:
    """What a supervisor asks for whose link has expired: a new one to the address on file.

    Nothing tells the caller whether a mail goes out: none does for a follow-up that is filed or withdrawn, unless
    there is a reply to read, nor within RENEW_PAUSE of the one before.
    """
    current = _locked(link.followup)
    links = FollowUpLink.objects.filter(followup=current)
    if link.state != LinkState.EXPIRED or any(
        is_too_soon(last_mail_with(links, kind=kind)) for kind in (KIND, REPLY_KIND)
    ):
        return
    if current.is_open:
        _send(current, actor=None, made_by=link.made_by, last=None)
    elif AnswerReply.objects.filter(answer__followup=current, answer__supervisor=link.supervisor_id).exists():
        _tell_of_reply(_holding(current, made_by=link.made_by), actor=None)


@transaction.atomic
def link_withdraw(*, followup: FollowUp) -> int:
    """Withdraw every link to the follow-up, and the mails that still wait with it; how many links held until now."""
    links = list(FollowUpLink.objects.whole().filter(followup=followup, withdrawn_at=None))
    mail_withdraw(kind=(TEXT_KIND, REPLY_KIND), references=[link.public_id for link in links])
    return links_withdraw(links, kind=KIND)


def last_mail(followup: FollowUp) -> Mail | None:
    """The latest mail with a link to the follow-up."""
    return last_mail_with(FollowUpLink.objects.filter(followup=followup), kind=KIND)


def mails_about(links: list[FollowUpLink]) -> dict:
    """The latest mail with each link, by the link's public id, in one query."""
    return mails_with(links, kind=KIND)


def _locked(followup: FollowUp) -> FollowUp:
    FollowUp.objects.select_for_update(of=("self",)).get(pk=followup.pk)
    return FollowUp.objects.select_related("placement__supervisor").get(pk=followup.pk)


def _send(followup: FollowUp, *, actor: User | None, made_by: User, last: Mail | None) -> Mail:
    if not followup.is_open:
        raise NothingToSend
    link = _holding(followup, made_by=made_by)
    return link_mail(link, kind=KIND, recipient=link.supervisor.email, actor=actor, last=last)


def _tell_of_reply(link: FollowUpLink, *, actor: User | None) -> Mail:
    return mail_enqueue(kind=REPLY_KIND, recipient=link.supervisor.email, reference=link.public_id, actor=actor)


def _holding(followup: FollowUp, *, made_by: User) -> FollowUpLink:
    """The link that holds, for as long as a new one would; a new one if there is none. Raises NothingToSend."""
    if followup.placement is None or followup.placement.supervisor is None:
        raise NothingToSend
    days = dt.timedelta(days=municipal.value_of(LINK_DAYS.key))
    valid_until = max(followup.due, timezone.localdate()) + days
    links = FollowUpLink.objects.whole().filter(followup=followup, withdrawn_at=None)
    link = next((link for link in links if link.state == LinkState.HOLDS), None)
    if link is None:
        link = link_make(
            FollowUpLink(
                followup=followup,
                placement=followup.placement,
                supervisor=followup.placement.supervisor,
                valid_until=valid_until,
            ),
            made_by=made_by,
        )
        followup_asked(link)
    else:
        link_prolong(link, valid_until=valid_until)
    return link
