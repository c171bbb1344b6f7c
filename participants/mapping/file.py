"""What mappings add to a participant's file, the step line, Min dag and the list of participants."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import municipal
from participants.calendar import DaysAfter
from participants.day.lists import DayList, DayRow, join_day_list
from participants.file import CaseRows, ParticipantFile
from participants.listing.providers import Flag, Moment, join_flag
from participants.mapping.municipal import MAPPING_DAYS
from participants.mapping.permissions import can_read_health, can_write_mapping
from participants.mapping.told import completed, draft_of, is_old, told
from participants.models import Enrolment, Mapping
from participants.models.mapping import MappingSectionKey, MappingState
from participants.providers import Part, Step, StepState, TimelineEntry, join_parts, join_steps, join_timeline

SLUG = "kartlaggning"


# --- The part -----------------------------------------------------------------------------------------------------


def part_context(file: ParticipantFile, _params) -> dict:
    """The latest completed mapping in full, the draft that is being written, and the earlier ones."""
    done, draft = completed(file.enrolments), draft_of(file.enrolments)
    latest = done[0] if done else None
    open_case = next((each for each in file.enrolments if each.end is None), None)
    return {
        "mapping": latest,
        "sections": told(latest) if latest else [],
        "is_old": bool(latest) and is_old(latest, timezone.localdate()),
        "draft": draft,
        "earlier": done[1:],
        "may_write_mapping": bool(open_case) and can_write_mapping(file.user, open_case),
        "may_read_health": bool(latest) and has_health(latest) and can_read_health(file.user, latest.enrolment),
    }


def has_health(mapping: Mapping) -> bool:
    """Whether anything is written about health in it."""
    return mapping.sections.filter(key=MappingSectionKey.HEALTH).exclude(answers={}).exists()


# --- The timeline and the way -------------------------------------------------------------------------------------


MAPPINGS = CaseRows(lambda enrolments, _user: Mapping.objects.filter(enrolment__in=enrolments).order_by("number"))


def mapping_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """The mappings that have been completed."""
    for mapping in (each for each in file.rows(MAPPINGS) if each.state == MappingState.COMPLETED):
        yield TimelineEntry(
            date=mapping.completed_on,
            kind="mapping",
            title=_("The mapping was completed"),
            by=mapping.completed_by_name,
            link=reverse("mapping:read", args=[file.public_id, mapping.public_id]),
            order=4,
        )


def mapping_step(file: ParticipantFile) -> Step:
    """Done when it is completed; what to do next when it is missing, being written, or old."""
    rows = (each for each in file.rows(MAPPINGS) if each.enrolment_id == file.latest.pk)
    states = {mapping.state: mapping for mapping in rows}  # the latest of each state
    done, draft = states.get(MappingState.COMPLETED), states.get(MappingState.DRAFT)
    if draft:
        note, words = _("being written"), _("Complete the mapping that has been begun.")
        return Step(StepState.NOW, note, words)
    if done is None:
        return Step(StepState.TODO, _("not begun"), _("Map what the participant can and wants."))
    note = f"{done.completed_on:%Y-%m-%d}"
    words = _("The mapping is old: go through it again.") if is_old(done, timezone.localdate()) else ""
    return Step(StepState.DONE, note, words)


# --- Min dag and the list -----------------------------------------------------------------------------------------


def _without(days: int, today: dt.date) -> Q:
    """Enrolled for longer than `days`, without a completed mapping."""
    done = Mapping.objects.filter(enrolment=OuterRef("pk"), state=MappingState.COMPLETED)
    return Q(~Exists(done), start__lt=today - dt.timedelta(days=days))


def unmapped(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    """Those whose mapping should have been completed; the draft, where one has been begun."""
    days = municipal.value_of(MAPPING_DAYS.key)
    drafts = Mapping.objects.filter(enrolment=OuterRef("pk"), state=MappingState.DRAFT)
    return enrolments.filter(_without(days, today)).annotate(
        day_enrolment=F("pk"),
        day_due=Cast(DaysAfter(F("start"), days), DateField()),
        day_reference=Value("", output_field=CharField()),
        day_note=Coalesce(drafts.values("state")[:1], Value("")),
    )


def unmapped_words(row: DayRow) -> str:
    return _("A draft has been begun") if row.note else _("Enrolled %(day)s") % {
        "day": date_format(row.enrolment.start)
    }  # fmt: skip


def mapping_address(row: DayRow) -> str:
    return reverse("participants:part", args=[row.enrolment.participant.public_id, SLUG])


def unmapped_flag(moment: Moment) -> Q:
    return _without(moment.settings[MAPPING_DAYS.key], moment.today)


def join() -> None:
    join_timeline(mapping_entries, kinds={"mapping": gettext_lazy("Mappings")}, rows=[MAPPINGS])
    join_steps("mapping", mapping_step)
    join_parts(
        Part(
            slug=SLUG,
            label=gettext_lazy("Mapping"),
            template="participants/mapping/part.html",
            order=10,
            context=part_context,
        )
    )
    join_day_list(
        DayList(
            key="kartlaggningar",
            label=gettext_lazy("Mappings to complete"),
            order=35,
            action=gettext_lazy("Map"),
            rows=unmapped,
            address=mapping_address,
            told=unmapped_words,
        )
    )
    join_flag(Flag(key="no_mapping", label=gettext_lazy("No mapping"), order=30, holds=unmapped_flag))
