"""What may be searched for: a name, an identity number, a case number; nothing else (förordning 2001:637, 15 §)."""

from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.swedish import folded
from participants.identity import SPELLING, IdentityNumberError, temporary_number_parse
from participants.models import Enrolment, FormerIdentityNumber, Participant

#: Fewer characters end too many case numbers.
SHORTEST_END = 4


class SearchKind(StrEnum):
    """What the words were taken for; the access log keeps this, never the words."""

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    CASE_NUMBER = "case_number"
    LIKENESS = "likeness"  # nobody asked for them: like somebody who was being registered


def search(enrolments: QuerySet, text: str, user: User) -> tuple[QuerySet, SearchKind]:
    """The enrolments of whom `text` names, and what it was taken for.

    Without a digit it is a name or a part of one, in any order of given and family name. Ten or twelve digits are
    an identity number, the one of today or an earlier one; anything else with a digit is a case number, or the
    temporary number that stands in for an identity number.
    """
    if not any(character.isdigit() for character in text):
        return enrolments.filter(_has_name(text)), SearchKind.NAME
    numbers = spellings(text)
    # The few participants first, by their own indexes: with OR in one query none of them would be used.
    people = _by_number(text, numbers, user) if numbers else _by_case_number(text, user)
    kind = SearchKind.IDENTITY_NUMBER if numbers else SearchKind.CASE_NUMBER
    return enrolments.filter(participant__in=people), kind


def _has_name(text: str) -> Q:
    words = folded(text.replace(",", " ")).split()
    name = " ".join(words)
    if len(name) < 3:
        # Too short for the trigram index, and a letter or two are inside almost every name: how a name begins.
        return Q(participant__search_name__startswith=name) | Q(participant__search_name__contains=f" {name}")
    found = Q(participant__search_name__contains=name)
    if len(words) > 1:
        # Words that do not stand side by side: "Anna Berg" for Anna Maria Berg.
        apart = Q()
        for word in words:
            apart &= Q(participant__search_name__contains=word)
        found |= apart
    return found


def _by_number(text: str, numbers: list[str], user: User) -> list[int]:
    """Whose identity number it is, or was, or whose case number."""
    now = Participant.objects.filter(identity_number__in=numbers).order_by().values_list("pk", flat=True)
    before = FormerIdentityNumber.objects.filter(number__in=numbers).order_by().values_list("participant", flat=True)
    return list(now.union(before, _of_case(text, user)))


def _by_case_number(text: str, user: User) -> list[int]:
    """The whole number, or a temporary one; else the end of one: coaches say "2025/1862" of AMF 2025/1862."""
    number = text.strip()
    whole = list(_of_case(text, user).union(*_by_temporary_number(text)))
    if whole or len(number) < SHORTEST_END:
        return whole
    return list(_case_numbers_seen(user).filter(case_number__iendswith=number))


def _of_case(text: str, user: User) -> QuerySet:
    number = text.strip()
    return _case_numbers_seen(user).filter(case_number__in={number, number.upper(), number.lower()})


def _case_numbers_seen(user: User) -> QuerySet:
    """Only case numbers the user may see: another unit's number must not tell that the person is known there."""
    return Enrolment.objects.visible_to(user).order_by().values_list("participant", flat=True)


def _by_temporary_number(text: str) -> list[QuerySet]:
    """Whose temporary number it is, or was that of a file which was merged into theirs."""
    try:
        number = temporary_number_parse(text)
    except IdentityNumberError:
        return []
    now = Participant.objects.filter(temporary_number=number).order_by().values_list("pk", flat=True)
    before = FormerIdentityNumber.objects.filter(number=number).order_by().values_list("participant", flat=True)
    return [now, before]


def spellings(text: str) -> list[str]:
    """The twelve-digit numbers that `text` may mean; none if it is not an identity number.

    Any usual way of writing: with or without century, hyphen, plus sign or blanks. A plus sign stands for a person
    who has turned or turns 100 in the year; without century and sign both are possible.
    """
    found = SPELLING.fullmatch("".join(text.split()))
    if not found:
        return []
    century, year, month, day, sign, last = found.groups()
    rest = f"{year}{month}{day}{last}"
    if century:
        return [f"{century}{rest}"]
    this_year = timezone.localdate().year
    latest = (this_year - (this_year - int(year)) % 100) // 100
    younger, older = f"{latest}{rest}", f"{latest - 1}{rest}"
    if sign == "+":
        return [older]
    return [younger] if sign else [younger, older]
