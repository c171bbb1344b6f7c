"""What a municipality decides about placements and their follow-ups."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define

LINK_DAYS = define(
    Definition(
        key="followup_link_days",
        label=_("Days that a supervisor's link holds"),
        help_text=_(
            "Counted from the day on which the follow-up is due, or on which the link is sent if that is later. "
            "Links that are sent already keep their day."
        ),
        default=14,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 90)),
    )
)

CHECK_MONTHS = define(
    Definition(
        key="workplace_check_months",
        label=_("Months that a check of a workplace counts"),
        help_text=_(
            "After that the workplace is shown as one to be checked again: the risks, the introduction, who insures."
        ),
        default=24,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 120)),
    )
)

TRAINING_DAYS = define(
    Definition(
        key="supervisor_training_days",
        label=_("Days before a supervisor's training runs out"),
        help_text=_("So long before the day it stands in Min dag of the placement coordinators."),
        default=60,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 365)),
    )
)
