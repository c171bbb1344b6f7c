"""Which month, to whom it was handed over, and why that is withdrawn."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import day_field

MONTHS = 13


def months_back(today: dt.date) -> list[dt.date]:
    """The first days of this month and the twelve before it, the latest first."""
    found, month = [], today.replace(day=1)
    for _number in range(MONTHS):
        found.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return found


def month_of(text: str, today: dt.date) -> dt.date | None:
    """The month that an address or a form names as 2026-10, if it is one that can be asked for."""
    return next((month for month in months_back(today) if f"{month:%Y-%m}" == text), None)


class MonthForm(forms.Form):
    """A month of the last year."""

    month = forms.ChoiceField(label=_("Month"), error_messages={"required": _("Choose a month.")})

    def __init__(self, *args, today: dt.date, **options):
        super().__init__(*args, **options)
        self.today = today
        choices = [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months_back(today)]
        self.fields["month"].choices = choices
        self.initial.setdefault("month", choices[1][0])

    def clean_month(self) -> dt.date:
        return month_of(self.cleaned_data["month"], self.today)


class HandoverForm(forms.Form):
    """To whom a version was handed over, when and how."""

    recipient = forms.CharField(
        label=_("Who received it?"),
        max_length=200,
        help_text=_("The office and the name, such as the social services, income support, Karin Ek."),
        error_messages={"required": _("Write who received it.")},
    )
    sent_on = day_field(_("When?"), missing=_("Give the day."))
    how = forms.CharField(
        label=_("How?"), max_length=200, required=False, help_text=_("Such as internal post, or a secure message.")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.initial.setdefault("sent_on", timezone.localdate())

    def clean_sent_on(self) -> dt.date:
        day = self.cleaned_data["sent_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day has not come. Write it down when it is handed over."))
        return day


class WithdrawForm(forms.Form):
    """Why what was handed over is not to be used."""

    why = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        help_text=_("Tell the recipient as well: the product does not."),
        error_messages={"required": _("Say why it is withdrawn.")},
    )
