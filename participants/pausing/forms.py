"""What is typed when an enrolment is paused and when it goes on again."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import day_field
from participants.models import Enrolment, Pause
from participants.models.pause import PauseReason

#: A pause may be planned, but not further ahead than this, or it is a slip of the finger.
AHEAD = dt.timedelta(days=366)


class PauseForm(forms.Form):
    """From when, to when if that is known, and why."""

    use_required_attribute = False

    start = day_field(_("First day of the pause"))
    end = day_field(
        _("Last day of the pause"), required=False, help_text=_("Empty: until somebody says that it goes on again.")
    )
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=PauseReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why.")},
    )
    note = forms.CharField(
        label=_("More about it"),
        help_text=_("No more than is needed. Nothing about illnesses."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args, enrolment: Enrolment, **options):
        super().__init__(*args, auto_id="pause_%s", **options)
        self.enrolment = enrolment
        self.initial.setdefault("start", timezone.localdate())
        self.fields["start"].widget.attrs["min"] = enrolment.start.isoformat()
        self.fields["note"].widget.attrs["autocomplete"] = "off"

    def clean_start(self) -> dt.date:
        day = self.cleaned_data["start"]
        if day < self.enrolment.start:
            raise ValidationError(
                _("That is before the enrolment began, on %(day)s."),
                params={"day": date_format(self.enrolment.start)},
            )
        if day > timezone.localdate() + AHEAD:
            raise ValidationError(_("That is more than a year ahead. Check the year."))
        return day

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day is before the first."))
        if self.cleaned_data.get("reason") == PauseReason.OTHER and not self.cleaned_data.get("note"):
            self.add_error("note", _("Write what it is."))
        return self.cleaned_data


class ResumeForm(forms.Form):
    """On which day it goes on again."""

    resumes = day_field(_("First day it goes on again"))

    def __init__(self, *args, pause: Pause, **options):
        super().__init__(*args, auto_id="pause_%s", **options)
        self.pause = pause
        self.initial.setdefault("resumes", max(timezone.localdate(), pause.start))
        self.fields["resumes"].widget.attrs["min"] = pause.start.isoformat()

    def clean_resumes(self) -> dt.date:
        day = self.cleaned_data["resumes"]
        if day < self.pause.start:
            raise ValidationError(
                _("That is before the pause began, on %(day)s."), params={"day": date_format(self.pause.start)}
            )
        if self.pause.end and day > self.pause.end + dt.timedelta(days=1):
            raise ValidationError(
                _("The pause ends on %(day)s already. For a longer one, pause once more."),
                params={"day": date_format(self.pause.end)},
            )
        if day > timezone.localdate() + AHEAD:
            raise ValidationError(_("That is more than a year ahead. Check the year."))
        return day
