"""A load whose worker is killed: real worker, real broker, a real register. It ends once and nothing is doubled."""

import datetime as dt

import pytest

from accounts.models import Role
from delivery.models import Job
from delivery.services.jobs import NewFile, job_enqueue
from delivery.states import JobState
from exchange.demo.register import write_demo_register
from exchange.jobs import STORE
from exchange.models import RegisterFile, RegisterKey
from participants.models import Enrolment, Participant
from placements.models import FollowUp, Placement
from tests.delivery.conftest import until
from tests.factories import UserFactory

pytestmark = pytest.mark.deep

PEOPLE = 4000


@pytest.fixture
def job(transactional_db, broker, tmp_path):
    """A register waiting to be stored."""
    folder = tmp_path / "register"
    folder.mkdir()
    write_demo_register(folder, participants=PEOPLE, seed=7, today=dt.date(2026, 3, 31), coaches={})
    files = [NewFile(name=path.name, media_type="text/csv", content=path.read_bytes()) for path in folder.iterdir()]
    params = {"source": "register"}
    return job_enqueue(kind=STORE, owner=UserFactory(role=Role.ADMINISTRATOR), params=params, files=files)


def stored() -> list[int]:
    models = (Participant, Enrolment, Placement, FollowUp)
    return [model.objects.count() for model in models] + [
        RegisterKey.objects.filter(file=RegisterFile.PARTICIPANTS).count(),
        Participant.pgh_event_model.objects.count(),
    ]


@pytest.mark.parametrize("far", [1, 40, 70])
def test_a_worker_killed_in_the_middle_of_a_load_stores_it_once(job, workers, far):
    first = workers.worker(wait=False)
    until(lambda: Job.objects.filter(pk=job.pk, state=JobState.RUNNING, progress__gte=far).exists(), seconds=120)
    workers.kill(first)
    assert stored() == [0] * 6
    workers.worker(wait=False, beat=True)
    until(lambda: Job.objects.get(pk=job.pk).is_finished, seconds=180)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.DONE, 2, "")
    created = {name: counts["created"] for name, counts in job.result["files"].items()}
    assert created["participants.csv"] == PEOPLE
    assert stored() == [
        PEOPLE,
        created["enrolments.csv"],
        created["placements.csv"],
        created["followups.csv"],
        PEOPLE,
        PEOPLE,
    ]
