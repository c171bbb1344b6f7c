"""What a working day has that no register says: participants handed over, a draft that was left, a deputy."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import Unit, User
from participants.coaching.services import Move, coaches_reassign
from participants.deputies.services import deputy_name
from participants.digest.services import digest_wish
from participants.models import Enrolment, Handover, JournalDraft
from participants.models.journal import EntryKind
from vocabulary.codes import Protection

NOTES = (
    "Har sökt två jobb i veckan sedan sommaren. Nästa steg är ett studiebesök på lagret, det är bokat.",
    "Vill helst bli uppringd efter klockan tre. Tolk behövs vid längre möten.",
)
DRAFT = "Vi talade om praktiken. Hen vill gärna prova i köket, men är orolig för arbetstiderna på morgonen"


@transaction.atomic
def demo_day_create() -> None:
    """For the first job coach: two participants from a colleague, and a draft. In another unit somebody is away.
    Twice is once."""
    if Handover.objects.exists():
        return
    coach, colleague = _user("maria.lind"), _user("leila.haddad")
    manager = _user("karin.oberg")
    moves = [Move(each, colleague, coach, note) for each, note in zip(_open(colleague), NOTES, strict=False)]
    coaches_reassign(moves=moves, actor=manager)
    if own := _open(coach).last():
        draft = JournalDraft(author=coach, enrolment=own, kind=EntryKind.MEETING, text=DRAFT)
        draft.save()
        JournalDraft.objects.filter(pk=draft.pk).update(saved_at=timezone.now() - dt.timedelta(days=2))
    today = timezone.localdate()
    deputy_name(
        absent=_user("hodan.warsame"),
        deputy=_user("oskar.wik"),
        unit=Unit.objects.get(code="JC-NORR"),
        start=today - dt.timedelta(days=3),
        end=today + dt.timedelta(days=10),
        actor=_user("hodan.warsame"),
        token=uuid.uuid4(),
    )
    deputy_name(
        absent=coach,
        deputy=colleague,
        unit=Unit.objects.get(code="JC-CENTRUM"),
        start=today + dt.timedelta(days=24),
        end=today + dt.timedelta(days=38),
        actor=manager,
        token=uuid.uuid4(),
    )
    digest_wish(user=coach, wanted=True)


def _user(name: str) -> User:
    """One of the demo's users, by the beginning of the address."""
    login = next(each for each in demo.LOGINS if each.email.startswith(name))
    return User.objects.get(email=login.email)


def _open(coach: User):
    """The coach's open cases of people without protected personal data, by name."""
    rows = Enrolment.objects.filter(coach=coach, end=None, participant__protection=Protection.NONE)
    return rows.select_related("participant").order_by("participant__sort_name", "pk")
