"""What came of the activities that ended in a period, by their form: for those who manage the units.

The three outcomes add up to the number ended. The numbers are those of the list behind them, of people the reader may
see; nothing of it is published.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit, User
from accounts.swedish import sort_key
from participants.caseload.figures import visible
from participants.forms import day_field
from participants.models import Activity, ActivityState
from vocabulary.codes import ActivityOutcome
from vocabulary.models import ActivityForm


class OutcomeFilter(forms.Form):
    """Which activities: of which unit, ended between which days; of the list behind a number, which form and
    outcome. The address's names are Swedish like the rest of it."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    fran = day_field(_("Ended from"), required=False)
    till = day_field(_("Ended until"), required=False)
    form = forms.CharField(required=False, widget=forms.HiddenInput)
    utfall = forms.ChoiceField(
        choices=[("", "–"), *ActivityOutcome.choices], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, units: Iterable[Unit], **options):
        super().__init__(*args, **options)
        self.units = {unit.code: unit for unit in units}
        every = ("", pgettext_lazy("units", "All"))
        self.fields["unit"].choices = [every, *((code, unit.name) for code, unit in self.units.items())]
        if len(self.units) < 2:
            del self.fields["unit"]

    @property
    def chosen(self) -> list[Unit]:
        """The unit that was chosen, else all of them."""
        unit = self.units.get(self.cleaned_data.get("unit", ""))
        return [unit] if unit else list(self.units.values())

    @property
    def period(self) -> tuple[dt.date, dt.date]:
        """From the first day of this year until today, unless something else was asked for."""
        today = timezone.localdate()
        said = self.cleaned_data
        return said.get("fran") or today.replace(month=1, day=1), said.get("till") or today

    def clean(self):
        first, last = self.period
        if last < first:
            self.add_error("till", _("The last day is before the first."))


@dataclass
class FormOutcomes:
    """How many activities of one form ended (None: of all), and what came of them."""

    form: ActivityForm | None
    ended: int = 0
    met: int = 0
    partly: int = 0
    not_met: int = 0

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The outcome's code and its number, in the order of the table."""
        return [(code, getattr(self, code)) for code in ActivityOutcome.values]

    def add(self, other: "FormOutcomes") -> None:
        for name in ("ended", *ActivityOutcome.values):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def ended_in(user: User, units: Iterable[Unit], first: dt.date, last: dt.date) -> QuerySet[Activity]:
    """The activities that ended in the period, of participants in the units whom the user may see."""
    return Activity.objects.filter(
        enrolment__in=visible(user, units), state=ActivityState.ENDED, ended_on__range=(first, last)
    )


def outcomes_by_form(activities: QuerySet[Activity]) -> list[FormOutcomes]:
    """What came of the activities, a row for each form in the order of their names: one query, and one for names."""
    counts = {code: Count("pk", filter=Q(outcome=code)) for code in ActivityOutcome.values}
    rows = activities.order_by().values("form").annotate(ended=Count("pk"), **counts)
    found = {row.pop("form"): row for row in rows}
    forms_ = sorted(ActivityForm.objects.filter(pk__in=found), key=lambda form: sort_key(form.label))
    return [FormOutcomes(form, **found[form.pk]) for form in forms_]


def total_of(rows: Iterable[FormOutcomes]) -> FormOutcomes:
    total = FormOutcomes(None)
    for row in rows:
        total.add(row)
    return total
