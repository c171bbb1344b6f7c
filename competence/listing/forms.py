"""What the list of certificates is narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vocabulary.codes import PlacementForm


class ListForm(forms.Form):
    """What the list of certificates is narrowed by."""

    form = forms.ChoiceField(label=_("Form"), choices=[("", _("All forms")), *PlacementForm.choices], required=False)
