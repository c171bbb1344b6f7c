"""The mail with which somebody who has left is asked: it says neither who they are, nor what they have left."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts import municipal
from delivery.mail_kinds import MailKind, Message, register
from delivery.models import Mail
from delivery.models.link import LinkState
from participants.asking.services import KIND
from participants.models import AftercareLink


def compose(mail: Mail) -> Message | None:
    """The mail, written when it is sent. None when it is no longer wanted: answered meanwhile, the closure taken
    back, the link expired, the person protected or at another address."""
    link = AftercareLink.objects.whole().filter(public_id=mail.reference).first()
    if link is None or link.state != LinkState.HOLDS or link.email != mail.recipient:
        return None
    if link.enrolment.aftercare.filter(days_after=link.days_after).exists():
        return None
    link.keep_token()
    context = {
        "address": link.address,
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "valid_until": link.valid_until,
        "contact": link.contact,
    }
    return Message(
        subject=render_to_string("participants/asking/mail/link_subject.txt", context).strip(),
        body=render_to_string("participants/asking/mail/link_message.txt", context),
    )


def join() -> None:
    register(MailKind(code=KIND, label=_("Question of the aftercare"), compose=compose))
