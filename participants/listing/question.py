"""What an address of the list asks: whose participants, narrowed how, in which order. The list itself, its files and
the saved filters understand an address in this one way."""

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Role, Unit, User
from participants import permissions
from participants.listing.filters import EnrolmentFilter
from participants.listing.orders import NAME, in_order, understood_order
from participants.listing.providers import Flag
from participants.listing.reader import Reader
from participants.models import Enrolment, Participant
from participants.querysets import CASE_ROLES

MINE, ALL = "mine", "all"
#: What a row shows, and no more.
SHOWN = (
    "start",
    "end",
    "last_activity_on",
    "target_group",
    "unit_id",
    "coach__given_name",
    "coach__family_name",
    "participant__public_id",
    "participant__given_name",
    "participant__family_name",
    "participant__birth_year",
    "participant__protection",
)


class ListQuestion:
    """An address of the list, asked by one user: one row a participant, with the latest enrolment within scope.

    Many questions of one user share a `reader`.
    """

    def __init__(self, user: User, params: QueryDict, reader: Reader | None = None):
        self.user, self.params, self.reader = user, params, reader or Reader(user)
        self.has_own = user.reach.has(*permissions.WRITING_ROLES)
        self.shown = self._shown()
        everybody, own = self._everybody(self.shown), self.shown == MINE
        self.filters = EnrolmentFilter(params, everybody, reader=self.reader, own=own)
        self.sort = understood_order(params.get("sort", ""))

    @property
    def is_understood(self) -> bool:
        """Whether every choice of the address means something here and to this user."""
        return not self.filters.form.errors

    def mended(self) -> "ListQuestion":
        """The question without the choices that mean nothing here."""
        return self if self.is_understood else ListQuestion(self.user, self.filters.understood(), self.reader)

    def chosen(self, name: str) -> list[str]:
        """What the address says of one filter, as its form understands it: of one that takes a single choice, the
        last that stands there."""
        values = self.params.getlist(name)
        several = isinstance(self.filters.form.fields[name], forms.MultipleChoiceField)
        return [value for value in (values if several else values[-1:]) if value]

    @property
    def units(self) -> dict[int, Unit]:
        return self.reader.units

    @property
    def everywhere(self) -> bool:
        return self.user.reach.scope(*CASE_ROLES).everything

    @property
    def found(self) -> QuerySet[Enrolment]:
        """Those who are asked for, in the order that is asked for."""
        return in_order(self.filters.qs, self.sort, self.reader)

    def rows(self, first: int, last: int) -> list[Enrolment]:
        """The rows from place `first` up to `last`, with what a row shows. First only which: nothing wide is sorted
        for fifty rows."""
        if self.shown == ALL and not self.filters.narrows and self.sort.removeprefix("-") == NAME:
            # Everybody by name: then nobody's latest enrolment need be known to find the page.
            order = ("-sort_name", "pk") if self.sort.startswith("-") else ("sort_name", "pk")
            people = Participant.objects.visible_to(self.user).order_by(*order).values_list("pk", flat=True)
            return self._rows_by("participant_id", list(people[first:last]))
        return self._rows_by("pk", list(self.found.values_list("pk", flat=True)[first:last]))

    def _rows_by(self, field: str, keys: list[int]) -> list[Enrolment]:
        """The rows of those keys, which are known to be visible, in their order; of a person's the latest."""
        rows = Enrolment.objects.in_reach_of(self.user).filter(**{f"{field}__in": keys}).order_by("start")
        rows = rows.select_related("participant", "coach").only(*SHOWN).with_rest(timezone.localdate())
        found = {getattr(row, field): row for row in rows}
        return [found[key] for key in keys if key in found]

    @property
    def count(self) -> int:
        """How many are asked for."""
        return self._found["all"] if self.filters.narrows else self.counts[self.shown]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many are in each of the two lists before anything is narrowed, in one query."""
        later = Enrolment.objects.in_reach_of(self.user).filter(
            participant=OuterRef("participant"), start__gt=OuterRef("start")
        )
        today = timezone.localdate()
        mine = Q(coach=self.user) & (Q(end=None) | Q(end__gte=today)) & ~Q(Exists(later))
        # One row for each person: counting persons gives the same, and asks for nobody's latest enrolment.
        counts = {ALL: Count("participant", distinct=True)}
        if self.has_own:
            counts[MINE] = Count("pk", filter=mine)
        return self._visible.order_by().aggregate(**counts)

    @property
    def flag_counts(self) -> list[tuple[Flag, int]]:
        """The flags and for how many of those asked for each holds: those of somebody, and those chosen."""
        chosen = self.filters.form.cleaned_data.get("flag", ())
        counts = self._found
        return [(flag, counts[key]) for key, flag in self.filters.flags.items() if counts[key] or key in chosen]

    @cached_property
    def _found(self) -> dict[str, int]:
        """How many are asked for, and of how many each flag holds. Of an unnarrowed list: of those enrolled."""
        if self.filters.narrows or self.shown == MINE:
            return self.filters.counted(self.filters.qs)
        return self.filters.counted(self._visible.latest_open_in_reach(self.user, timezone.localdate()))

    @property
    def _visible(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.visible_to(self.user)

    def _everybody(self, shown: str) -> QuerySet[Enrolment]:
        rows = self._visible.latest_in_reach(self.user)
        return rows.filter(coach=self.user).open_on(timezone.localdate()) if shown == MINE else rows

    def _shown(self) -> str:
        """Which list: the one the address names; else everybody for a search, a coach's own, or the unit's."""
        asked = self.params.get("show")
        if asked == ALL or not self.has_own:
            return ALL
        if asked == MINE:
            return MINE
        if self.params.get("q"):
            return ALL
        return MINE if self.user.reach.has(Role.JOB_COACH) else ALL
