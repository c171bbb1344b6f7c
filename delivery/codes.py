"""Codes by which anybody can ask whether a document is valid: printed on it, typed by hand."""

import secrets

from django.utils.translation import gettext as _

#: Letters and figures that nobody takes for each other: no 0, O, 1, I or L. 31 of them, a prime number, so that the
#: last character of a code tells every mistyped one and every two that changed places (ISO 7064 uses the same idea).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 12, 4
_LEFT_OUT = "01ILO"


class Mistyped(ValueError):
    """What was typed is no code; the message says what to look at."""


def code_draw() -> str:
    """A code that cannot be guessed (31 to the power of 11, 54 bits), in three groups of four."""
    drawn = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH - 1))
    return _grouped(drawn + _check_character(drawn))


def code_read(typed: str) -> str:
    """The code that somebody typed, as it is stored: capitals, in groups. Spaces and hyphens may stand anywhere.

    Mistyped, with a sentence, when it has another length, a character that no code has, or one that is wrong.
    """
    letters = "".join(each for each in typed.upper() if not each.isspace() and each not in "-–—−.,_/")
    if len(letters) != LENGTH:
        raise Mistyped(
            _("A code has %(length)d letters and figures; this one has %(count)d.")
            % {"length": LENGTH, "count": len(letters)}
        )
    for place, letter in enumerate(letters, 1):
        if letter in _LEFT_OUT:
            raise Mistyped(
                _("No code has 0, O, 1, I or L, because they look alike. Look at character %(place)d on the paper.")
                % {"place": place}
            )
        if letter not in ALPHABET:
            raise Mistyped(
                _("%(letter)s stands in no code. Look at character %(place)d on the paper.")
                % {"letter": letter, "place": place}
            )
    if _check_character(letters[:-1]) != letters[-1]:
        raise Mistyped(
            _(
                "The code does not add up: a character is mistyped, or two have changed places. "
                "Compare it with the paper."
            )
        )
    return _grouped(letters)


def _check_character(letters: str) -> str:
    """Makes the sum of all characters, each times its place, zero modulo 31."""
    total = sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, 1))
    size = len(ALPHABET)
    return ALPHABET[-total * pow(len(letters) + 1, -1, size) % size]


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
