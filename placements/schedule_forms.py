"""The hours of a week as they are typed: a row for each weekday, and some for a second stretch or other weeks."""

from itertools import combinations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from placements.hours import hours_between
from placements.models import Schedule, ScheduledHours
from placements.models.schedule import Weekday, Weeks

#: So many rows stand there when nothing is written: the seven days and two more.
ROWS = 9
#: A week of which every day has two stretches in each of two weeks is the most that makes sense.
MOST = 28


def _time(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as 09:30.")},
    )


class HoursForm(forms.Form):
    """One stretch of a weekday. Without times it says nothing, and is left out."""

    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=Weekday.choices, coerce=int, required=False, empty_value=Weekday.MONDAY
    )
    begins = _time(pgettext_lazy("time of day", "Begins"))
    ends = _time(pgettext_lazy("time of day", "Ends"))
    break_minutes = forms.IntegerField(
        label=_("Break, minutes"),
        required=False,
        min_value=0,
        max_value=240,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    weeks = forms.ChoiceField(label=_("Weeks"), choices=Weeks.choices, initial=Weeks.EVERY, required=False)

    def clean(self):
        data = super().clean()
        begins, ends, rest = data.get("begins"), data.get("ends"), data.get("break_minutes") or 0
        if self.errors or (begins is None and ends is None):
            return data
        if begins is None:
            self.add_error("begins", _("Write when it begins."))
        elif ends is None:
            self.add_error("ends", _("Write when it ends."))
        elif ends <= begins:
            self.add_error("ends", _("It ends before it begins."))
        elif not hours_between(begins, ends, rest):
            self.add_error("break_minutes", _("The break is as long as the whole time."))
        return data

    @property
    def hours(self) -> ScheduledHours | None:
        """What is written, not stored yet; None for a row without times."""
        data = self.cleaned_data
        if not data.get("begins"):
            return None
        return ScheduledHours(
            weekday=data["weekday"],
            begins=data["begins"],
            ends=data["ends"],
            break_minutes=data.get("break_minutes") or 0,
            weeks=data["weeks"] or Weeks.EVERY,
        )


class BaseHours(forms.BaseFormSet):
    """All rows together: no two of them at the same time. `hours` are those that say something."""

    def clean(self):
        if any(self.errors):
            return
        for one, other in combinations(self.hours, 2):
            if one.weekday == other.weekday and _same_week(one, other) and _overlap(one, other):
                error = _("Two rows of %(weekday)s overlap.")
                raise forms.ValidationError(error, params={"weekday": one.get_weekday_display().lower()})

    @property
    def hours(self) -> list[ScheduledHours]:
        return [hours for form in self.forms if (hours := form.hours)]


def _same_week(one: ScheduledHours, other: ScheduledHours) -> bool:
    return Weeks.EVERY in (one.weeks, other.weeks) or one.weeks == other.weeks


def _overlap(one: ScheduledHours, other: ScheduledHours) -> bool:
    return one.begins < other.ends and other.begins < one.ends


HoursSet = forms.formset_factory(HoursForm, formset=BaseHours, extra=0, max_num=MOST, absolute_max=MOST)


def hours_set(data=None, *, schedule: Schedule | None = None) -> BaseHours:
    """The rows: what the schedule says, then an empty one for each weekday that it does not have."""
    written = [
        {name: getattr(each, name) for name in ("weekday", "begins", "ends", "break_minutes", "weeks")}
        for each in (schedule.hours.order_by("weekday", "weeks", "begins") if schedule else ())
    ]
    days = {row["weekday"] for row in written}
    empty = [{"weekday": day} for day in Weekday.values if day not in days]
    rows = sorted(written + empty, key=lambda row: row["weekday"])
    rows += [{"weekday": Weekday.MONDAY}] * max(2, ROWS - len(rows))
    return HoursSet(data, initial=rows[:MOST], prefix="schema")
