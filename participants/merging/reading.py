"""What the pages show of two files and of a merge, to whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Role, Unit, User
from participants import providers
from participants.file import CaseRows, ParticipantFile
from participants.merging.facts import FACTS, Fact, is_coordination
from participants.merging.hindrances import MergeNotTold, overlaps, told
from participants.merging.relations import moving_relations
from participants.models import Enrolment, Merge, MergeState, NumberQuestion, Participant, Referral
from participants.person import past as person
from participants.querysets import CASE_ROLES

#: The kind of a merge in the timeline.
KIND = "merge"
#: How many merges of a file its timeline tells of; nobody has more than one or two.
MOST = 20


@dataclass(frozen=True)
class Side:
    """One of the two files as far as its reader may see it."""

    participant: Participant
    enrolments: list[Enrolment] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)

    @property
    def unit_codes(self) -> list[str]:
        return sorted({row.unit.code for row in (*self.enrolments, *self.referrals)})


def side_of(participant: Participant, user: User | None) -> Side:
    """The file of a participant as `user` may see it; None: for the administrator, all of it by unit and case."""
    enrolments, referrals = Enrolment.objects.all(), Referral.objects.all()
    if user:
        enrolments, referrals = enrolments.visible_to(user), referrals.in_reach_of(user)
    named = Prefetch("unit", queryset=Unit.objects.named())
    mine = {"participant": participant}
    return Side(
        participant=participant,
        enrolments=list(
            enrolments.filter(**mine).select_related("coach").prefetch_related(named).order_by("-start", "-pk")
        ),
        referrals=list(referrals.filter(**mine).prefetch_related(named).order_by("-received", "-pk")),
    )


def fact_told(fact: Fact, participant: Participant, *, unmasked: bool = False) -> str:
    """A fact in words; an identity number masked until somebody asks for it."""
    if fact.key == "number":
        number = participant.written_number if unmasked else participant.masked_number
        born = participant.birth_date.isoformat() if participant.birth_date else str(participant.birth_year)
        if number and is_coordination(participant):
            number = _("%(number)s (coordination number)") % {"number": number}
        words = [number, _("born %(born)s") % {"born": born}, participant.get_gender_display().lower()]
    elif fact.key == "temporary_number":
        words = [participant.written_temporary_number]
    else:
        words = [person.told(Participant, name, getattr(participant, name)) for name in fact.fields]
    between = " " if fact.key == "name" else ", "
    return between.join(word for word in words if word)


def facts_told(participants: Iterable[Participant], *, unmasked: bool) -> list[tuple[str | Promise, list[str]]]:
    """Each fact that one of them has: its name, and what each says."""
    rows = [(fact.label, [fact_told(fact, each, unmasked=unmasked) for each in participants]) for fact in FACTS]
    return [(label, said) for label, said in rows if any(said)]


def moving_told(loser: Participant, user: User | None) -> list[tuple[str, int]]:
    """What moves with the participant, counted as far as the user may see it: name and number of each kind. What the
    administrators alone know is not told."""
    counted = []
    for relation in moving_relations():
        if relation.model is not NumberQuestion:
            rows = _seen(relation.rows(loser.pk), user)
            counted.append((str(relation.model._meta.verbose_name_plural), rows.count()))
    return [(name, number) for name, number in counted if number]


def _seen(rows: QuerySet, user: User | None) -> QuerySet:
    model: type[Model] = rows.model
    if user is None:
        return rows
    if model is Referral:
        return Referral.objects.in_reach_of(user).filter(pk__in=rows.values("pk"))
    if hasattr(model._default_manager, "visible_to"):
        return model._default_manager.visible_to(user).filter(pk__in=rows.values("pk"))
    return rows


def hindrances_told(first: Participant, second: Participant, user: User | None) -> list[str]:
    """What stands in the way, as far as the user may know."""
    try:
        return told(overlaps(first, second), user)
    except MergeNotTold:
        return []


def moved_told(merge: Merge, user: User | None) -> list[tuple[str, int]]:
    """What a merge in force has moved, counted as `moving_told`."""
    counted: dict[str, int] = {}
    for relation in moving_relations():
        model = relation.model
        if model is not NumberQuestion:
            steps = merge.steps.filter(model=model._meta.label_lower, made=False).values("object_id")
            rows = _seen(model._base_manager.filter(pk__in=steps), user)
            counted[str(model._meta.verbose_name_plural)] = rows.count()
    return [(name, number) for name, number in counted.items() if number]


def compare_address(merge: Merge, user: User) -> str:
    """Where the two that are proposed are compared: beside the file of one that has one."""
    seen = Participant.objects.visible_to(user).filter(pk__in=[merge.winner_id, merge.loser_id])
    keys = set(seen.values_list("pk", flat=True))
    pair = [merge.winner, merge.loser] if merge.winner_id in keys else [merge.loser, merge.winner]
    return reverse("participants:compare", args=[each.public_id for each in pair]) if keys else ""


def side_codes(merge: Merge, user: User) -> list[str]:
    """The units of both files that the user works with, for the log and the history."""
    units = Unit.objects.filter(pk__in=[*merge.winner_units, *merge.loser_units])
    return sorted(units.in_scope(user.reach.scope(*CASE_ROLES)).values_list("code", flat=True))


def merges_to_decide(user: User) -> int:
    """How many proposals wait for the user, who is a manager; nobody else is asked about."""
    if not user.reach.has(Role.MANAGER):
        return 0
    return Merge.objects.decided_in(user).filter(state=MergeState.WAITING).count()


def merges_of(participant: Participant, user: User) -> QuerySet[Merge]:
    """The merges in a participant of which the user may know both sides."""
    return Merge.objects.visible_to(user).filter(winner=participant, state=MergeState.MERGED)


MERGES = CaseRows(lambda enrolments, user: merges_of(enrolments[0].participant, user)[:MOST])


def timeline_entries(file: ParticipantFile) -> Iterator[providers.TimelineEntry]:
    """That two files became one, for who may know of both."""
    for merge in file.rows(MERGES):
        yield providers.TimelineEntry(
            date=timezone.localdate(merge.decided_at),
            kind=KIND,
            title=_("Two files of the same person became one"),
            text=merge.why,
            by=merge.decided_by_name,
            link=merge.get_absolute_url(),
        )


def predecessors(participant: Participant) -> list[Participant]:
    """Everybody who went into the participant, also by way of another: their looks and their past are its own."""
    found: list[Participant] = []
    last = [participant.pk]
    while last:
        went = list(Participant.objects.filter(merged_into__in=last))
        found += went
        last = [each.pk for each in went]
    return found
