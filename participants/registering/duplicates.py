"""Is somebody who is being registered known already? Only whom the user may know of is ever found.

What has been typed so far is compared by a fixed number of questions to the database, each with an index of its own;
how many depends on which fields are filled in, never on what anybody else knows.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.swedish import folded
from participants.models import Enrolment, FormerIdentityNumber, Participant, Referral
from participants.models.participant import PhoneDigits

#: How many are shown at most, the likeliest first.
MOST = 5
#: How alike two names are (pg_trgm, 0 to 1) that may be one: with the same date of birth, and with the year only.
ALIKE, ALIKE_BY_YEAR = 0.3, 0.6


class Reason(StrEnum):
    """Why somebody may be the same person, the strongest reason first."""

    NUMBER = "number"
    FORMER_NUMBER = "former_number"
    TEMPORARY_NUMBER = "temporary_number"
    BIRTH_AND_NAME = "birth_and_name"
    YEAR_AND_NAME = "year_and_name"
    PHONE = "phone"
    EMAIL = "email"


LABELS: dict[Reason, str | Promise] = {
    Reason.NUMBER: _("Same personal number"),
    Reason.FORMER_NUMBER: _("Had the number before"),
    Reason.TEMPORARY_NUMBER: _("Same temporary number"),
    Reason.BIRTH_AND_NAME: _("Same date of birth, similar name"),
    Reason.YEAR_AND_NAME: _("Same year of birth, similar name"),
    Reason.PHONE: _("Same phone number"),
    Reason.EMAIL: _("Same e-mail address"),
}


@dataclass(frozen=True)
class Typed:
    """What is known of a person who is being registered, as far as it has been typed. `number` has 12 digits."""

    number: str = ""
    temporary_number: str = ""
    name: str = ""
    birth_date: dt.date | None = None
    birth_year: int | None = None
    phone: str = ""
    email: str = ""


def typed_of(participant: Participant) -> Typed:
    """What is registered of a participant, to find others who may be the same person."""
    return Typed(
        number=participant.identity_number or "",
        temporary_number=participant.temporary_number,
        name=f"{participant.given_name} {participant.family_name}".strip(),
        birth_date=participant.birth_date,
        birth_year=participant.birth_year,
        phone=participant.phone,
        email=participant.email,
    )


@dataclass(frozen=True)
class Known:
    """A participant as far as the user may know of them: the latest enrolment in the user's units, or only a
    referral there."""

    participant: Participant
    reasons: tuple[Reason, ...] = ()
    enrolment: Enrolment | None = None
    referral: Referral | None = None

    @property
    def labels(self) -> list[str | Promise]:
        return [LABELS[reason] for reason in self.reasons]

    @property
    def is_by_number(self) -> bool:
        """The person has the very number: nobody else can be given it."""
        return Reason.NUMBER in self.reasons

    @property
    def unit_codes(self) -> list[str]:
        """The unit through which the user knows of the person, for the access log."""
        return [row.unit.code for row in (self.enrolment or self.referral,) if row]


def known_alike(user: User, typed: Typed, *, but: uuid.UUID | None = None) -> list[Known]:
    """Whom the user may know of and who may be the person that is typed, the likeliest first; `but`: whom the same
    form has made, if it is sent twice."""
    reasons: dict[int, list[Reason]] = {}
    people = Participant.objects.known_to(user).exclude(public_id=but).order_by()
    for reason, found in _rules(people, typed):
        for key in found.values_list("pk", flat=True)[: MOST + 1]:
            reasons.setdefault(key, []).append(reason)
    first = sorted(reasons, key=lambda key: [list(Reason).index(reason) for reason in reasons[key]])[:MOST]
    return known_people(user, {key: tuple(reasons[key]) for key in first})


def known_people(user: User, reasons: dict[int, tuple[Reason, ...]]) -> list[Known]:
    """Participants whom the user may know of, by key, with what the user may know."""
    if not reasons:
        return []
    people = Participant.objects.in_bulk(reasons)
    named = Prefetch("unit", queryset=Unit.objects.named())
    enrolments = Enrolment.objects.visible_to(user).latest_in_reach(user).select_related("coach")
    referrals = Referral.objects.in_reach_of(user).order_by("received", "pk")
    enrolled = _by_participant(enrolments.filter(participant__in=reasons).prefetch_related(named))
    referred = _by_participant(referrals.filter(participant__in=reasons).prefetch_related(named))
    return [
        Known(participant=people[key], reasons=why, enrolment=enrolled.get(key), referral=referred.get(key))
        for key, why in reasons.items()
    ]


def _by_participant(rows: Iterable) -> dict:
    return {row.participant_id: row for row in rows}


def _rules(people: QuerySet, typed: Typed) -> Iterator[tuple[Reason, QuerySet]]:
    if typed.number:
        before = FormerIdentityNumber.objects.filter(number=typed.number)
        yield Reason.NUMBER, people.filter(identity_number=typed.number)
        yield Reason.FORMER_NUMBER, people.filter(pk__in=before.values("participant"))
    if typed.temporary_number:
        # One that came with a file that was merged is among the former numbers.
        before = FormerIdentityNumber.objects.filter(number=typed.temporary_number)
        has = Q(temporary_number=typed.temporary_number) | Q(pk__in=before.values("participant"))
        yield Reason.TEMPORARY_NUMBER, people.filter(has)
    name = folded(typed.name).strip()
    if not name:
        # A phone number or an address without a name is no person who is being registered: it would be a search, and
        # these may not be searched for (förordning 2001:637, 15 §).
        return
    alike = people.annotate(alike=TrigramSimilarity("search_name", name)).order_by("-alike")
    if typed.birth_date:
        yield Reason.BIRTH_AND_NAME, alike.filter(birth_date=typed.birth_date, alike__gte=ALIKE)
    if typed.birth_year:
        # One of the two is not known to the day; who is, has been compared by it.
        year = alike.filter(birth_year=typed.birth_year, alike__gte=ALIKE_BY_YEAR)
        yield Reason.YEAR_AND_NAME, year.filter(birth_date=None) if typed.birth_date else year
    if len(typed.phone) >= 6:
        phones = people.exclude(phone="").annotate(digits=PhoneDigits("phone"))
        yield Reason.PHONE, phones.filter(digits=PhoneDigits(Value(typed.phone)))
    if typed.email:
        emails = people.annotate(lowered=Lower(F("email")))
        yield Reason.EMAIL, emails.filter(lowered=typed.email.lower())
