"""Two who change the same on an administrator's page: the second is told, and sees what the first saved."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _


class OvertakenMixin:
    """A form that shows what is stored and changes it. What its page showed goes along as `seen`; when something else
    is stored by now, nothing is saved, what was typed stays, and sending it again saves it."""

    _mark = _now = ""

    def watch(self, stored: dict, now: str) -> None:
        """To be called when the form is made. `stored` are the values as they are, `now` tells them in words."""
        told = repr(sorted((name, str(value or "")) for name, value in stored.items()))
        self._mark, self._now = hashlib.sha256(told.encode()).hexdigest()[:16], now
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial["seen"] = self._mark

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        seen = cleaned.pop("seen", "")
        if seen and seen != self._mark:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._mark
            error = _("Somebody else has changed this meanwhile. Now it says: %(now)s. Save again if yours holds.")
            self.add_error(None, forms.ValidationError(error, params={"now": self._now}))
        return cleaned
