"""What is typed about rounds, and what their list is narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from participants.forms import day_field
from placements.changing import seen_of
from placements.kept_forms import KeptForm
from placements.models import Employer
from tracks.models import Round, RoundPartner, RoundState, Step, Track

#: More seats on a step are a slip of the finger.
MOST_SEATS = 999
LIVING, ALL = "", "alla"


class ListForm(forms.Form):
    """Which rounds: living ones unless something else is asked for."""

    lage = forms.ChoiceField(
        label=pgettext_lazy("of a round", "State"),
        choices=[
            (LIVING, _("Planned, open and running")),
            *RoundState.choices,
            (ALL, pgettext_lazy("rounds", "All")),
        ],
        required=False,
    )
    spar = forms.ChoiceField(label=_("Job track"), required=False)
    enhet = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, data, *, tracks: list[Track], units: list[Unit]):
        super().__init__(data)
        self.fields["spar"].choices = [("", _("All tracks")), *((str(each.public_id), each.name) for each in tracks)]
        self.fields["enhet"].choices = [("", _("All units")), *((each.code, each.name) for each in units)]
        if len(units) < 2:
            del self.fields["enhet"]

    @property
    def said(self) -> dict[str, str]:
        """What is asked for; what the address says wrongly counts as not said."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("lage", "spar", "enhet")}


class RoundForm(KeptForm):
    """What a round is called, whose it is, and when. `units` are those in which its user runs rounds."""

    class Meta:
        model = Round
        fields = ("name", "unit", "start", "end", "apply_by")
        help_texts = {
            "name": _("Such as Autumn 2026. The track's name stands beside it."),
            "end": _("Empty: until further notice."),
            "apply_by": _("Empty: as long as the round is open or running."),
        }
        error_messages = {
            "name": {"required": _("Write what the round is called.")},
            "unit": {"required": _("Choose the unit.")},
        }

    field_order = ["name", "unit", "start", "end", "apply_by"]

    def __init__(self, *args, units: list[Unit], **options):
        super().__init__(*args, **options)
        for name in ("start", "end", "apply_by"):
            field = self.fields[name]
            self.fields[name] = day_field(field.label, required=field.required, help_text=field.help_text)
        unit = self.fields["unit"]
        unit.queryset = Unit.objects.filter(pk__in=[each.pk for each in units]).named()
        unit.label_from_instance = lambda each: each.name
        unit.empty_label = _("Choose")
        if len(units) == 1:
            unit.widget = forms.HiddenInput()
            self.initial["unit"] = units[0].pk


class SeatsForm(forms.Form):
    """How many seats each step has; an empty field is no limit. The fields are called by the steps' keys."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    names = ()

    def __init__(self, *args, round: Round, steps: list[Step], seats: dict[int, int], **options):
        super().__init__(*args, **options)
        self.steps = steps
        for number, step in enumerate(steps, 1):
            self.fields[step.key] = forms.IntegerField(
                label=f"{number}. {step.title}",
                required=False,
                min_value=1,
                max_value=MOST_SEATS,
                error_messages={
                    "invalid": _("Write the number of seats as a whole number."),
                    "min_value": _("Write at least 1, or leave it empty for no limit."),
                },
            )
            self.initial[step.key] = seats.get(step.pk)
        self.initial["seen"] = str(round.revision)

    @property
    def said(self) -> dict[Step, int | None]:
        return {step: self.cleaned_data[step.key] for step in self.steps}

    def told(self, row: Round) -> list[tuple[str, str]]:
        """What it says now, for whoever was too late."""
        now = dict(row.seats.values_list("step", "seats"))
        return [(str(self.fields[step.key].label), str(now.get(step.pk, "–"))) for step in self.steps]


class PartnerForm(KeptForm):
    """What an employer has promised the round."""

    class Meta:
        model = RoundPartner
        fields = ("employer", "takes", "hires")
        labels = {"takes": _("How many they take for practice"), "hires": _("How many they hire")}
        error_messages = {"employer": {"required": _("Choose the employer.")}}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("takes", "hires"):
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label,
                initial=self.fields[name].initial,
                min_value=0,
                max_value=MOST_SEATS,
                error_messages={"invalid": _("Write a whole number."), "required": _("Write a whole number.")},
            )
        if self.instance.pk:
            del self.fields["employer"]
            self.initial["seen"] = seen_of(self.instance, self.names)
        else:
            self.fields["employer"].queryset = Employer.objects.in_swedish_order()
            self.fields["employer"].empty_label = _("Choose")


class StateForm(forms.Form):
    """That the round goes on to another state; what the page showed goes along."""

    seen = forms.CharField(widget=forms.HiddenInput)
    names = ()

    def __init__(self, *args, round: Round, **options):
        super().__init__(*args, **options)
        self.initial["seen"] = str(round.revision)

    def told(self, row: Round) -> list[tuple[str, str]]:
        return [(str(_("State")), row.get_state_display())]
