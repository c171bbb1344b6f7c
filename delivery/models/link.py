"""A link that lets somebody in without an account."""

import base64
import datetime as dt
import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User


def hash_of(token: str) -> str:
    """What is stored of a token, and by what it is found."""
    return hashlib.sha256(token.encode()).hexdigest()


class LinkState(models.TextChoices):
    """Whether a link still leads to its page."""

    HOLDS = "holds", pgettext_lazy("link", "Holds")
    EXPIRED = "expired", pgettext_lazy("link", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("link", "Withdrawn")
    SENDER_LEFT = "sender_left", pgettext_lazy("link", "Sender's account closed")
    OTHER_RECIPIENT = "other_recipient", pgettext_lazy("link", "Other recipient")


class SecretLink(models.Model):
    """A link that is mailed to one person, whose address is the only key to its page, and until when it holds.

    The token in the address is stored nowhere: only its hash is, by which the link is found. When the mail is written
    the token is worked out again from this row and the installation's secret key. A model of links says to which
    `page` (the name of an address) they lead and whether they are still meant for whom they were sent to, and is
    tracked without `nonce` and `token_hash`.
    """

    #: The name of the page's address, which takes the token.
    page = ""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    nonce = models.CharField(max_length=43, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_by_name = models.CharField(_("made by"), max_length=210)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    valid_until = models.DateField(_("valid until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"), name="%(class)s_hash_only")
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"

    @property
    def is_still_meant(self) -> bool:
        """Whether who opens it is still whom it was sent to."""
        raise NotImplementedError

    def draw_token(self) -> None:
        """Give the link a new token; an earlier one is worth nothing from now on."""
        self.nonce = secrets.token_urlsafe(32)
        self.token_hash = hash_of(self.token)

    def keep_token(self) -> None:
        """Before its address is written: draw a new token if no secret key that is known gives the old one."""
        if hash_of(self.token) != self.token_hash:
            self.draw_token()
            self.save(update_fields=["nonce", "token_hash"])

    @property
    def token(self) -> str:
        """256 bits that nobody can work out without the installation's secret key, or the one it was made with: a
        mail may be written after the key was changed."""
        tokens = [self._token(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
        return next((token for token in tokens if hash_of(token) == self.token_hash), tokens[0])

    def _token(self, secret: str) -> str:
        about = f"{self.public_id}:{self.nonce}"
        digest = salted_hmac(self._meta.label, about, secret=secret, algorithm="sha256").digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def address(self) -> str:
        """Where it leads. For the mail alone: whoever has it can answer."""
        return settings.PUBLIC_ADDRESS + reverse(self.page, args=[self.token])

    def state_on(self, day: dt.date) -> LinkState:
        """A withdrawn link is that for ever. One whose sender's account is closed, or that is no longer meant for
        whom it was sent to, does not hold either; apart from that it holds up to and including its last day."""
        if self.withdrawn_at:
            return LinkState.WITHDRAWN
        if not self.made_by.is_active:
            return LinkState.SENDER_LEFT
        if not self.is_still_meant:
            return LinkState.OTHER_RECIPIENT
        return LinkState.EXPIRED if self.valid_until < day else LinkState.HOLDS

    @property
    def state(self) -> LinkState:
        return self.state_on(timezone.localdate())
