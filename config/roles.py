"""The two database roles: the owner of the schema, and the application with no more rights than it needs.

Everything connects as the application role, except inside `as_owner`, which the commands that change the
schema use (migrate, flush, pgtrigger). The application role may read and write the tables, but can only add
to the append-only ones: neither a bug nor a stolen application password rewrites the access log or the history.
"""

import contextlib

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections, models
from django.db.migrations.recorder import MigrationRecorder

_acting_as_owner = False


def acting_as_owner() -> bool:
    """Whether new connections of this process log in as the owner of the schema."""
    return _acting_as_owner


@contextlib.contextmanager
def as_owner():
    """Connect as the owner inside the block. Not inside a transaction: the connection has to be a new one."""
    global _acting_as_owner
    if not settings.DATABASE_OWNER:
        raise CommandError("DATABASE_OWNER_URL is not set: this command needs the owner of the database's schema.")
    before = _acting_as_owner
    _reconnect()
    _acting_as_owner = True
    try:
        yield
    finally:
        _acting_as_owner = before
        _reconnect()


def _reconnect() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError("The database role cannot be changed inside a transaction.")
        connection.close()


def is_append_only(model: type[models.Model]) -> bool:
    """Whether rows may only be added: all of the history, and each model that says `append_only = True`."""
    from pghistory.models import Event  # the backend needs this module before there are models

    return issubclass(model, Event) or getattr(model, "append_only", False)


def append_only_tables() -> list[str]:
    """The tables the application role can only read and add to."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and is_append_only(model)
    )


def grant(connection) -> None:
    """Give the application role its rights on every table. Run as the owner, after each migrate."""
    quote = connection.ops.quote_name
    role = quote(settings.DATABASES["default"]["USER"])
    existing = set(connection.introspection.table_names())
    append_only = [table for table in append_only_tables() if table in existing]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        if connection.pg_version >= 170000:
            # After a large load the tables are counted at once, so that the next page does not wait for autovacuum.
            cursor.execute(f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {role}")
        if append_only:
            tables = ", ".join(map(quote, append_only))
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {role}")
        migrations = quote(MigrationRecorder.Migration._meta.db_table)
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {migrations} FROM {role}")
