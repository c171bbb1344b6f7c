"""What the queue can be narrowed by; every choice comes from what the user may see."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit, User
from participants.models import Referral, ReferralStep
from participants.querysets import CASE_ROLES
from participants.referrals.queue import to_enrol
from vocabulary.codes import ReferralSource, ReferralState

WAITING, TO_ENROL, OUT_OF_ORDER, ALL = "waiting", "to_enrol", "out_of_order", "all"
#: What the list shows when the address does not say.
CHOICES = (
    (WAITING, _("In the queue and being assessed")),
    (ReferralState.RECEIVED, _("Nobody has begun")),
    (ReferralState.ASSESSING, ReferralState.ASSESSING.label),
    (TO_ENROL, _("Accepted, not enrolled yet")),
    (ReferralState.ACCEPTED, ReferralState.ACCEPTED.label),
    (ReferralState.RETURNED, ReferralState.RETURNED.label),
    (ReferralState.DECLINED, ReferralState.DECLINED.label),
    (ReferralState.WITHDRAWN, ReferralState.WITHDRAWN.label),
    (OUT_OF_ORDER, _("Taken out of order")),
    (ALL, _("All")),
)
#: The lists that are a queue, and so in its order; the others begin with the latest.
IN_ORDER = (WAITING, ReferralState.RECEIVED, ReferralState.ASSESSING, TO_ENROL)


class ReferralFilter(django_filters.FilterSet):
    """Filters the referrals that a user may see."""

    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a referral", "State"),
        method="by_state",
        choices=CHOICES[1:],
        empty_label=CHOICES[0][1],
    )
    source = django_filters.ChoiceFilter(label=_("Source"), choices=ReferralSource.choices, empty_label=_("All"))
    unit = django_filters.ChoiceFilter(label=_("Unit"), method="by_unit", empty_label=_("All"))

    class Meta:
        model = Referral
        fields = ()

    def __init__(self, data, queryset: QuerySet, *, user: User):
        super().__init__(data, queryset)
        self.user = user
        if len(self.units) > 1:
            self.filters["unit"].extra["choices"] = [(unit.code, unit.name) for unit in self.units.values()]
        else:
            del self.filters["unit"]

    @cached_property
    def units(self) -> dict[int, Unit]:
        """The units within the user's scope, by key: the filter's choices, and the names in the rows."""
        return {unit.pk: unit for unit in Unit.objects.in_scope(self.user.reach.scope(*CASE_ROLES)).by_name()}

    @property
    def shown_state(self) -> str:
        return (self.form.cleaned_data.get("state") if self.form.is_valid() else "") or WAITING

    @property
    def in_order(self) -> QuerySet:
        """What is asked for, in the order of the queue or the latest first."""
        rows = self.qs if self.shown_state != WAITING else self.qs.waiting()
        return rows.in_queue_order() if self.shown_state in IN_ORDER else rows.order_by("-received", "-pk")

    def by_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        match state:
            case "to_enrol":
                return rows.filter(to_enrol())
            case "out_of_order":
                passed = ReferralStep.objects.filter(referral=OuterRef("pk")).exclude(out_of_order="")
                return rows.filter(Exists(passed))
            case "all":
                return rows
        return rows.in_state(ReferralState(state))

    def by_unit(self, rows: QuerySet, _name: str, code: str) -> QuerySet:
        return rows.filter(unit__code=code)
