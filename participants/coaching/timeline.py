"""The handovers of a case in the timeline: who took whom over, and what was said."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.file import CaseRows, ParticipantFile
from participants.models import Handover
from participants.providers import TimelineEntry, join_timeline

HANDOVERS = CaseRows(lambda enrolments, _user: Handover.objects.filter(enrolment__in=enrolments))


def handover_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    for row in file.rows(HANDOVERS):
        names = {"to": row.to_name, "from": row.from_name}
        if row.from_name:
            title = _("Handed over from %(from)s to %(to)s") % names
        else:
            title = _("%(to)s became job coach") % names
        yield TimelineEntry(
            date=timezone.localdate(row.at),
            kind="handover",
            title=title,
            text=row.note,
            by=row.by_name,
            quiet=not row.note,
            order=0.5,
        )


def join() -> None:
    join_timeline(handover_entries, kinds={"handover": gettext_lazy("Handovers")}, rows=[HANDOVERS])
