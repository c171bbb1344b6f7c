"""Personnummer and samordningsnummer, in any usual spelling."""

import datetime as dt

import pytest

from participants.identity import IdentityNumberError, identity_number_parse
from tests.register import cases
from vocabulary.codes import Gender

TODAY = dt.date(2026, 3, 31)
VECTORS = cases()["vectors"]["identity"]


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expect"] != "invalid"], ids=lambda v: v["in"])
def test_it_reads_the_valid_vectors(vector):
    read = identity_number_parse(vector["in"], today=TODAY)
    expected = vector["expect"]
    assert read.number == expected["normalised"]
    assert read.kind == expected["kind"]
    assert read.gender == {"K": Gender.WOMAN, "M": Gender.MAN}[expected["gender"]]
    assert read.birth_year == int(read.number[:4])
    if "born" in expected:
        assert read.birth_date == expected["born"]


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["expect"] == "invalid"], ids=lambda v: v["in"])
def test_it_refuses_the_invalid_vectors(vector):
    with pytest.raises(IdentityNumberError) as refused:
        identity_number_parse(vector["in"], today=TODAY)
    assert refused.value.code == ("checksum" if vector["in"] == "19920314-2387" else "bad_identity_number")


@pytest.mark.parametrize(
    "text", ["199203142386", "19920314 2386", " 920314-2386 ", "9203142386", "19 920314 - 2386", "920314\xa02386"]
)
def test_the_spelling_does_not_matter(text):
    assert identity_number_parse(text, today=TODAY).number == "199203142386"


@pytest.mark.parametrize("number", ["197000632391", "197010602396"])
def test_a_coordination_number_may_leave_the_date_of_birth_open(number):
    nine = number[2:11]
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    number = number[:11] + str(-sum(digit // 10 + digit % 10 for digit in digits) % 10)
    read = identity_number_parse(number, today=TODAY)
    assert (read.birth_date, read.birth_year, read.kind) == (None, 1970, "samordningsnummer")


@pytest.mark.parametrize(
    "text",
    [
        "19700001-2391",  # month 00 without the mark of a coordination number
        "19701000-2391",  # day 00
        "19701092-2391",  # day 92
        "19920314-0005",  # serial number 000
        "16920314-2386",  # an organisation
        "19920314-238",
        "1992-03-14-2386",
        "١٩٩٢٠٣١٤٢٣٨٦",
        "",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(IdentityNumberError) as refused:
        identity_number_parse(text, today=TODAY)
    assert refused.value.code == "bad_identity_number"


def test_plus_means_a_hundred_years_earlier():
    assert identity_number_parse("811228+9874", today=TODAY).birth_date == dt.date(1881, 12, 28)


def test_the_message_never_holds_the_number():
    with pytest.raises(IdentityNumberError) as refused:
        identity_number_parse("19920314-2387", today=TODAY)
    assert "2387" not in str(refused.value) + str(refused.value.message)
