"""The rows that a merge changes, each written down as it is done, and how they are taken back."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from participants.models import Merge, MergeStep


class Steps:
    """Does the changes of one merge, and writes each down in its order."""

    def __init__(self, merge: Merge):
        self.merge = merge

    def change(self, row: models.Model, **after: Any) -> None:
        """Change fields of a row, named as their columns are in Python (`participant_id`); nothing if they are so."""
        before = {name: getattr(row, name) for name in after}
        if before == after:
            return
        type(row)._base_manager.filter(pk=row.pk).update(**after)
        self._write(row, before=before, after=after)

    def make(self, row: models.Model) -> None:
        row.save(force_insert=True)
        self._write(row, made=True)

    def _write(self, row: models.Model, **what: Any) -> None:
        MergeStep.objects.create(merge=self.merge, model=type(row)._meta.label_lower, object_id=row.pk, **what)


def model_of(step: MergeStep) -> type[models.Model]:
    return apps.get_model(step.model)


def value_of(model: type[models.Model], name: str, stored: Any) -> Any:
    """A value of a step as Python has it."""
    field = next(each for each in model._meta.concrete_fields if name in (each.name, each.attname))
    return field.target_field.to_python(stored) if field.is_relation else field.to_python(stored)


def values_of(step: MergeStep, side: dict[str, Any]) -> dict[str, Any]:
    """`step.before` or `step.after` as Python has it."""
    return {name: value_of(model_of(step), name, stored) for name, stored in side.items()}


def rows_of(steps: Iterable[MergeStep]) -> dict[tuple[str, int], models.Model]:
    """The rows of the steps as they are now, by model and key, in one query a model; without what has been taken
    away since."""
    keys: dict[str, set[int]] = {}
    for step in steps:
        keys.setdefault(step.model, set()).add(step.object_id)
    found = {model: apps.get_model(model)._base_manager.in_bulk(pks) for model, pks in keys.items()}
    return {(model, key): row for model, rows in found.items() for key, row in rows.items()}
