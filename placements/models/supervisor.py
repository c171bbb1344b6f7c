"""Who leads the work at the workplace."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from placements.models.employer import Workplace
from placements.querysets import SupervisorQuerySet


@tracked()
class Supervisor(models.Model):
    """A person at a workplace who leads participants' work there, and how to reach them. They have no account:
    they answer follow-ups by a link that is mailed to this address."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="supervisors", verbose_name=_("workplace"))
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=50, blank=True)

    objects = SupervisorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("supervisor")
        verbose_name_plural = _("supervisors")

    def __str__(self) -> str:
        return self.name
