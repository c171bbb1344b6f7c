"""What the register of the invented municipality cannot say: supervisors, links and reminders that were sent, an
answer, the reply to it, and what the participant says of it."""

import datetime as dt
import unicodedata
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import demo
from accounts.models import User
from delivery.models import Mail, MailAttempt
from delivery.states import AttemptOutcome, MailState
from exchange.demo import names
from placements.following.opinions import opinion_write
from placements.following.reminders import STEPS, reminder_decide
from placements.following.replies import reply_write
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, Supervisor
from placements.models.answer import Going
from placements.period import period_of
from placements.services.answers import answer_file_by_link
from placements.services.links import link_send
from placements.services.supervisors import placement_enter_supervisor
from placements.services.wishes import reminders_wish
from vocabulary.codes import Protection

#: How many placements get a supervisor; all but the last get a link too.
SUPERVISORS = 6
#: By their number: who wants no reminders, has answered and not been read, answered and got a reply, said that nobody
#: came, been reminded in vain of what was due so many days ago.
WANTS_NONE, ANSWERED, REPLIED, NEVER_CAME, REMINDED = range(5)
REMINDED_OF_DAYS = 11
PHONE = "070-174 06 45"  # one of those that PTS keeps for stories


@transaction.atomic
def demo_followups_create() -> None:
    """Give the first job coach's follow-ups that are due soon or late their supervisors. Twice is once."""
    if Supervisor.objects.exists():
        return
    coach = User.objects.get(email=demo.LOGINS[0].email)
    for number, followup in enumerate(_waiting(coach)):
        name = f"{names.WOMEN[number]} {names.FAMILY[-1 - number]}"
        placement_enter_supervisor(
            placement=followup.placement,
            name=name,
            email=demo_address(name),
            phone=PHONE if number == REMINDED else "",
            actor=coach,
        )
        if number == SUPERVISORS - 1:
            return
        if number == REMINDED:
            _remind(followup, REMINDED_OF_DAYS)
            continue
        mail = link_send(followup=followup, actor=coach, seen=None)
        link = FollowUpLink.objects.whole().get(public_id=mail.reference)
        if number in (ANSWERED, REPLIED, NEVER_CAME):
            period = period_of(link.followup, timezone.localdate())
            said = _nobody() if number == NEVER_CAME else _said(period.most_hours)
            answer = answer_file_by_link(link=link, said=said, period=period, version=0)
            if number == REPLIED:
                _reply(answer, coach)
        elif number == WANTS_NONE:
            reminders_wish(link=link, wanted=False)


def _remind(followup: FollowUp, days: int) -> None:
    """As if the run had come each day since it was due. The last mail leaves now, where the demo shows its mail."""
    today = timezone.localdate()
    FollowUp.objects.filter(pk=followup.pk).update(due=today - dt.timedelta(days=days))
    followup.refresh_from_db()
    for _step, after in STEPS:
        day = followup.due + dt.timedelta(days=after)
        if day <= today and reminder_decide(followup_id=followup.pk, today=day):
            reminder = followup.reminders.order_by("-made_at", "-pk").first()
            moment = timezone.now() - (today - day)
            followup.reminders.filter(pk=reminder.pk).update(made_at=moment)
            mail = Mail.objects.filter(pk=reminder.mail_id)
            mail.update(created_at=moment)
            if reminder.step != STEPS[-1][0]:
                mail.update(state=MailState.SENT, sent_at=moment, handing_over_at=moment, attempts=1)
                MailAttempt.objects.create(
                    mail_id=reminder.mail_id,
                    number=1,
                    started_at=moment,
                    finished_at=moment,
                    outcome=AttemptOutcome.SENT,
                )


def _reply(answer: FollowUpAnswer, coach: User) -> None:
    text = "Tack för svaret! Jag kommer förbi på torsdag, så går vi igenom morgonrutinerna tillsammans."
    reply_write(answer=answer, version=answer.version, text=text, actor=coach, token=uuid.uuid4())
    opinion_write(
        followup=answer.followup,
        agrees=False,
        comment="Det mesta stämmer. Men jag har kommit i tid sedan bussen fick ny tidtabell.",
        said_on=timezone.localdate(),
        actor=coach,
    )


def _waiting(coach: User) -> list[FollowUp]:
    """One for each placement that has begun, the most urgent first; of nobody with protected personal data."""
    today = timezone.localdate()
    rows = FollowUp.objects.filter(
        filed=None,
        withdrawn_on=None,
        due__range=(today - dt.timedelta(days=60), today + dt.timedelta(days=120)),
        placement__start__lte=today,
        enrolment__coach=coach,
        enrolment__end=None,
        participant__protection=Protection.NONE,
    )
    by_placement = {}
    for followup in rows.select_related("placement").order_by("due", "pk"):
        by_placement.setdefault(followup.placement_id, followup)
    found = list(by_placement.values())[:SUPERVISORS]
    # Who is reminded in vain has been there for long enough.
    found.sort(key=lambda followup: followup.placement.start)
    return found[1 : REMINDED + 1] + found[:1] + found[REMINDED + 1 :]


def demo_address(name: str) -> str:
    """kerstin.ostberg@arbetsplats.example"""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.split()) + "@arbetsplats.example"


def _said(most_hours: Decimal) -> dict:
    return {
        "no_show": False,
        "going": Going.WELL,
        "hours": min(Decimal("42.5"), most_hours),
        "works_well": "Kommer i tid och hjälper gärna till.",
        "needs": "Behöver öva mer på rutinerna på morgonen.",
        "wishes": "Kan vi ses alla tre om ett par veckor?",
    }


def _nobody() -> dict:
    return {"no_show": True, "going": "", "hours": None, "works_well": "", "needs": "", "wishes": ""}
