"""Which period's targets, and the targets of all departments on one page."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from placements.models import Employer
from reporting.models import Target
from reporting.periods import Period, PeriodError
from reporting.targets.services import Entered

YEARS_BACK = 2


class PeriodForm(forms.Form):
    """The period whose targets are meant: one that is reported, this year when nothing is asked. `form.chosen` is
    there when it is valid."""

    period = forms.CharField(label=_("Period"), widget=forms.Select, required=False)

    def __init__(self, data):
        self.chosen: Period | None = None
        asked = data.get("period", "").strip() or str(timezone.localdate().year)
        try:
            self.chosen = Period.parse(asked)
            asked = self.chosen.name
            self.wrong = ""
        except PeriodError as error:
            self.wrong = str(error)
        super().__init__({"period": asked})
        self.fields["period"].widget.choices = self._choices(asked)

    def _choices(self, asked: str) -> list:
        """The periods from next year's back, those that have targets, and whatever was typed into the address."""
        latest = timezone.localdate().year + 1
        years = range(latest, latest - YEARS_BACK - 2, -1)
        named = {
            _("Years"): [f"{year}" for year in years],
            _("January to August"): [f"{year}-01..{year}-08" for year in years],
            _("Tertials"): [f"{year}T{number}" for year in years[:-1] for number in (3, 2, 1)],
            _("Quarters"): [f"{year}Q{number}" for year in years[:-1] for number in (4, 3, 2, 1)],
        }
        groups = [(label, [(name, Period.parse(name).label) for name in names]) for label, names in named.items()]
        known = {name for names in named.values() for name in names}
        others = [name for name in dict.fromkeys((*Target.objects.periods(), asked)) if name not in known]
        if others:
            words = [(name, asked if self.wrong and name == asked else Period.parse(name).label) for name in others]
            groups.append((_("Another period"), words))
        return groups

    def clean_period(self) -> Period:
        if self.wrong:
            raise forms.ValidationError(self.wrong)
        if not self.chosen.is_standard:
            raise forms.ValidationError(
                _("Targets are set for a quarter, a tertial, a year, or months of one year from January on.")
            )
        return self.chosen


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it: thousands may stand apart."""

    def to_python(self, value):
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class TargetsForm(forms.Form):
    """The target of each department; empty for none. Each goes with the target that the page showed."""

    def __init__(
        self,
        data,
        *,
        departments: Iterable[Employer],
        targets: Mapping[int, Target],
        help_texts: Mapping[int, str],
    ):
        super().__init__(data)
        self.departments = list(departments)
        for each in self.departments:
            target = targets.get(each.pk)
            self.fields[f"number_{each.pk}"] = WholeNumberField(
                label=each.name,
                required=False,
                min_value=0,
                max_value=100_000,
                initial=target and target.number,
                help_text=help_texts.get(each.pk, ""),
                # A text field keeps what is typed, also what is no number.
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={"invalid": _("Write a whole number, or nothing.")},
            )
            self.fields[f"seen_{each.pk}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=target.seen if target else ""
            )

    @property
    def entered(self) -> dict[int, Entered]:
        """What is entered for each department, by its id; of a valid form."""
        return {
            each.pk: Entered(self.cleaned_data[f"number_{each.pk}"], self.cleaned_data[f"seen_{each.pk}"])
            for each in self.departments
        }

    def fill_empty(self, numbers: Mapping[int, int]) -> None:
        """Write `numbers` into the fields that nothing is written in; they are not saved."""
        data = self.data.copy()
        for pk, number in numbers.items():
            if not data.get(f"number_{pk}", "").strip():
                data[f"number_{pk}"] = str(number)
        self.data = data

    def add_overtaken(self, now: Mapping[int, Target | None], who: Mapping[int, str]) -> None:
        """Tell at each field what somebody else has saved meanwhile. Saved once more, what is written here holds."""
        data = self.data.copy()
        for pk, target in now.items():
            data[f"seen_{pk}"] = target.seen if target else ""
            written = self.cleaned_data[f"number_{pk}"]
            words = {
                "name": who.get(pk) or _("Somebody else"),
                "theirs": _("no target") if target is None else target.number,
                "yours": _("no target") if written is None else written,
            }
            self.add_error(
                f"number_{pk}",
                _(
                    "%(name)s has saved %(theirs)s since you opened the page, you have written %(yours)s. Write what "
                    "is to hold, and save again."
                )
                % words,
            )
        self.data = data
