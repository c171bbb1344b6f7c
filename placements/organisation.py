"""Swedish organisation numbers.

Lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.: ten digits, the third and fourth together at
least 20 (so that none looks like a date), the last a control digit worked out as that of an identity number. A sole
trader (enskild näringsidkare) has none but the personal identity number, which is personal data that the register of
employers has no need of.
"""

import re

from django.utils.translation import gettext_lazy as _

from participants.identity import control_digit_agrees

SPELLING = re.compile(r"(?:16|18|19|20)?(\d{6})[-+]?(\d{4})", re.ASCII)


class OrganisationNumberError(ValueError):
    """The text is no organisation number that can be kept; the message says why and never holds the number."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def organisation_number_parse(text: str) -> str:
    """An organisation number in any usual spelling, as it is kept: NNNNNN-NNNN. Raises OrganisationNumberError, also
    for a sole trader's, which is a personal identity number or a coordination number."""
    found = SPELLING.fullmatch("".join(text.split()))
    if not found:
        raise OrganisationNumberError(_("An organisation number has ten digits and is written 556000-1234."))
    number = "".join(found.groups())
    if int(number[2:4]) < 20:
        raise OrganisationNumberError(
            _(
                "This is a personal identity number: a sole trader has no other. It is not kept here. "
                "Leave the field empty."
            )
        )
    if not control_digit_agrees(number):
        raise OrganisationNumberError(_("The control digit is wrong: some digit must be mistyped."))
    return f"{number[:6]}-{number[6:]}"
