"""Migrations after the first release run while the version before still answers users (docs/operations.md).

So none may hold a table for long, and none may take away what that version uses. A migration that does one of these
things knowingly says so: `locks_knowingly = "why nobody is kept waiting"`, or `unused_since = "0.3.0"`, the version
since which no code uses what is removed.
"""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

REMOVALS = (migrations.RemoveField, migrations.DeleteModel)
RENAMES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)


def faults(migration, state: ProjectState) -> list[str]:
    """What this migration does to a running installation, one sentence each; `state` is the one before it."""
    found = []
    made = {each.name_lower for each in migration.operations if isinstance(each, migrations.CreateModel)}
    for operation in migration.operations:
        table = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
        if table not in made and (fault := _fault(operation, migration, state)):
            found.append(f"{migration.app_label}.{migration.name}: {operation.describe()}: {fault}")
        operation.state_forwards(migration.app_label, state)
    return found


def _fault(operation, migration, state) -> str:
    if isinstance(operation, RENAMES):
        return "the version before asks for the former name. Add, copy, and remove in a later version."
    if isinstance(operation, REMOVALS):
        used = not getattr(migration, "unused_since", "")
        return "the version before may use it. Say unused_since when it does not." if used else ""
    if getattr(migration, "locks_knowingly", ""):
        return ""
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return "nobody can write meanwhile. Use AddIndexConcurrently."
    if isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        return "nobody can write while it is checked. Use AddConstraintNotValid, then ValidateConstraint."
    if isinstance(operation, migrations.AddField):
        return _of_new_field(operation.field)
    if isinstance(operation, migrations.AlterField) and _reaches_the_database(operation, migration, state):
        return "the table may be read or written anew while nobody can use it. Add another field, or say why not."
    return ""


def _of_new_field(field) -> str:
    if not field.many_to_many and not field.null and not field.has_db_default():
        return "the version before does not fill it. Give it null=True or a db_default."
    if field.db_index or field.unique:
        return "nobody can write while its index is made. Give it db_index=False, and use AddIndexConcurrently."
    return ""


def _reaches_the_database(operation, migration, state) -> bool:
    """Whether the change is more than words, choices or validators."""
    before = state.apps.get_model(migration.app_label, operation.model_name)._meta.get_field(operation.name)
    after = state.clone()
    operation.state_forwards(migration.app_label, after)
    now = after.apps.get_model(migration.app_label, operation.model_name)._meta.get_field(operation.name)
    return connection.schema_editor()._field_should_be_altered(before, now)


@pytest.mark.django_db
def test_no_migration_after_the_first_release_disturbs_those_who_work():
    loader = MigrationLoader(connection)
    ours = [key for key in loader.disk_migrations if key[0] in OUR_APPS and not loader.disk_migrations[key].initial]
    found = []
    for key in ours:
        found += faults(loader.disk_migrations[key], loader.project_state(key, at_end=False))
    assert not found, "\n".join(found)


OUR_APPS = {"accounts", "vocabulary", "delivery", "participants", "placements", "competence", "reporting", "exchange"}


# --- The rule itself ----------------------------------------------------------------------------------------------


def planted(operation, **says):
    """A migration with this one operation, on a table with a column."""
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=10, verbose_name="a")),
    ]
    state.add_model(ModelState("participants", "Planted", fields))
    migration = type("Migration", (migrations.Migration,), {"operations": [operation], **says})
    return faults(migration("0002_planted", "participants"), state)


INDEX = models.Index(fields=["name"], name="planted")
CHECK = models.CheckConstraint(condition=models.Q(name="x"), name="planted")
NEW = models.CharField(max_length=10)


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.AddIndex("planted", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("planted", CHECK), "AddConstraintNotValid"),
        (migrations.AddField("planted", "extra", NEW), "db_default"),
        (migrations.AddField("planted", "extra", models.IntegerField(null=True, db_index=True)), "db_index=False"),
        (migrations.AlterField("planted", "name", models.TextField()), "Add another field"),
        (migrations.RenameField("planted", "name", "title"), "former name"),
        (migrations.RemoveField("planted", "name"), "unused_since"),
        (migrations.DeleteModel("Planted"), "unused_since"),
    ],
)
def test_what_disturbs_is_refused(operation, word):
    (fault,) = planted(operation)
    assert word in fault


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (AddIndexConcurrently("planted", INDEX), {"atomic": False}),
        (AddConstraintNotValid("planted", CHECK), {}),
        (migrations.AddField("planted", "extra", models.CharField(max_length=10, db_default="")), {}),
        (migrations.AddField("planted", "extra", models.IntegerField(null=True)), {}),
        (migrations.AlterField("planted", "name", models.CharField(max_length=10, verbose_name="b")), {}),
        (migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]), {}),
        (migrations.RemoveField("planted", "name"), {"unused_since": "0.2.0"}),
        (migrations.AddIndex("planted", INDEX), {"locks_knowingly": "some hundred rows"}),
    ],
)
def test_what_does_not_disturb_is_taken(operation, says):
    assert planted(operation, **says) == []


def test_an_index_of_a_table_that_is_new_holds_nobody():
    create = migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True)), ("name", NEW)])
    migration = type(
        "Migration", (migrations.Migration,), {"operations": [create, migrations.AddIndex("other", INDEX)]}
    )
    assert faults(migration("0002_planted", "participants"), ProjectState()) == []
