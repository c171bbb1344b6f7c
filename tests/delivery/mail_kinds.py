"""Kinds of mail for the tests. A real worker learns them with `celery worker --include tests.delivery.mail_kinds`."""

from datetime import timedelta

from django.utils import timezone

from delivery import mail_kinds as kinds
from delivery.models import Mail, ScheduledRun
from delivery.services.mail import mail_withdraw, mails_send_due


def _write(mail):
    return kinds.Message(subject="Provmejl på väg", body=f"Hej! {mail.params.get('text', '')}\n")


def _taken_meanwhile(mail):
    """The worker sleeps for so long that the schedule takes the mail for orphaned."""
    Mail.objects.filter(pk=mail.pk).update(claimed_at=timezone.now() - timedelta(days=1))
    mails_send_due()
    return _write(mail)


def _withdrawn_meanwhile(mail):
    """What the mail is about is withdrawn when a worker has written it already."""
    mail_withdraw(kind=mail.kind, references=[mail.reference])
    return _write(mail)


def _break(mail):
    ScheduledRun.objects.create(name="half done")
    raise RuntimeError("secret-of-a-person")


for code, compose in [
    ("letter", _write),
    ("unwanted", lambda mail: None),
    ("taken_meanwhile", _taken_meanwhile),
    ("withdrawn_meanwhile", _withdrawn_meanwhile),
    ("broken", _break),
]:
    kinds.register(kinds.MailKind(code=f"test_{code}", label=f"Provmejl {code}", compose=compose))
