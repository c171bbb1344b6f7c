"""A week's hours as they are typed: rows of weekday, from, to and break; every week or every second. Without a script
there are a few empty rows to begin with, and a button gives more."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from placements.hours import hours_between
from placements.models.schedule import Weekday, Weeks
from placements.period import MOST_HOURS_A_DAY
from placements.schedules import hours_a_week
from placements.services.answers import hours_in_words
from placements.services.schedules import Hours

#: At least so many rows are shown, and two that are empty; so many more at once, and never more than these.
FEWEST_ROWS, SPARE_ROWS, MORE_ROWS, MOST_ROWS = 7, 2, 5, 42
WORKING_DAYS = tuple(Weekday)[:5]
#: Ordinary working hours come to 40 a week at most, on the average of up to four weeks (arbetstidslagen 5 §).
MOST_HOURS_A_WEEK = 40


def _time(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as 09:30.")},
    )


class HoursForm(forms.Form):
    """One row. One without times says nothing, whatever weekday stands in it."""

    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=[("", "–"), *Weekday.choices], coerce=int, empty_value=None, required=False
    )
    begins = _time(pgettext_lazy("time of day", "From"))
    ends = _time(pgettext_lazy("time of day", "To"))
    break_minutes = forms.IntegerField(
        label=pgettext_lazy("schedule", "Break, minutes"),
        required=False,
        min_value=0,
        max_value=240,
        error_messages={"invalid": _("Write the minutes as a whole number.")},
    )
    weeks = forms.ChoiceField(label=_("Weeks"), choices=Weeks, required=False, initial=Weeks.EVERY)

    use_required_attribute = False

    def __init__(self, *args, **options):
        options["empty_permitted"] = False
        super().__init__(*args, **options)

    def clean(self):
        said = self.cleaned_data
        begins, ends = said.get("begins"), said.get("ends")
        if self.errors or (begins is None and ends is None):
            return
        if not said.get("weekday"):
            self.add_error("weekday", _("Choose a weekday."))
        if begins is None or ends is None:
            self.add_error("begins" if begins is None else "ends", _("Give both times."))
            return
        length = hours_between(begins, ends)
        if ends <= begins:
            self.add_error("ends", _("The end is before the start."))
        elif hours_between(begins, ends, said.get("break_minutes") or 0) <= 0:
            self.add_error("break_minutes", _("The break is as long as the whole time."))
        elif length > MOST_HOURS_A_DAY + 1:
            self.add_error("ends", _("That is more than a day's work. Check the times."))

    @property
    def hours(self) -> Hours | None:
        """What the row says; None when it says nothing."""
        said = self.cleaned_data
        if said.get("begins") is None:
            return None
        return Hours(
            said["weeks"] or Weeks.EVERY, said["weekday"], said["begins"], said["ends"], said["break_minutes"] or 0
        )


class HoursRows(forms.BaseFormSet):
    """The rows of a week together: nobody is at two places of it at once, or there for longer than the law allows."""

    def clean(self):
        if any(self.errors):
            return
        rows = [(form, form.hours) for form in self.forms if form.hours]
        for number, (form, hours) in enumerate(rows):
            for _other, before in rows[:number]:
                if _overlap(hours, before):
                    form.add_error("begins", _("These hours overlap with others of the same day."))
                    break
        a_week = hours_a_week(hours for _form, hours in rows)
        if a_week > MOST_HOURS_A_WEEK:
            error = _("That is %(hours)s hours a week. The Working Hours Act allows at most %(most)s on average.")
            params = {"hours": hours_in_words(a_week.quantize(Decimal("0.01"))), "most": MOST_HOURS_A_WEEK}
            raise forms.ValidationError(error, params=params)

    @property
    def hours(self) -> list[Hours]:
        """Everything that is said, in the order of the week."""
        return sorted({form.hours for form in self.forms if form.hours})


def _overlap(one: Hours, other: Hours) -> bool:
    same_weeks = one.weeks == other.weeks or Weeks.EVERY in (one.weeks, other.weeks)
    return one.weekday == other.weekday and same_weeks and one.begins < other.ends and other.begins < one.ends


_Rows = forms.formset_factory(
    HoursForm, formset=HoursRows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)
PREFIX = "hours"


def rows_of(hours: list[Hours]) -> HoursRows:
    """The rows for what a schedule says already, with some to spare; of nothing, a working week without times."""
    initial = [
        {
            "weekday": each.weekday,
            "begins": each.begins,
            "ends": each.ends,
            "break_minutes": each.break_minutes,
            "weeks": each.weeks,
        }
        for each in hours
    ] or [{"weekday": day} for day in WORKING_DAYS]
    size = min(MOST_ROWS, max(FEWEST_ROWS, len(initial) + SPARE_ROWS))
    initial += [{} for _row in range(size - len(initial))]
    return _Rows(initial=initial, prefix=PREFIX)


def rows_typed(data) -> HoursRows:
    """The rows as they were typed."""
    return _Rows(data, prefix=PREFIX)


def more_rows(data):
    """The same form with some more empty rows, for who asks for them (`more` among what is sent)."""
    data, total = data.copy(), f"{PREFIX}-TOTAL_FORMS"
    asked = data.get(total, "")
    there = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    data[total] = min(MOST_ROWS, there + MORE_ROWS)
    return data


def told(each: Hours) -> tuple[str, dt.time, dt.time, str]:
    """A row in words: the weekday, from, to, and the weeks if not every week."""
    weeks = "" if each.weeks == Weeks.EVERY else Weeks(each.weeks).label
    return Weekday(each.weekday).label, each.begins, each.ends, weeks
