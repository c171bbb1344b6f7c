"""The question of a report, as it is asked on the page and in its address."""

import datetime as dt
from dataclasses import replace

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.swedish import sort_key
from reporting.periods import Period, PeriodError, latest_ended_quarter
from reporting.permissions import figures_scope
from reporting.question import AsOfError, Question
from tracks.models import Track

#: The choice of the period picker that goes with two dates of one's own.
OWN_DATES = "dates"
QUARTERS, TERTIALS, YEARS = 9, 4, 3


class QuestionForm(forms.Form):
    """Period, as-of date and unit. `form.question` is there when it is valid.

    Everything has a default, so an empty address asks for the latest ended quarter as known today: of the whole
    municipality for those who lead it, else of the user's first unit.
    """

    period = forms.CharField(label=_("Period"), widget=forms.Select, required=False)
    as_of = forms.DateField(
        label=_("As known on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the units in the list.")},
    )

    def __init__(self, data, *, user: User):
        self.question: Question | None = None
        scope = figures_scope(user)
        self.units = {unit.code: unit for unit in Unit.objects.in_scope(scope).by_name()}
        whole = [("", _("The whole municipality"))] if scope.everything else []
        super().__init__(self._completed(data, None if scope.everything else next(iter(self.units), "")))
        self.fields["unit"].choices = whole + [(code, unit.name) for code, unit in self.units.items()]
        # `from` is no name that Python lets a class have.
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = forms.DateField(
                label=label,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.order_fields(("period", "from", "to", "unit", "as_of"))
        self.fields["period"].widget.choices = self._period_choices(self.data["period"])

    @staticmethod
    def _completed(data, unit: str | None) -> dict:
        """What was asked, with the defaults; two dates as a period choose the dates of one's own."""
        data = {name: data.get(name, "").strip() for name in ("period", "from", "to", "as_of", "unit")}
        if data["from"] and data["to"]:
            data["period"] = data["period"] or OWN_DATES
        data["period"] = data["period"] or latest_ended_quarter(timezone.localdate()).name
        data["as_of"] = data["as_of"] or timezone.localdate().isoformat()
        data["unit"] = data["unit"] or unit or ""
        try:
            period = Period.parse(data["period"])
        except PeriodError:
            return data
        if period.kind == "days":
            data["period"] = OWN_DATES
        return data | {"from": period.start.isoformat(), "to": period.end.isoformat()}

    @staticmethod
    def _period_choices(asked: str) -> list:
        """The periods most asked for, newest first, and whatever was typed into the address."""
        today = timezone.localdate()
        groups = [
            (_("Quarters"), _latest(Period.quarter_of(today), QUARTERS)),
            (_("Tertials"), _latest(Period.tertial_of(today), TERTIALS)),
            (_("Years"), _latest(Period.parse(str(today.year)), YEARS)),
        ]
        known = {name for _label, periods in groups for name, _words in periods}
        other = [(OWN_DATES, _("Dates of your own"))]
        if asked not in known and asked != OWN_DATES:
            try:
                other.insert(0, (asked, Period.parse(asked).label))
            except PeriodError:
                other.insert(0, (asked, asked))
        return [*groups, (_("Another period"), other)]

    def clean_period(self) -> Period | None:
        text = self.cleaned_data["period"]
        if text == OWN_DATES:
            return None  # the two dates are not cleaned yet
        try:
            return Period.parse(text)
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self):
        # The two dates are looked at beside whatever else is wrong, so that all of it is told at once.
        period = None if "period" in self.errors else self.cleaned_data["period"] or self._own_dates()
        if period is None or self.errors:
            return
        try:
            self.question = Question(
                period, self.cleaned_data["as_of"], self.units.get(self.cleaned_data.get("unit"))
            )
        except AsOfError as error:
            self.add_error("as_of", str(error))

    def _own_dates(self) -> Period | None:
        days: list[dt.date | None] = [self.cleaned_data.get("from"), self.cleaned_data.get("to")]
        for name, day in zip(("from", "to"), days, strict=True):
            if day is None and name not in self.errors:
                self.add_error(name, _("Give a date."))
        if None in days:
            return None
        try:
            return Period.parse(f"{days[0]}..{days[1]}")
        except PeriodError as error:
            self.add_error("to", str(error))
            return None


class TrackQuestionForm(QuestionForm):
    """The same of job tracks: of all, or of the rounds of one."""

    track = forms.ChoiceField(
        label=_("Job track"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the job tracks in the list.")},
    )

    def __init__(self, data, *, user: User):
        self.tracks = {
            str(each.public_id): each
            for each in sorted(Track.objects.published(), key=lambda each: (sort_key(each.name), each.pk))
        }
        self.asked_track = data.get("track", "").strip()
        super().__init__(data, user=user)
        self.data["track"] = self.asked_track
        names = [(key, each.name) for key, each in self.tracks.items()]
        self.fields["track"].choices = [("", _("All job tracks")), *names]
        self.order_fields(("period", "from", "to", "track", "unit", "as_of"))

    def clean(self):
        super().clean()
        if self.question and self.cleaned_data.get("track"):
            self.question = replace(self.question, track=self.tracks[self.cleaned_data["track"]])


class PublishedQuestionForm(QuestionForm):
    """The same of what may be published: the whole municipality, for a period that is published."""

    def __init__(self, data, *, user: User):
        super().__init__({name: data.get(name, "") for name in ("period", "as_of")}, user=user)
        for name in ("from", "to", "unit"):
            del self.fields[name]
        *groups, (words, others) = self.fields["period"].widget.choices
        others = [choice for choice in others if choice[0] != OWN_DATES]
        self.fields["period"].widget.choices = [*groups, *([(words, others)] if others else [])]

    def clean_period(self) -> Period:
        period = super().clean_period()
        if period is None or not period.is_standard:
            raise forms.ValidationError(
                _(
                    "Only quarters, tertials, years and months from January on are published: other periods would "
                    "lie across them."
                )
            )
        return period


def _latest(period: Period, number: int) -> list[tuple[str, str]]:
    """The choices of `period` and those before it."""
    choices = []
    for _number in range(number):
        choices.append((period.name, period.label))
        period = period.previous
    return choices
