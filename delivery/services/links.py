"""Mailing secret links. Who may be sent one, and about what, is said by the app whose link it is."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from delivery.models import Mail, SecretLink
from delivery.models.link import LinkState
from delivery.services.mail import mail_enqueue, mail_resend, mail_withdraw
from delivery.states import MailState

#: How long somebody waits before a page sends another link.
RENEW_PAUSE = dt.timedelta(minutes=10)
ON_ITS_WAY = (MailState.WAITING, MailState.SENDING)


def last_mail_with(links: QuerySet, *, kind: str) -> Mail | None:
    """The latest mail of this kind with one of the links."""
    references = links.order_by().values("public_id")
    return Mail.objects.filter(kind=kind, reference__in=references).order_by("-created_at", "-pk").first()


def mails_with(links: Iterable[SecretLink], *, kind: str) -> dict:
    """The latest mail with each link, by the link's public id, in one query."""
    mails = Mail.objects.filter(kind=kind, reference__in=[link.public_id for link in links])
    return {mail.reference: mail for mail in mails.order_by("created_at", "pk")}


def was_quicker(last: Mail | None, seen: str | None) -> bool:
    """Whether the form that sends has been sent before, or a colleague was quicker.

    `seen` is the public id of the latest mail that the sender knows of, empty for none; None: send whatever was sent.
    """
    return bool(last and seen is not None and (str(last.public_id) != seen or last.state in ON_ITS_WAY))


def is_too_soon(last: Mail | None) -> bool:
    """Whether the last link was mailed so lately that nobody need ask for another."""
    return bool(last and last.created_at > timezone.now() - RENEW_PAUSE)


def link_make(link: SecretLink, *, made_by: User) -> SecretLink:
    """Store a new link with its token."""
    link.made_by, link.made_by_name = made_by, made_by.full_name
    link.draw_token()
    link.save()
    return link


def link_prolong(link: SecretLink, *, valid_until: dt.date) -> None:
    """A link that is mailed again holds as long as a new one would."""
    if link.valid_until < valid_until:
        link.valid_until = valid_until
        link.save(update_fields=["valid_until"])


def link_mail(link: SecretLink, *, kind: str, recipient: str, actor: User | None, last: Mail | None) -> Mail:
    """Mail the link; a mail of it that could not be sent is asked for anew."""
    if last and last.is_trouble and last.reference == link.public_id:
        return mail_resend(mail=last, actor=actor)
    return mail_enqueue(kind=kind, recipient=recipient, reference=link.public_id, actor=actor)


def links_withdraw(links: Iterable[SecretLink], *, kind: str) -> int:
    """Withdraw the links, and the mails that still wait with them; how many held until now."""
    links = list(links)
    held = [link for link in links if link.state == LinkState.HOLDS]
    now = timezone.now()
    mail_withdraw(kind=kind, references=[link.public_id for link in links])
    for link in links:
        link.withdrawn_at = now
        link.save(update_fields=["withdrawn_at"])
    return len(held)
