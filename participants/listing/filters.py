"""What the list of participants can be narrowed by; every choice comes from what the user may see."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.listing.providers import Moment, Narrowing, flags, narrowings
from participants.listing.reader import Reader
from participants.models import Enrolment
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

    def __init__(self, data, queryset, *, reader: Reader, own: bool):
        """`own`: the list is the user's own enrolled participants, so status and coach are given."""
        super().__init__(data, queryset)
        self.user, self.moment, left_out = reader.user, reader.moment, reader.left_out
        self.flags = {flag.key: flag for flag in flags() if flag.key not in left_out}
        if own:
            del self.filters["status"], self.filters["coach"]
        else:
            coaches = [(str(each.public_id), each.full_name) for each in reader.coaches]
            self.filters["coach"].extra["choices"] = [(NO_COACH, _("Without a job coach")), *coaches]
        if len(reader.units) > 1:
            self.filters["unit"].extra["choices"] = [(unit.code, unit.name) for unit in reader.units.values()]
        else:
            del self.filters["unit"]
        for narrowing in narrowings():
            self._add(narrowing.key, _as_filter(narrowing, self.moment))
        for key in left_out & set(self.filters):
            del self.filters[key]
        if self.flags:
            choices = [(key, flag.label) for key, flag in self.flags.items()]
            chosen = {"choices": choices, "widget": forms.MultipleHiddenInput, "method": self.by_flags}
            self._add("flag", django_filters.MultipleChoiceFilter(label=_("Flag"), **chosen))

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

    def counted(self, rows: QuerySet) -> dict[str, int]:
        """How many rows there are (`all`), and of how many each flag holds, by its key, in one query."""
        going_on = Q(end=None) | Q(end__gte=self.moment.today)  # is asked first, and is cheap
        names = {f"flag_{number}": key for number, key in enumerate(self.flags)}
        conditions = {name: going_on & Q(self.flags[key].holds(self.moment)) for name, key in names.items()}
        counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
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

    def _add(self, name: str, added: django_filters.Filter) -> None:
        added.field_name, added.parent, added.model = name, self, Enrolment
        self.filters[name] = added


def _as_filter(narrowing: Narrowing, moment: Moment) -> django_filters.Filter:
    return django_filters.ChoiceFilter(
        label=narrowing.label,
        choices=list(narrowing.choices()),
        empty_label=_("All"),
        method=lambda rows, _name, choice: rows.filter(narrowing.condition(choice, moment)),
    )
