"""For whom a round is: a unit or all, and when the placements ended."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Unit
from accounts.scope import Scope
from participants.forms import day_field

#: What the page begins with: placements that ended within so many days.
DAYS_BEFORE = 90


class RoundForm(forms.Form):
    """What the list of those who may get a certificate is narrowed by."""

    enhet = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("All units"),
        to_field_name="code",
    )
    fran = day_field(pgettext_lazy("placements", "Ended from"))
    till = day_field(pgettext_lazy("placements", "Ended until"))

    def __init__(self, data, *, scope: Scope):
        super().__init__(data)
        units = Unit.objects.named()
        if not scope.everything:
            units = units.filter(pk__in=scope.unit_ids)
        self.fields["enhet"].queryset = units
        self.fields["enhet"].label_from_instance = lambda unit: unit.name
        # Whoever works in one unit needs not choose it.
        self._only = None
        if len(scope.unit_ids) == 1 and not scope.everything:
            self._only = units.first()
            self.fields["enhet"].widget = forms.HiddenInput()

    @staticmethod
    def usual() -> dict[str, str]:
        """What the page shows to begin with."""
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        return {"fran": str(yesterday - dt.timedelta(days=DAYS_BEFORE)), "till": str(yesterday)}

    def clean(self):
        said = super().clean()
        if said.get("fran") and said.get("till") and said["till"] < said["fran"]:
            self.add_error("till", _("The end is before the start."))
        return said

    @property
    def question(self) -> dict:
        """The terms of a round."""
        said = self.cleaned_data
        return {"unit": said["enhet"] or self._only, "start": said["fran"], "end": said["till"]}
