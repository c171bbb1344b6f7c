"""What administrators fill in about users, units and settings."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import LegalBasis, Membership, Role, Unit, UnitTerm, User
from accounts.overtaken import OvertakenMixin

EVERYWHERE = "everywhere"


def unit_choices(empty: str) -> list[tuple[str, str]]:
    """Every unit by name, and the whole municipality; nothing is chosen beforehand."""
    units = [(str(unit.pk), unit.name) for unit in Unit.objects.by_name()]
    return [("", empty), *units, (EVERYWHERE, _("The whole municipality"))]


class MembershipForm(forms.Form):
    """A role, and where it holds. `cleaned_data["unit"]` is a Unit, or None for the whole municipality."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *Role.choices])
    unit = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["unit"].choices = lambda: unit_choices(_("Choose a unit"))

    def clean_unit(self) -> Unit | None:
        value = self.cleaned_data["unit"]
        return None if value == EVERYWHERE else Unit.objects.get(pk=value)

    def clean(self):
        cleaned = super().clean()
        if "role" not in cleaned or "unit" not in cleaned:
            return cleaned
        role, unit = cleaned["role"], cleaned["unit"]
        if role == Role.ADMINISTRATOR and unit:
            self.add_error("unit", _("An administrator belongs to the whole municipality, not to a unit."))
        elif self.user and Membership.objects.filter(user=self.user, role=role, unit=unit).exists():
            self.add_error("role", _("The user already has this role in this unit."))
        return cleaned


class UserForm(OvertakenMixin, forms.ModelForm):
    """Who the user is."""

    class Meta:
        model = User
        fields = ["given_name", "family_name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.watch(self.initial, f"{self.instance.full_name}, {self.instance.email}")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        # The constraint in the database says the same, but for the form as a whole.
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already a user with this e-mail address."))
        return email


class UserCreateForm(MembershipForm, UserForm):
    """A new user with the first role."""

    field_order = ["given_name", "family_name", "email", "role", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = None


class UnitCreateForm(forms.ModelForm):
    """A new unit."""

    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        help_text=_("Short, and never changed: the unit has this code in the register, for example JC-CENTRUM."),
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    legal_basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=LegalBasis,
        widget=forms.RadioSelect,
        help_text=_("The law that the unit works under. It decides the secrecy and how long cases are kept."),
    )

    class Meta:
        model = Unit
        fields = ["code"]
        error_messages = {"code": {"unique": _("There is already a unit with this code.")}}


class UnitTermForm(forms.ModelForm):
    """What a unit is called, and the law it works under, from a day on; or the same of a term that is `corrected`."""

    class Meta:
        model = UnitTerm
        fields = ["name", "legal_basis", "valid_from"]
        widgets = {
            "legal_basis": forms.RadioSelect,
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"valid_from": _("Reports of the time before keep the earlier name.")}

    def __init__(self, *args, unit: Unit, corrected: UnitTerm | None = None, **kwargs):
        shown = corrected or unit.term_on(timezone.localdate())
        day = corrected.valid_from if corrected else timezone.localdate()
        initial = {"name": shown.name, "legal_basis": shown.legal_basis, "valid_from": day}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["legal_basis"].choices = LegalBasis.choices
        self.unit, self.corrected = unit, corrected
        self.first = unit.terms.order_by("valid_from").first()
        if corrected == self.first:
            del self.fields["valid_from"]  # what was before would have no name

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        others = self.unit.terms.exclude(pk=self.corrected and self.corrected.pk)
        if others.filter(valid_from=day).exists():
            raise forms.ValidationError(
                _("The unit already has a name from this date. Correct that below, or choose another day.")
            )
        if day < self.first.valid_from:
            raise forms.ValidationError(_("That is before the unit's first name begins. Check the year."))
        return day


class SettingForm(OvertakenMixin, forms.Form):
    """A new value of one setting, in the field that its definition names."""

    def __init__(self, *args, definition, value, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = definition.form_field(initial=value)
        self.watch({"value": value}, definition.shown(value))
