"""The link by which a supervisor answers a follow-up without an account."""

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

from accounts.history import tracked
from accounts.models import User
from placements.models.followup import FollowUp
from placements.models.placement import Placement
from placements.models.supervisor import Supervisor
from placements.querysets import FollowUpLinkQuerySet


def hash_of(token: str) -> str:
    """What is stored of a token, and by what it is found."""
    return hashlib.sha256(token.encode()).hexdigest()


class LinkState(models.TextChoices):
    """Whether a link still leads to its follow-up."""

    HOLDS = "holds", pgettext_lazy("link", "Holds")
    EXPIRED = "expired", pgettext_lazy("link", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("link", "Withdrawn")
    SENDER_LEFT = "sender_left", pgettext_lazy("link", "Sender's account closed")
    OTHER_SUPERVISOR = "other_supervisor", pgettext_lazy("link", "Other supervisor")


@tracked(exclude=("nonce", "token_hash"))
class FollowUpLink(models.Model):
    """A link that was mailed to one supervisor, for one follow-up of one placement, and until when it holds.

    The token in its address is the only key to the page, so it is stored nowhere: only its hash is, by which it is
    found. When the mail is written the token is worked out again from this row and the installation's secret key.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="links", verbose_name=_("follow-up"))
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="links", verbose_name=_("supervisor"))
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="+", verbose_name=_("placement"))
    nonce = models.CharField(max_length=43, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_by_name = models.CharField(_("made by"), max_length=210)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    valid_until = models.DateField(_("valid until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = FollowUpLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("link to a follow-up")
        verbose_name_plural = _("links to follow-ups")
        constraints = [
            models.CheckConstraint(condition=Q(token_hash__regex=r"^[0-9a-f]{64}$"), name="followup_link_hash_only")
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"

    def draw_token(self) -> None:
        """Give the link a new token; an earlier one is worth nothing from now on."""
        self.nonce = secrets.token_urlsafe(32)
        self.token_hash = hash_of(self.token)

    @property
    def token(self) -> str:
        """256 bits that nobody can work out without the installation's secret key, or the one it was made with: a
        mail may be written after the key was changed."""
        tokens = [self._token(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
        return next((token for token in tokens if hash_of(token) == self.token_hash), tokens[0])

    def _token(self, secret: str) -> str:
        about = f"{self.public_id}:{self.nonce}"
        digest = salted_hmac("placements.FollowUpLink", about, secret=secret, algorithm="sha256").digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def address(self) -> str:
        """Where the supervisor answers. For the mail alone: whoever has it can answer."""
        return settings.PUBLIC_ADDRESS + reverse("placements:supervisor", args=[self.token])

    @property
    def contact(self) -> User:
        """Whom the supervisor turns to: the participant's job coach, or who sent the link."""
        coach = self.followup.enrolment.coach
        return coach if coach and coach.is_active else self.made_by

    def state_on(self, day: dt.date) -> LinkState:
        """A withdrawn link is that for ever. One whose sender's account is closed, or whose placement has another
        supervisor by now, does not hold either; apart from that it holds up to and including its last day."""
        if self.withdrawn_at:
            return LinkState.WITHDRAWN
        if not self.made_by.is_active:
            return LinkState.SENDER_LEFT
        if self.followup.placement_id != self.placement_id or self.placement.supervisor_id != self.supervisor_id:
            return LinkState.OTHER_SUPERVISOR
        return LinkState.EXPIRED if self.valid_until < day else LinkState.HOLDS

    @property
    def state(self) -> LinkState:
        return self.state_on(timezone.localdate())
