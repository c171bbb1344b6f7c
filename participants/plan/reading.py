"""The plan of a participant's file as its reader sees it, and the addresses of its pages."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from participants.file import ParticipantFile
from participants.mapping.told import latest_mapping
from participants.models import Activity, Enrolment, PlanReview, PlanVersion
from participants.models.mapping import MappingSectionKey
from participants.plan.content import Content, MilestoneWords, content_of_version
from participants.plan.permissions import can_write_plan
from participants.plan.providers import Booking, PartOf, bookings_of, part_of
from participants.plan.services.reviews import open_review

SLUG = "plan"
#: A review is worth preparing so many days before it is due.
SOON = dt.timedelta(days=14)


@dataclass(frozen=True)
class ShownActivity:
    """An activity with what is booked for it, and what it is part of."""

    row: Activity
    bookings: list[Booking] = field(default_factory=list)
    part_of: PartOf | None = None

    @property
    def may_drop(self) -> bool:
        """What something was booked for has begun, or was to: it ends with an outcome."""
        return not self.row.is_settled and not self.bookings


@dataclass(frozen=True)
class PlanCase:
    """The plan of one enrolment in a file, with what its reader may do with it."""

    file: ParticipantFile
    enrolment: Enrolment

    @cached_property
    def versions(self) -> list[PlanVersion]:
        """Every version, the latest first."""
        versions = list(self.enrolment.plans.select_related("saved_by", "goal_occupation").order_by("-number"))
        for version in versions:
            version.enrolment = self.enrolment
        return versions

    @cached_property
    def draft(self) -> PlanVersion | None:
        return next((each for each in self.versions if each.is_draft), None)

    @cached_property
    def current(self) -> PlanVersion | None:
        """The version that holds."""
        return next((each for each in self.versions if each.is_decided), None)

    @property
    def kept(self) -> list[PlanVersion]:
        """The versions that were decided, the latest first."""
        return [each for each in self.versions if not each.is_draft]

    @property
    def shown(self) -> PlanVersion | None:
        """The one that holds, else the last that did."""
        return self.current or next(iter(self.kept), None)

    @cached_property
    def content(self) -> Content | None:
        return content_of_version(self.shown) if self.shown else None

    @property
    def milestones(self) -> list[MilestoneWords]:
        return self.content.milestones_by_day if self.content else []

    @property
    def done(self) -> int:
        """How many of the milestones are reached."""
        return sum(each.is_done for each in self.milestones)

    @cached_property
    def _activities(self) -> list[ShownActivity]:
        rows = list(self.enrolment.activities.select_related("form").order_by("created_at", "pk"))
        bookings, parts = bookings_of(rows), part_of(rows)
        return [ShownActivity(row, bookings.get(row.pk, []), parts.get(row.pk)) for row in rows]

    @property
    def going_on(self) -> list[ShownActivity]:
        return [each for each in self._activities if not each.row.is_settled]

    @property
    def settled(self) -> list[ShownActivity]:
        """Those that have ended or never began, the latest first."""
        settled = [each for each in self._activities if each.row.is_settled]
        return sorted(settled, key=lambda each: (each.row.settled_at is not None, each.row.settled_at), reverse=True)

    @cached_property
    def review(self) -> PlanReview | None:
        """The review that is to come."""
        return open_review(self.enrolment) if self.current else None

    @property
    def review_is_near(self) -> bool:
        return self.review is not None and self.review.due <= timezone.localdate() + SOON

    @cached_property
    def reviews_held(self) -> list[PlanReview]:
        return list(self.enrolment.plan_reviews.filter(held_on__isnull=False).order_by("-held_on", "-pk"))

    @cached_property
    def others(self) -> list[Enrolment]:
        """The other enrolments of the file that have a plan."""
        plans = PlanVersion.objects.filter(enrolment=OuterRef("pk"))
        keys = [each.pk for each in self.file.enrolments if each.pk != self.enrolment.pk]
        if not keys:
            return []
        with_plan = set(Enrolment.objects.filter(Exists(plans), pk__in=keys).values_list("pk", flat=True))
        return [each for each in self.file.enrolments if each.pk in with_plan]

    @cached_property
    def may_act(self) -> bool:
        """Whether the reader may say what becomes of milestones and activities, and close the plan."""
        return self.current is not None and can_write_plan(self.file.user, self.enrolment)

    @cached_property
    def may_write(self) -> bool:
        """Whether the reader may write a new version: as long as the enrolment is not closed."""
        return self.enrolment.end is None and can_write_plan(self.file.user, self.enrolment)

    def address(self, page: str, *args) -> str:
        return address_of(self.file, self.enrolment, page, *args)

    @property
    def part_address(self) -> str:
        return part_address(self.file, self.enrolment)

    def activity(self, key) -> ShownActivity | None:
        return next((each for each in self._activities if each.row.public_id == key), None)

    def milestone(self, key) -> MilestoneWords | None:
        """A milestone of the version that holds."""
        return next((each for each in self.milestones if each.key == str(key)), None) if self.current else None

    def version(self, number: int) -> PlanVersion | None:
        return next((each for each in self.versions if each.number == number), None)


def default_enrolment(file: ParticipantFile) -> Enrolment:
    """The enrolment whose plan the file shows: the one that is not closed, else the latest."""
    return next((each for each in file.enrolments if each.end is None), file.latest)


def case_of(file: ParticipantFile, params: Mapping[str, Any]) -> PlanCase | None:
    """The plan that an address is about: of the enrolment that began on the day `inskrivning`, else of the open or
    the latest one. None if no enrolment of the file began that day."""
    start = params.get("inskrivning", "")
    if not start:
        return PlanCase(file, default_enrolment(file))
    found = next((each for each in file.enrolments if each.start.isoformat() == start), None)
    return PlanCase(file, found) if found else None


def address_of(file: ParticipantFile, enrolment: Enrolment, page: str, *args) -> str:
    """The address of a page about the plan of an enrolment; no two of a participant begin on the same day."""
    return _narrowed(reverse(f"participants:{page}", args=[file.public_id, *args]), file, enrolment)


def part_address(file: ParticipantFile, enrolment: Enrolment) -> str:
    return _narrowed(reverse("participants:part", args=[file.public_id, SLUG]), file, enrolment)


def _narrowed(path: str, file: ParticipantFile, enrolment: Enrolment) -> str:
    if enrolment.pk == default_enrolment(file).pk:
        return path
    return f"{path}?inskrivning={enrolment.start.isoformat()}"


def wishes_of(enrolment: Enrolment) -> str:
    """What the participant wants to reach, as the latest completed mapping has it in words."""
    mapping = latest_mapping(enrolment)
    section = mapping.sections.filter(key=MappingSectionKey.GOALS).first() if mapping else None
    return section.answers.get("goal_words", "") if section else ""


def part_context(file: ParticipantFile, params) -> dict:
    """What the template of the plan's part needs (participants.providers.Part)."""
    case = case_of(file, params) or PlanCase(file, default_enrolment(file))
    return {"case": case, "saved": params.get("sparat", "")}
