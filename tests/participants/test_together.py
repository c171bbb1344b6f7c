"""What is read together is what would be read alone: every column of every row, in the same order."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from exchange.management.commands import make_demo
from participants import providers
from participants.file import file_for
from participants.models import AttachmentContent, Enrolment, JournalEntry, JournalMove
from participants.together import read_together
from placements.models import FollowUp, FollowUpAnswer, Placement
from tests.factories import (
    CertificateFactory,
    EnrolmentFactory,
    FollowUpFactory,
    JournalEntryFactory,
    PlacementFactory,
    UserFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


def told(row, from_row=None) -> dict:
    """Everything that an instance holds: its columns, what was annotated, and what was selected with it."""
    held = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    related = {name: each for name, each in row._state.fields_cache.items() if each is not from_row or each is None}
    kept = {name: each and told(each, row) for name, each in related.items()}
    return held | {f"with {name}": value for name, value in kept.items()}


def test_columns_of_every_kind_come_as_they_are(cast, django_assert_num_queries):
    placement = PlacementFactory(enrolment=cast.asa, end=days_ago(5))
    answered, waiting = FollowUpFactory(placement=placement, filed=days_ago(6)), FollowUpFactory(placement=placement)
    FollowUpAnswer.objects.create(
        followup=answered, author=cast.coach, by_name="Lena “L” Holm\n", going="well", hours=Decimal("12.50"),
        period_start=days_ago(20), period_end=days_ago(6), no_show=False,
    )  # fmt: skip
    CertificateFactory(placement=placement)
    for number in range(3):
        JournalEntryFactory(enrolment=cast.asa, text=f"rad {number}", occurred_on=days_ago(number))
    other = EnrolmentFactory(
        participant=cast.person, unit=cast.norr, start=days_ago(400), end=days_ago(300), closure_reason="other"
    )
    entry = JournalEntry.objects.first()
    JournalMove.objects.create(
        entry=entry, moved_from=other, moved_to=cast.asa, why="Fel person", moved_by=cast.coach, moved_by_name="Alma"
    )
    asked = [
        FollowUp.objects.filter(enrolment=cast.asa).select_related("answer", "placement__workplace"),
        Placement.every.filter(enrolment=cast.asa).select_related("workplace__employer", "enrolment__coach"),
        JournalEntry.objects.filter(enrolment=cast.asa).order_by("-occurred_on"),
        JournalEntry.objects.filter(enrolment=cast.asa).order_by("occurred_on")[:2],
        JournalEntry.objects.order_by("enrolment_id", "-occurred_on").distinct("enrolment_id"),
        Enrolment.objects.filter(participant=cast.person).select_related("participant", "coach", "unit"),
        Enrolment.objects.none(),
        Enrolment.objects.filter(pk=0),
    ]
    alone = [[told(row) for row in rows] for rows in asked]
    with django_assert_num_queries(1):
        together = read_together(cast.asa, asked)
    assert [[told(row) for row in rows] for rows in together] == alone
    assert [len(rows) for rows in together] == [2, 1, 3, 2, 1, 2, 0, 0]
    read = {row.pk: row for row in together[0]}
    assert str(read[answered.pk].answer.hours) == "12.50"
    assert read[answered.pk].answer.followup is read[answered.pk]
    assert not hasattr(read[waiting.pk], "answer")
    assert isinstance(together[2][0].created_at, dt.datetime)
    assert not together[0][0]._state.adding


def test_what_is_prefetched_is_read_for_all_rows_at_once(cast, django_assert_num_queries):
    for number in range(4):
        entry = JournalEntryFactory(enrolment=cast.asa)
        entry.additions.create(author=cast.coach, author_name="Alma Alm", text=f"tillägg {number}")
    rows = JournalEntry.objects.filter(enrolment=cast.asa).prefetch_related("additions")
    with django_assert_num_queries(2):
        (found,) = read_together(cast.asa, [rows])
        assert [len(each.additions.all()) for each in found] == [1] * 4


def test_bytes_are_refused(cast):
    with pytest.raises(ValueError, match="cannot be read together"):
        read_together(cast.asa, [AttachmentContent.objects.all()])


@pytest.mark.beside
@pytest.mark.deep
def test_every_kind_of_the_file_is_told_the_same_in_the_demo(monkeypatch):
    monkeypatch.setattr(make_demo, "demo_reports_create", lambda: None)  # no part of any file
    call_command("make_demo", participants=60)
    head = UserFactory()
    head.memberships.create(role="manager", unit=None)
    found, today = set(), timezone.localdate()
    people = (
        Enrolment.objects.visible_to(head).filter(start__lte=today).values_list("participant__public_id", flat=True)
    )
    for public_id in set(people):
        file = file_for(head, public_id)
        kinds = list(dict.fromkeys(providers._rows))
        alone = [[told(row) for row in kind.of(file.enrolments, head)] for kind in kinds]
        together = read_together(file.latest, [kind.of(file.enrolments, head) for kind in kinds])
        assert [[told(row) for row in rows] for rows in together] == alone
        found |= {number for number, rows in enumerate(alone) if rows}
    assert len(found) > len(kinds) / 2  # the demo has rows of most kinds
