"""A way of looking at the list of participants that somebody wants to come back to."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SavedFilter(models.Model):
    """The choices of one user's list under a name: which list, filters, order. Nobody else sees it.

    Choices are kept by their keys and asked anew each time within what the user may see then. What was searched for
    is never kept: names and numbers belong in the cases. A convenience, no record, so no history.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=60)
    # The parameters of the address: {"status": ["active"], "flag": ["no_contact", "no_coach"]}.
    choices = models.JSONField(_("choices"), default=dict)
    is_default = models.BooleanField(_("shown first"), default=False)
    created_at = models.DateTimeField(_("saved"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="saved_filter_name_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="saved_filter_one_default"),
        ]

    def __str__(self) -> str:
        return self.name
