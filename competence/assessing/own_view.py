"""Keeping what the participant says of an assessment."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from competence.assessing.services import held
from competence.models import Assessment, ParticipantView
from participants.services.activity import enrolment_note_activity
from placements.changing import Overtaken


class CannotSay(Exception):
    """Why the participant's view cannot be kept, in a sentence for the user."""


@transaction.atomic
def own_view_save(*, assessment: Assessment, facts: Mapping[str, Any], seen: int, actor: User) -> ParticipantView:
    """Keep what the participant says of an assessment, also of a signed one: `levels`, `agrees`, `comment`,
    `said_on`. `seen` is the revision that was read, 0 for none. Raises CannotSay for a day to come or before the
    placement began, Overtaken when it says something else by now, OtherState when the assessment was thrown away."""
    current = held(assessment)
    if facts["said_on"] > timezone.localdate():
        raise CannotSay(_("The day has not come yet."))
    if facts["said_on"] < current.placement.start:
        raise CannotSay(_("The placement had not begun on that day."))
    view = ParticipantView.objects.filter(assessment=current).first()
    if view and all(getattr(view, name) == value for name, value in facts.items()):
        return view
    if view and view.revision != seen:
        raise Overtaken(view)
    view = view or ParticipantView(assessment=current, revision=0)
    for name, value in facts.items():
        setattr(view, name, value)
    view.revision += 1
    view.by, view.by_name, view.written_at = actor, actor.full_name, timezone.now()
    view.save()
    enrolment_note_activity(enrolment=current.placement.enrolment, day=view.said_on)
    return view
