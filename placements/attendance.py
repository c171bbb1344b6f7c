"""The one definition of attendance: what planned hours come to, from how each session was marked.

Unmarked is never absence: it stands beside the share, not in it. The share is for the coach and the participant to
look at; what follows from it for somebody's support is for the board alone to decide (domain: attendance).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from vocabulary.codes import AttendanceStatus

PRESENT = (AttendanceStatus.PRESENT, AttendanceStatus.EXTERNAL)
VALID = (AttendanceStatus.ABSENT_VALID, AttendanceStatus.SICK_CERTIFIED, AttendanceStatus.SICK_REPORTED)


@dataclass(frozen=True)
class Attendance:
    """Hours of planned sessions, by how they were marked: `planned` is all of them; present (another planned activity
    counts as that), valid and invalid absence, unmarked and cancelled add up to it."""

    planned: Decimal = Decimal(0)
    present: Decimal = Decimal(0)
    valid: Decimal = Decimal(0)
    invalid: Decimal = Decimal(0)
    unmarked: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        """Present hours of every hundred planned, without what is unmarked or cancelled; one decimal, half up. None
        when nothing is marked."""
        counted = self.planned - self.unmarked - self.cancelled
        if not counted:
            return None
        return (self.present * 100 / counted).quantize(Decimal("0.1"), ROUND_HALF_UP)


def attendance_of(sessions: Iterable[tuple[Decimal, str]]) -> Attendance:
    """What sessions come to, each as its planned hours and an AttendanceStatus (empty: unmarked)."""
    hours = dict.fromkeys(("present", "valid", "invalid", "unmarked", "cancelled"), Decimal(0))
    for planned, status in sessions:
        hours[_kind(status)] += planned
    return Attendance(planned=sum(hours.values(), Decimal(0)), **hours)


def _kind(status: str) -> str:
    if not status:
        return "unmarked"
    if status in PRESENT:
        return "present"
    if status in VALID:
        return "valid"
    return "cancelled" if status == AttendanceStatus.CANCELLED_BY_UNIT else "invalid"
