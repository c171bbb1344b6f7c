"""What the list of participants can be narrowed by; every choice comes from what the user may see."""

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat, NullIf
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit, User
from accounts.swedish import SwedishSortKey
from participants.models import Enrolment
from participants.querysets import CASE_ROLES
from participants.search import search
from vocabulary.codes import TargetGroup

ACTIVE, CLOSED = "active", "closed"
STATUS = ((ACTIVE, pgettext_lazy("people", "Enrolled")), (CLOSED, pgettext_lazy("people", "Closed")))
NO_COACH = "none"

#: How the list can be sorted; the name always breaks a tie, so that a page is the same twice.
ORDERS = {
    "name": "participant__sort_name",
    "start": "start",
    "activity": "last_activity_on",
    "coach": NullIf(SwedishSortKey(Concat("coach__family_name", Value(" "), "coach__given_name")), Value(" ")),
}


class EnrolmentFilter(django_filters.FilterSet):
    """Filters the enrolments of the list, one for each participant."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": _("Name, personal number or case number"),
            }
        ),
    )
    status = django_filters.ChoiceFilter(
        label=pgettext_lazy("of an enrolment", "Status"), method="by_status", choices=STATUS, empty_label=_("All")
    )
    coach = django_filters.ChoiceFilter(label=_("Job coach"), method="by_coach", empty_label=_("All"))
    target_group = django_filters.ChoiceFilter(
        label=_("Target group"), choices=TargetGroup.choices, empty_label=_("All")
    )
    unit = django_filters.ChoiceFilter(label=_("Unit"), method="by_unit", empty_label=_("All"))

    class Meta:
        model = Enrolment
        fields = ()

    #: What the search was taken for, once the rows have been asked for; None without a search.
    search_kind = None

    def __init__(self, data, queryset, *, user: User, own: bool):
        """`own`: the list is the user's own enrolled participants, so status and coach are given."""
        super().__init__(data, queryset)
        self.user = user
        if own:
            del self.filters["status"], self.filters["coach"]
        else:
            self.filters["coach"].extra["choices"] = self._coach_choices()
        if len(self.units) > 1:
            self.filters["unit"].extra["choices"] = [(unit.code, unit.name) for unit in self.units.values()]
        else:
            del self.filters["unit"]

    @cached_property
    def units(self) -> dict[int, Unit]:
        """The units within the user's scope, by key: the filter's choices, and the names in the rows."""
        return {unit.pk: unit for unit in Unit.objects.in_scope(self.user.reach.scope(*CASE_ROLES)).by_name()}

    def _coach_choices(self):
        enrolments = Enrolment.objects.visible_to(self.user).filter(coach=OuterRef("pk"))
        coaches = User.objects.filter(Exists(enrolments)).in_swedish_order()
        return [(NO_COACH, _("Without a job coach")), *((str(each.public_id), each.full_name) for each in coaches)]

    def search(self, queryset, _name, text):
        found, self.search_kind = search(queryset, text, self.user)
        return found

    def by_status(self, queryset, _name, status):
        today = timezone.localdate()
        return queryset.open_on(today) if status == ACTIVE else queryset.closed_before(today)

    def by_coach(self, queryset, _name, coach):
        return queryset.filter(coach=None) if coach == NO_COACH else queryset.filter(coach__public_id=coach)

    def by_unit(self, queryset, _name, code):
        return queryset.filter(unit__code=code)


def in_order(enrolments: QuerySet, sort: str) -> QuerySet:
    """The rows in the order the address asks for (`name`, `-start`, …); by name if it asks for something else."""
    falling, key = sort.startswith("-"), sort.removeprefix("-")
    order = ORDERS.get(key)
    if order is None:
        falling, key, order = False, "name", ORDERS["name"]
    if isinstance(order, str):
        order = F(order)
    first = order.desc(nulls_last=True) if falling else order.asc(nulls_last=True)
    return enrolments.order_by(first, "participant__sort_name", "pk")
