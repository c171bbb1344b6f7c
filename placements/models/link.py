"""The link by which a supervisor answers a follow-up without an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from delivery.models import SecretLink
from placements.models.followup import FollowUp
from placements.models.placement import Placement
from placements.models.supervisor import Supervisor
from placements.querysets import FollowUpLinkQuerySet


@tracked(exclude=("nonce", "token_hash"))
class FollowUpLink(SecretLink):
    """A link that was mailed to one supervisor, for one follow-up of one placement."""

    page = "placements:supervisor"

    followup = models.ForeignKey(FollowUp, models.PROTECT, related_name="links", verbose_name=_("follow-up"))
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="links", verbose_name=_("supervisor"))
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="+", verbose_name=_("placement"))

    objects = FollowUpLinkQuerySet.as_manager()

    class Meta(SecretLink.Meta):
        verbose_name = _("link to a follow-up")
        verbose_name_plural = _("links to follow-ups")

    @property
    def is_still_meant(self) -> bool:
        """The placement of the follow-up is the same, and has the same supervisor."""
        same_placement = self.followup.placement_id == self.placement_id
        return same_placement and self.placement.supervisor_id == self.supervisor_id

    @property
    def contact(self) -> User:
        """Whom the supervisor turns to: the participant's job coach, or who sent the link."""
        coach = self.followup.enrolment.coach
        return coach if coach and coach.is_active else self.made_by
