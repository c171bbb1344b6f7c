"""The pauses in the timeline."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.case_rows import PAUSES
from participants.file import ParticipantFile
from participants.providers import TimelineEntry, join_timeline


def pause_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """That an enrolment began to rest, and that it went on again; what is planned is not told yet."""
    today = timezone.localdate()
    for pause in (each for each in file.rows(PAUSES) if each.start <= today):
        yield TimelineEntry(
            date=pause.start,
            kind="pause",
            title=_("The enrolment was paused: %(reason)s") % {"reason": pause.get_reason_display().lower()},
            text=pause.note,
            by=pause.by_name,
            quiet=not pause.note,
            order=0.2,
        )
        end = pause.enrolment.end
        resumed = pause.end and pause.end + dt.timedelta(days=1)
        if resumed and resumed <= today and (end is None or resumed <= end):
            yield TimelineEntry(
                date=resumed,
                kind="pause",
                title=_("The enrolment goes on again"),
                by=pause.ended_by_name,
                order=0.2,
            )


def join() -> None:
    join_timeline(pause_entries, kinds={"pause": gettext_lazy("Pauses")}, rows=[PAUSES])
