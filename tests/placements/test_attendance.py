"""The one definition of attendance: the acceptance vectors, and what they leave open."""

from decimal import Decimal

import pytest

from placements.attendance import Attendance, attendance_of
from tests.register import cases
from vocabulary.codes import AttendanceStatus

CODES = {"valid": "absent_valid", "invalid": "absent_invalid", "unmarked": ""}


@pytest.mark.parametrize("vector", cases()["vectors"]["attendance"], ids=lambda vector: vector["name"])
def test_the_vectors_hold(vector):
    found = attendance_of((Decimal(hours), CODES.get(status, status)) for hours, status in vector["sessions"])
    told = {name: getattr(found, name) for name in ("planned", "present", "valid", "invalid", "unmarked")}
    expected = dict(vector["expect"])
    assert found.share == Decimal(str(expected.pop("attendance_share")))
    assert told == expected


@pytest.mark.parametrize(
    ("status", "share"),
    [
        (AttendanceStatus.EXTERNAL, "100.0"),  # another planned activity is attendance
        (AttendanceStatus.ABSENT_VALID, "50.0"),
        (AttendanceStatus.SICK_REPORTED, "50.0"),
        (AttendanceStatus.ABSENT_INVALID, "50.0"),
        (AttendanceStatus.CANCELLED_BY_UNIT, "100.0"),  # nobody's absence
        ("", "100.0"),  # nobody has said yet
    ],
)
def test_each_status_counts_as_it_should(status, share):
    found = attendance_of([(Decimal(3), AttendanceStatus.PRESENT), (Decimal(3), status)])
    assert found.share == Decimal(share)
    assert found.planned == 6


def test_where_nothing_is_marked_there_is_no_share():
    assert attendance_of([]) == Attendance()
    assert attendance_of([(Decimal(3), "")]).share is None
