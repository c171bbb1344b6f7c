"""The agreements with the public employment service in the timeline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.case_rows import AGREEMENTS
from participants.file import ParticipantFile
from participants.providers import TimelineEntry, join_timeline


def agreement_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    for row in file.rows(AGREEMENTS):
        yield TimelineEntry(
            date=row.agreed_on,
            kind="agreement",
            title=_("Agreed with the employment service"),
            text=f"{row.activity}, {row.extent}" if row.extent else row.activity,
            by=row.by_name,
            link=reverse("participants:agreement_edit", args=[file.public_id, row.public_id]),
            quiet=False,
        )


def join() -> None:
    join_timeline(
        agreement_entries,
        kinds={"agreement": gettext_lazy("Agreements with the employment service")},
        rows=[AGREEMENTS],
    )
