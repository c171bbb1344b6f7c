"""What the referrals add to a participant's timeline."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.case_rows import REFERRALS
from participants.file import ParticipantFile
from participants.providers import TimelineEntry, join_timeline
from participants.referrals.history import told_step


def referral_entries(file: ParticipantFile) -> Iterator[TimelineEntry]:
    """That the person was referred to a unit within the reader's scope, and what was done with it."""
    for referral in file.rows(REFERRALS):
        steps = list(referral.steps.all())
        yield TimelineEntry(
            date=referral.received,
            kind="referral",
            title=_("Referral from %(source)s") % {"source": referral.get_source_display()},
            text=referral.order if steps or referral.is_waiting else referral.get_decision_display(),
            link=referral.get_absolute_url(),
            order=-4,
        )
        for number, step in enumerate(steps):
            said = told_step(step)
            yield TimelineEntry(
                date=said.day,
                kind="referral",
                title=_("Referral: %(what)s") % {"what": said.title},
                text="\n".join(text for text in (said.text, said.out_of_order) if text),
                by=said.by,
                link=referral.get_absolute_url(),
                quiet=not (said.text or said.out_of_order),
                order=-3 + number / 100,
            )


def join() -> None:
    join_timeline(referral_entries, kinds={"referral": gettext_lazy("Referrals")}, rows=[REFERRALS])
