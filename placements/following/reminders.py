"""Reminding supervisors of follow-ups that nobody has filed: on the day, three and ten days after (domain 2.5).

Each step is a row, for ever: sent, or passed by with the reason. Row and mail are stored in one transaction, so a run
that is broken off has sent what it has sent, and the next one goes on. A run that comes late sends the latest step
alone. After the last one the job coach is told instead (`placements.day`).
"""

import datetime as dt
import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import municipal
from accounts.models import User
from delivery import sms
from delivery.models import Mail
from delivery.services.mail import mail_enqueue
from delivery.sms.numbers import mobile_of
from delivery.states import MailState
from placements.following.municipal import TEXT_MESSAGES
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, FollowUpReminder
from placements.models.followup import ReminderStep
from placements.services.links import TEXT_KIND, last_mail, link_remind

logger = logging.getLogger(__name__)

#: How many days after the due day each step comes.
STEPS = ((ReminderStep.DUE, 0), (ReminderStep.AFTER_3, 3), (ReminderStep.AFTER_10, 10))
#: The last step is sent for so many days; later it would tell nobody anything new.
LAST_FOR_DAYS = 7
#: What has been due for longer than this was never to be reminded of here: it came late, with a register perhaps.
FORGOTTEN_DAYS = 30
#: Whoever was sent a link so lately need not be reminded of it.
PAUSE = dt.timedelta(days=2)


def supervisors_remind() -> str:
    """Send the reminders whose time has come; says what was done. Run as often as one likes.

    What goes wrong for one follow-up keeps no other from its reminder; the first such error is raised at the end, so
    that the run is seen to have failed. The next run tries again.
    """
    today = timezone.localdate()
    sent, errors = 0, []
    for followup_id in _waiting(today):
        try:
            sent += reminder_decide(followup_id=followup_id, today=today)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.exception("reminder of follow-up %s", followup_id)
            errors.append(error)
    if errors:
        raise errors[0]
    return f"{sent} reminders"


def _waiting(today: dt.date) -> list[int]:
    """The open follow-ups that have somebody to remind, and of whose present step nothing is written yet."""
    present = Q()
    for number, (step, days) in enumerate(STEPS):
        last = STEPS[number + 1][1] - 1 if number + 1 < len(STEPS) else FORGOTTEN_DAYS
        made = FollowUpReminder.objects.filter(followup=OuterRef("pk"), step=step)
        within = Q(due__range=(today - dt.timedelta(days=last), today - dt.timedelta(days=days)))
        present |= within & ~Exists(made)
    rows = FollowUp.objects.filter(
        present, filed=None, withdrawn_on=None, placement__supervisor__isnull=False, placement__cancelled_on=None
    )
    return list(rows.order_by("due", "pk").values_list("pk", flat=True))


@transaction.atomic
def reminder_decide(*, followup_id: int, today: dt.date) -> bool:
    """Decide the step that a follow-up has reached, and the ones before it that were missed; whether a mail was asked
    for. Two who decide at the same moment ask for one mail.

    Nothing is written while nobody is there to ask, or to answer for the link: somebody may be before the next step.
    """
    FollowUp.objects.select_for_update(of=("self",)).get(pk=followup_id)
    followup = FollowUp.objects.select_related(
        "placement__supervisor", "participant", "enrolment__coach", "planned_by"
    ).get(pk=followup_id)
    step = _step_on(followup.due, today)
    made = set(followup.reminders.values_list("step", flat=True))
    if step is None or step in made or not followup.is_open:
        return False
    _pass_by(followup, _missed(step, made), _("The day had passed when it was to be sent."))
    last = _told(followup)
    if reason := _why_not(followup, step, last, today):
        _pass_by(followup, [step], reason)
        return False
    sender = _sender(followup)
    if not _is_there(followup, today) or sender is None:
        return False
    mail, link = link_remind(followup=followup, made_by=sender, step=step if last else "")
    text = _text_message(link, step)
    FollowUpReminder.objects.create(followup=followup, step=step, mail=mail, text_message=text)
    return True


def _step_on(due: dt.date, today: dt.date) -> str | None:
    """The latest step that has come; None before the first one, or so long after that none is due any more."""
    days = (today - due).days
    if days > FORGOTTEN_DAYS:
        return None
    return next((step for step, after in reversed(STEPS) if days >= after), None)


def _missed(step: str, made: set[str]) -> list[str]:
    before = [each for each, _days in STEPS]
    return [each for each in before[: before.index(step)] if each not in made]


def _pass_by(followup: FollowUp, steps: list[str], reason: str) -> None:
    FollowUpReminder.objects.bulk_create(
        FollowUpReminder(followup=followup, step=step, why_not=reason) for step in steps
    )


def _why_not(followup: FollowUp, step: str, last: Mail | None, today: dt.date) -> str:
    """Why this step is not to be sent, in words for the job coach; empty if it is."""
    if step == ReminderStep.AFTER_10 and (today - followup.due).days > STEPS[-1][1] + LAST_FOR_DAYS:
        return _("The day had passed when it was to be sent.")
    if followup.participant.is_protected:
        return _("The participant's personal data are protected. Reminders are for the job coach to give.")
    if _never_came(followup):
        return _("The supervisor has answered that the participant never came.")
    if last and last.created_at > timezone.now() - PAUSE:
        return _("The link was sent %(day)s.") % {"day": date_format(timezone.localdate(last.created_at))}
    if last and followup.placement.supervisor.no_reminders:
        return _("The supervisor wants no reminders.")
    return ""


def _told(followup: FollowUp) -> Mail | None:
    """The latest mail by which the supervisor of today was asked. None: they have not heard of it, as far as is
    known, so what they get first is no reminder."""
    mail = last_mail(followup)
    supervisor = followup.placement.supervisor
    reached = mail and mail.state not in (MailState.FAILED, MailState.WITHDRAWN)
    return mail if reached and supervisor and mail.recipient == supervisor.email else None


def _never_came(followup: FollowUp) -> bool:
    """Whether the latest that was said of the placement is that the participant never came: then nobody is asked for
    the rest until it is clear what happens."""
    answers = FollowUpAnswer.objects.filter(followup__placement=followup.placement_id)
    return bool(answers.order_by("-filed_at", "-pk").values_list("no_show", flat=True).first())


def _is_there(followup: FollowUp, today: dt.date) -> bool:
    """Whether there is a supervisor who has not left."""
    supervisor = followup.placement.supervisor
    return supervisor is not None and supervisor.is_here_on(today)


def _sender(followup: FollowUp) -> User | None:
    """Who answers for a link that goes out by itself: the job coach, else who planned the follow-up."""
    coach = followup.enrolment.coach
    return next((user for user in (coach, followup.planned_by) if user and user.is_active), None)


def _text_message(link: FollowUpLink, step: str) -> Mail | None:
    """The reminder as a text message, where the municipality wants that and the supervisor has a mobile telephone."""
    if not sms.is_on() or not municipal.value_of(TEXT_MESSAGES.key):
        return None
    number = mobile_of(link.supervisor.phone)
    if number is None or link.supervisor.no_reminders:
        return None
    return mail_enqueue(
        kind=TEXT_KIND, recipient=number, reference=link.public_id, actor=None, params={"step": str(step)}
    )
