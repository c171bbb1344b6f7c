"""What a municipality decides about participants: how they are looked up, and when they have been silent too long."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define

SILENT_DAYS = define(
    Definition(
        key="silent_days",
        label=_("Days without contact before it is noticed"),
        help_text=_("An enrolled participant of whom nothing has been noted for longer than this is pointed out."),
        default=30,
        field=forms.IntegerField,
        field_options=(("min_value", 7), ("max_value", 365)),
    )
)
