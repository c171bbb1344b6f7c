"""What is done to mails: asked for, withdrawn, sent, sent again when a person wants it.

The row is the truth; the broker only carries keys. A mail is never sent twice: a worker takes it by its **claim**,
and writes, just before it hands the mail over, that it does (`handing_over_at`), in a transaction of its own. If the
answer never comes, the mail is **uncertain**, and only a person decides what then. No transaction is open while the
mail server is talked to.
"""

import logging
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from delivery import mail_kinds as kinds
from delivery.broker import task_send
from delivery.faults import name_of
from delivery.mail.transport import Verdict, broken_off, deliver, uncertain, verdict_on
from delivery.models import Mail, MailAttempt
from delivery.services.jobs import ClaimLost, UnknownKind
from delivery.states import AttemptOutcome, MailState

logger = logging.getLogger(__name__)

TASK = "delivery.send_mail"
#: Of the task. Above what a slow server may take (`smtp.ANSWER_SECONDS`), below MAIL_STALE_SECONDS.
SOFT_LIMIT_SECONDS = 120
HARD_LIMIT_SECONDS = 150
#: Before the second, third … attempt; the last one before each further. Times MAIL_RETRY_SECONDS, so minutes.
PAUSES = (1, 5, 15, 30, 60, 120, 240)
TELL_AT_MOST = 100
#: Seconds. A task whose time runs out meanwhile leaves the mail uncertain.
SETTLE_PAUSES = (0, 1, 3, 10, 20)


@transaction.atomic
def mail_enqueue(*, kind: str, recipient: str, reference: uuid.UUID, actor, params: dict | None = None) -> Mail:
    """Store a mail in the caller's transaction, and tell a worker when that is committed.

    `reference` is the public id of what the mail is about; `actor` who asked for it (None: the system itself);
    `params` must be JSON without personal data. Raises UnknownKind. A broker that is down raises nothing: the row
    waits, and `mails_send_due` tells a worker later.
    """
    if kinds.find(kind) is None:
        raise UnknownKind(kind)
    now = timezone.now()
    mail = Mail.objects.create(
        kind=kind,
        recipient=recipient,
        reference=reference,
        params=params or {},
        requested_by=actor,
        requested_by_name=actor.get_full_name() if actor else "",
        created_at=now,
        next_attempt_at=now,
        give_up_at=now + timedelta(hours=settings.MAIL_GIVE_UP_HOURS),
    )
    transaction.on_commit(lambda: _tell(mail.pk), robust=True)
    return mail


@transaction.atomic
def mail_withdraw(*, kind: str | tuple[str, ...], references: Iterable[uuid.UUID]) -> int:
    """Withdraw the mails of this kind, or these, about these things that are not handed over; how many there were.

    A worker that has taken one finds, when it is about to hand it over, that the mail is no longer its own.
    """
    kinds_meant = (kind,) if isinstance(kind, str) else kind
    mails = Mail.objects.filter(kind__in=kinds_meant, reference__in=references)
    withdrawn = mails.move(MailState.WAITING, MailState.WITHDRAWN)
    if taken := mails.filter(handing_over_at=None).move(MailState.SENDING, MailState.WITHDRAWN):
        unfinished = MailAttempt.objects.filter(mail__in=mails.filter(state=MailState.WITHDRAWN), outcome="")
        unfinished.update(finished_at=timezone.now(), outcome=AttemptOutcome.WITHDRAWN)
    return withdrawn + taken


@transaction.atomic
def mail_resend(*, mail: Mail, actor) -> Mail:
    """Ask anew for a mail that is not, or perhaps not, sent; the new mail. Asked twice, the answer is the same mail.

    Raises ValidationError when the mail is neither, or this version no longer knows its kind.
    """
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if not mail.is_trouble:
        raise ValidationError(_("The mail is already sent, or on its way."))
    if again := Mail.objects.filter(resend_of=mail).first():
        return again
    if kinds.find(mail.kind) is None:
        raise ValidationError(_("This version of the system no longer sends this kind of mail."))
    mail_see(mail=mail, actor=actor)
    again = mail_enqueue(
        kind=mail.kind, recipient=mail.recipient, reference=mail.reference, actor=actor, params=mail.params
    )
    again.resend_of = mail
    again.save(update_fields=["resend_of"])
    return again


def mail_see(*, mail: Mail, actor) -> None:
    """Note that somebody has taken note of a mail that is not, or perhaps not, sent; the first one is kept."""
    Mail.objects.in_trouble().filter(pk=mail.pk).update(seen_at=timezone.now(), seen_by_name=actor.get_full_name())


def mail_send(*, mail_id: int) -> None:
    """Send the mail if it waits and its time has come; otherwise do nothing. How it went is in the rows."""
    mail = mail_claim(mail_id=mail_id)
    if mail is None:
        return
    try:
        message = _compose(mail)
        if message is None:
            verdict = Verdict(AttemptOutcome.WITHDRAWN)
        else:
            deliver(mail=mail, message=message, before_data=lambda: mail_hand_over(mail=mail))
            verdict = Verdict(AttemptOutcome.SENT)
    except ClaimLost:
        logger.warning("mail %s not handed over: taken for dead, or withdrawn meanwhile", mail.public_id)
        return
    except Exception as error:
        # After an interruption the connection may be in the middle of a statement: take a new one.
        if not connection.in_atomic_block:
            connection.close()
        verdict = verdict_on(error, handed_over=mail.handing_over_at is not None, is_text=mail.is_text)
        if not isinstance(error, OSError):  # a mail server's faults are expected, and quote the address
            logger.exception("mail %s broke off", mail.public_id)
    _log(mail, verdict)
    if not _settle_surely(mail, verdict):
        logger.warning("mail %s: ended too late, it is no longer this worker's", mail.public_id)


