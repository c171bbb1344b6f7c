"""What is written about a paper that somebody else has issued."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competence.models import Credential, CredentialKind
from participants.forms import day_field
from placements.changing import seen_of

FACTS = ("kind", "title", "level", "issuer", "issued_on", "valid_until", "seen_on")


class CredentialForm(forms.Form):
    """A paper that somebody else has issued."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *CredentialKind.choices],
        error_messages={"required": _("Choose what kind of paper it is.")},
    )
    title = forms.CharField(
        label=pgettext_lazy("credential", "What it says"),
        help_text=_("As it stands on the paper, for example “Truckkort A+B”."),
        max_length=200,
        error_messages={"required": _("Write what the paper says.")},
    )
    level = forms.CharField(
        label=pgettext_lazy("credential", "Level or result"), max_length=100, required=False,
        help_text=_("Only if the paper has one."),
    )  # fmt: skip
    issuer = forms.CharField(
        label=pgettext_lazy("credential", "Issuer"),
        help_text=_("Who has issued it. It stands on the certificate as theirs, not as the municipality's."),
        max_length=200,
        error_messages={"required": _("Write who has issued it.")},
    )
    issued_on = day_field(pgettext_lazy("credential", "Issued"), missing=_("Give the day on which it was issued."))
    valid_until = day_field(_("Valid until"), help_text=_("Leave empty if it does not run out."), required=False)
    seen_on = day_field(
        _("Seen"), help_text=_("The day on which you saw the paper."), missing=_("Give the day on which you saw it.")
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, credential: Credential | None = None):
        if credential:
            initial = {name: getattr(credential, name) for name in FACTS} | {"seen": seen_of(credential, FACTS)}
        else:
            initial = {"seen_on": timezone.localdate(), "token": uuid.uuid4()}
        super().__init__(data, initial=initial)

    def clean(self):
        cleaned = super().clean()
        today = timezone.localdate()
        for name in ("issued_on", "seen_on"):
            if (day := cleaned.get(name)) and day > today:
                self.add_error(name, _("The day has not come yet."))
        issued, until, seen = (cleaned.get(name) for name in ("issued_on", "valid_until", "seen_on"))
        if issued and until and until < issued:
            self.add_error("valid_until", _("It cannot run out before it was issued."))
        if issued and seen and seen < issued:
            self.add_error("seen_on", _("It cannot be seen before it was issued."))
        return cleaned

    @property
    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in FACTS}


class RemoveForm(forms.Form):
    """Why a paper is taken away."""

    why = forms.CharField(
        label=_("Why is it taken away?"),
        max_length=300,
        error_messages={"required": _("Say why it is taken away.")},
    )
