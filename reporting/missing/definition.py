"""What a gap is made of. One definition: page, list, and what a frozen report says of its gaps follow from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment, Participant
from reporting.figures import FIGURES
from reporting.figures.definition import Figure, Listing
from reporting.question import Question

OPEN_FILE = _("Choose a row to open the file.")
FILL_IN = _("Choose a row to fill it in.")


@dataclass(frozen=True)
class Gap:
    """Something that is not registered and spoils figures: in which rows, what it does to the figures, what to do.

    `rows` are those that lack it, for a question, one row for each gap. What has been registered since the as-of date
    is no gap: there is nothing to mend. `spoils` are the keys of the figures that are wrong for it; `told` what the
    words need to know of the municipality's settings; `mended_at` the address of the page where a row is mended,
    empty where there is none, and `mending` says which page that is. `worked_at` is the list, outside the reports,
    where those who mend them work, for who may open it (`CASE_ROLES`); `working` is what it is called.
    """

    key: str
    label: str | Promise
    effect: str | Promise
    remedy: str | Promise
    spoils: tuple[str, ...]
    rows: Callable[[Question], QuerySet]
    listing: Listing
    mended_at: Callable[[Any], str]
    mending: str | Promise = OPEN_FILE
    told: Callable[[], Mapping[str, Any]] = field(default=dict)
    worked_at: Callable[[Question], str] | None = None
    working: str | Promise = ""

    @property
    def figures(self) -> list[Figure]:
        """The figures it spoils, in their order."""
        return [figure for figure in FIGURES if figure.key in self.spoils]

    def words(self) -> str:
        """What is missing, with the municipality's settings."""
        return str(self.label) % self.told()


@dataclass(frozen=True)
class Found:
    """How many rows have a gap, and what it was called when they were counted."""

    gap: Gap
    label: str
    count: int

    @property
    def as_stored(self) -> dict[str, str | int]:
        """What a frozen report keeps of it."""
        return {"key": self.gap.key, "label": self.label, "count": self.count}


def file_of(participant: Participant | None) -> str:
    """The address of the participant's file; empty when it is nobody known."""
    return reverse("participants:file", args=[participant.public_id]) if participant else ""


def facts_of(enrolment: Enrolment) -> str:
    """The address of the page where the person's facts and those of the enrolment are changed."""
    page = reverse("participants:facts", args=[enrolment.participant.public_id])
    return f"{page}?inskrivning={enrolment.start:%Y-%m-%d}"


def file_part_of(participant: Participant, part: str) -> str:
    """The address of a part of the participant's file."""
    return reverse("participants:part", args=[participant.public_id, part])


def seen(rows: QuerySet[Model], user) -> QuerySet:
    """The rows that the user may see, where the rows themselves know."""
    return rows.visible_to(user)
