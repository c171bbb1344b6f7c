"""Min dag as its tests look at it: with the lists they are about, whatever else the product has joined."""

import pytest

from participants.day import lists

KEYS = (
    "uppfoljningar",
    "svar-fran-handledare",
    "overlamningar",
    "slutar-utan-intyg",
    "efteruppfoljning",
    "personnummer",
    "ingen-kontakt",
    "utkast",
)


@pytest.fixture(autouse=True)
def few_lists(monkeypatch):
    monkeypatch.setattr(lists, "_lists", {key: lists.day_list(key) for key in KEYS})
