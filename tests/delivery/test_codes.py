"""Codes that somebody types: however they are grouped, and with the slips that people make."""

import itertools

import pytest

from delivery.codes import ALPHABET, Mistyped, code_draw, code_read

CODE = code_draw()


@pytest.mark.parametrize(
    "typing",
    [
        str,
        str.lower,
        lambda code: f" {code}\t",
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " – "),
    ],
)
def test_a_code_is_understood_however_it_is_typed(typing):
    assert code_read(typing(CODE)) == CODE


def test_no_code_has_letters_that_look_alike():
    assert not set("01ILO") & set(ALPHABET)
    assert len(set(ALPHABET)) == 31
    assert len({code_draw() for _each in range(1000)}) == 1000


def test_every_single_slip_and_every_swap_is_noticed():
    letters = CODE.replace("-", "")
    slips = {letters[:at] + other + letters[at + 1 :] for at in range(12) for other in ALPHABET}
    for one, other in itertools.combinations(range(12), 2):
        swapped = list(letters)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        slips.add("".join(swapped))
    slips.discard(letters)
    assert len(slips) >= 12 * 30
    for slip in slips:
        with pytest.raises(Mistyped, match="stämmer inte"):
            code_read(slip)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Den här har 0"),
        ("ABCD-EFGH-JKMNP", "Den här har 13"),
        ("ABCO-EFGH-JKMN", "Ingen kod har 0, O, 1, I eller L.*tecken 4"),
        ("ABCD-EFGH-JKM1", "tecken 12"),
        ("ÅBCD-EFGH-JKMN", "Å finns inte i någon kod.*tecken 1"),
        ("<scr-ipt>-ABCD", "< finns inte"),
        ("x" * 5000, "Den här har 5000"),
    ],
)
def test_what_cannot_be_a_code_is_told_in_words(typed, said):
    with pytest.raises(Mistyped, match=said):
        code_read(typed)
