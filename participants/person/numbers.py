"""Giving a participant another identity number, and what an administrator does when it stands on somebody else."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.history import noted
from accounts.models import User
from participants.identity import IdentityNumber, agrees_with
from participants.models import FormerIdentityNumber, NumberQuestion, Participant
from vocabulary.codes import Gender


class NumberNotFree(Exception):
    """The number stands on somebody whom the actor may not see: nothing may be told but that it cannot be saved.
    `holders` are for the access log."""

    def __init__(self, holders: list[Participant]):
        super().__init__()
        self.holders = holders


class NumberTaken(Exception):
    """The number is that of `holder`, of whom the actor may know."""

    def __init__(self, holder: Participant):
        super().__init__()
        self.holder = holder


class NumberDoubted(Exception):
    """The number can be saved, but perhaps it is a mistake: it says that the person was born another day
    (`other_birth`) or has another gender (`other_gender`), or it stood on somebody else before (`former_holder`)."""

    def __init__(self, *, other_birth: bool, other_gender: bool, former_holder: Participant | None):
        super().__init__()
        self.other_birth, self.other_gender, self.former_holder = other_birth, other_gender, former_holder


class PersonChanged(Exception):
    """Somebody else has changed the person since the page was opened."""

    def __init__(self, participant: Participant):
        super().__init__()
        self.participant = participant


def identity_number_change(
    *,
    participant: Participant,
    number: IdentityNumber,
    actor: User,
    seen: int,
    units: list[str],
    sure: bool = False,
) -> None:
    """Replace the participant's identity number; the old one is kept and still found by search.

    Gender, and date of birth where the number gives it, become those of the number. `seen` is the participant's
    revision that the page showed, `sure` that the actor has been asked about what NumberDoubted says; `units` as in
    `person_change`. The same number again changes nothing.

    Raises PersonChanged, NumberTaken, NumberDoubted; and NumberNotFree, when a question is left to the administrator.
    """
    try:
        try:
            _replace(participant, number, actor, seen, units, sure)
        except IntegrityError:
            # Somebody else was given the number at the same moment; now it is known whose it is.
            _replace(participant, number, actor, seen, units, sure)
    except NumberNotFree as refused:
        number_question_ask(participant=participant, holders=refused.holders, actor=actor)
        raise


@transaction.atomic
def _replace(participant: Participant, number: IdentityNumber, actor: User, seen: int, units: list[str], sure: bool):
    person = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    if person.identity_number == number.number:
        return
    if person.revision != seen:
        raise PersonChanged(person)
    former_holder = _former_holder(person, number.number, actor)
    other_birth = number.birth_year != person.birth_year or bool(
        person.birth_date and not agrees_with(number.number, person.birth_date)
    )
    other_gender = person.gender not in (number.gender, Gender.UNKNOWN)
    if (other_birth or other_gender or former_holder) and not sure:
        raise NumberDoubted(other_birth=other_birth, other_gender=other_gender, former_holder=former_holder)
    with noted(units=units):
        if person.identity_number:
            FormerIdentityNumber.objects.create(participant=person, number=person.identity_number)
        if number.birth_date or other_birth:  # else a date that the number leaves open stays as it is registered
            person.birth_date = number.birth_date
        person.identity_number, person.gender, person.birth_year = number.number, number.gender, number.birth_year
        person.revision += 1
        person.save(update_fields=["identity_number", "gender", "birth_date", "birth_year", "revision"])


def _former_holder(person: Participant, number: str, actor: User) -> Participant | None:
    """Somebody else who had the number before. NumberNotFree if anybody has or had it of whom the actor may not know,
    NumberTaken if somebody has it. The same questions are asked of the database whoever it is."""
    now, former = number_holders(number, but=person)
    seen = set(
        Participant.objects.known_to(actor)
        .filter(pk__in=[each.pk for each in now + former])
        .values_list("pk", flat=True)
    )
    if hidden := [each for each in now + former if each.pk not in seen]:
        raise NumberNotFree(hidden)
    if now:
        raise NumberTaken(now[0])
    return former[0] if former else None


def number_holders(number: str, *, but: Participant | None = None) -> tuple[list[Participant], list[Participant]]:
    """Who has the number, and who had it before: everybody, whoever asks."""
    others = Participant.objects.exclude(pk=but.pk) if but else Participant.objects.all()
    before = FormerIdentityNumber.objects.filter(number=number).values("participant")
    return list(others.filter(identity_number=number)), list(others.filter(pk__in=before))


@transaction.atomic
def number_question_ask(
    *, participant: Participant, holders: Iterable[Participant], actor: User, temporary: bool = False
) -> None:
    """Leave the administrator the question whose the number is; one that waits already is not asked again."""
    for holder in holders:
        NumberQuestion.objects.get_or_create(
            participant=participant,
            known_on=holder,
            handled_at=None,
            defaults={"asked_by": actor, "asked_by_name": actor.full_name, "temporary": temporary},
        )


def number_questions_waiting() -> int:
    """How many questions nobody has handled yet."""
    return NumberQuestion.objects.filter(handled_at=None).count()
