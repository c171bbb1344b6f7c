"""Rounds under fire: two who press at once, on real connections; a worker that is killed in the middle."""

import threading

import pytest
from django.db import connections

from competence.batches import services
from competence.batches.services import CannotStart, candidates, round_start, seen_of_ready
from competence.certifying.services import CannotIssue, DraftChanged, certificate_issue
from competence.models import Certificate, CertificateDraft, CertificateVersion, IssueBatch, IssueBatchItem
from delivery.models import Document, Job
from delivery.states import JobState
from tests.competence.batches.test_round import PERIOD, start
from tests.competence.certificates import drafted, ended_placement, work
from tests.delivery.conftest import broker, until, workers
from tests.factories import EnrolmentFactory

__all__ = ["broker", "workers"]

PEOPLE = 40


@pytest.fixture
def ready(transactional_db, cast):
    """Drafts of `PEOPLE` that can be issued."""

    def of(number: int):
        for _each in range(number):
            drafted(ended_placement(EnrolmentFactory(unit=cast.centrum, coach=cast.coach)), cast.coach)

    return of


def at_once(*acts) -> list:
    """Do the acts at the same moment, on connections of their own; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def act(number, what):
        try:
            barrier.wait()
            results[number] = what()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number, what)) for number, what in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def numbers() -> list[int]:
    return sorted(int(number.rpartition("-")[2]) for number in Document.objects.values_list("number", flat=True))


def everything_once(people: int) -> None:
    """One certificate each, one document each, numbers from 1 without gaps."""
    assert Certificate.objects.count() == CertificateVersion.objects.count() == people
    assert numbers() == list(range(1, people + 1))
    assert not CertificateDraft.objects.exists()
    items = IssueBatchItem.objects.filter(state="issued")
    assert items.count() == people == items.values("placement").distinct().count()


def test_two_managers_who_press_at_once_start_one_round(ready, cast):
    ready(4)
    terms = {"unit": cast.centrum, **PERIOD}
    seen = seen_of_ready(candidates(cast.manager, **terms))
    users = (cast.manager, cast.head)
    results = at_once(*(lambda user=user: round_start(actor=user, seen=seen, **terms) for user in users))
    started = [each for each in results if isinstance(each, IssueBatch)]
    refused = [each for each in results if isinstance(each, CannotStart)]
    assert (len(started), len(refused)) == (1, 1), results
    assert refused[0].batch == started[0]
    assert IssueBatch.objects.count() == Job.objects.filter(kind=services.KIND).count() == 1
    work()
    everything_once(4)


@pytest.mark.deep
def test_a_coach_who_issues_by_hand_while_the_round_runs_doubles_nothing(ready, cast):
    ready(12)
    batch = start(cast.manager, cast.centrum)
    placements = [item.placement for item in batch.items.all()]

    def by_hand():
        done = 0
        for placement in reversed(placements):
            draft = CertificateDraft.objects.filter(placement=placement).first()
            try:
                certificate_issue(placement=placement, actor=cast.coach, seen=draft.revision if draft else 0)
                done += 1
            except (CannotIssue, DraftChanged):
                pass
        return done

    done, _worked = at_once(by_hand, work)
    assert Certificate.objects.count() == CertificateVersion.objects.count() == 12
    assert numbers() == list(range(1, 13))
    refused = batch.items.filter(state="refused")
    assert refused.count() == done
    assert batch.items.filter(state="issued").count() == 12 - done


@pytest.mark.deep
@pytest.mark.parametrize("after", [1, 11, 26])
def test_a_killed_worker_loses_and_doubles_nothing(ready, workers, cast, after):
    ready(PEOPLE)
    batch = start(cast.manager, cast.centrum)
    first = workers.worker(wait=False)
    until(lambda: batch.items.filter(state="issued").count() >= after, seconds=120)
    workers.kill(first)
    kept = batch.items.filter(state="issued").count()
    assert numbers() == list(range(1, kept + 1))
    workers.worker(wait=False, beat=True)
    until(lambda: Job.objects.get(kind=services.KIND).is_finished, seconds=180)
    job = Job.objects.get(kind=services.KIND)
    assert (job.state, job.result["issued"]) == (JobState.DONE, PEOPLE)
    everything_once(PEOPLE)
    until(lambda: not Document.objects.filter(made_at=None).exists(), seconds=180)
