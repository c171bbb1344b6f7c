"""What was done with a referral and what its facts were before."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from participants.models import Enrolment, Referral, ReferralStep
from participants.person.past import MOST_CHANGES, PastChange, told
from participants.referrals.forms import FACTS
from vocabulary.codes import ReferralState


@dataclass(frozen=True)
class Told:
    """One thing that happened with a referral, in words: why, and why out of order."""

    day: dt.date
    title: str
    by: str = ""
    text: str = ""
    out_of_order: str = ""
    quiet: bool = False


def steps_of(referral: Referral, enrolled: Enrolment | None = None) -> list[Told]:
    """The referral's way, the latest first."""
    way = [Told(referral.received, _("Received from: %(source)s") % {"source": referral.get_source_display()})]
    steps = list(referral.steps.all())
    way += [told_step(step) for step in steps]
    if not steps and referral.decision != ReferralState.RECEIVED and not referral.is_waiting:
        title = _("%(state)s. It came decided with the register.") % {"state": referral.get_decision_display()}
        way.append(Told(referral.decided_on or referral.received, title, quiet=True))
    if enrolled:
        way.append(Told(enrolled.start, _("Enrolled")))
    return way[::-1]


def told_step(step: ReferralStep) -> Told:
    words = {
        ReferralState.RECEIVED: _("Back in the queue"),
        ReferralState.ASSESSING: _("Assessment began"),
        ReferralState.ACCEPTED: _("Accepted"),
        ReferralState.RETURNED: _("Returned"),
        ReferralState.DECLINED: _("Declined"),
        ReferralState.WITHDRAWN: _("Withdrawn by the one who referred"),
    }
    back = {
        ReferralState.RECEIVED: _("Undone: the referral is in the queue again"),
        ReferralState.ASSESSING: _("Undone: the referral is being assessed again"),
        ReferralState.ACCEPTED: _("Undone: the referral is accepted again"),
    }
    title = (back if step.taken_back else words)[ReferralState(step.state)]
    return Told(step.day, title, by=step.by_name, text=step.reason, out_of_order=step.out_of_order)


def changes_of(referral: Referral) -> list[PastChange]:
    """The changes of the facts, the latest first. A referral is one unit's, so whoever sees it may see by whom."""
    events = Referral.pgh_event_model.objects.filter(pgh_obj_id=referral.pk).order_by("-pgh_id")
    fields = {name: Referral._meta.get_field(name) for name in FACTS}
    columns = {name: field.attname for name, field in fields.items()}
    rows = list(events.values("pgh_created_at", "pgh_context", *columns.values())[:MOST_CHANGES])
    return [
        PastChange(
            at=after["pgh_created_at"],
            by=(after["pgh_context"] or {}).get("name", ""),
            label=fields[name].verbose_name,
            before=told(Referral, name, before[column]),
            after=told(Referral, name, after[column]),
        )
        for after, before in pairwise(rows)
        for name, column in columns.items()
        if before[column] != after[column]
    ]
