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