def mail_claim(*, mail_id: int) -> Mail | None:
    """Take a mail that waits and is due; None if another worker has it, or it has ended.

    One that nobody could try in time has failed: what it says may no longer be true.
    """
    now = timezone.now()
    claim = uuid.uuid4()
    with transaction.atomic(durable=True):
        due = Mail.objects.filter(pk=mail_id, next_attempt_at__lte=now)
        late = _("It could not be sent in time: the background work stood still.")
        if due.filter(give_up_at__lte=now).move(MailState.WAITING, MailState.FAILED, error=late):
            logger.warning("mail %s not sent in time", mail_id)
            return None
        if not due.move(
            MailState.WAITING, MailState.SENDING, claim=claim, claimed_at=now, attempts=F("attempts") + 1
        ):
            return None
        mail = Mail.objects.get(pk=mail_id)
        mail.attempt_rows.create(number=mail.attempts, started_at=now)
    return mail


def mail_hand_over(*, mail: Mail) -> None:
    """Write that the mail is now handed over, so that whatever breaks, it is not sent again by itself.

    Raises ClaimLost when the mail is no longer this worker's; then nothing may be handed over.
    """
    now = timezone.now()
    if not _mine(mail).update(handing_over_at=now):
        raise ClaimLost(mail.public_id)
    mail.handing_over_at = now


@transaction.atomic
def mail_settle(*, mail: Mail, verdict: Verdict) -> bool:
    """Write how the attempt ended and what follows; False if the mail is no longer as `mail` says."""
    now = timezone.now()
    match verdict.outcome:
        case AttemptOutcome.SENT:
            moved = _mine(mail).move(MailState.SENDING, MailState.SENT, sent_at=now)
        case AttemptOutcome.WITHDRAWN:
            moved = _mine(mail).move(MailState.SENDING, MailState.WITHDRAWN)
        case AttemptOutcome.UNCERTAIN:
            moved = _mine(mail).move(MailState.SENDING, MailState.UNCERTAIN, error=verdict.reason)
        case AttemptOutcome.REFUSED | AttemptOutcome.BROKEN_OFF:
            next_attempt_at = now + _pause_after(mail.attempts)
            if verdict.for_good or next_attempt_at >= mail.give_up_at:
                moved = _mine(mail).move(MailState.SENDING, MailState.FAILED, error=_last_words(mail, verdict))
            else:
                moved = _mine(mail).move(
                    MailState.SENDING, MailState.WAITING, error=verdict.reason, next_attempt_at=next_attempt_at
                )
    if moved:
        attempt = mail.attempt_rows.filter(number=mail.attempts)
        attempt.update(finished_at=now, outcome=verdict.outcome, detail=verdict.detail[:200])
    return bool(moved)


def mails_send_due() -> str:
    """Take mails back from workers that died, and tell workers of mails whose time has come; says what was done.

    Run every half minute. A message sent twice is harmless (`mail_claim`).
    """
    now = timezone.now()
    taken = 0
    for mail in Mail.objects.stale(now):
        verdict = uncertain("WorkerLost") if mail.handing_over_at else broken_off("WorkerLost")
        if mail_settle(mail=mail, verdict=verdict):
            taken += 1
            _log(mail, verdict)
    told = 0
    for mail_id in Mail.objects.due(now).values_list("pk", flat=True)[:TELL_AT_MOST]:
        if not _tell(mail_id):
            break
        told += 1
    return f"taken back {taken}, told of {told}"


def _tell(mail_id: int) -> bool:
    """Tell a worker that the mail is due; whether the broker took the message."""
    told = task_send(TASK, key=mail_id)
    if told:
        Mail.objects.filter(pk=mail_id, state=MailState.WAITING).update(queued_at=timezone.now())
    return told


@transaction.atomic(durable=True)
def _compose(mail: Mail) -> kinds.Message | None:
    """What the mail says now. A kind that this version does not know may be known to the next worker."""
    kind = kinds.find(mail.kind)
    if kind is None:
        raise UnknownKind(mail.kind)
    return kind.compose(mail)


def _settle_surely(mail: Mail, verdict: Verdict) -> bool:
    """What the mail server has said is not forgotten because the database restarts just now."""
    for seconds in SETTLE_PAUSES:
        try:
            return mail_settle(mail=mail, verdict=verdict)
        except (InterfaceError, OperationalError) as error:
            logger.warning("mail %s: the database is away (%s)", mail.public_id, name_of(error))
            connection.close()
            time.sleep(seconds)
    return mail_settle(mail=mail, verdict=verdict)


def _mine(mail: Mail):
    """The row, if it is still as this worker (or whoever takes it back) has seen it."""
    return Mail.objects.filter(
        pk=mail.pk, state=MailState.SENDING, claim=mail.claim, handing_over_at=mail.handing_over_at
    )


def _pause_after(attempts: int) -> timedelta:
    return timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1] * settings.MAIL_RETRY_SECONDS)


def _last_words(mail: Mail, verdict: Verdict) -> str:
    tries = ngettext("It was tried once.", "It was tried %(count)d times.", mail.attempts) % {"count": mail.attempts}
    return f"{verdict.reason} {tries}"


def _log(mail: Mail, verdict: Verdict) -> None:
    well = verdict.outcome in (AttemptOutcome.SENT, AttemptOutcome.WITHDRAWN)
    fields = {"mail": str(mail.public_id), "kind": mail.kind, "attempt": mail.attempts}
    text = f"mail %(mail)s (%(kind)s, attempt %(attempt)s) {verdict.outcome} {verdict.detail}".rstrip()
    logger.log(logging.INFO if well else logging.WARNING, text, fields, extra={"fields": fields})
