"""What an employer writes in the public form, whom an offer came from, and why it is declined."""

import datetime as dt
import re
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.swedish import SwedishSortKey
from participants.forms import day_field
from placements.models import Employer, PlaceOffer
from placements.organisation import OrganisationNumberError, organisation_number_parse
from vocabulary.codes import EmployerKind
from vocabulary.models import OccupationalArea

FACTS = (
    "employer_name", "organisation_number", "workplace_name", "address", "contact_name", "contact_email",
    "contact_phone", "occupational_area", "tasks", "seats", "available_from",
)  # fmt: skip


#: An address on one line, as people write it: the street, the postal code, the town.
ONE_LINE = re.compile(r"(?P<street>.*?)[\s,]+(?P<code>\d{3} ?\d{2})[\s,]+(?P<city>[^\d,]+)", re.ASCII)
#: What browsers know of whoever writes, so that they can fill it in (WCAG 1.3.5).
AUTOFILLED = {
    "employer_name": "organization", "contact_name": "name", "contact_email": "email", "contact_phone": "tel",
}  # fmt: skip


def _organisation_number(typed: str) -> str:
    try:
        return organisation_number_parse(typed) if typed else ""
    except OrganisationNumberError as error:
        raise forms.ValidationError(error.message) from None


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
            "max_value": _("Write at most 200."),
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
            "organisation_number": _("Ten digits, if you know it. A sole trader leaves it empty."),
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
        self.fields["tasks"].widget.attrs.pop("maxlength", None)  # a browser would cut a paste short without a word
        self.fields["contact_phone"].widget.input_type = "tel"
        for name, known in AUTOFILLED.items():
            self.fields[name].widget.attrs["autocomplete"] = known

    def clean_organisation_number(self) -> str:
        return _organisation_number(self.cleaned_data["organisation_number"])

    def clean_available_from(self) -> dt.date | None:
        day = self.cleaned_data["available_from"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day has been. Leave it empty if the place is there now."))
        return day

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}

    def _post_clean(self):
        """The service stores it; here nothing of an instance is made."""


class OfferedByForm(forms.Form):
    """The employer and the workplace that an offer came from, as they are to be entered; filled in from the offer.
    With `employer`, who is entered already, only the workplace. `taken` is the employer that has the number, once
    that was found."""

    taken: Employer | None = None

    name = forms.CharField(
        label=_("Employer"),
        max_length=200,
        error_messages={"required": _("Write what the employer is called.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", pgettext_lazy("kind of employer", "Choose")), *EmployerKind.choices],
        error_messages={"required": _("Choose what kind of employer it is.")},
    )
    organisation_number = forms.CharField(
        label=_("Organisation number"),
        max_length=20,
        required=False,
        help_text=_(
            "Such as 556000-1234. Leave it empty for a sole trader, whose number is a personal identity number."
        ),
    )
    workplace_name = forms.CharField(
        label=_("Workplace"),
        max_length=200,
        error_messages={"required": _("Write what the workplace is called.")},
    )
    occupational_area = forms.ModelChoiceField(
        OccupationalArea.objects.order_by(SwedishSortKey("label")),
        label=_("Occupational area"),
        required=False,
        empty_label=pgettext_lazy("occupational area", "Not decided"),
    )
    street_address = forms.CharField(label=_("Street address"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)

    EMPLOYER = ("name", "kind", "organisation_number")
    WORKPLACE = ("occupational_area", "street_address", "postal_code", "city")

    def __init__(self, *args, offer: PlaceOffer, employer: Employer | None, **options):
        super().__init__(*args, initial=_told_in(offer), **options)
        if employer:
            for name in self.EMPLOYER:
                del self.fields[name]

    def clean_organisation_number(self) -> str:
        return _organisation_number(self.cleaned_data["organisation_number"])

    @property
    def employer_facts(self) -> dict:
        """Of an employer that is to be entered; it gets a code of its own."""
        return {name: self.cleaned_data[name] for name in self.EMPLOYER} | {"code": ""}

    @property
    def workplace_facts(self) -> dict:
        facts = {name: self.cleaned_data[name] for name in self.WORKPLACE}
        return facts | {"name": self.cleaned_data["workplace_name"]}


def _told_in(offer: PlaceOffer) -> dict:
    told = {
        "name": offer.employer_name,
        "organisation_number": offer.organisation_number,
        "workplace_name": offer.workplace_name,
        "occupational_area": offer.occupational_area_id,
    }
    if parts := ONE_LINE.fullmatch(offer.address.strip()):
        return told | {"street_address": parts["street"], "postal_code": parts["code"], "city": parts["city"]}
    return told | {"street_address": offer.address}


class DeclineForm(forms.Form):
    """Why nothing comes of an offer."""

    why = forms.CharField(
        label=_("Why does nothing come of it?"),
        max_length=300,
        help_text=_("For those who work with places. Answer the employer yourself."),
        error_messages={"required": _("Write why nothing comes of the offer.")},
    )
