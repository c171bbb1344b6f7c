"""Organisation numbers: every usual spelling, and why some are refused."""

import pytest

from placements.organisation import OrganisationNumberError, organisation_number_parse


@pytest.mark.parametrize("typed", ["556677-0003", "5566770003", "16556677-0003", "165566770003", " 556677 0003 "])
def test_a_number_is_kept_in_one_way_however_it_is_written(typed):
    assert organisation_number_parse(typed) == "556677-0003"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("556677-0004", "Kontrollsiffran"),
        ("556677-000", "tio siffror"),
        ("SE556677000301", "tio siffror"),
        ("850709-9805", "personnummer"),  # a sole trader
        ("198507099805", "personnummer"),
        ("850769-9802", "personnummer"),  # a coordination number
    ],
)
def test_what_is_none_is_refused_with_why_and_without_the_number(typed, part):
    with pytest.raises(OrganisationNumberError) as refused:
        organisation_number_parse(typed)
    assert part in str(refused.value.message)
    assert typed not in str(refused.value.message)
