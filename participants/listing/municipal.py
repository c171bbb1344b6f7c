"""What a municipality decides about the list of participants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from participants.listing.providers import every_way_to_narrow

FILTERS_LEFT_OUT = define(
    Definition(
        key="filters_left_out",
        label=_("Filters that the list of participants does not offer"),
        help_text=_(
            "For those who work in a unit of the social services. What may be searched for there is limited by law "
            "(förordning 2001:637, 15 §): name, identity number, case number. Which other ways of narrowing a list "
            "count as searching is for the municipality to judge."
        ),
        default=[],
        field=forms.MultipleChoiceField,
        field_options=(
            ("choices", every_way_to_narrow),
            ("required", False),
            ("widget", forms.CheckboxSelectMultiple),
        ),
    )
)
