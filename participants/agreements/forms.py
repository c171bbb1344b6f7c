"""What is typed about an agreement with the public employment service."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.agreements.services import FACTS, version_of
from participants.forms import day_field
from participants.models import ServiceAgreement


class AgreementForm(forms.Form):
    """When it was agreed, with whom, about what and how much."""

    use_required_attribute = False

    agreed_on = day_field(_("Agreed on"))
    until = day_field(_("Holds until"), required=False, help_text=_("Empty: until something else is agreed."))
    contact = forms.CharField(
        label=_("With whom at the employment service?"),
        max_length=200,
        error_messages={"required": _("Write who at the employment service has agreed.")},
    )
    activity = forms.CharField(
        label=_("About what?"),
        help_text=_("Such as work training in a kitchen."),
        max_length=300,
        error_messages={"required": _("Write what it is about.")},
    )
    extent = forms.CharField(
        label=_("How much?"), help_text=_("Such as half time for three months."), max_length=200, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="agreement_%s", **options)
        self.initial.setdefault("agreed_on", timezone.localdate())
        self.fields["agreed_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @classmethod
    def of(cls, agreement: ServiceAgreement, data=None) -> "AgreementForm":
        """The form with what is written down."""
        initial = {name: getattr(agreement, name) for name in FACTS} | {"seen": version_of(agreement)}
        return cls(data, initial=initial)

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}

    def clean_agreed_on(self) -> dt.date:
        day = self.cleaned_data["agreed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        return day

    def clean(self):
        agreed, until = self.cleaned_data.get("agreed_on"), self.cleaned_data.get("until")
        if agreed and until and until < agreed:
            self.add_error("until", _("The last day is before the day of the agreement."))
        return self.cleaned_data
