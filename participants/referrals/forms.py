"""What is typed about a referral and about what is done with it."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from participants.forms import JournalText, day_field
from participants.forms_service import ServiceFields
from participants.models import Referral
from participants.models.employment_service import SERVICE_FACTS
from participants.querysets import CASE_ROLES
from participants.referrals.states import Act
from vocabulary.codes import ReferralSource, SupportObstacle, TargetGroup

NOT_ASKED = ("", _("Not registered"))
LONGEST_WHY = 500


class ReferralForm(ServiceFields):
    """The facts of a referral. Who it is about is asked elsewhere (`participants.registering`)."""

    use_required_attribute = False

    source = forms.ChoiceField(
        label=_("Who refers the person?"),
        choices=[("", _("Choose")), *ReferralSource.choices],
        error_messages={"required": _("Choose who refers the person.")},
    )
    received = day_field(_("Received"))
    target_group = forms.ChoiceField(
        label=_("Target group"),
        help_text=_("Decides the place in the queue."),
        choices=[NOT_ASKED, *TargetGroup.choices],
        required=False,
    )
    support_obstacle = forms.ChoiceField(
        label=_("Obstacle to self-support"), choices=[NOT_ASKED, *SupportObstacle.choices], required=False
    )
    order = JournalText(
        rows=3,
        label=_("What is ordered?"),
        help_text=_("What the one who refers asks the unit to do."),
        max_length=1000,
        required=False,
    )
    purpose = JournalText(rows=3, label=_("Purpose"), max_length=1000, required=False)
    reference = forms.CharField(label=_("The referrer's case number"), max_length=64, required=False)
    referrer_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    referrer_phone = forms.CharField(
        label=_("Phone"), max_length=50, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    referrer_email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("Write the address as name@example.se.")},
    )

    def __init__(self, *args, earliest_step: dt.date | None = None, **options):
        """`earliest_step`: the first day on which something was done with it, which it was received before."""
        super().__init__(*args, auto_id="referral_%s", **options)
        self.earliest_step = earliest_step
        for name in self.fields:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["received"].widget.attrs["max"] = timezone.localdate().isoformat()

    @classmethod
    def of(cls, referral: Referral, data=None) -> "ReferralForm":
        """The form with what is registered."""
        days = [day for day in (referral.assessing_since, referral.decided_on) if day]
        initial = {name: getattr(referral, name) for name in FACTS}
        return cls(data, initial=initial, earliest_step=min(days, default=None))

    @property
    def facts(self) -> dict[str, Any]:
        """What is typed, by the model's names."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def clean_received(self) -> dt.date:
        day = self.cleaned_data["received"]
        if day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        if self.earliest_step and day > self.earliest_step:
            raise ValidationError(
                _("The referral was being assessed on %(day)s already. Check the day."),
                params={"day": date_format(self.earliest_step)},
            )
        return day


#: The facts of a referral that are typed.
FACTS = (
    "source", "received", "target_group", "support_obstacle", "order", "purpose", "reference", "referrer_name",
    "referrer_phone", "referrer_email", *SERVICE_FACTS,
)  # fmt: skip


class NewReferralForm(ReferralForm):
    """A referral that is registered: to which unit, too. `unknown`: nobody knows yet who it is about."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), to_field_name="code", empty_label=None)
    unknown = forms.BooleanField(
        label=_("It is not known yet who it is"),
        help_text=_("The referral can wait in the queue. Before it is accepted somebody writes who it is."),
        required=False,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user: User, **options):
        super().__init__(*args, **options)
        units = list(Unit.objects.in_scope(user.reach.scope(*CASE_ROLES)).by_name())
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units]
        self.initial.setdefault("received", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("unknown") and "reference" not in self.errors and not cleaned.get("reference"):
            self.add_error(
                "reference", _("Write the referrer's case number, so that the referral can be told apart.")
            )
        return cleaned


class ActForm(forms.Form):
    """One step of a referral: on which day, why, and why out of order, where that is asked."""

    use_required_attribute = False

    day = day_field(_("Day"))
    out_of_order = JournalText(
        rows=2,
        label=_("Why before the others?"),
        help_text=_("Others come first in the queue. The manager sees what you write."),
        max_length=LONGEST_WHY,
        error_messages={"required": _("Write why the person is taken before others.")},
    )
    reason = JournalText(
        rows=3,
        label=_("Why?"),
        help_text=_("It stands in the referral's history, with your name."),
        max_length=LONGEST_WHY,
        error_messages={"required": _("Write why.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, act: Act, referral: Referral, out_of_order: bool, **options):
        super().__init__(*args, auto_id="act_%s", **options)
        self.referral = referral
        if not act.needs_reason:
            del self.fields["reason"]
        if not out_of_order:
            del self.fields["out_of_order"]
        self.initial = {"day": timezone.localdate(), "seen": referral.state} | self.initial
        limits = {"min": self.earliest.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["day"].widget.attrs |= limits

    @property
    def earliest(self) -> dt.date:
        """No step is before the one it follows."""
        days = (self.referral.received, self.referral.assessing_since, self.referral.decided_on)
        return max(day for day in days if day)

    def clean_day(self) -> dt.date:
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        if day < self.earliest:
            raise ValidationError(
                _("That is before what was done on %(day)s. Check the day."),
                params={"day": date_format(self.earliest)},
            )
        return day


class UndoForm(forms.Form):
    """Why the latest step was wrong."""

    reason = JournalText(
        rows=3,
        max_length=LONGEST_WHY,
        label=_("Why was it wrong?"),
        help_text=_("It stands in the referral's history, with your name."),
        error_messages={"required": _("Write why it was wrong.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)
