"""Holding a member while it is changed, and finding out that somebody was quicker."""

from django.utils.translation import gettext as _

from participants.models import Enrolment
from placements.booking.rules import Refused
from placements.changing import Overtaken
from placements.services.holding import case_held
from tracks.models import Member, MemberState


def member_held(member: Member) -> Member:
    """The row as it is now, held; whoever changes something of the case has held that before."""
    rows = Member.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("round__version__track", "enters_at", "enrolment__participant").get(pk=member.pk)


def in_case(member: Member) -> Member:
    """The row as it is now, held, and its case before it. Raises Refused when that is closed."""
    check_open(case_held(member.enrolment_id))
    return member_held(member)


def check_open(enrolment: Enrolment) -> None:
    if enrolment.is_closed:
        raise Refused(_("The enrolment is closed, so nothing is changed on its job track."))


def check_seen(member: Member, seen: int) -> None:
    """Raises Overtaken when the page showed another revision. Asked after the question whether there is anything to
    change at all: the same form sent twice is no conflict."""
    if member.revision != seen:
        raise Overtaken(member)


def check_may_become(member: Member, state: MemberState) -> None:
    if not member.may_become(state):
        words = _("The participant is: %(now)s. That cannot be done from there.")
        raise Refused(words % {"now": member.get_state_display().lower()})


def saved(member: Member, *names: str) -> Member:
    """Store what was changed, and count it."""
    member.revision += 1
    member.save(update_fields=[*names, "revision"])
    return member
