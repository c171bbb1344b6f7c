"""Some of those who have left are asked by a link, and one has answered."""

from django.utils import timezone

from accounts import demo
from accounts.models import User
from participants.aftercare import to_ask_on
from participants.asking.services import (
    aftercare_answer_by_link,
    aftercare_link_send,
    may_be_written_to,
)
from participants.models import AftercareLink, Enrolment
from vocabulary.codes import AftercareStatus

#: So many are asked; the first of them has answered.
ASKED = 3


def demo_aftercare_create() -> None:
    """Ask some by a link, those of the first coach before others; once, however often the demo is made."""
    if AftercareLink.objects.exists():
        return
    coach = User.objects.get(email=demo.LOGINS[0].email)
    cases = to_ask_on(Enrolment.objects.exclude(coach=None), timezone.localdate())
    waiting = [case for case in cases.select_related("participant", "coach") if may_be_written_to(case)]
    waiting.sort(key=lambda case: case.coach_id != coach.pk)
    for number, case in enumerate(waiting[:ASKED]):
        mail = aftercare_link_send(enrolment=case, days_after=case.days_after, actor=case.coach, seen=None)
        if number == 0:
            link = AftercareLink.objects.whole().get(public_id=mail.reference)
            aftercare_answer_by_link(link=link, status=AftercareStatus.WORK)
