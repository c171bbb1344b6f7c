"""What is typed about somebody new, and the choice of somebody known in their place."""

import uuid
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.identity import IdentityNumber, IdentityNumberError, contradictions, identity_number_parse
from participants.models import Participant
from participants.person.forms import (
    PHONE_UNLIKE,
    BirthFields,
    postal_code_written,
    reads_as_phone,
)
from participants.registering.duplicates import Known, Typed, known_alike, known_people
from participants.registering.services import Registered, made_by, participant_create
from vocabulary.codes import Gender, Protection
from vocabulary.languages import language_choices

#: The facts that go into the row as they are typed.
FACTS = (
    "temporary_number",
    "given_name",
    "family_name",
    "protection",
    "phone",
    "email",
    "street_address",
    "postal_code",
    "city",
    "language",
)


def unjudged(form: forms.Form) -> forms.Form:
    """The form with what was typed in it, not yet looked at for faults: a button was pressed that stores nothing."""
    if form.is_bound:
        form.initial = {name: _typed(form, name) for name in form.fields}
        form.is_bound, form._errors = False, None
    return form


def _typed(form: forms.Form, name: str) -> Any:
    return form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name))


class PersonSection(BirthFields):
    """Who an act is about: somebody new, or somebody whom the user may know of (`found`).

    How a page embeds it stands in `participants.registering`. `live`: what is typed is only looked up, and no fault
    is found with what is not finished. `asked` are those about whom the page has asked whether it is the same person;
    `sure` is the answer that it is none of them, and counts for them only.
    """

    prefix = "person"

    number = forms.CharField(
        label=_("Personal number"),
        help_text=_("Or coordination number. Written YYYYMMDD-NNNN."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    temporary_number = forms.CharField(
        label=_("Temporary number"),
        help_text=_("For somebody without a personal number: 000101-T220."),
        max_length=30,
        required=False,
    )
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Follows from the personal number, if there is one."),
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
    gender = forms.ChoiceField(
        label=_("Gender"),
        help_text=_("Follows from the personal number, if there is one."),
        choices=Gender,
        required=False,
    )
    protection = forms.ChoiceField(
        label=_("Protected data"),
        help_text=_("Only those who are named for the person will see that the person is known here."),
        choices=Protection,
        required=False,
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=50, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write the address as name@example.se.")},
    )
    street_address = forms.CharField(
        label=_("Street address"),
        help_text=_("Leave it empty for a protected person, if you can do without."),
        max_length=200,
        required=False,
    )
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Needs an interpreter in"), required=False)
    sure = forms.BooleanField(label=_("It is none of them: this is somebody new"), required=False)
    found = forms.UUIDField(widget=forms.HiddenInput, required=False)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, user: User, found: uuid.UUID | None = None, live: bool = False):
        self.user, self.live = user, live
        self.typed_data = data
        #: Who may be the person, and whom the user asked for without being allowed to know of them.
        self.alike: list[Known] = []
        self.denied: list[uuid.UUID] = []
        super().__init__(data.copy() if data is not None else None, auto_id="person_%s")
        self.fields["language"].choices = [("", _("No interpreter is needed")), *language_choices("")]
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.is_step = data is not None and bool({self.add_prefix("use"), self.add_prefix("another")} & set(data))
        if self.is_step:
            unjudged(self)
            self.initial |= {"found": data.get(self.add_prefix("use"), ""), "sure": False, "asked": ""}
        if found and not self.is_bound and not self.is_step:
            self.initial["found"] = found
        self.initial.setdefault("gender", Gender.UNKNOWN)
        self.initial.setdefault("protection", Protection.NONE)
        self.initial["token"] = self.initial.get("token") or uuid.uuid4()

    # --- Somebody known -------------------------------------------------------------------------------------------

    @cached_property
    def known(self) -> Known | None:
        """The person that was chosen, if the user may know of them; None for somebody new."""
        try:
            wanted = self.fields["found"].clean(self["found"].value() or None)
        except ValidationError:
            return None
        if wanted is None:
            return None
        person = Participant.objects.known_to(self.user).filter(public_id=wanted).first()
        if person is None:
            self.denied.append(wanted)
            return None
        return known_people(self.user, {person.pk: ()})[0]

    @property
    def shown(self) -> list[Known]:
        """Everybody of whom the section tells."""
        return [self.known] if self.known else self.alike

    @property
    def has_number_taken(self) -> bool:
        """Somebody whom the user may know of has the number: it cannot be somebody new."""
        return any(each.is_by_number for each in self.alike)

    @property
    def asks(self) -> str:
        """About whom the page asks now and why, as `asked` says it when the form comes back."""
        return " ".join(f"{each.participant.public_id}/{'+'.join(each.reasons)}" for each in self.alike)

    @property
    def asked_about(self) -> set[str]:
        """About whom the page had asked already."""
        asked = self.data.get(self.add_prefix("asked"), "") if self.is_bound else ""
        return {each.split("/")[0] for each in asked.split()}

    # --- Somebody new ---------------------------------------------------------------------------------------------

    def clean_number(self) -> IdentityNumber | None:
        if not self.cleaned_data["number"]:
            return None
        try:
            return identity_number_parse(self.cleaned_data["number"], today=timezone.localdate())
        except IdentityNumberError as error:
            raise ValidationError(error.message) from None

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not reads_as_phone(phone):
            raise ValidationError(PHONE_UNLIKE)
        return phone

    def clean_postal_code(self) -> str:
        return postal_code_written(self.cleaned_data["postal_code"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.known:
            self._errors.clear()  # what was typed about somebody new does not count
            return cleaned
        if cleaned.get("found"):
            self.add_error(None, _("The person is not to be found. Write who it is."))
        token = cleaned.get("token")
        self.alike = known_alike(self.user, self._typed(), but=made_by(token, self.user) if token else None)
        if not {str(each.participant.public_id) for each in self.alike} <= self.asked_about:
            self.data.pop(self.add_prefix("sure"), None)  # the answer was about others
            cleaned["sure"] = False
        if not self.live:
            self._check_birth(cleaned)
            self._check_name(cleaned)
            self._check_alike(cleaned)
        return cleaned

    def _typed(self) -> Typed:
        known = self.cleaned_data
        number = known.get("number")
        day = known.get("birth_date") or (number.birth_date if number else None)
        year = day.year if day else number.birth_year if number else known.get("birth_year")
        return Typed(
            number=number.number if number else "",
            temporary_number=known.get("temporary_number", ""),
            name=f"{known.get('given_name', '')} {known.get('family_name', '')}".strip(),
            birth_date=day,
            birth_year=year,
            phone=known.get("phone", ""),
            email=known.get("email", ""),
        )

    def _check_name(self, cleaned: dict) -> None:
        names = ("given_name", "family_name")
        if not any(cleaned.get(name) for name in names) and not set(names) & set(self.errors):
            self.add_error("given_name", _("Write at least one of the names."))

    def _check_birth(self, cleaned: dict) -> None:
        number, day, year = (cleaned.get(name) for name in ("number", "birth_date", "birth_year"))
        if not (number or day or year) and not {"number", "birth_date", "birth_year"} & set(self.errors):
            self.add_error("birth_date", _("Write the day or, if it is not known, the year."))
            return
        year = year or (day.year if day else number.birth_year if number else None)
        if year is None:  # what was typed is told to be wrong already
            return
        gender = cleaned.get("gender") or Gender.UNKNOWN
        for name, message in contradictions(number.number if number else None, gender, day, year).items():
            if name not in self.errors:
                self.add_error(name, message)

    def _check_alike(self, cleaned: dict) -> None:
        if self.has_number_taken:
            self.add_error("number", _("The number is registered already. Use the person below, or correct it."))
        elif self.alike and not cleaned["sure"]:
            self.add_error("sure", _("Is it the same person? Use the person above, or tick the box."))

    # --- What becomes of it ---------------------------------------------------------------------------------------

    @property
    def facts(self) -> dict[str, Any]:
        """The fields of the row; what follows from the number comes from it."""
        known, number = self.cleaned_data, self.cleaned_data["number"]
        day = (number.birth_date if number else None) or known["birth_date"]
        gender = known["gender"] or Gender.UNKNOWN
        return {name: known[name] for name in FACTS} | {
            "protection": known["protection"] or Protection.NONE,
            "birth_date": day,
            "birth_year": day.year if day else number.birth_year if number else known["birth_year"],
            "gender": number.gender if number and gender == Gender.UNKNOWN else gender,
        }

    def register(self, *, actor: User, units: list[str]) -> Registered:
        """The participant of a valid section, made if need be, within the act's transaction. Raises NumberTaken."""
        if self.known:
            return Registered(participant=self.known.participant)
        return participant_create(
            facts=self.facts,
            number=self.cleaned_data["number"],
            actor=actor,
            token=self.cleaned_data["token"] or uuid.uuid4(),
            units=units,
        )

    def again(self) -> "PersonSection":
        """The section judged anew, when somebody else was quicker."""
        section = type(self)(self.typed_data, user=self.user)
        section.is_valid()
        return section
