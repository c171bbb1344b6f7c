"""The outbox: mail and text messages to be sent, and every attempt to send them."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery import mail_kinds as kinds
from delivery.querysets import MailQuerySet
from delivery.states import MAIL_TROUBLE, AttemptOutcome, MailState


class Mail(models.Model):
    """A mail to one address, or a text message to one telephone, asked for in the transaction of the act that it
    tells about, sent by a worker.

    The row holds neither text nor secret links: the text is written when the mail is sent (`delivery.mail_kinds`),
    from `reference`, the public id of what it is about, and `params`, which hold no personal data.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    # An address, or the number of a mobile telephone.
    recipient = models.CharField(max_length=254)
    reference = models.UUIDField()
    params = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Kept beside the key, because who asked outlives the account. Empty: the system itself.
    requested_by_name = models.CharField(max_length=200, blank=True)
    # The mail that a person asked to be sent again as this one; at most once.
    resend_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="resent_as"
    )
    state = models.CharField(max_length=10, choices=MailState, default=MailState.WAITING)
    # Drawn anew by each worker that takes the mail, so that one which lost it cannot send it.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # Committed just before the mail server is given the mail: from here on it may have arrived.
    handing_over_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField()
    # When a worker was last told of the attempt that is due; empty: not yet.
    queued_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Why it is not sent (yet), in plain words without an address.
    error = models.TextField(blank=True)
    # When an administrator has taken note of a mail that is not, or perhaps not, sent.
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by_name = models.CharField(max_length=200, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENDING, claim__isnull=False, claimed_at__isnull=False)
                | Q(~Q(state=MailState.SENDING), claim__isnull=True),
                name="mail_sending_iff_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENDING)
                | Q(state__in=[MailState.SENT, MailState.UNCERTAIN], handing_over_at__isnull=False)
                | Q(
                    state__in=[MailState.WAITING, MailState.WITHDRAWN, MailState.FAILED],
                    handing_over_at__isnull=True,
                ),
                name="mail_handed_over_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | Q(~Q(state=MailState.SENT), sent_at__isnull=True),
                name="mail_sent_iff_sent_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING])
                | Q(state__in=MAIL_TROUBLE) & ~Q(error="")
                | Q(state__in=[MailState.SENT, MailState.WITHDRAWN], error=""),
                name="mail_trouble_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True) | Q(state__in=MAIL_TROUBLE), name="mail_seen_only_in_trouble"
            ),
        ]
        indexes = [
            # The beat task that looks for mails to send, and the health page: few rows of many.
            models.Index(
                fields=["state", "next_attempt_at"],
                name="mail_unfinished",
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING]),
            ),
            # What an administrator has not looked at, on every look at the health page.
            models.Index(
                fields=["state"], name="mail_trouble", condition=Q(state__in=MAIL_TROUBLE, seen_at__isnull=True)
            ),
            # The mails about one thing: to withdraw them, and to show what became of them.
            models.Index(fields=["reference", "kind"], name="mail_about"),
            # The administrator's list.
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
        ]

    def __str__(self):
        return f"{self.kind} {self.public_id}"

    def get_absolute_url(self):
        return reverse("delivery:mail_detail", args=[self.public_id])

    @property
    def label(self):
        """What the mail is, in words; its code if this version no longer knows the kind."""
        kind = kinds.find(self.kind)
        return kind.label if kind else self.kind

    @property
    def is_text(self) -> bool:
        """Whether it is a text message."""
        return "@" not in self.recipient

    @property
    def masked_recipient(self) -> str:
        """Enough of the address to recognise it, not enough to use it: a•••@example.org, +4670•••67."""
        name, _at, domain = self.recipient.rpartition("@")
        if self.is_text:
            return f"{self.recipient[:5]}•••{self.recipient[-2:]}"
        return f"{name[:1]}•••@{domain}"

    @property
    def is_trouble(self) -> bool:
        """Whether it is not, or perhaps not, sent, and nothing more happens by itself."""
        return self.state in MAIL_TROUBLE


class MailAttempt(models.Model):
    """One attempt to send a mail: when, and how it ended. Unfinished: it goes on, or its worker has just died."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attempt_rows")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome, blank=True)
    # The kind of fault and the server's code, for whoever runs the installation; never an address.
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt to send a mail")
        verbose_name_plural = _("attempts to send a mail")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["mail", "number"], name="mail_attempt_number_once"),
            models.CheckConstraint(
                condition=Q(outcome="", finished_at__isnull=True)
                | Q(outcome__in=AttemptOutcome.values, finished_at__isnull=False),
                name="mail_attempt_outcome_iff_finished",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.outcome}"
