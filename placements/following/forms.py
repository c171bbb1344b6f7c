"""What is typed about a follow-up's day, a reply and the participant's opinion, and which of it can be stored."""

import datetime as dt
import uuid

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from participants.forms import JournalText, day_field
from placements.models import FollowUp, ParticipantOpinion

LONGEST = 2_000
FAR_AHEAD = dt.timedelta(days=3 * 365)


class MoveForm(forms.Form):
    """The day on which a follow-up is due instead. `seen` is the day that the page showed."""

    due = day_field(_("New day"))
    seen = forms.DateField(widget=forms.HiddenInput)

    def __init__(self, *args, followup: FollowUp, **options):
        super().__init__(*args, **options)
        self.followup = followup
        self.fields["due"].help_text = _(
            "The day then stays, also when the days of the placement move. The link that is out still holds."
        )

    def clean_due(self) -> dt.date:
        due, today = self.cleaned_data["due"], timezone.localdate()
        start = self.followup.placement.start
        if due < today:
            raise forms.ValidationError(_("That day has been. Choose today or a later day."))
        if due < start:
            error = _("The placement begins on %(day)s. The follow-up cannot be due before that.")
            raise forms.ValidationError(error, params={"day": date_format(start)})
        if due > today + FAR_AHEAD:
            raise forms.ValidationError(_("That is more than three years ahead. Check the year."))
        return due


class ReplyForm(forms.Form):
    """A reply to the supervisor."""

    text = JournalText(
        label=_("Your reply"),
        help_text=_("The supervisor reads it on a page without an account. Write nothing that they need not know."),
        rows=6,
        max_length=LONGEST,
        error_messages={"required": _("Write a reply.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class OpinionForm(forms.Form):
    """Whether the participant agrees with the answer, and in their own words why not. `earliest` is the day on which
    it was given."""

    agrees = forms.TypedChoiceField(
        label=_("Does the participant agree with the answer?"),
        choices=[("yes", _("Yes")), ("no", _("No, or not with everything"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    comment = JournalText(
        label=_("In the participant's own words"),
        rows=4,
        help_text=_("If the participant does not agree: with what, and why."),
        required=False,
        max_length=LONGEST,
    )
    said_on = day_field(_("When did the participant say so?"))

    def __init__(self, *args, earliest: dt.date, **options):
        super().__init__(*args, **options)
        self.earliest = earliest

    @classmethod
    def of(cls, opinion: ParticipantOpinion | None, **options) -> "OpinionForm":
        """The form with what is written down, to be mended; empty when nothing is."""
        if opinion is None:
            return cls(initial={"said_on": timezone.localdate()}, **options)
        said = {"agrees": "yes" if opinion.agrees else "no", "comment": opinion.comment, "said_on": opinion.said_on}
        return cls(initial=said, **options)

    def clean_said_on(self) -> dt.date:
        day = self.cleaned_data["said_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day has not come yet."))
        if day < self.earliest:
            error = _("The follow-up was answered on %(day)s. The participant cannot have read it before that.")
            raise forms.ValidationError(error, params={"day": date_format(self.earliest)})
        return day

    def clean(self):
        disagrees = self.cleaned_data.get("agrees") is False
        if disagrees and not self.cleaned_data.get("comment") and "comment" not in self.errors:
            self.add_error("comment", _("Say what the participant does not agree with."))
