"""What external credentials add to a participant's file: the part, and the day of what last happened."""

import datetime as dt

from django.db.models import Max

from competence.models import Credential
from competence.permissions import can_write_assessment
from participants.file import ParticipantFile, case_to_write_in
from participants.models import Enrolment
from participants.services.activity import join_activity


def part_context(file: ParticipantFile) -> dict:
    """Those that are kept and those that were taken away, with who may change them."""
    cases = {enrolment.pk: enrolment for enrolment in file.enrolments}
    rows = list(Credential.objects.filter(enrolment__in=cases))
    for each in rows:
        each.may_change = can_write_assessment(file.user, cases[each.enrolment_id])
    return {
        "credentials": [each for each in rows if each.removed_on is None],
        "removed_credentials": [each for each in rows if each.removed_on],
        "may_enter_credential": can_write_assessment(file.user, case_to_write_in(file)),
    }


def latest_activity(enrolment: Enrolment) -> dt.date | None:
    """The latest day on which a paper was seen."""
    return Credential.objects.filter(enrolment=enrolment).aggregate(day=Max("seen_on"))["day"]


def join() -> None:
    join_activity(latest_activity)
