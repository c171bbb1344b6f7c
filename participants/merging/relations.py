"""What points at a participant, in this app and on every floor above: asked of the models, and so never forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

import pghistory.models
from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from participants.models import Participant

#: What does not move with its participant, and why.
STAYING = {
    "participants.Participant.merged_into": "who went into the loser before is found by way of the loser",
    "participants.Merge.winner": "a merge tells of the two as they were; what waits is declined",
    "participants.Merge.loser": "a merge tells of the two as they were; what waits is declined",
}


@dataclass(frozen=True)
class Relation:
    """A foreign key to `Participant`."""

    model: type[models.Model]
    field: models.ForeignKey

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    def rows(self, participant_id: int) -> QuerySet:
        return self.model._base_manager.filter(**{self.field.attname: participant_id})

    def moving(self, *, winner_id: int, loser_id: int) -> QuerySet:
        """The loser's rows that the winner does not have already, such as the same user on both access lists."""
        rows = self.rows(loser_id)
        for constraint in self.model._meta.total_unique_constraints:
            rows = self._without_twins(rows, constraint.fields, Q(), winner_id)
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.fields and constraint.condition:
                rows = self._without_twins(rows, constraint.fields, constraint.condition, winner_id)
        return self._without_twins(rows, (self.field.name,), Q(), winner_id) if self.field.unique else rows

    def _without_twins(self, rows: QuerySet, fields, condition: Q, winner_id: int) -> QuerySet:
        if self.field.name not in fields:
            return rows
        same = {name: OuterRef(name) for name in fields if name != self.field.name}
        twins = self.rows(winner_id).filter(condition, **same)
        return rows.exclude(Exists(twins) & condition if condition else Exists(twins))


def all_relations() -> Iterator[Relation]:
    """Every foreign key to `Participant`, but those of histories: what was written stays as it was."""
    for found in Participant._meta.get_fields(include_hidden=True):
        if found.auto_created and not found.concrete and not issubclass(found.related_model, pghistory.models.Event):
            yield Relation(model=found.related_model, field=found.field)


def moving_relations() -> list[Relation]:
    """Those whose rows move with the participant: of the upper floors first, enrolments last, which is the order in
    which they are locked elsewhere (`participants.providers.Ending`)."""
    floors = [config.label for config in apps.get_app_configs()]
    moving = [each for each in all_relations() if each.label not in STAYING]
    return sorted(
        moving,
        key=lambda each: (
            each.model._meta.app_label == "participants",
            each.model._meta.model_name == "enrolment",
            floors.index(each.model._meta.app_label),
            each.label,
        ),
    )


def path_to_enrolment(model: type[models.Model]) -> str:
    """The field by which a row hangs on an enrolment too; empty if it does not. Such a row goes where that goes."""
    return next(
        (
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation
            and field.related_model
            and field.related_model._meta.label == "participants.Enrolment"
        ),
        "",
    )
