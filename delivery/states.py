"""The states of a background job and of a mail, and for each the one table of the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING}),
    # Back to the queue when the worker died, or when an unforeseen error leaves attempts to spend.
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.QUEUED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
}
FINISHED = (JobState.DONE, JobState.FAILED)


class MailState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    WITHDRAWN = "withdrawn", pgettext_lazy("mail", "Withdrawn")
    FAILED = "failed", pgettext_lazy("mail", "Not sent")
    UNCERTAIN = "uncertain", pgettext_lazy("mail", "Uncertain")


MAIL_TRANSITIONS: dict[MailState, frozenset[MailState]] = {
    # Failed without an attempt: nobody could send it while it was still wanted.
    MailState.WAITING: frozenset({MailState.SENDING, MailState.WITHDRAWN, MailState.FAILED}),
    # Waiting again after a definite refusal, or when the worker died before it handed the mail over.
    MailState.SENDING: frozenset(
        {MailState.SENT, MailState.WITHDRAWN, MailState.FAILED, MailState.UNCERTAIN, MailState.WAITING}
    ),
    MailState.SENT: frozenset(),
    MailState.WITHDRAWN: frozenset(),
    MailState.FAILED: frozenset(),
    # It may have arrived, so nothing sends it again by itself: a person may ask for a new mail.
    MailState.UNCERTAIN: frozenset(),
}
#: What an administrator has to look at.
MAIL_TROUBLE = (MailState.FAILED, MailState.UNCERTAIN)


class AttemptOutcome(models.TextChoices):
    """How one attempt to send a mail ended."""

    SENT = "sent", pgettext_lazy("mail", "Sent")
    WITHDRAWN = "withdrawn", _("No longer wanted")
    REFUSED = "refused", _("Not accepted")
    BROKEN_OFF = "broken_off", _("Broken off before it was handed over")
    UNCERTAIN = "uncertain", _("Broken off while it was handed over")
