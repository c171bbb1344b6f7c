"""What a municipality decides about plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define

REVIEW_MONTHS = define(
    Definition(
        key="plan_review_months",
        label=_("Months between reviews of a plan"),
        help_text=_("A plan is gone through with the participant at least this often. Days that are set stay."),
        default=6,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 24)),
    )
)

PLAN_WITHIN_DAYS = define(
    Definition(
        key="plan_within_days",
        label=_("Days from enrolment to a decided plan"),
        help_text=_("An enrolled participant who has no decided plan by then is pointed out."),
        default=30,
        field=forms.IntegerField,
        field_options=(("min_value", 7), ("max_value", 365)),
    )
)
