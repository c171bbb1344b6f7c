"""What is typed about who a person is and how they are reached."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import LegalBasis
from participants.forms_service import LEGAL_BASIS_RULE, CaseFields
from participants.identity import (
    IdentityNumber,
    IdentityNumberError,
    birth_date_of,
    contradictions,
    identity_number_parse,
    temporary_number_parse,
)
from participants.models import Enrolment, UnitAssignment
from participants.person.services import Changed, model_of
from vocabulary.codes import ContactWay, Education, Gender, TargetGroup
from vocabulary.languages import language_choices

PHONE = re.compile(r"[+()\d\s/-]+", re.ASCII)
PHONE_UNLIKE = _("Write the number with digits, as 070-123 45 67 or +46 70 123 45 67.")
#: Nobody who is helped towards work was born before.
EARLIEST_YEAR = 1900


def reads_as_phone(text: str) -> bool:
    """Whether the text can be a phone number: digits and what stands between them."""
    return bool(PHONE.fullmatch(text)) and sum(letter.isdigit() for letter in text) >= 5


def postal_code_written(text: str) -> str:
    """Swedish codes as they are written, 123 45; others as they are."""
    digits = "".join(text.split())
    return f"{digits[:3]} {digits[3:]}" if re.fullmatch(r"\d{5}", digits, re.ASCII) else text


def temporary_number_kept(text: str) -> str:
    """A temporary number as it is kept, or nothing. Raises ValidationError for what is none."""
    try:
        return temporary_number_parse(text) if text else ""
    except IdentityNumberError as error:
        raise ValidationError(error.message) from None


class BirthFields(forms.Form):
    """What a form that asks when somebody was born, and for a temporary number, does not take."""

    def clean_temporary_number(self) -> str:
        return temporary_number_kept(self.cleaned_data["temporary_number"])

    def clean_birth_date(self) -> dt.date | None:
        day = self.cleaned_data["birth_date"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The date of birth is in the future."))
        if day and day.year < EARLIEST_YEAR:
            raise ValidationError(_("Check the year."))
        return day

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and not EARLIEST_YEAR <= year <= timezone.localdate().year:
            raise ValidationError(_("Check the year."))
        return year


class FactsForm(forms.Form):
    """Facts of a person and of one enrolment. Each field sends back what the page showed beside what is typed, so
    that what two people change at the same time is told apart."""

    def __init__(self, data: MultiValueDict | None = None, *, enrolment: Enrolment):
        self.enrolment, self.person = enrolment, enrolment.participant
        super().__init__(data, auto_id="fact_%s")
        for name, field in self.fields.items():
            field.show_hidden_initial = True
            self.initial[name] = self.stored(name)

    def stored(self, name: str) -> Any:
        """What is registered of the fact."""
        model = model_of(name)
        if model is UnitAssignment:
            return getattr(self.enrolment.assignment, name)
        return getattr(self.enrolment if model is Enrolment else self.person, name)

    def changes(self) -> dict[str, Changed]:
        """What was changed of what the page showed, by fact."""
        typed = {name: Changed(self._shown(name), self.cleaned_data[name]) for name in self.fields}
        return {name: each for name, each in typed.items() if each.shown != each.typed}

    def _shown(self, name: str) -> Any:
        sent, many = self[name].html_initial_name, isinstance(self.fields[name], forms.MultipleChoiceField)
        try:
            return self.fields[name].to_python(self.data.getlist(sent) if many else self.data.get(sent, ""))
        except ValidationError:  # not as any page of ours sends it: like nothing
            return None

    def as_of(self, now: dict[str, Any]) -> "FactsForm":
        """The form with what was typed, which now has seen what the facts have become."""
        data = self.data.copy()
        for name, value in now.items():
            sent = self.fields[name].prepare_value(value)
            values = sent if isinstance(sent, list) else ["" if sent is None else str(sent)]
            data.setlist(self[name].html_initial_name, values)
        return type(self)(data, enrolment=self.enrolment)


class ContactDetailsForm(FactsForm):
    """How the person is reached."""

    phone = forms.CharField(
        label=_("Phone"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"max_length": _("Write at most %(limit_value)d characters.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write the address as name@example.se.")},
    )
    street_address = forms.CharField(label=_("Street address"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    contact_way = forms.ChoiceField(
        label=_("Wants to be reached"), choices=[("", _("Not asked")), *ContactWay.choices], required=False
    )
    contact_note = forms.CharField(
        label=_("When and how"),
        help_text=_("Such as “after three o’clock”. Do not write why the person is here."),
        max_length=200,
        required=False,
    )
    language = forms.ChoiceField(label=_("Needs an interpreter in"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["language"].choices = [
            ("", _("No interpreter is needed")),
            *language_choices(self.person.language),
        ]
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"  # another person's, not the coach's own

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        # What came with a register, such as a number with a name behind it, may stay until somebody changes it.
        if phone and "phone" in self.changed_data and not reads_as_phone(phone):
            raise ValidationError(PHONE_UNLIKE)
        return phone

    def clean_postal_code(self) -> str:
        return postal_code_written(self.cleaned_data["postal_code"])

    def clean(self):
        cleaned = super().clean()
        needed = {
            ContactWay.PHONE: ("phone", _("The person wants to be phoned: write the number.")),
            ContactWay.SMS: ("phone", _("The person wants text messages: write the number.")),
            ContactWay.EMAIL: ("email", _("The person wants e-mail: write the address.")),
        }
        if not self.person.is_protected:  # their letters go another way
            needed[ContactWay.LETTER] = ("street_address", _("The person wants letters: write the address."))
        field, message = needed.get(cleaned.get("contact_way"), ("", ""))
        if field and field in cleaned and not cleaned[field]:
            self.add_error(field, message)
        return cleaned


class PersonForm(BirthFields, CaseFields, FactsForm):
    """Who the person is, and the facts of one enrolment that the figures need.

    What follows from the identity number is not asked for: the date of birth, or the year of it.
    """

    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 1990-05-17.")},
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        help_text=_("Needed only when the day is not known."),
        required=False,
        error_messages={"invalid": _("Write the year with four digits.")},
    )
    temporary_number = forms.CharField(
        label=_("Temporary number"),
        help_text=_("A local number for somebody without a personal number, such as 000101-T220."),
        max_length=30,
        required=False,
    )
    gender = forms.ChoiceField(label=_("Gender"), choices=Gender)
    education = forms.ChoiceField(
        label=_("Education"), choices=[("", _("Not registered")), *Education.choices], required=False
    )
    target_group = forms.ChoiceField(
        label=_("Target group"), choices=[("", _("Not registered")), *TargetGroup.choices], required=False
    )
    case_number = forms.CharField(label=_("Case number"), max_length=64, required=False)
    legal_basis = forms.ChoiceField(label=_("Legal basis"), help_text=LEGAL_BASIS_RULE, choices=LegalBasis)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.number = self.person.identity_number
        if self.number:
            del self.fields["birth_year"]
            if birth_date_of(self.number):
                del self.fields["birth_date"]
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self):
        cleaned = super().clean()
        names = {"given_name", "family_name"}
        if not any(cleaned.get(name) for name in names) and names & set(self.changed_data) and names <= set(cleaned):
            self.add_error("given_name", _("Write at least one of the names."))
        day, year = cleaned.get("birth_date"), cleaned.get("birth_year")
        if "birth_year" in self.fields and not {"birth_date", "birth_year"} & set(self.errors):
            if day is None and year is None:
                self.add_error("birth_date", _("Write the day or, if it is not known, the year."))
                return cleaned
            if year is None:
                year = cleaned["birth_year"] = day.year
        year = year if year is not None else self.person.birth_year
        for field, message in contradictions(self.number, cleaned.get("gender", ""), day, year).items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, message)
        return cleaned


class NumberForm(forms.Form):
    """Another identity number for a participant. `asked` is the number about which the page has asked whether it is
    right; `sure` is the answer, and counts for that number only."""

    number = forms.CharField(
        label=_("New personal identity number"),
        help_text=_("Written YYYYMMDD-NNNN."),
        max_length=30,
        error_messages={"required": _("Write the number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short", "inputmode": "tel"}),
    )
    sure = forms.BooleanField(label=_("I have checked: the number is right"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, current: str | None, **options):
        super().__init__(*args, auto_id="number_%s", **options)
        self.current = current

    def clean_number(self) -> IdentityNumber:
        try:
            number = identity_number_parse(self.cleaned_data["number"], today=timezone.localdate())
        except IdentityNumberError as error:
            raise ValidationError(error.message) from None
        if number.number == self.current:
            raise ValidationError(_("This is the number that the participant has already."))
        return number

    @property
    def is_sure(self) -> bool:
        """Whether the question that the page asked about this number was answered."""
        return self.cleaned_data["sure"] and self.cleaned_data["asked"] == self.cleaned_data["number"].number


class OutcomeForm(forms.Form):
    """What an administrator did about a number that stands on two people."""

    outcome = forms.CharField(
        label=_("What was done?"),
        help_text=_(
            "Such as “same person, the units have been told” or “a number was mistyped”. No names, no numbers."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was done.")},
    )
