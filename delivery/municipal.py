"""What a municipality decides about its documents."""

from django.utils.translation import gettext_lazy as _

from accounts.municipal import Definition, define
from delivery.colour import ColourField

DOCUMENT_COLOUR = define(
    Definition(
        key="document_colour",
        label=_("Colour on certificates"),
        help_text=_("Of headings and lines, as #14505c. It must be dark enough to be read on white paper."),
        default="#14505c",
        field=ColourField,
    )
)
