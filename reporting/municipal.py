"""What a municipality decides about its figures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from reporting.disclosure.control import DEFAULT_THRESHOLD, GREATEST_THRESHOLD, LEAST_THRESHOLD

DISCLOSURE_THRESHOLD = define(
    Definition(
        key="disclosure_threshold",
        label=_("Smallest number of persons that is published"),
        help_text=_(
            "Smaller numbers are hidden in what is published, and as many others as it takes so that nobody can work "
            "them out. Zero is always shown. What is published already stays as it is."
        ),
        default=DEFAULT_THRESHOLD,
        field=forms.IntegerField,
        field_options=(("min_value", LEAST_THRESHOLD), ("max_value", GREATEST_THRESHOLD)),
    )
)

MONTHS_WITHOUT_CONTACT = define(
    Definition(
        key="months_without_contact",
        label=_("Months without contact before an enrolment is told as a gap"),
        help_text=_(
            "An open enrolment in which nothing has been noted for so long stands among what is missing before a "
            "report is frozen: either somebody has to get in touch, or it should have been closed."
        ),
        default=6,
        field=forms.IntegerField,
        field_options=(("min_value", 2), ("max_value", 36)),
    )
)
