"""What a supervisor is sent: the question, reminders of it, word of a reply. It names no participant, no unit and no
reason (JO 3018-2001), and is written in Swedish with a few lines in English."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from delivery.mail_kinds import Enclosure, MailKind, Message, register
from delivery.models import Mail
from delivery.models.link import LinkState
from delivery.sms.numbers import mobile_of
from placements.feeds.events import Event
from placements.feeds.ical import calendar_of
from placements.models import FollowUpLink
from placements.models.supervisor import Supervisor
from placements.services.links import KIND, REPLY_KIND, TEXT_KIND


def compose(mail: Mail) -> Message | None:
    """The mail that asks, or reminds (`params["step"]`), written when it is sent. None when it is no longer wanted:
    answered or withdrawn meanwhile, the link expired, the supervisor has another address, or wants no reminders."""
    link = _link_of(mail, reached_at=lambda supervisor: supervisor.email)
    if link is None or not link.followup.is_open or (mail.params.get("step") and link.supervisor.no_reminders):
        return None
    message = _written(link, "reminder" if mail.params.get("step") else "link")
    return replace(message, enclosures=_calendar(link))


def _calendar(link: FollowUpLink) -> tuple[Enclosure, ...]:
    """The day on which the answer is due, for the supervisor's own calendar; nothing once it has come. It says what
    the mail's subject says and carries no link: calendars are shared."""
    if not _is_to_come(link):
        return ()
    name = municipal.value_of(municipal.MUNICIPALITY_NAME.key)
    event = Event(
        f"followup-{link.followup.public_id}", _("Answer questions from %(name)s") % {"name": name}, link.followup.due
    )
    content = calendar_of([event], name=name, domain=urlsplit(settings.PUBLIC_ADDRESS).hostname or "jobbspar")
    return (Enclosure("svara.ics", "text/calendar", content),)


def _is_to_come(link: FollowUpLink) -> bool:
    return link.followup.due > timezone.localdate()


def compose_reply(mail: Mail) -> Message | None:
    """That there is a reply to read, never what it says."""
    link = _link_of(mail, reached_at=lambda supervisor: supervisor.email)
    return _written(link, "reply") if link and link.followup.filed else None


def compose_text(mail: Mail) -> Message | None:
    """The text message that reminds."""
    link = _link_of(mail, reached_at=lambda supervisor: mobile_of(supervisor.phone))
    if link is None or not link.followup.is_open or link.supervisor.no_reminders:
        return None
    return Message(subject="", body=render_to_string("placements/mail/text_message.txt", _context(link)).strip())


def _link_of(mail: Mail, *, reached_at: Callable[[Supervisor], str | None]) -> FollowUpLink | None:
    """The link that the mail carries, if it holds and who it is meant for is still reached there."""
    link = FollowUpLink.objects.whole().filter(public_id=mail.reference).first()
    if link is None or link.state != LinkState.HOLDS or reached_at(link.supervisor) != mail.recipient:
        return None
    link.keep_token()
    return link


def _written(link: FollowUpLink, what: str) -> Message:
    context = _context(link)
    return Message(
        subject=render_to_string(f"placements/mail/{what}_subject.txt", context).strip(),
        body=render_to_string(f"placements/mail/{what}_message.txt", context),
    )


def _context(link: FollowUpLink) -> dict:
    return {
        "address": link.address,
        "municipality": municipal.value_of(municipal.MUNICIPALITY_NAME.key),
        "valid_until": link.valid_until,
        "due": link.followup.due if _is_to_come(link) else None,
        "contact": link.contact,
    }


def join() -> None:
    register(MailKind(code=KIND, label=gettext_lazy("Link to a follow-up"), compose=compose))
    register(MailKind(code=REPLY_KIND, label=gettext_lazy("Word of a reply to a supervisor"), compose=compose_reply))
    register(
        MailKind(code=TEXT_KIND, label=gettext_lazy("Text message that reminds of a follow-up"), compose=compose_text)
    )
