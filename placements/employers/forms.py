"""What is typed about employers, workplaces, contacts, notes and checks, and which of it can be stored."""

import datetime as dt
import uuid

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.swedish import SwedishSortKey
from participants.forms import JournalText, day_field
from participants.person.forms import PHONE_UNLIKE, postal_code_written, reads_as_phone
from placements.kept_forms import KeptForm
from placements.models import Employer, EmployerContact, Workplace, WorkplaceCheck
from placements.models.employer import RESERVED_CODES
from placements.models.promises import Insurance
from placements.organisation import OrganisationNumberError, organisation_number_parse
from vocabulary.codes import EmployerKind
from vocabulary.models import OccupationalArea

PHONE = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})


class ListForm(forms.Form):
    """What the list of employers is narrowed to."""

    q = forms.CharField(label=_("Name or organisation number"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *EmployerKind.choices], required=False)
    flag = forms.ChoiceField(
        label=_("To see to"),
        choices=[
            ("", pgettext_lazy("employers", "All")),
            ("avtal", _("Agreement has run out")),
            ("ataganden", _("Overdue commitment")),
            ("kontroll", _("Workplace to check")),
        ],
        required=False,
    )


class EmployerForm(KeptForm):
    """Who an employer is. `taken` is the employer that has the number already, once that was found."""

    taken: Employer | None = None

    class Meta:
        model = Employer
        fields = ("name", "kind", "organisation_number", "code")
        labels = {"kind": _("Kind")}
        help_texts = {
            "organisation_number": _(
                "Such as 556000-1234. Leave it empty for a sole trader, whose number is a personal identity number."
            ),
            "code": _("Short, for figures and files, such as SERV. Leave it empty and the employer gets one."),
        }
        error_messages = {
            "name": {"required": _("Write what the employer is called.")},
            "kind": {"required": _("Choose what kind of employer it is.")},
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", pgettext_lazy("kind of employer", "Choose")), *EmployerKind.choices]
        self.fields["code"].required = False
        if self.instance.pk:
            del self.fields["code"]  # figures and registers know the employer by it

    def clean_organisation_number(self) -> str:
        typed = self.cleaned_data["organisation_number"]
        if not typed or typed == self.instance.organisation_number:  # what a register brought may stay
            return typed
        try:
            return organisation_number_parse(typed)
        except OrganisationNumberError as error:
            raise forms.ValidationError(error.message) from None

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if code in RESERVED_CODES:
            raise forms.ValidationError(_("This word is reserved: choose another code."))
        return code


class WorkplaceForm(KeptForm):
    """Where an employer's work is done."""

    class Meta:
        model = Workplace
        fields = ("name", "occupational_area", "street_address", "postal_code", "city")
        error_messages = {"name": {"required": _("Write what the workplace is called.")}}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["occupational_area"].queryset = OccupationalArea.objects.order_by(SwedishSortKey("label"))
        self.fields["occupational_area"].empty_label = pgettext_lazy("occupational area", "Not decided")

    def clean_postal_code(self) -> str:
        return postal_code_written(self.cleaned_data["postal_code"])


class CloseForm(forms.Form):
    """From when nothing begins at a workplace any more."""

    day = day_field(_("Last day on which anything begins there"))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("day", timezone.localdate())


class PhoneForm(KeptForm):
    """Somebody with a phone number: it is one, unless it came with a register and is left as it was."""

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and "phone" in self.changed_data and not reads_as_phone(phone):
            raise forms.ValidationError(PHONE_UNLIKE)
        return phone


class ContactForm(PhoneForm):
    """Somebody to turn to at an employer, for the whole of it or for one of its workplaces."""

    left_on = day_field(
        _("No longer the one to turn to, since"), required=False, help_text=_("Empty: still the one to turn to.")
    )

    class Meta:
        model = EmployerContact
        fields = ("name", "title", "workplace", "email", "phone", "left_on")
        labels = {"title": _("Position")}
        error_messages = {"name": {"required": _("Write the contact's name.")}}
        help_texts = {"title": _("Such as head of the kitchen."), "workplace": _("Empty: the whole employer.")}
        widgets = {"phone": PHONE}

    def __init__(self, *args, employer: Employer, **options):
        super().__init__(*args, **options)
        self.fields["workplace"].queryset = employer.workplaces.in_swedish_order()
        self.fields["workplace"].empty_label = pgettext_lazy("contact", "The whole employer")
        if not self.instance.pk:
            del self.fields["left_on"]

    def clean(self):
        data = super().clean()
        if "email" in data and "phone" in data and not data["email"] and not data["phone"]:
            self.add_error("email", _("Write an e-mail address or a phone number: how else can you turn to them?"))
        return data


class NoteForm(forms.Form):
    """What was said with an employer."""

    text = JournalText(
        label=_("New note"),
        rows=3,
        max_length=4000,
        help_text=_(
            "About the employer. Write nothing about participants here: everybody who works with cases reads it."
        ),
        error_messages={"required": _("Write something first.")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def _answer(label) -> forms.TypedChoiceField:
    """Yes or no, of which neither is given beforehand: what is not answered is not right."""
    return forms.TypedChoiceField(
        label=label,
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Answer yes or no.")},
    )


class CheckForm(KeptForm):
    """What somebody has looked at at a workplace."""

    checked_on = day_field(pgettext_lazy("a workplace", "Checked on"))
    risks_assessed = _answer(_("Are the risks assessed?"))
    introduction = _answer(_("Is there an introduction for those who are new?"))
    insurance = forms.ChoiceField(
        label=_("Who insures those who are there without being employed?"),
        choices=[*Insurance.choices, ("", _("Nobody, or not known"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("As long as this is not known, the check is not passed."),
    )
    note = JournalText(label=_("What was seen"), rows=3, max_length=2000, required=False)

    class Meta:
        model = WorkplaceCheck
        fields = ("checked_on", "risks_assessed", "introduction", "insurance", "note")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial["risks_assessed"] = self.initial["introduction"] = None  # not the empty row's False
        self.initial.setdefault("checked_on", timezone.localdate())
        self.initial["checked_on"] = self.initial["checked_on"] or timezone.localdate()

    def clean_checked_on(self) -> dt.date:
        return not_to_come(self.cleaned_data["checked_on"])


def not_to_come(day: dt.date) -> dt.date:
    """A day that has been, or today; an error otherwise."""
    if day > timezone.localdate():
        error = _("%(day)s has not been yet.")
        raise forms.ValidationError(error, params={"day": date_format(day)})
    return day
