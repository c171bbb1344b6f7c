"""What placements add to Min dag: follow-ups that are due, those whose supervisor has been reminded in vain or never
got the mail, and answers that nobody has read."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from delivery.models import Mail
from delivery.states import MAIL_TROUBLE
from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from placements.models import FollowUp, FollowUpAnswer, FollowUpLink, FollowUpReminder
from placements.models.answer import Going
from placements.models.followup import ReminderStep
from placements.permissions import can_follow_up
from placements.services.links import KIND
from vocabulary.codes import FollowUpKind

#: A follow-up is worth preparing so many days before it is due.
SOON_DAYS = 7
#: Of an employment that goes on when the enrolment does not, there may be follow-ups for so long after the closure;
#: any that is late by more than that time is not done any more.
AFTER_CLOSURE_DAYS, FORGOTTEN_DAYS = 365, 90


def due_followups(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    """Of placements: late, or due within a week; after the closure those that are to be filed all the same. Those
    whose supervisor has been reminded in vain, or never got the mail, stand in lists of their own."""
    rows = _to_file(enrolments, today).exclude(_reminded_in_vain()).exclude(_undelivered(today))
    return rows.annotate(day_note=Concat("kind", Value(" "), "placement__workplace__name"))


def unanswered_followups(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    """Late ones that the supervisor has been asked by a link, and for which the day of the last reminder has come."""
    return _with_whom(_to_file(enrolments, today).filter(_reminded_in_vain()).exclude(_undelivered(today)))


def undelivered_followups(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    """Open ones, due soon or not, whose supervisor the latest mail with the link did not reach, or perhaps not."""
    return _with_whom(_open(enrolments, today).filter(_undelivered(today)))


def _with_whom(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    who = Concat("placement__supervisor__name", Value(" "), "placement__supervisor__phone")
    return rows.annotate(day_note=Concat(who, Value(" · "), "placement__workplace__name"))


def _undelivered(today: dt.date) -> Q:
    """Once the address is right or another supervisor is chosen there is another link, with a mail of its own."""
    mails = Mail.objects.filter(kind=KIND, reference=OuterRef("public_id"))
    later = Mail.objects.filter(kind=KIND, reference=OuterRef("reference"), pk__gt=OuterRef("pk"))
    links = FollowUpLink.objects.filter(followup=OuterRef("pk"), withdrawn_at=None, valid_until__gte=today)
    return Q(Exists(links.filter(Exists(mails.filter(~Exists(later), state__in=MAIL_TROUBLE)))))


def _reminded_in_vain() -> Q:
    last = FollowUpReminder.objects.filter(followup=OuterRef("pk"), step=ReminderStep.AFTER_10)
    return Q(Exists(last), Exists(FollowUpLink.objects.filter(followup=OuterRef("pk"))))


def _to_file(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    return _open(enrolments, today).filter(due__lte=today + dt.timedelta(days=SOON_DAYS))


def _open(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[FollowUp]:
    rows = FollowUp.objects.filter(
        Q(enrolment__end=None) | Q(enrolment__end__gte=today) | Q(due__gte=today - dt.timedelta(days=FORGOTTEN_DAYS)),
        enrolment__in=enrolments,
        placement__isnull=False,
        filed=None,
        withdrawn_on=None,
    )
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=F("due"),
        day_reference=F("public_id"),
    )


def followup_address(row: DayRow) -> str:
    return reverse("placements:followup", args=[row.enrolment.participant.public_id, row.reference])


def followup_words(row: DayRow) -> str:
    kind, _blank, where = row.note.partition(" ")
    return f"{FollowUpKind(kind).label} · {where}"


def unread_answers(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[FollowUpAnswer]:
    """What supervisors have answered and nobody has read. `today` plays no part: an answer waits until it is read."""
    rows = FollowUpAnswer.objects.filter(followup__enrolment__in=enrolments, read_at=None)
    return rows.annotate(
        day_enrolment=F("followup__enrolment"),
        day_due=Value(None),
        day_since=TruncDate("filed_at"),
        day_reference=F("followup__public_id"),
        day_note=Concat("going", Value(" "), "by_name"),
    )


def answer_words(row: DayRow) -> str:
    going, _blank, name = row.note.partition(" ")
    said = Going(going).label if going else _("The participant never came")
    return f"{said} · {name}"


def join() -> None:
    join_day_list(
        DayList(
            key="uppfoljningar",
            label=gettext_lazy("Follow-ups that are late or due"),
            order=10,
            action=gettext_lazy("Follow up"),
            rows=due_followups,
            address=followup_address,
            told=followup_words,
            closed=AFTER_CLOSURE_DAYS,
            may_act=can_follow_up,
        )
    )
    join_day_list(
        DayList(
            key="handledaren-har-inte-svarat",
            label=gettext_lazy("The supervisor has not answered"),
            order=11,
            action=gettext_lazy("Get in touch"),
            rows=unanswered_followups,
            address=followup_address,
            closed=AFTER_CLOSURE_DAYS,
            may_act=can_follow_up,
        )
    )
    join_day_list(
        DayList(
            key="lanken-kom-inte-fram",
            label=gettext_lazy("The link did not reach the supervisor"),
            order=11,
            action=pgettext_lazy("an address", "Look it over"),
            rows=undelivered_followups,
            address=followup_address,
            closed=AFTER_CLOSURE_DAYS,
            may_act=can_follow_up,
        )
    )
    join_day_list(
        DayList(
            key="svar-fran-handledare",
            label=gettext_lazy("Answers from supervisors to read"),
            order=12,
            action=pgettext_lazy("verb", "Read"),
            rows=unread_answers,
            address=followup_address,
            told=answer_words,
            closed=AFTER_CLOSURE_DAYS,
            may_act=can_follow_up,
        )
    )
