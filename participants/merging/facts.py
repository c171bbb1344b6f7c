"""Which facts stay when two participants become one: what belongs together comes from one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.identity import agrees_with
from participants.models import Participant
from vocabulary.codes import Gender, Protection

WINNER, LOSER = "winner", "loser"
#: From the least to the strictest.
STRICTNESS = (Protection.NONE, Protection.SECRECY_MARK, Protection.PROTECTED_REGISTRATION)


@dataclass(frozen=True)
class Fact:
    """Fields that stay or go together. `key_fields` say whether there is anything to keep."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]
    key_fields: tuple[str, ...] = ()

    def of(self, person: Participant) -> tuple:
        return tuple(getattr(person, name) for name in self.fields)

    def is_there(self, person: Participant) -> bool:
        return any(getattr(person, name) not in (None, "") for name in self.key_fields or self.fields)


FACTS = (
    Fact(
        "number",
        _("Personal number, date of birth and gender"),
        ("identity_number", "birth_date", "birth_year", "gender"),
        ("identity_number",),
    ),
    Fact("temporary_number", _("Temporary number"), ("temporary_number",)),
    Fact("name", _("Name"), ("given_name", "family_name")),
    Fact("phone", _("Phone"), ("phone",)),
    Fact("email", _("E-mail"), ("email",)),
    Fact("address", _("Address"), ("street_address", "postal_code", "city")),
    Fact("contact", _("Wants to be reached"), ("contact_way", "contact_note")),
    Fact("language", _("Needs an interpreter in"), ("language",)),
    Fact("education", _("Education"), ("education",)),
)


def to_choose(first: Participant, second: Participant) -> list[Fact]:
    """The facts that both have and that are not the same."""
    return [
        fact
        for fact in FACTS
        if fact.of(first) != fact.of(second) and fact.is_there(first) == fact.is_there(second)
        and (fact.is_there(first) or fact.key == "number")
    ]  # fmt: skip


def best_guess(fact: Fact, winner: Participant, loser: Participant) -> str:
    """Whose fact stays if nobody chooses: the winner's, but no coordination number that became a personal one."""
    if fact.key == "number" and is_coordination(winner) and not is_coordination(loser):
        return LOSER
    return WINNER


def is_coordination(person: Participant) -> bool:
    return bool(person.identity_number) and int(person.identity_number[6:8]) > 60


def kept(winner: Participant, loser: Participant, choices: Mapping[str, str]) -> dict[str, Any]:
    """What the winner's row says after the merge. Of what only one has, that one's; the stricter protection."""
    values: dict[str, Any] = {}
    for fact in FACTS:
        side = choices.get(fact.key) or best_guess(fact, winner, loser)
        if fact.is_there(winner) != fact.is_there(loser):
            side = WINNER if fact.is_there(winner) else LOSER
        person = loser if side == LOSER else winner
        values |= dict(zip(fact.fields, fact.of(person), strict=True))
        if fact.key == "number":
            _complete(values, winner if side == LOSER else loser)
    values["protection"] = max(winner.protection, loser.protection, key=STRICTNESS.index)
    return values


def _complete(values: dict[str, Any], other: Participant) -> None:
    """What the one left open of birth and gender, and the other knows."""
    number = values["identity_number"]
    day, year = other.birth_date, values["birth_year"]
    if values["birth_date"] is None and day and day.year == year and (number is None or agrees_with(number, day)):
        values["birth_date"] = day
    if values["gender"] == Gender.UNKNOWN:
        values["gender"] = other.gender


def numbers_before(winner: Participant, loser: Participant, values: Mapping[str, Any]) -> list[str]:
    """The numbers of either that the winner has not any longer: they are kept, and still find the file."""
    numbers = (person.identity_number for person in (winner, loser))
    temporary = (person.temporary_number for person in (winner, loser))
    now = {values["identity_number"], values["temporary_number"]}
    return [number for number in dict.fromkeys([*numbers, *temporary]) if number and number not in now]


def doubts(first: Participant, second: Participant) -> list[str | Promise]:
    """What speaks against their being one person. It may be a mistake in one of the files, so it hinders nothing."""
    found: list[str | Promise] = []
    numbers = [person.identity_number for person in (first, second)]
    if all(numbers) and not any(is_coordination(person) for person in (first, second)):
        found.append(_("Both have a personal number, and not the same. A person has only one."))
    if first.birth_date and second.birth_date and first.birth_date != second.birth_date:
        found.append(_("They are not born on the same day."))
    elif first.birth_year != second.birth_year:
        found.append(_("They are not born in the same year."))
    if Gender.UNKNOWN not in (first.gender, second.gender) and first.gender != second.gender:
        found.append(_("They have not the same gender."))
    return found
