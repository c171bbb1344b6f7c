"""The mail with which a supervisor is asked: it names no participant, no unit and no reason (JO 3018-2001)."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts import municipal
from delivery.mail_kinds import MailKind, Message, register
from delivery.models import Mail
from delivery.models.link import LinkState
from placements.models import FollowUpLink
from placements.services.links import KIND


def compose(mail: Mail) -> Message | None:
    """The mail, written when it is sent. None when it is no longer wanted: answered or withdrawn meanwhile, the link
    expired, or the supervisor has another address."""
    link = FollowUpLink.objects.whole().filter(public_id=mail.reference).first()
    if link is None or link.state != LinkState.HOLDS or not link.followup.is_open:
        return None
    if link.supervisor.email != mail.recipient:
        return None
    link.keep_token()
    context = {
        "address": link.address,
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "valid_until": link.valid_until,
        "contact": link.contact,
    }
    return Message(
        subject=render_to_string("placements/mail/link_subject.txt", context).strip(),
        body=render_to_string("placements/mail/link_message.txt", context),
    )


def join() -> None:
    register(MailKind(code=KIND, label=_("Link to a follow-up"), compose=compose))
