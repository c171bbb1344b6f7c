"""What the lists of certificates are narrowed by."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competence.models import CertificateState
from vocabulary.codes import PlacementForm


class ListForm(forms.Form):
    """What every list is narrowed by: form and unit."""

    form = forms.ChoiceField(label=_("Form"), choices=[("", _("All forms")), *PlacementForm.choices], required=False)
    enhet = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, data, *, units: Mapping[str, str]):
        super().__init__(data)
        if len(units) > 1:
            self.fields["enhet"].choices = [("", _("All units")), *units.items()]
        else:
            del self.fields["enhet"]

    @property
    def chosen(self) -> dict:
        """What was chosen, by the names of the fields; what is not understood narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EndedForm(ListForm):
    """What the list of ended placements is narrowed by: the days between which they ended, too."""

    fran = forms.DateField(
        label=pgettext_lazy("placements", "Ended from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    till = forms.DateField(
        label=pgettext_lazy("placements", "Ended until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )


class IssuedForm(ListForm):
    """What the list of issued certificates is narrowed by: where they stand, too."""

    lage = forms.ChoiceField(
        label=pgettext_lazy("of a certificate", "Status"),
        choices=[
            ("", pgettext_lazy("certificates", "The latest of each")),
            *[(each.value, each.label) for each in CertificateState if each != CertificateState.DRAFT],
        ],
        required=False,
    )
