"""The shipped tracks are there after migrate, refer to what exists, and are never written over."""

import pytest
from django.db import DatabaseError, transaction

from competence.models import Competence
from tracks.designing.lacking import lacking
from tracks.loading import tracks_load
from tracks.models import GateKind, Step, StepKind, Track, TrackVersion

pytestmark = pytest.mark.django_db


def test_the_shipped_tracks_are_there_and_refer_to_what_exists():
    assert Track.objects.count() == 6
    codes = set(Competence.objects.values_list("code", flat=True))
    for version in TrackVersion.objects.published():
        steps = list(version.steps.all())
        keys = [step.key for step in steps]
        for number, step in enumerate(steps):
            assert set(step.competences) <= codes
            assert step.kind in StepKind
            for gate in step.gates.all():
                assert gate.kind in GateKind
                if gate.kind == GateKind.PREVIOUS_STEP:
                    assert gate.asks["step"] in keys[:number], "a gate asks for a step before it"
                if gate.kind == GateKind.COMPETENCE:
                    assert gate.asks["code"] in codes
        assert lacking(version) == [], "what is shipped could be published on its page"


def test_what_is_there_is_never_written_over():
    track = Track.objects.get(code="koksbitrade")
    Track.objects.filter(pk=track.pk).update(name="Kök i vår kommun")
    assert tracks_load() == 0
    assert Track.objects.get(pk=track.pk).name == "Kök i vår kommun"
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Step.objects.filter(version__track=track).update(title="Något annat")
