"""What job tracks add to Min dag: offers that wait for an answer, those who got no seat since the round ended, steps
that have taken their longest time, and those who can begin or move on."""

import datetime as dt

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from participants.day.lists import DayList, DayRow, join_day_list
from participants.models import Enrolment
from tracks.members.permissions import can_lead
from tracks.models import Member, MemberState, Passage, RoundState

#: An offer is to be answered within so many days; after that the row is late.
ANSWER_WITHIN = 7


def offers_to_answer(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Member]:
    """Seats that are offered and that nobody has answered. `today` plays no part: an offer waits until it is."""
    rows = Member.objects.filter(enrolment__in=enrolments, state=MemberState.OFFERED, answered_on=None)
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=F("offered_on"),
        day_reference=F("public_id"),
        day_note=Concat("round__version__track__name", Value(", "), "round__name"),
    )


def without_seat(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Member]:
    """Those whose round was closed or cancelled while they waited, until they are proposed for another one, or their
    coach has said that nothing follows."""
    going_on = (MemberState.WAITING, MemberState.OFFERED, MemberState.ON_TRACK)
    elsewhere = Member.objects.filter(enrolment=OuterRef("enrolment"), state__in=going_on)
    rows = Member.objects.filter(~Exists(elsewhere), enrolment__in=enrolments, state=MemberState.NO_SEAT)
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=Value(None),
        day_since=F("finished_on"),
        day_reference=F("public_id"),
        day_note=Concat("round__version__track__name", Value(", "), "round__name"),
    )


def overdue_steps(enrolments: QuerySet[Enrolment], today: dt.date) -> QuerySet[Passage]:
    """Steps on which somebody is whose longest time has passed."""
    over = ExpressionWrapper(F("start") + F("step__most_weeks") * 7 - 1, output_field=DateField())
    rows = Passage.objects.filter(
        member__enrolment__in=enrolments,
        member__state=MemberState.ON_TRACK,
        end=None,
        step__most_weeks__isnull=False,
    )
    return (
        rows.annotate(over=over)
        .filter(over__lt=today)
        .annotate(
            day_enrolment=F("member__enrolment"),
            day_due=F("over"),
            day_reference=F("member__public_id"),
            day_note=Concat("step__title", Value(" · "), "member__round__version__track__name"),
        )
    )


def can_begin(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Member]:
    """Those who want the seat that they were offered, in a round that has begun: the seat is held for them."""
    rows = Member.objects.filter(
        enrolment__in=enrolments,
        state=MemberState.OFFERED,
        answered_on__isnull=False,
        round__state=RoundState.RUNNING,
    )
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=Value(None),
        day_since=F("answered_on"),
        day_reference=F("public_id"),
        day_note=Concat("round__version__track__name", Value(", "), "round__name"),
    )


def can_move_on(enrolments: QuerySet[Enrolment], _today: dt.date) -> QuerySet[Member]:
    """Those of whom nothing is missing before the next step (`tracks.members.ready`)."""
    rows = Member.objects.filter(
        enrolment__in=enrolments, state=MemberState.ON_TRACK, ready_since__isnull=False, passages__end=None
    )
    return rows.annotate(
        day_enrolment=F("enrolment"),
        day_due=Value(None),
        day_since=F("ready_since"),
        day_reference=F("public_id"),
        day_note=Concat("passages__step__title", Value(" · "), "round__version__track__name"),
    )


def member_address(row: DayRow) -> str:
    return reverse("track_members:member", args=[row.enrolment.participant.public_id, row.reference])


def answer_address(row: DayRow) -> str:
    return reverse("track_members:answer", args=[row.enrolment.participant.public_id, row.reference])


def begin_address(row: DayRow) -> str:
    return reverse("track_members:start", args=[row.enrolment.participant.public_id, row.reference])


def move_address(row: DayRow) -> str:
    return reverse("track_members:move", args=[row.enrolment.participant.public_id, row.reference])


def join() -> None:
    join_day_list(
        DayList(
            key="erbjudna-platser-pa-jobbspar",
            label=gettext_lazy("Seats on job tracks that are offered"),
            order=24,
            action=gettext_lazy("Note the answer"),
            rows=offers_to_answer,
            address=answer_address,
            late_after=ANSWER_WITHIN,
            may_act=can_lead,
        )
    )
    join_day_list(
        DayList(
            key="utan-plats-pa-jobbspar",
            label=gettext_lazy("Got no seat on a job track, since the round ended"),
            order=25,
            action=gettext_lazy("Find another round"),
            rows=without_seat,
            address=member_address,
            may_act=can_lead,
        )
    )
    join_day_list(
        DayList(
            key="kan-borja-pa-jobbspar",
            label=gettext_lazy("Can begin on their job track"),
            order=45,
            action=pgettext_lazy("job track", "Let begin"),
            rows=can_begin,
            address=begin_address,
            may_act=can_lead,
        )
    )
    join_day_list(
        DayList(
            key="steg-som-tagit-sin-tid",
            label=gettext_lazy("Steps of job tracks past their longest time"),
            order=46,
            action=pgettext_lazy("an address", "Look it over"),
            rows=overdue_steps,
            address=member_address,
            may_act=can_lead,
        )
    )
    join_day_list(
        DayList(
            key="kan-ga-vidare-pa-jobbspar",
            label=gettext_lazy("Can move on on their job track"),
            order=47,
            action=gettext_lazy("Move on"),
            rows=can_move_on,
            address=move_address,
            may_act=can_lead,
        )
    )
