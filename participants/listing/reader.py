"""What the list of participants offers one user: asked once, however many questions are put."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import municipal
from accounts.models import LegalBasis, Unit, User
from participants.listing.municipal import FILTERS_LEFT_OUT
from participants.listing.providers import Moment
from participants.models import Enrolment
from participants.querysets import CASE_ROLES


class Reader:
    """A user who looks at the list today: the units and the coaches within scope, and what is not offered."""

    def __init__(self, user: User):
        self.user = user

    @cached_property
    def moment(self) -> Moment:
        return Moment(timezone.localdate(), municipal.values())

    @cached_property
    def units(self) -> dict[int, Unit]:
        """The units within the user's scope, by key and in the order of their names."""
        return {unit.pk: unit for unit in Unit.objects.in_scope(self.user.reach.scope(*CASE_ROLES)).by_name()}

    @cached_property
    def coaches(self) -> list[User]:
        """The coaches of those whom the user may see, by name."""
        enrolments = Enrolment.objects.visible_to(self.user).filter(coach=OuterRef("pk"))
        found = User.objects.filter(Exists(enrolments)).in_swedish_order()
        return list(found.only("public_id", "given_name", "family_name"))

    @cached_property
    def left_out(self) -> set[str]:
        """What the municipality does not offer to those who work under the rules of the social services."""
        if any(unit.legal_basis == LegalBasis.SOCIAL_SERVICES for unit in self.units.values()):
            return set(self.moment.settings[FILTERS_LEFT_OUT.key])
        return set()
