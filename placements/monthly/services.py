"""Making versions, and writing down to whom they were handed over."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import Unit, User
from participants.models import Enrolment
from placements.models import AttendanceHandover, AttendanceReport
from placements.models.attendance import ReportKind
from placements.monthly.content import basis_content, file_content
from placements.services.holding import case_held


class NotYet(Exception):
    """The month has not begun."""


@transaction.atomic
def basis_make(*, enrolment: Enrolment, month: dt.date, actor: User) -> AttendanceReport:
    """The basis of a case for the month that begins on `month`: a new version, or the latest one if nothing has
    changed since. Raises NotYet."""
    case_held(enrolment.pk)
    content = basis_content(enrolment, month, _today(month))
    rows = AttendanceReport.objects.filter(kind=ReportKind.BASIS, enrolment=enrolment, month=month)
    return _next(
        rows, content, kind=ReportKind.BASIS, enrolment=enrolment, unit=enrolment.unit, month=month, by=actor
    )


@transaction.atomic
def benefit_file_make(*, unit: Unit, month: dt.date, actor: User) -> AttendanceReport:
    """A unit's file for the benefit system for that month: a new version, or the latest one if nothing has changed
    since. Raises NotYet."""
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    content = file_content(unit, month, _today(month))
    rows = AttendanceReport.objects.filter(kind=ReportKind.BENEFIT_FILE, unit=unit, month=month)
    return _next(rows, content, kind=ReportKind.BENEFIT_FILE, enrolment=None, unit=unit, month=month, by=actor)


def _today(month: dt.date) -> dt.date:
    today = timezone.localdate()
    if month > today:
        raise NotYet
    return today


def _next(rows, content: dict, *, by: User, **facts) -> AttendanceReport:
    latest = rows.order_by("-version").first()
    if latest and latest.content == content:
        return latest
    version = latest.version + 1 if latest else 1
    return AttendanceReport.objects.create(
        version=version, content=content, made_by=by, made_by_name=by.full_name, **facts
    )


@transaction.atomic
def handover_write(
    *, report: AttendanceReport, recipient: str, sent_on: dt.date, how: str, actor: User
) -> AttendanceHandover:
    """Write down that a version was handed over. The same once more is the same handover."""
    AttendanceReport.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    facts = {"report": report, "recipient": recipient, "sent_on": sent_on, "how": how, "withdrawn_on": None}
    found = AttendanceHandover.objects.filter(**facts).first()
    return found or AttendanceHandover.objects.create(**facts, by=actor, by_name=actor.full_name)


@transaction.atomic
def handover_withdraw(*, handover: AttendanceHandover, why: str) -> None:
    """Say that what was handed over is not to be used, and why. Once withdrawn it stays so; the log keeps both."""
    current = AttendanceHandover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if current.withdrawn_on is None:
        current.withdrawn_on, current.why_withdrawn = timezone.localdate(), why
        current.save(update_fields=["withdrawn_on", "why_withdrawn"])
