"""What happens to a report when several do something with it at the same time."""

import datetime as dt
import threading
import time
import uuid

import pytest
from django.db import connection, transaction

from accounts.models import Role
from delivery.kinds import JobRefused
from delivery.running import job_run
from reporting.figures.definition import Section
from reporting.models import Publication, Report
from reporting.periods import Period
from reporting.question import Question
from reporting.services.publishing import publication_prepare, publication_withdraw, run_prepare
from reporting.services.reports import SUMMARY, report_comment_save, report_freeze, report_start
from tests.factories import UserFactory

pytestmark = [pytest.mark.deep, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def head(transactional_db):
    return UserFactory(role=Role.MANAGER)


@pytest.fixture
def draft(head) -> Report:
    return report_start(
        actor=head,
        kind="quarterly",
        title="Kvartal",
        case_number="",
        question=Question(Period.parse("2026Q1"), dt.date(2026, 4, 30)),
        with_units=False,
        sections=Section.values,
    )


def at_the_same_time(work) -> threading.Thread:
    """Begin `work` on a connection of its own."""

    def do():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def wait_for_lock() -> None:
    """Wait until somebody else waits for what this transaction holds."""
    for _moment in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")


@pytest.mark.beside
def test_a_comment_that_is_being_saved_when_the_report_is_frozen_is_in_it(draft, head):
    with transaction.atomic():
        report_comment_save(
            report=draft, section=SUMMARY, text="Sent inskrivet.", author=head, seen=0, window=uuid.uuid4()
        )
        freezing = at_the_same_time(lambda: report_freeze(report=draft, actor=head, seen=draft.revision))
        wait_for_lock()
    freezing.join()
    draft.refresh_from_db()
    assert draft.frozen.content["comments"] == {SUMMARY: "Sent inskrivet."}


@pytest.mark.beside
def test_what_is_taken_back_while_it_is_prepared_again_does_not_come_back(draft, head):
    report = report_freeze(report=draft, actor=head, seen=draft.revision)
    publication = publication_prepare(report=report, actor=head)
    job_run(job_id=publication.job_id)
    with transaction.atomic():
        publication_withdraw(publication=publication)
        preparing = at_the_same_time(lambda: publication_prepare(report=report, actor=head))
        wait_for_lock()
    preparing.join()
    assert Publication.objects.get().public_id != publication.public_id


@pytest.mark.beside
def test_what_is_being_worked_out_can_be_taken_back_without_waiting(draft, head):
    report = report_freeze(report=draft, actor=head, seen=draft.revision)
    publication = publication_prepare(report=report, actor=head)

    def take_back(_percent, _text):
        taking_back = at_the_same_time(lambda: publication_withdraw(publication=publication))
        taking_back.join(timeout=10)
        assert not taking_back.is_alive()

    with pytest.raises(JobRefused, match="tillbakatagen"), transaction.atomic():
        run_prepare(publication.job, take_back)
    assert not Publication.objects.exists()
