"""What an employer writes in the public form, and why an offer is declined."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.forms import day_field
from placements.models import PlaceOffer

FACTS = (
    "employer_name", "organisation_number", "workplace_name", "address", "contact_name", "contact_email",
    "contact_phone", "occupational_area", "tasks", "seats", "available_from",
)  # fmt: skip


class OfferForm(forms.ModelForm):
    """A place that somebody can offer, in their own words, and whom to turn to."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    available_from = day_field(_("From when"), required=False, help_text=_("Empty if it does not matter."))
    seats = forms.IntegerField(
        label=_("For how many"),
        min_value=1,
        max_value=200,
        initial=1,
        error_messages={
            "required": _("Write for how many."),
            "min_value": _("Write at least 1."),
            "invalid": _("Write a whole number."),
        },
    )

    class Meta:
        model = PlaceOffer
        fields = FACTS
        widgets = {"tasks": forms.Textarea(attrs={"rows": 5})}
        labels = {
            "employer_name": _("Your organisation"),
            "organisation_number": _("Organisation number"),
            "workplace_name": _("Workplace"),
            "address": _("Where is it?"),
            "contact_name": _("Your name"),
            "contact_email": _("Your e-mail address"),
            "contact_phone": _("Your phone number"),
            "occupational_area": _("Kind of work"),
            "tasks": _("What is there to do?"),
        }
        help_texts = {
            "organisation_number": _("Ten digits, if you know it."),
            "workplace_name": _("Such as the school, the shop or the ward."),
            "tasks": _("A few sentences. Write nothing about a person you have in mind."),
        }
        error_messages = {
            "employer_name": {"required": _("Write the name of your organisation.")},
            "workplace_name": {"required": _("Write the name of the workplace.")},
            "contact_name": {"required": _("Write your name.")},
            "contact_email": {
                "required": _("Write your e-mail address, so that we can answer."),
                "invalid": _("Write the address as name@example.se."),
            },
            "tasks": {"required": _("Write what there is to do.")},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["occupational_area"].empty_label = _("Choose if one fits")

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}

    def _post_clean(self):
        """The service stores it; here nothing of an instance is made."""


class DeclineForm(forms.Form):
    """Why nothing comes of an offer."""

    why = forms.CharField(
        label=_("Why does nothing come of it?"),
        max_length=300,
        help_text=_("For those who work with places. Answer the employer yourself."),
        error_messages={"required": _("Write why nothing comes of the offer.")},
    )
