"""The joint reviews in the timeline: planned, held, called off."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.case_rows import JOINT_REVIEWS
from participants.file import ParticipantFile
from participants.providers import TimelineEntry, join_timeline


def review_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    for row in file.rows(JOINT_REVIEWS):
        yield TimelineEntry(
            date=timezone.localdate(row.at),
            kind="joint_review",
            title=_("Joint review planned for %(day)s") % {"day": f"{row.due:%Y-%m-%d}"},
            by=row.by_name,
        )
        if not row.is_planned:
            yield TimelineEntry(
                date=row.held_on or row.called_off_on,
                kind="joint_review",
                title=_("Joint review") if row.held_on else _("The joint review was called off"),
                text=row.outcome,
                by=row.ended_by_name,
                quiet=False,
            )


def join() -> None:
    join_timeline(review_entries, kinds={"joint_review": gettext_lazy("Joint reviews")}, rows=[JOINT_REVIEWS])
