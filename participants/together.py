"""Many short lists of rows, read in one query: a page that tells a whole case asks twenty tables for a row or two.

Each list is a sub-query of its own, with its filter and its order, and comes as an array of rows beside the others.
The rows become the models' own instances, as if each queryset had been asked alone.
"""

import json
from collections.abc import Sequence
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression, F, Func, JSONField, Model, QuerySet, TextField, prefetch_related_objects
from django.db.models.functions import Cast

from participants.models import Enrolment

#: What JSON cannot say as it is.
REFUSED = frozenset({"BinaryField", "DurationField", "DateRangeField", "FloatField"})


def read_together(enrolment: Enrolment, querysets: Sequence[QuerySet]) -> list[list[Model]]:
    """The rows of each queryset, in their order, with one query (`enrolment` is only the row they stand beside).

    What a queryset selects with its rows (`select_related` of named relations, `annotate`) comes with them; what it
    prefetches is read afterwards, by a query each as ever. ValueError for a model with a column that JSON cannot
    tell: bytes, durations, intervals of days, floats.
    """
    shapes = [_Shape(rows.model, rows.query.select_related or {}) for rows in querysets]
    arrays = [
        ArraySubquery(rows.annotate(together=_row(rows, shape)).values("together"))
        for rows, shape in zip(querysets, shapes, strict=True)
    ]
    found = Enrolment.objects.filter(pk=enrolment.pk).order_by().values_list(*arrays).get()
    return [
        _finished(rows, [_instance(rows, shape, value) for value in values or ()])  # None: nothing was asked
        for rows, shape, values in zip(querysets, shapes, found, strict=True)
    ]


class _WholeRow(Func):
    """The whole row of the table that a column stands in, as a JSON object by the columns' names; null if an outer
    join found none."""

    output_field = JSONField()

    def as_sql(self, compiler, _connection, **_context):
        (column,) = self.source_expressions
        return f"to_jsonb({compiler.quote_name_unless_alias(column.alias)})", []


class _Shape:
    """A model's columns, and the shapes of what is selected with it."""

    def __init__(self, model: type[Model], related: dict[str, dict]):
        self.model = model
        self.fields = model._meta.concrete_fields
        self.names = [field.attname for field in self.fields]
        if any(field.get_internal_type() in REFUSED for field in self.fields):
            raise ValueError(f"{model} cannot be read together with others.")
        self.related = []
        for name, further in related.items():
            relation = model._meta.get_field(name)
            self.related.append((relation, name, _Shape(relation.related_model, further)))

    def rows(self, prefix: str = "") -> list[Expression]:
        """The row, and the rows selected with it, and with those, in the order in which `instance` takes them."""
        # A column that only this table has: of a key the other table's foreign key would be taken, without a join.
        own = next(field for field in self.fields if not field.primary_key)
        found = [_WholeRow(F(prefix + own.attname))]
        for _relation, name, shape in self.related:
            found += shape.rows(f"{prefix}{name}__")
        return found

    def instance(self, told: list) -> Model | None:
        """The instance of the first of the rows, which is taken off the list with those that belong to it; None for
        one that was selected with another and is not there."""
        columns = told.pop(0)
        others = [(relation, shape.instance(told)) for relation, _name, shape in self.related]
        if columns is None:
            return None
        values = [_value(field, columns[field.column]) for field in self.fields]
        instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)
        for relation, other in others:
            relation.set_cached_value(instance, other)
            if other is not None and relation.one_to_one:
                relation.remote_field.set_cached_value(other, instance)
        return instance


def _row(rows: QuerySet, shape: _Shape) -> Expression:
    """One JSON array as text, so that it is read once, here."""
    told = Func(
        *shape.rows(),
        *(F(name) for name in rows.query.annotation_select),
        function="jsonb_build_array",
        output_field=JSONField(),
    )
    return Cast(told, TextField())


def _value(field, told):
    """A column's value as Python knows it."""
    if told is None:
        return None
    if field.get_internal_type() == "JSONField":
        return _with_floats(told)
    return field.to_python(told)


def _with_floats(told):
    """Numbers are read as decimals, for the columns that are; within JSON they are what JSON makes of them."""
    if isinstance(told, Decimal):
        return float(told)
    if isinstance(told, dict):
        return {key: _with_floats(each) for key, each in told.items()}
    return [_with_floats(each) for each in told] if isinstance(told, list) else told


def _instance(rows: QuerySet, shape: _Shape, value: str) -> Model:
    told = json.loads(value, parse_float=Decimal)
    instance = shape.instance(told)  # what is left of the list was annotated
    for (name, annotation), each in zip(rows.query.annotation_select.items(), told, strict=True):
        setattr(instance, name, _value(annotation.output_field, each))
    return instance


def _finished(rows: QuerySet, instances: list[Model]) -> list[Model]:
    if instances and rows._prefetch_related_lookups:
        prefetch_related_objects(instances, *rows._prefetch_related_lookups)
    return instances
