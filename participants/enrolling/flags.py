"""What the list of participants and Min dag point out of the facts of an enrolment, and of what is planned in it."""

import datetime as dt

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.agreements.rules import agreement_lacks
from participants.calendar import MonthsAfter, months_after
from participants.cautions import NOTICE_MONTHS, RESPONSIBILITY_ENDS_AT
from participants.day.lists import DayList, DayRow, join_day_list
from participants.listing.providers import Flag, Moment, join_flag
from participants.models import Enrolment, JointReview, Participant
from participants.permissions import can_edit_person, can_run_case
from vocabulary.codes import Registration, TargetGroup

RESPONSIBILITY = TargetGroup.ACTIVITY_RESPONSIBILITY
_NO_DAY = Value(None, DateField())


class YearEnd(Func):
    """The last day of a year: as if born on it, where only the year is known (`Participant.age_on`)."""

    template = "make_date(%(expressions)s::int, 12, 31)"
    output_field = DateField()


def turning_20(path: str = "participant__") -> MonthsAfter:
    """Of an enrolment (or, without a path, a participant): the day on which the person turns 20, as
    `cautions.turns_20_on` has it."""
    born = Coalesce(f"{path}birth_date", YearEnd(f"{path}birth_year"))
    return MonthsAfter(born, 12 * RESPONSIBILITY_ENDS_AT)


def turns_20(today: dt.date) -> Q:
    """Under the activity responsibility, and 20 within some months or already."""
    group = Q(target_group=RESPONSIBILITY) | Q(other_groups__contains=[RESPONSIBILITY])
    soon = LessThanOrEqual(turning_20(""), Value(months_after(today, NOTICE_MONTHS), DateField()))
    # Asked of those in the group alone: the counts of the list need not join everybody's person for it.
    return group & Q(Exists(Participant.objects.filter(soon, pk=OuterRef("participant")).order_by()))


def not_registered() -> Q:
    return Q(service_registration=Registration.NOT_REGISTERED)


def join_flags() -> None:
    for flag in (
        Flag("no_agreement", gettext_lazy("No agreement with AF"), 40, lambda moment: agreement_lacks(moment.today)),
        Flag("turns_20", gettext_lazy("Turns 20"), 42, lambda moment: turns_20(moment.today)),
        Flag("not_registered", gettext_lazy("Not registered at AF"), 44, _not_registered),
        Flag("double_measure", gettext_lazy("Has a measure at AF"), 46, _double_measure),
    ):
        join_flag(flag)


def _not_registered(_moment: Moment) -> Q:
    return not_registered()


def _double_measure(_moment: Moment) -> Q:
    return Q(service_form__isnull=False)


# --- Min dag ------------------------------------------------------------------------------------------------------


def _plain(rows: QuerySet, **more) -> QuerySet:
    known = {"day_enrolment": F("pk"), "day_due": _NO_DAY, "day_reference": Value(""), "day_note": Value("")}
    return rows.annotate(**known | more)


def soon_20(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    return _plain(enrolments.filter(turns_20(today)), day_due=turning_20())


def without_agreement(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Enrolment]:
    return _plain(enrolments.filter(agreement_lacks(today)), day_since=F("start"))


def to_register(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Enrolment]:
    return _plain(enrolments.filter(not_registered()), day_since=F("start"))


def planned_reviews(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[JointReview]:
    """Those that are due within a week, or were."""
    rows = JointReview.objects.filter(enrolment__in=enrolments, held_on=None, called_off_on=None)
    due = rows.filter(due__lte=today + dt.timedelta(days=7))
    return _plain(due, day_enrolment=F("enrolment"), day_due=F("due"))


def _address(name: str):
    return lambda row: reverse(f"participants:{name}", args=[row.enrolment.participant.public_id])


def _told_20(row: DayRow) -> str:
    return _("Turns 20 on %(day)s: what comes after?") % {"day": date_format(row.due)}


def _told_agreement(_row: DayRow) -> str:
    return _("Comes preventively: nothing may begin before it is agreed")


def _told_register(_row: DayRow) -> str:
    return _("Help with the registration, and write down the day")


def join_day_lists() -> None:
    facts, run = can_edit_person, can_run_case
    for key, label, order, action, rows, page, told, may in (
        ("fyller-20", gettext_lazy("Turn 20 under the activity responsibility"), 24, gettext_lazy("Decide"),
         soon_20, "facts", _told_20, facts),
        ("utan-overenskommelse", gettext_lazy("No agreement with the employment service"), 26,
         gettext_lazy("Write it down"), without_agreement, "agreement_new", _told_agreement, run),
        ("inte-inskrivna-hos-af", gettext_lazy("Not registered at the employment service"), 28,
         gettext_lazy("Write the day down"), to_register, "facts", _told_register, facts),
        ("gemensam-genomgang", gettext_lazy("Joint reviews"), 32, gettext_lazy("Tell what came of it"),
         planned_reviews, "joint_review", lambda row: "", run),
    ):  # fmt: skip
        join_day_list(
            DayList(
                key=key, label=label, order=order, action=action, rows=rows, address=_address(page), told=told,
                may_act=may,
            )
        )  # fmt: skip
