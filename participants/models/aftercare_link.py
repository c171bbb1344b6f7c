"""The link by which somebody who has left says what they do now, without an account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from delivery.models import SecretLink
from participants.models.aftercare import AFTERCARE_DAYS
from participants.models.enrolment import Enrolment
from participants.querysets import AftercareLinkQuerySet


@tracked(exclude=("nonce", "token_hash"))
class AftercareLink(SecretLink):
    """A link that was mailed to a former participant, about one time of the aftercare of one closure.

    `email` is the address it was mailed to: with another one on file it no longer holds.
    """

    page = "asking:answer"

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="aftercare_links", verbose_name=_("enrolment")
    )
    days_after = models.PositiveSmallIntegerField(
        _("days after the closure"), choices=[(days, str(days)) for days in AFTERCARE_DAYS]
    )
    email = models.EmailField(_("e-mail address"))

    objects = AftercareLinkQuerySet.as_manager()

    class Meta(SecretLink.Meta):
        verbose_name = _("link of the aftercare")
        verbose_name_plural = _("links of the aftercare")
        constraints = [
            *SecretLink.Meta.constraints,
            models.CheckConstraint(condition=Q(days_after__in=AFTERCARE_DAYS), name="aftercare_link_at_known_times"),
        ]

    @property
    def is_still_meant(self) -> bool:
        """The closure stands, the person has the same address, and is not protected: then nobody is written to."""
        person = self.enrolment.participant
        return self.enrolment.end is not None and person.email == self.email and not person.is_protected

    @property
    def contact(self) -> User:
        """Whom the person turns to: the coach of the case, or who sent the link."""
        coach = self.enrolment.coach
        return coach if coach and coach.is_active else self.made_by
