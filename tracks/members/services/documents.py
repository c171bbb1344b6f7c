"""That a document which a gate asks for was shown: when, and by whom it was seen. Never a copy."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Enrolment
from placements.booking.rules import Refused
from placements.services.holding import case_held
from tracks.members.ready import ready_note
from tracks.members.services.holding import check_open
from tracks.models import Member, MemberState, ShownDocument


@transaction.atomic
def document_note(*, enrolment: Enrolment, actor: User, words: str, shown_on: dt.date) -> ShownDocument:
    """Write down that the document was shown on a day. The same once more is once. Raises Refused."""
    case = case_held(enrolment.pk)
    known = case.shown_documents.filter(words=words, shown_on=shown_on, withdrawn_on=None).first()
    if known:
        return known
    check_open(case)
    if shown_on > timezone.localdate():
        raise Refused(_("The day has not come yet."), "shown_on")
    shown = ShownDocument.objects.create(
        enrolment=case, words=words, shown_on=shown_on, by=actor, by_name=actor.full_name
    )
    _ready(case)
    return shown


@transaction.atomic
def document_withdraw(*, shown: ShownDocument) -> ShownDocument:
    """It was written down by mistake, or holds no longer. Twice is once. Raises Refused."""
    case = case_held(shown.enrolment_id)
    current = ShownDocument.objects.select_for_update(of=("self",)).get(pk=shown.pk)
    if current.withdrawn_on:
        return current
    check_open(case)
    current.withdrawn_on = timezone.localdate()
    current.save(update_fields=["withdrawn_on"])
    _ready(case)
    return current


def _ready(case: Enrolment) -> None:
    rows = Member.objects.filter(enrolment=case, state=MemberState.ON_TRACK)
    for member in rows.select_related("enrolment__participant", "round__version"):
        ready_note(member)
