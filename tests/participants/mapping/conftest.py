"""A mapping of Åsa's that is being written, and ways to write in it and complete it."""

import datetime as dt

import pytest
from django.urls import reverse

from participants.mapping import services
from participants.models import Enrolment, Mapping, MappingSection
from tests.factories import days_ago


def page(enrolment, name, *more) -> str:
    return reverse(f"mapping:{name}", args=[enrolment.participant.public_id, *more])


def part(enrolment) -> str:
    return reverse("participants:part", args=[enrolment.participant.public_id, "kartlaggning"])


def answered(mapping: Mapping, key: str, answers: dict, actor) -> MappingSection:
    section = mapping.sections.get(key=key)
    return services.section_save(
        mapping=mapping, key=key, answers=answers, talked=True, actor=actor, seen=section.revision, window=None
    )


def completed_mapping(enrolment: Enrolment, actor, day: dt.date | None = None, **sections: dict) -> Mapping:
    """A completed mapping with the answers of its sections."""
    former = Mapping.objects.filter(enrolment=enrolment, state="completed").order_by("-number").first()
    mapping = services.mapping_begin(enrolment=enrolment, actor=actor, former=former)
    for key, answers in sections.items():
        if key == "halsa":
            services.health_open(mapping=mapping, why="Hitta arbete utan tunga lyft", actor=actor)
        answered(mapping, key, answers, actor)
    return services.mapping_complete(mapping=mapping, actor=actor, day=day or days_ago(1))


@pytest.fixture
def coach(client, cast):
    client.force_login(cast.coach)
    return client


@pytest.fixture
def draft(cast) -> Mapping:
    return services.mapping_begin(enrolment=cast.asa, actor=cast.coach)
