"""The test database after a test that committed: empty again but for the reference data, in a few milliseconds.

Django's own way (flush) empties some two hundred tables with their indexes and then loads the reference data anew,
which takes longer than most tests. Here rows are deleted without triggers, which only a superuser may; so with a
server of somebody else's, Django's way is taken.
"""

import contextlib
import time
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.test import TransactionTestCase

from config import embedded

KEPT = "kept"  # the schema that holds a copy of each table that is not empty after migrating
EMPTIED = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
    END LOOP;
END $$
"""
KEEPING = """
CREATE SCHEMA kept;
DO $$
DECLARE name text; filled bool;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name); END IF;
    END LOOP;
END $$
"""
BUSY = """
SELECT FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend' LIMIT 1
"""
PATIENCE = 5.0  # seconds for requests that are still under way when their test has ended


@contextlib.contextmanager
def emptied_quickly(monkeypatch) -> Iterator[None]:
    """While this lasts, tests that commit are cleaned up after by us. Right after the database was made."""
    name = settings.DATABASES["default"]["NAME"]
    with superuser(name) as connection:
        connection.execute(KEEPING)

    def emptied(_case) -> None:
        with superuser(name) as connection:  # a new one each time: some tests kill the server
            _wait_for_the_last(connection)
            connection.execute("SET session_replication_role = replica")
            connection.execute(EMPTIED)

    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
    yield
    monkeypatch.undo()


def superuser(database: str) -> psycopg.Connection:
    """A connection of the tests' own server, as nobody else may have it; each statement is committed."""
    address = {"host": str(embedded.socket_dir()), "user": embedded.SUPERUSER, "dbname": database}
    return psycopg.connect(**address, autocommit=True)


def _wait_for_the_last(connection: psycopg.Connection) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and connection.execute(BUSY, [connection.info.dbname]).fetchone():
        time.sleep(0.01)
