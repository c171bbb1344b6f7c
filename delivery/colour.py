"""The colour of a municipality on its documents, and whether it can be read on white paper."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

#: Of text on white (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
_COLOUR = re.compile(r"#?([0-9a-f]{6})", re.ASCII)


def contrast_with_white(colour: str) -> float:
    """How much a colour ("#14505c") stands out from white, from 1 to 21, as WCAG counts it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


class ColourField(forms.CharField):
    """A colour as "#14505c" that can be read on white paper."""

    def __init__(self, **options):
        super().__init__(max_length=7, **options)

    def to_python(self, value) -> str:
        value = super().to_python(value).lower()
        found = _COLOUR.fullmatch(value)
        return f"#{found[1]}" if found else value

    def validate(self, value: str) -> None:
        super().validate(value)
        if not _COLOUR.fullmatch(value):
            raise ValidationError(_("Write the colour as # and six figures or letters from a to f, such as #14505c."))
        contrast = contrast_with_white(value)
        if contrast < LEAST_CONTRAST:
            raise ValidationError(
                _(
                    "The colour is too light to be read on white: %(contrast)s to 1. "
                    "It must be at least %(least)s to 1."
                )
                % {
                    "contrast": number_format(int(contrast * 10) / 10, 1),
                    "least": number_format(LEAST_CONTRAST, 1),
                }
            )
