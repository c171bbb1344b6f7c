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
from placements.models import FollowUp, FollowUpLink
from placements.municipal import LINK_DAYS

#: The kind of mail that carries a link (placements.mail).
KIND = "placements.followup_link"


class NothingToSend(Exception):
    """The follow-up is filed or withdrawn, or its placement has no supervisor to write to."""


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
def link_renew(*, link: FollowUpLink) -> None:
    """What a supervisor asks for whose link has expired: a new one to the address on file.

    Nothing tells the caller whether a mail goes out: none does for a follow-up that is filed or withdrawn, nor
    within RENEW_PAUSE of the one before.
    """
    current = _locked(link.followup)
    last = last_mail(current)
    if link.state != LinkState.EXPIRED or not current.is_open or is_too_soon(last):
        return
    _send(current, actor=None, made_by=link.made_by, last=None)


@transaction.atomic
def link_withdraw(*, followup: FollowUp) -> int:
    """Withdraw every link to the follow-up, and the mails that still wait with it; how many links held until now."""
    return links_withdraw(FollowUpLink.objects.whole().filter(followup=followup, withdrawn_at=None), kind=KIND)


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
    if not followup.is_open or followup.placement is None or followup.placement.supervisor is None:
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
    else:
        link_prolong(link, valid_until=valid_until)
    return link_mail(link, kind=KIND, recipient=link.supervisor.email, actor=actor, last=last)
