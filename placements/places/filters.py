"""What the place bank can be narrowed by. Places are no persons: they may be searched for by any word."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from placements.models import Employer, Place, PlaceLanguage
from placements.models.place import PlaceState
from placements.places.vacancy import vacant_on
from placements.training import is_trained
from vocabulary.codes import EmployerKind, LanguageLevel
from vocabulary.models import OccupationalArea

TRAINED, UNTRAINED = "ja", "nej"
#: The states beside those that are stored: what the list begins with, and everything.
EVERY = "alla"
ORDERS = {
    "": ("title", "pk"),
    "arbetsplats": ("workplace__employer__name", "workplace__name", "title", "pk"),
    "slut": (F("end").asc(nulls_last=True), "title", "pk"),
}


class PlaceFilter(django_filters.FilterSet):
    """Filters the places that a user may see; open ones unless the address says otherwise."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Place, workplace, employer")}),
    )
    omrade = django_filters.ModelChoiceFilter(
        label=_("Occupational area"),
        field_name="occupational_area",
        to_field_name="code",
        queryset=OccupationalArea.objects.all(),
        empty_label=_("All"),
    )
    forvaltning = django_filters.ModelChoiceFilter(
        label=_("Department"),
        field_name="workplace__employer",
        to_field_name="code",
        queryset=Employer.objects.filter(kind=EmployerKind.DEPARTMENT),
        empty_label=_("All employers"),
    )
    slag = django_filters.ChoiceFilter(
        label=_("Kind of employer"),
        field_name="workplace__employer__kind",
        choices=EmployerKind.choices,
        empty_label=_("All"),
    )
    ledig = django_filters.DateFilter(
        label=_("Free on"), method="vacant", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    niva = django_filters.ChoiceFilter(
        label=_("Swedish, at most"),
        method="by_level",
        choices=[(level, level.label) for level in LanguageLevel],
        empty_label=_("Any level"),
    )
    handledare = django_filters.ChoiceFilter(
        label=_("Trained supervisor"),
        method="by_training",
        choices=((TRAINED, _("Yes")), (UNTRAINED, _("No"))),
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a place", "State"),
        method="by_state",
        choices=((PlaceState.PAUSED, PlaceState.PAUSED.label), (PlaceState.CLOSED, PlaceState.CLOSED.label),
                 (EVERY, _("All"))),
        empty_label=_("Open"),
    )  # fmt: skip

    class Meta:
        model = Place
        fields = ()

    @property
    def shown(self) -> QuerySet[Place]:
        """What is asked for. Without a state the open ones that have not ended."""
        rows = self.qs
        if not (self.form.is_valid() and self.form.cleaned_data.get("status")):
            rows = rows.filter(Q(end=None) | Q(end__gte=timezone.localdate()), state=PlaceState.OPEN)
        return rows.order_by(*ORDERS.get(self.data.get("ordna", ""), ORDERS[""]))

    def by_words(self, rows: QuerySet, _name: str, words: str) -> QuerySet:
        for word in words.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(workplace__name__icontains=word)
                | Q(workplace__employer__name__icontains=word)
            )
        return rows

    def vacant(self, rows: QuerySet, _name: str, day: dt.date) -> QuerySet:
        return vacant_on(rows, day)

    def by_level(self, rows: QuerySet, _name: str, level: str) -> QuerySet:
        """Places that require no more than that level in any skill."""
        order = LanguageLevel.values
        above = order[order.index(level) + 1 :]
        return rows.exclude(Exists(PlaceLanguage.objects.filter(place=OuterRef("pk"), level__in=above)))

    def by_training(self, rows: QuerySet, _name: str, asked: str) -> QuerySet:
        trained = is_trained(timezone.localdate(), "supervisor")
        return rows.filter(trained) if asked == TRAINED else rows.exclude(trained)

    def by_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        return rows if state == EVERY else rows.filter(state=state)
