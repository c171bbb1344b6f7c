"""What a municipality decides about mappings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define

MAPPING_DAYS = define(
    Definition(
        key="mapping_days",
        label=_("Days until a mapping should be completed"),
        help_text=_("Counted from the enrolment. After that the job coach is reminded in Min dag."),
        default=14,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 180)),
    )
)

MAPPING_MONTHS = define(
    Definition(
        key="mapping_months",
        label=_("Months until a mapping should be gone through again"),
        help_text=_("An older mapping is shown as old, and a new one is proposed."),
        default=12,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 60)),
    )
)
