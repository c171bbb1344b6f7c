"""What several forms ask about a case: by the official lists, and what the public employment service does."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.forms import day_field
from vocabulary.codes import ActivityKind, Registration, SupportObstacle, TargetGroup, TimeWithoutWork
from vocabulary.models import ActivityForm

NOT_REGISTERED = ("", _("Not registered"))
#: How Kolada counts it; said beside the choice.
TIME_WITHOUT_WORK_RULE = _(
    "Only a job longer than a month breaks the time. After studies it counts from their end, for a newly arrived "
    "person from the permanent residence permit."
)
#: Why it matters under which law a case is handled.
LEGAL_BASIS_RULE = _("The law decides who may be told of the case, and for how long it is kept.")


class ServiceFields(forms.Form):
    """Whether the person is registered there, since when, and what it arranges."""

    service_registration = forms.ChoiceField(
        label=_("Is the person registered at the employment service?"),
        choices=[
            ("", pgettext_lazy("employment service", "Not known")),
            (Registration.REGISTERED, _("Yes")),
            (Registration.NOT_REGISTERED, _("No")),
        ],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "across"}),
    )
    service_since = day_field(_("Registered there since"), required=False)
    service_form = forms.ModelChoiceField(
        ActivityForm.objects.none(),
        label=_("What the employment service arranges"),
        help_text=_("Only what goes on now, so that the person is not given the same twice."),
        required=False,
        empty_label=_("Nothing, or not known"),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["service_form"].queryset = ActivityForm.objects.filter(kind=ActivityKind.EXTERNAL)

    def clean_service_since(self) -> dt.date | None:
        day = self.cleaned_data["service_since"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("service_registration") != Registration.REGISTERED and not self.errors:
            for name in ("service_since", "service_form"):
                if cleaned.get(name):
                    self.add_error(
                        name, _("This is for those who are registered there: answer yes above, or empty it.")
                    )
        return cleaned


class CaseFields(ServiceFields):
    """What else is asked of a case: the groups beside the one that is counted, by the official lists the obstacle and
    the time without work."""

    other_groups = forms.MultipleChoiceField(
        label=_("Also belongs to"),
        choices=TargetGroup,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "across"}),
    )
    support_obstacle = forms.ChoiceField(
        label=_("Obstacle to self-support"), choices=[NOT_REGISTERED, *SupportObstacle.choices], required=False
    )
    time_without_work = forms.ChoiceField(
        label=_("Time without work before the enrolment"),
        help_text=TIME_WITHOUT_WORK_RULE,
        choices=[NOT_REGISTERED, *TimeWithoutWork.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The group that is counted is not among the others."""
        cleaned = super().clean()
        if "other_groups" in cleaned:
            counted = cleaned.get("target_group")
            cleaned["other_groups"] = [each for each in cleaned["other_groups"] if each != counted]
        return cleaned
