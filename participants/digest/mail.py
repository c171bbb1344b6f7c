"""What the digest says: how much, never who, and nothing of what kind of unit it is (JO 3018-2001)."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.mail_kinds import MailKind, Message, register
from delivery.models import Mail
from participants.digest.services import KIND, counts_for
from participants.models import DigestDay, DigestWish


def compose(mail: Mail) -> Message | None:
    """The mail, counted when it is sent. None when it is no longer wanted: the account is closed, the wish is taken
    back, the address is another, the day is over, or everything has been done meanwhile."""
    row = DigestDay.objects.select_related("user").filter(public_id=mail.reference).first()
    if row is None or row.day != timezone.localdate() or not row.user.is_active:
        return None
    if row.user.email != mail.recipient or not DigestWish.objects.filter(user=row.user).exists():
        return None
    lists = counts_for(row.user, row.day)
    if not lists:
        return None
    context = {
        "lists": [{"label": label, "count": count, "late": late} for label, count, late in lists],
        "total": sum(count for _label, count, _late in lists),
        "address": settings.PUBLIC_ADDRESS + reverse("day:day"),
        "settings": settings.PUBLIC_ADDRESS + reverse("day:digest"),
    }
    return Message(
        subject=render_to_string("participants/digest/subject.txt", context).strip(),
        body=render_to_string("participants/digest/message.txt", context),
    )


def join() -> None:
    register(MailKind(code=KIND, label=_("Daily digest"), compose=compose))
