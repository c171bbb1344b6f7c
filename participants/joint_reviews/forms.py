"""What is typed about a joint review."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import JournalText, day_field
from participants.models import JointReview

HELD, CALLED_OFF = "held", "called_off"


class PlanForm(forms.Form):
    """For which day it is planned."""

    due = day_field(_("Planned for"))

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="review_%s", **options)
        today = timezone.localdate()
        self.initial.setdefault("due", today + dt.timedelta(days=30))
        self.fields["due"].widget.attrs["min"] = today.isoformat()

    def clean_due(self) -> dt.date:
        day, today = self.cleaned_data["due"], timezone.localdate()
        if day < today:
            raise ValidationError(_("The day has been already."))
        if day > today + dt.timedelta(days=366):
            raise ValidationError(_("That is more than a year ahead. Check the year."))
        return day


class EndForm(forms.Form):
    """Whether it was held, when, and what came of it."""

    use_required_attribute = False

    act = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[(HELD, _("It was held")), (CALLED_OFF, _("It was called off"))],
        widget=forms.RadioSelect(attrs={"class": "across"}),
        error_messages={"required": _("Choose whether it was held.")},
    )
    day = day_field(_("Day"))
    outcome = JournalText(
        rows=4,
        label=_("What was agreed, or why was it called off?"),
        max_length=2000,
        error_messages={"required": _("Write what came of it.")},
    )

    def __init__(self, *args, review: JointReview, **options):
        super().__init__(*args, auto_id="review_%s", **options)
        self.review = review
        self.initial |= {"act": HELD, "day": timezone.localdate()}
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_day(self) -> dt.date:
        day, start = self.cleaned_data["day"], self.review.enrolment.start
        if day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        if day < start:
            raise ValidationError(
                _("That is before the enrolment began, on %(day)s."), params={"day": date_format(start)}
            )
        return day
