"""Swedish identity numbers: personnummer and samordningsnummer.

Folkbokföringslagen (1991:481) 18 §: the date of birth, three figures (the last odd for men, even for women) and a
control digit; `+` instead of `-` from the year the person turns 100. A samordningsnummer (lag 2022:1697) has the day
raised by 60; month 00 or day 60 say that the date is not known, only the year.

A temporary number (reservnummer, T-nummer, TF-nummer) is no such number: each office makes up its own for people who
have none yet. Nothing is read out of it, and it is kept apart.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vocabulary.codes import Gender

#: A temporary number as it is kept: at least one letter and one digit, so that it is never taken for a real one.
TEMPORARY_NUMBER = r"(?=.*[A-ZÅÄÖ])(?=.*[0-9])[0-9A-ZÅÄÖ]{3,20}"
LONGEST_TEMPORARY = 20
#: Those that look like an identity number with a letter in it are written with its hyphen.
LIKE_A_NUMBER = re.compile(r"(\d{6}|\d{8})([A-ZÅÄÖ][0-9A-ZÅÄÖ]{3})", re.ASCII)

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
    if not control_digit_agrees(number[2:]):
        raise IdentityNumberError("checksum", _("The control digit is wrong: some digit must be mistyped."))
    return IdentityNumber(
        number=number,
        kind="samordningsnummer" if coordination else "personnummer",
        gender=gender_of(number),
        birth_date=birth_date,
        birth_year=year,
    )


def temporary_number_parse(text: str) -> str:
    """A temporary number as it is kept: upper case, letters and digits only. Raises IdentityNumberError."""
    kept = re.sub(r"[\s./+_-]", "", text).upper()
    if not re.fullmatch(TEMPORARY_NUMBER, kept):
        raise IdentityNumberError(
            "bad_temporary_number", _("A temporary number has letters and digits, at least one of each.")
        )
    return kept


def temporary_number_written(number: str) -> str:
    """A temporary number as it is read: with a hyphen where it is written like an identity number."""
    found = LIKE_A_NUMBER.fullmatch(number)
    return f"{found[1]}-{found[2]}" if found else number


# --- What a number that is registered says (12 digits, checked when it was registered) ------------------------------


def gender_of(number: str) -> Gender:
    """The gender of the number's eleventh digit: odd for men."""
    return Gender.MAN if int(number[10]) % 2 else Gender.WOMAN


def birth_date_of(number: str) -> dt.date | None:
    """The date of birth; None where a samordningsnummer leaves the month or the day open."""
    year, month, day = _date_parts(number)
    return dt.date(year, month, day) if month and day else None


def agrees_with(number: str, day: dt.date) -> bool:
    """Whether a date of birth can be that of the number: the same year, and month and day where it gives them."""
    year, month, number_day = _date_parts(number)
    return year == day.year and month in (0, day.month) and number_day in (0, day.day)


def contradictions(
    number: str | None, gender: str, birth_date: dt.date | None, birth_year: int
) -> dict[str, str | Promise]:
    """What of a person's gender and birth does not agree with their number, or with each other: messages by field."""
    wrong = {}
    if number and gender in (Gender.WOMAN, Gender.MAN) and gender != gender_of(number):
        wrong["gender"] = _("The gender is not that of the personal identity number.")
    if number and birth_date and not agrees_with(number, birth_date):
        wrong["birth_date"] = _("The date of birth is not that of the personal identity number.")
    elif number and birth_year != int(number[:4]):
        wrong["birth_year"] = _("The year of birth is not that of the personal identity number.")
    elif birth_date and birth_date.year != birth_year:
        wrong["birth_year"] = _("The year of birth does not agree with the date of birth.")
    return wrong


def _date_parts(number: str) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is open. No day reaches 60, so this undoes a samordningsnummer's addition."""
    return int(number[:4]), int(number[4:6]), int(number[6:8]) % 60


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


def control_digit_agrees(ten_digits: str) -> bool:
    """Whether the last of ten digits is the control digit of the nine before it (folkbokföringslagen 18 §)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten_digits))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0
