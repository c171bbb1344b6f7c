"""Two who write the same draft at the same moment: nothing is lost, and nothing is written into what is published."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection

from placements.changing import Overtaken
from tests.tracks.designing.conftest import draft_of
from tracks.designing.facts import step_facts
from tracks.designing.services import NotADraft, draft_publish, step_add
from tracks.models import TrackVersion

pytestmark = [pytest.mark.deep, pytest.mark.beside, pytest.mark.django_db(transaction=True)]


def side_by_side(*acts) -> list[str]:
    """What came of the acts, all begun at once: "done", or the name of what was raised."""
    outcomes, gate = [], threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            act()
            outcomes.append("done")
        except (NotADraft, Overtaken) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


def test_steps_that_are_added_at_once_stand_after_each_other(cast):
    draft = draft_of()
    facts = step_facts(draft.steps.first())
    adds = [partial(step_add, version=draft, facts=facts, token=uuid.uuid4().hex[:8]) for _each in range(4)]
    assert side_by_side(*adds) == ["done"] * 4
    assert list(draft.steps.values_list("position", flat=True)) == list(range(1, 10))


def test_a_step_is_added_before_a_version_is_published_or_not_at_all(cast):
    draft = draft_of()
    facts = step_facts(draft.steps.first())
    came = side_by_side(
        lambda: draft_publish(version=draft, seen=draft.revision, actor=cast.manager),
        lambda: step_add(version=draft, facts=facts, token="abcd1234"),
    )
    published = TrackVersion.objects.get(pk=draft.pk).is_published
    assert came == (["NotADraft", "done"] if published else ["Overtaken", "done"])
    assert draft.steps.count() == (5 if published else 6)
