"""Which year's sheet is asked for, and what is typed into it."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.kolada.indicators import Measured
from reporting.kolada.sheet import Cell, Place, Sheet, as_typed, in_unit, question_of
from reporting.models import KoladaAnswer
from reporting.periods import Period, PeriodError
from reporting.question import AsOfError, Question

#: So many years can be chosen from, this one first; any other stands in the address.
YEARS = 5
WHOLE_DIGITS = 11
GREATEST_SHARE = 100
#: What is said of more decimals than a unit has.
TOO_EXACT = {
    0: gettext_lazy("Write a whole number."),
    1: gettext_lazy("Write one decimal at most."),
    3: gettext_lazy("Write three decimals at most."),
}


class YearForm(forms.Form):
    """The year, and the day the sheet is as known on. `form.question` is there when it is valid.

    An empty address asks for the latest ended year, which is what the survey asks for.
    """

    year = forms.CharField(label=gettext_lazy("Year"), widget=forms.Select, required=False)
    as_of = forms.DateField(
        label=gettext_lazy("As known on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data):
        self.question: Question | None = None
        this_year = timezone.localdate().year
        data = {name: data.get(name, "").strip() for name in ("year", "as_of")}
        data["year"] = data["year"] or str(this_year - 1)
        super().__init__(data)
        years = [str(year) for year in range(this_year, this_year - YEARS, -1)]
        self.fields["year"].widget.choices = [(each, each) for each in dict.fromkeys([*years, data["year"]])]

    def clean_year(self) -> Period:
        try:
            period = Period.parse(self.cleaned_data["year"])
        except PeriodError:
            period = None
        if period is None or period.kind != "year":
            raise forms.ValidationError(_("Write a year with four digits, such as 2025."))
        return period

    def clean(self):
        if self.errors:
            return
        as_of = self.cleaned_data["as_of"]
        try:
            self.question = question_of(self.cleaned_data["year"], as_of)
        except AsOfError as error:
            if as_of:
                self.add_error("as_of", str(error))
            else:
                self.add_error("year", _("The year has not begun yet."))


class NumberField(forms.DecimalField):
    """A number of the sheet as people type it: decimal comma or point, spaces between the thousands."""

    def __init__(self, measured_in: Measured, *, label: str):
        most = {"max_value": GREATEST_SHARE} if measured_in == Measured.PERCENT else {}
        super().__init__(
            required=False,
            min_value=0,
            **most,
            decimal_places=measured_in.decimals,
            max_digits=WHOLE_DIGITS + measured_in.decimals,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={
                "invalid": _("Write a number, for example %(example)s.")
                % {"example": "12,5" if measured_in.decimals else "12"},
                "max_decimal_places": TOO_EXACT[measured_in.decimals],
                "min_value": _("The number cannot be less than zero."),
                "max_value": _("A share is 100 per cent at most."),
                "max_digits": _("The number is too large."),
                "max_whole_digits": _("The number is too large."),
            },
            label=label,
        )

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)


class SheetForm(forms.Form):
    """A field for each number of the sheet: for what the product does not have, and for a value of one's own in place
    of what it has. The page's `seen` tells which stored values it showed."""

    def __init__(self, sheet: Sheet, data=None):
        self.sheet = sheet
        self.seen: Mapping[Place, Decimal] = _read_seen(data.get("seen", "")) if data is not None else sheet.typed
        typed = {_name(place): as_typed(value) for place, value in sheet.typed.items()}
        super().__init__(data, initial=typed)
        for cell in self.cells:
            self.fields[_name(cell.place)] = NumberField(
                cell.indicator.measured_in, label=f"{cell.indicator.id} {cell.label.lower()}"
            )

    @property
    def cells(self) -> list[Cell]:
        return [cell for group in self.sheet.groups for row in group.rows for cell in row.cells]

    @property
    def values(self) -> dict[Place, Decimal | None]:
        """What is to be kept, by its place."""
        return {cell.place: self.cleaned_data[_name(cell.place)] for cell in self.cells}

    @property
    def first_changed(self) -> str:
        """The id of the first answer that is another than the page showed; nothing when none is."""
        values = self.values
        return next((each.indicator.id for each in self.cells if values[each.place] != self.seen.get(each.place)), "")

    @property
    def seen_text(self) -> str:
        """`seen` as the page carries it."""
        return json.dumps([[*place, str(value)] for place, value in self.seen.items()])

    @property
    def opened(self) -> set[str]:
        """The answers whose values of one's own are shown at once: those that have one, or are to get one."""
        return {cell.indicator.id for cell in self.cells if self[_name(cell.place)].value()} | {
            name.partition("-")[0] for name in self.errors
        }

    @property
    def parts(self) -> list:
        """The parts of the sheet with the fields of their numbers: (part, [(row, [(cell, field)])])."""
        return [
            (group, [(row, [(cell, self[_name(cell.place)]) for cell in row.cells]) for row in group.rows])
            for group in self.sheet.groups
        ]

    def told_of(self, found: Mapping[Place, KoladaAnswer | None]) -> None:
        """Say beside the fields what somebody else has saved meanwhile; sent once more, this page's values hold."""
        self.seen = dict(self.seen)
        again = _("Save again if yours is to hold.")
        for place, each in found.items():
            if each is None:
                self.seen.pop(place, None)
                words = _("Somebody has taken the value away since you opened the page.")
            else:
                self.seen[place] = each.value
                cell = next(cell for cell in self.cells if cell.place == place)
                words = _("%(name)s has saved %(value)s since you opened the page.") % {
                    "name": each.edited_by_name,
                    "value": as_typed(in_unit(each.value, cell.indicator.measured_in)),
                }
            self.add_error(_name(place), f"{words} {again}")


def _name(place: Place) -> str:
    return "-".join(place)


def _read_seen(text: str) -> dict[Place, Decimal]:
    """What a page says it has shown. Nothing for what is not readable: then every stored value counts as unseen."""
    try:
        seen = {(str(indicator), str(gender)): Decimal(value) for indicator, gender, value in json.loads(text)}
    except (ValueError, TypeError, InvalidOperation, RecursionError):
        return {}
    return {place: value for place, value in seen.items() if value.is_finite()}
