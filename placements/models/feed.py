"""The address by which a member of staff has their days in a calendar of their own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from delivery.models import SecretLink


@tracked(exclude=("nonce", "token_hash"))
class CalendarFeed(SecretLink):
    """A secret address that a calendar programme asks for what its owner has to do. It tells initials unless the
    owner wants first names, and of a protected person nothing at all."""

    page = "feeds:feed"

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_feeds", verbose_name=_("user"))
    first_names = models.BooleanField(_("tell first names"), default=False)

    class Meta(SecretLink.Meta):
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            *SecretLink.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at__isnull=True), name="calendar_feed_one_that_holds"
            ),
        ]

    @property
    def is_still_meant(self) -> bool:
        """Its owner is still somebody who may sign in."""
        return self.user.is_active
