"""Work that stands still just before a file is stored, so that it can be killed there."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from delivery.models import Document


@contextmanager
def held_up(document: Document, media_type: str) -> Iterator[None]:
    """Meanwhile the document's file of this kind cannot be stored: another transaction is about to store one. Those
    before it can."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "user", "password", "dbname") if parameters.get(name)}
    with psycopg.connect(**wanted) as other:
        other.execute(
            "INSERT INTO delivery_documentfile (document_id, name, media_type, size, sha256, content, created_at)"
            " VALUES (%s, 'x', %s, 1, '', 'x', now())",
            [document.pk, media_type],
        )
        yield
        other.rollback()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%documentfile%'"
        )
        return bool(cursor.fetchone()[0])
