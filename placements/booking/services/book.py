"""Booking a placement for an activity of the plan, with a seat in a place if it is one of the place bank."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from participants.agreements.rules import AgreementMissing, agreement_check
from participants.models import Activity, Enrolment
from placements.booking import rules
from placements.booking.rules import Refused
from placements.booking.services.locking import enrolment_held, workplace_held
from placements.booking.together import check_together
from placements.models import AddedValue, GradeTerm, Place, Placement, Supervisor, Workplace
from placements.models.placement import EMPLOYMENTS, ValueFor
from placements.providers import placement_changed
from placements.services.schedules import Hours, schedule_write
from placements.services.seats import free_seat, place_locked


@dataclass(frozen=True)
class Booked:
    """What is booked: where and when, as what, what for, and on what terms. A grade, an agreement and who pays belong
    to employments; `expected` says by `ValueFor` what value it is to add."""

    workplace: Workplace
    start: dt.date
    end: dt.date | None
    form: str
    purpose: str
    expected_outcome: str
    need: str
    place: Place | None = None
    supervisor: Supervisor | None = None
    grade: Decimal | None = None
    collective_agreement: str = ""
    funding: str = ""
    expected: Mapping[str, str] = field(default_factory=dict)
    hours: Iterable[Hours] = ()
    on_holidays: bool = False


@transaction.atomic
def placement_book(*, activity: Activity, booked: Booked, token: uuid.UUID) -> Placement:
    """Book a placement for a decided activity of the plan. Of a place it takes the first free seat.

    `token` belongs to the form and becomes the public id, so that a form which is sent twice books one. Raises
    Refused, with the sentence that says what to do.
    """
    place = place_locked(booked.place) if booked.place else None
    supervisor = _supervisor_held(booked.supervisor)
    enrolment = enrolment_held(activity.enrolment_id)
    if known := Placement.every.filter(public_id=token).first():
        return known
    activity = Activity.objects.select_related("form").get(pk=activity.pk)
    _check(enrolment, activity, booked, place)
    if supervisor:
        rules.check_supervisor(supervisor, booked.workplace.pk)
    seat = None
    if place:
        seat = free_seat(place, booked.start, booked.end)
        if seat is None:
            raise rules.seat_refused(place)
    placement = Placement(
        public_id=token,
        enrolment=enrolment,
        activity=activity,
        place=place,
        seat=seat,
        workplace=booked.workplace,
        supervisor=supervisor,
        form=booked.form,
        start=booked.start,
        end=booked.end,
        need=booked.need,
        purpose=booked.purpose,
        expected_outcome=booked.expected_outcome,
        collective_agreement=booked.collective_agreement,
        funding=booked.funding,
    )
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError as refused:  # who does not take the lock (a load, another program) was quicker
        if "placement_one_in_a_seat" not in str(refused):
            raise
        raise rules.seat_refused(place) from refused
    if booked.grade is not None:
        GradeTerm.objects.create(placement=placement, grade=booked.grade, valid_from=booked.start)
    AddedValue.objects.bulk_create(
        AddedValue(placement=placement, side=side, expected=booked.expected.get(side, "")) for side in ValueFor.values
    )
    hours = list(booked.hours)
    if hours:
        schedule_write(owner=placement, valid_from=booked.start, on_holidays=booked.on_holidays, hours=hours)
    check_together(placement, since=booked.start)
    placement_changed(placement)
    return placement


def _supervisor_held(supervisor: Supervisor | None) -> Supervisor | None:
    """The row as it is now: whoever takes leave or moves waits until the placement is there, or was quicker."""
    rows = Supervisor.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=supervisor.pk) if supervisor else None


def _check(enrolment: Enrolment, activity: Activity, booked: Booked, place: Place | None) -> None:
    rules.check_open(enrolment)
    rules.check_activity(activity)
    rules.check_purpose(booked.purpose, booked.expected_outcome)
    rules.check_days(enrolment, booked.start, booked.end)
    rules.check_form(activity, booked.form, booked.workplace, booked.start)
    try:
        agreement_check(enrolment, booked.start)
    except AgreementMissing as lacks:
        raise Refused(str(lacks)) from lacks
    rules.check_workplace(workplace_held(booked.workplace.pk), booked.start, booked.end)
    if place:
        if place.workplace_id != booked.workplace.pk:
            raise Refused(_("The place belongs to another workplace now. Choose it again."))
        rules.check_place(place, booked.start, booked.end)
    if booked.form in EMPLOYMENTS and booked.grade is None:
        raise Refused(_("Write what part of full time the employment is."), "grade")
