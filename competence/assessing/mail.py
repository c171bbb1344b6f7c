"""The mail with the link to an assessment. As those about follow-ups it names no participant, no unit, no reason."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from accounts import municipal
from competence.assessing.links import KIND, assessment_of, whole
from delivery.mail_kinds import MailKind, Message, register
from delivery.models import Mail
from delivery.models.link import LinkState


def compose(mail: Mail) -> Message | None:
    """The mail as it is sent. None when it is no longer wanted: signed or thrown away meanwhile, the link holds no
    more, or the supervisor has another address."""
    link = whole().filter(public_id=mail.reference).first()
    if link is None or link.state != LinkState.HOLDS or link.supervisor.email != mail.recipient:
        return None
    assessment = assessment_of(link)
    if assessment is None or assessment.is_locked:
        return None
    link.keep_token()
    context = {
        "address": link.address,
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "valid_until": link.valid_until,
        "contact": link.contact,
    }
    return Message(
        subject=render_to_string("competence/mail/assessment_subject.txt", context).strip(),
        body=render_to_string("competence/mail/assessment_message.txt", context),
    )


def join() -> None:
    register(MailKind(code=KIND, label=gettext_lazy("Link to an assessment of competence"), compose=compose))
