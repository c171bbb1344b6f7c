"""What somebody who registers or enrols a person should think of: what to do about it is said beside it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.calendar import months_after
from participants.models import Participant
from participants.models.employment_service import EmploymentServiceFacts
from vocabulary.codes import Registration, TargetGroup

#: The municipal activity responsibility ends on the day when somebody turns this old (skollagen 29 kap. 9 §).
RESPONSIBILITY_ENDS_AT = 20
#: So many months before, somebody has to think of what comes after.
NOTICE_MONTHS = 3
DOUBLE, NOT_REGISTERED, TURNS_20 = "double", "not_registered", "turns_20"


@dataclass(frozen=True)
class Caution:
    """One thing to think of: `short` for a list, `title` and `advice` where there is room. `urgent`: now, and not
    only to be known."""

    key: str
    short: str
    title: str
    advice: str
    urgent: bool = True


def turns_20_on(participant: Participant) -> dt.date:
    """The day on which the activity responsibility ends; where only the year of birth is known, its last day."""
    born = participant.birth_date or dt.date(participant.birth_year, 12, 31)
    return months_after(born, 12 * RESPONSIBILITY_ENDS_AT)


def cautions(
    facts: EmploymentServiceFacts, participant: Participant | None, groups: Iterable[str], today: dt.date
) -> list[Caution]:
    """What to think of with a person of whom `facts` are known; `groups` are the target groups they belong to."""
    found = list(_at_the_service(facts))
    if participant and TargetGroup.ACTIVITY_RESPONSIBILITY in groups:
        found.append(_responsibility(turns_20_on(participant), today))
    return found


def _at_the_service(facts: EmploymentServiceFacts) -> Iterator[Caution]:
    if facts.service_form_id:
        yield Caution(
            key=DOUBLE,
            short=_("Has a measure at the employment service"),
            title=_("The employment service already arranges something: %(form)s") % {"form": facts.service_form},
            advice=_(
                "Agree with the employment service who does what before anything more begins, so that the person is "
                "not given the same twice."
            ),
        )
    if facts.service_registration == Registration.NOT_REGISTERED:
        yield Caution(
            key=NOT_REGISTERED,
            short=_("Not registered at the employment service"),
            title=_("The person is not registered at the employment service"),
            advice=_("Help with the registration, and write the day down when it is done."),
        )


def _responsibility(day: dt.date, today: dt.date) -> Caution:
    told = {"day": date_format(day)}
    advice = _(
        "The municipal activity responsibility ends that day. Decide what comes after, and change the target group."
    )
    if day <= today:
        return Caution(
            key=TURNS_20,
            short=_("Turned 20"),
            title=_("The person turned 20 on %(day)s") % told,
            advice=_(
                "The municipal activity responsibility has ended. Choose another target group, or close the "
                "enrolment."
            ),
        )
    urgent = day <= months_after(today, NOTICE_MONTHS)
    return Caution(
        key=TURNS_20,
        short=_("Turns 20 on %(day)s") % {"day": f"{day:%Y-%m-%d}"} if urgent else "",
        title=_("The person turns 20 on %(day)s") % told,
        advice=advice,
        urgent=urgent,
    )
