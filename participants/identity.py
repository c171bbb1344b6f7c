"""Swedish identity numbers: personnummer and samordningsnummer.

Folkbokföringslagen (1991:481) 18 §: the date of birth, three figures (the last odd for men, even for women) and a
control digit; `+` instead of `-` from the year the person turns 100. A samordningsnummer (lag 2022:1697) has the day
raised by 60; month 00 or day 60 say that the date is not known, only the year.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from vocabulary.codes import Gender

SPELLING = re.compile(r"(18|19|20)?(\d\d)(\d\d)(\d\d)([-+]?)(\d{4})", re.ASCII)


class IdentityNumberError(ValueError):
    """The text is no identity number. `code` is `checksum` when only the control digit is wrong, else
    `bad_identity_number`; the message never holds the number."""

    def __init__(self, code: str, message):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class IdentityNumber:
    """A valid number: its 12 digits, what it says about gender and birth. The birth date may be unknown."""

    number: str
    kind: str  # personnummer or samordningsnummer
    gender: Gender
    birth_date: dt.date | None
    birth_year: int


def identity_number_parse(text: str, *, today: dt.date) -> IdentityNumber:
    """Read a number in any usual spelling (10 or 12 digits, with `-`, `+`, spaces or nothing between).

    Ten digits mean the latest century whose year has begun on `today`, one century earlier with `+`. Raises
    IdentityNumberError.
    """
    found = SPELLING.fullmatch("".join(text.split()))
    if not found:
        raise IdentityNumberError(
            "bad_identity_number",
            _("A personal identity number is written YYYYMMDD-NNNN. A temporary number with a letter is none."),
        )
    century, yy, mm, dd, sign, last = found.groups()
    latest = today.year - (today.year - int(yy)) % 100
    year = int(century + yy) if century else latest - 100 * (sign == "+")
    number = f"{year:04}{mm}{dd}{last}"
    coordination = int(dd) >= 60
    birth_date = _birth_date(year, int(mm), int(dd) - 60 if coordination else int(dd), coordination, today)
    if last.startswith("000"):
        raise IdentityNumberError("bad_identity_number", _("No personal identity number has the serial number 000."))
    if not _control_digit_agrees(number[2:]):
        raise IdentityNumberError("checksum", _("The control digit is wrong: some digit must be mistyped."))
    return IdentityNumber(
        number=number,
        kind="samordningsnummer" if coordination else "personnummer",
        gender=Gender.MAN if int(number[10]) % 2 else Gender.WOMAN,
        birth_date=birth_date,
        birth_year=year,
    )


def _birth_date(year: int, month: int, day: int, coordination: bool, today: dt.date) -> dt.date | None:
    """The date of birth; None where a samordningsnummer leaves it open. Raises for no date, or one to come."""
    unknown = coordination and (month == 0 or day == 0)
    try:
        # What is open is filled in with the earliest possible, in a month of 31 days: enough to judge the rest.
        date = dt.date(year, month or (1 if coordination else 0), day or (1 if coordination else 0))
    except ValueError:
        raise IdentityNumberError("bad_identity_number", _("There is no such date of birth.")) from None
    if date > today:
        raise IdentityNumberError("bad_identity_number", _("The date of birth is in the future."))
    return None if unknown else date


def _control_digit_agrees(ten_digits: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten_digits))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0
