"""What is typed about what became of somebody, and which of it can be stored."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import day_field
from vocabulary.codes import AftercareStatus


class AftercareForm(forms.Form):
    """What a person does now, and on which day somebody asked. `due` is the first day on which it is asked."""

    status = forms.ChoiceField(
        label=_("What is the person doing now?"),
        choices=AftercareStatus,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the person is doing."),
            "invalid_choice": _("Choose one of the four answers."),
        },
    )
    checked = day_field(pgettext_lazy("aftercare", "Asked on"))

    def __init__(self, *args, due: dt.date, known: dt.date | None = None, **options):
        super().__init__(*args, **options)
        self.due, self.known = due, known
        self.initial.setdefault("checked", timezone.localdate())

    def clean_checked(self) -> dt.date:
        day = self.cleaned_data["checked"]
        if day == self.known:
            return day
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day is in the future. Write the answer down when you have it."))
        if day < self.due:
            raise forms.ValidationError(
                _("It is asked on %(day)s at the earliest: only then do we know whether it lasted."),
                params={"day": date_format(self.due)},
            )
        return day
