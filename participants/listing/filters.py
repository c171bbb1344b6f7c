"""What the list of participants can be narrowed by; every choice comes from what the user may see."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import municipal
from accounts.models import LegalBasis, Unit, User
from participants.listing.providers import Flag, Moment, Narrowing, flags, narrowings
from participants.models import Enrolment
from participants.municipal import FILTERS_LEFT_OUT
from participants.querysets import CASE_ROLES
from participants.search import SearchKind, search
from vocabulary.codes import TargetGroup

ACTIVE, PAUSED, CLOSED = "active", "paused", "closed"
NO_COACH = "none"


@dataclass(frozen=True)
class Status:
    """Where an enrolment stands, as the list can be narrowed by it."""

    label: Any
    rows: Callable[[QuerySet, dt.date], QuerySet]


STATUSES = {
    ACTIVE: Status(pgettext_lazy("people", "Enrolled"), lambda rows, today: rows.open_on(today)),
    PAUSED: Status(pgettext_lazy("people", "Paused"), lambda rows, today: rows.paused_on(today)),
    CLOSED: Status(pgettext_lazy("people", "Closed"), lambda rows, today: rows.closed_before(today)),
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
        label=pgettext_lazy("of an enrolment", "Status"),
        method="by_status",
        choices=[(key, status.label) for key, status in STATUSES.items()],
        empty_label=_("All"),
    )
    coach = django_filters.ChoiceFilter(label=_("Job coach"), method="by_coach", empty_label=_("All"))
    target_group = django_filters.ChoiceFilter(
        label=_("Target group"), choices=TargetGroup.choices, empty_label=_("All")
    )
    unit = django_filters.ChoiceFilter(label=_("Unit"), method="by_unit", empty_label=_("All"))

    class Meta:
        model = Enrolment
        fields = ()

    _search_kind: SearchKind | None = None

    def __init__(self, data, queryset, *, user: User, own: bool):
        """`own`: the list is the user's own enrolled participants, so status and coach are given."""
        super().__init__(data, queryset)
        self.user = user
        self.moment = Moment(timezone.localdate(), municipal.values())
        self.flags = {flag.key: flag for flag in flags() if flag.key not in self._left_out}
        if own:
            del self.filters["status"], self.filters["coach"]
        else:
            self.filters["coach"].extra["choices"] = self._coach_choices()
        if len(self.units) > 1:
            self.filters["unit"].extra["choices"] = [(unit.code, unit.name) for unit in self.units.values()]
        else:
            del self.filters["unit"]
        for narrowing in narrowings():
            self._add(narrowing.key, _as_filter(narrowing, self.moment))
        for key in self._left_out & set(self.filters):
            del self.filters[key]
        if self.flags:
            choices = [(key, flag.label) for key, flag in self.flags.items()]
            chosen = {"choices": choices, "widget": forms.MultipleHiddenInput, "method": self.by_flags}
            self._add("flag", django_filters.MultipleChoiceFilter(label=_("Flag"), **chosen))

    @cached_property
    def units(self) -> dict[int, Unit]:
        """The units within the user's scope, by key: the filter's choices, and the names in the rows."""
        return {unit.pk: unit for unit in Unit.objects.in_scope(self.user.reach.scope(*CASE_ROLES)).by_name()}

    @property
    def search_kind(self) -> SearchKind | None:
        """What the search was taken for; None without a search."""
        return self._search_kind if self.qs is not None else None

    @cached_property
    def narrows(self) -> bool:
        """Whether anything is searched for or chosen."""
        return any(self.form.cleaned_data.values())

    def understood(self) -> QueryDict:
        """The address's parameters without the values that mean nothing here: a coach who has left, a unit out of
        scope, what is not offered any more. Of several chosen flags the others stay."""
        params = self.data.copy()
        for name in self.form.errors:
            field = self.form.fields[name]
            kept = params.getlist(name) if isinstance(field, forms.MultipleChoiceField) else []
            params.setlist(name, [value for value in kept if field.valid_value(value)])
        return params

    @property
    def flag_counts(self) -> list[tuple[Flag, int]]:
        """The flags and for how many of the rows found each holds: those of somebody, and those chosen."""
        counts = self._counts if self.narrows else self._counted(self.qs.open_on(self.moment.today))
        chosen = self.form.cleaned_data.get("flag", ())
        return [(flag, counts[key]) for key, flag in self.flags.items() if counts[key] or key in chosen]

    @property
    def count(self) -> int:
        """How many are found."""
        return self._counts["all"]

    @cached_property
    def _counts(self) -> dict[str, int]:
        return self._counted(self.qs)

    def _counted(self, rows: QuerySet) -> dict[str, int]:
        """How many rows there are, and of how many each flag holds, in one query."""
        going_on = Q(end=None) | Q(end__gte=self.moment.today)  # the first half is asked first, and is cheap
        names = {f"flag_{number}": key for number, key in enumerate(self.flags)}
        counts = {
            name: Count("pk", filter=going_on & Q(self.flags[key].holds(self.moment))) for name, key in names.items()
        }
        found = rows.order_by().aggregate(all=Count("pk"), **counts)
        return {names.get(name, name): count for name, count in found.items()}

    def search(self, queryset, _name, text):
        found, self._search_kind = search(queryset, text, self.user)
        return found

    def by_status(self, queryset, _name, status):
        return STATUSES[status].rows(queryset, self.moment.today)

    def by_coach(self, queryset, _name, coach):
        return queryset.filter(coach=None) if coach == NO_COACH else queryset.filter(coach__public_id=coach)

    def by_unit(self, queryset, _name, code):
        return queryset.filter(unit__code=code)

    def by_flags(self, queryset, _name, chosen):
        """Those who are enrolled and of whom all that is chosen holds."""
        queryset = queryset.open_on(self.moment.today)
        for key in chosen:
            queryset = queryset.filter(self.flags[key].holds(self.moment))
        return queryset

    @cached_property
    def _left_out(self) -> set[str]:
        """What the municipality does not offer to those who work under the rules of the social services."""
        if any(unit.legal_basis == LegalBasis.SOCIAL_SERVICES for unit in self.units.values()):
            return set(self.moment.settings[FILTERS_LEFT_OUT.key])
        return set()

    def _add(self, name: str, added: django_filters.Filter) -> None:
        added.field_name, added.parent, added.model = name, self, Enrolment
        self.filters[name] = added

    def _coach_choices(self):
        enrolments = Enrolment.objects.visible_to(self.user).filter(coach=OuterRef("pk"))
        coaches = User.objects.filter(Exists(enrolments)).in_swedish_order()
        return [(NO_COACH, _("Without a job coach")), *((str(each.public_id), each.full_name) for each in coaches)]


def _as_filter(narrowing: Narrowing, moment: Moment) -> django_filters.Filter:
    return django_filters.ChoiceFilter(
        label=narrowing.label,
        choices=list(narrowing.choices()),
        empty_label=_("All"),
        method=lambda rows, _name, choice: rows.filter(narrowing.condition(choice, moment)),
    )
