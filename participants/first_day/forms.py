"""What is typed when the first day of an enrolment is corrected."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.enrolling.forms import AHEAD
from participants.forms import JournalText, day_field
from participants.models import Enrolment

LONGEST_WHY = 500
#: Whoever moves a first day further back has most likely written another year than they meant.
FURTHEST_BACK = dt.timedelta(days=5 * 365)


class FirstDayForm(forms.Form):
    """The right first day, and why the registered one was wrong."""

    day = day_field(_("The right first day"))
    why = JournalText(
        rows=3,
        max_length=LONGEST_WHY,
        label=_("Why was the first day wrong?"),
        help_text=_("It is kept in the history, with your name."),
        error_messages={"required": _("Write why the first day was wrong.")},
    )
    seen = forms.DateField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, data=None, *, enrolment: Enrolment):
        super().__init__(data, initial={"day": enrolment.start, "seen": enrolment.start})
        self.enrolment = enrolment

    def clean_day(self) -> dt.date:
        day, referral = self.cleaned_data["day"], self.enrolment.referral
        if day == self.enrolment.start:
            raise ValidationError(_("This is the first day that is registered already."))
        if day > timezone.localdate() + AHEAD:
            raise ValidationError(_("That is more than half a year ahead. Check the year."))
        if self.enrolment.start - day > FURTHEST_BACK:
            raise ValidationError(_("That is more than five years before what is registered. Check the year."))
        if referral and day < referral.received:
            raise ValidationError(
                _("That is before the referral was received, on %(day)s."),
                params={"day": date_format(referral.received)},
            )
        return day
