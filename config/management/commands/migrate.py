import time

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

from config import roles

ATTEMPTS = 6


class Command(migrate.Command):
    """Django's migrate, as the owner of the schema; afterwards the application role gets its rights.

    A statement that waits for a lock makes everybody wait who comes after it. So it waits only for a moment
    (settings.MIGRATE_LOCK_SECONDS), lets the others pass, and begins again with the migration that was not done.
    """

    def execute(self, *args, **options):
        with roles.as_owner():
            return super().execute(*args, **options)

    def handle(self, *args, **options):
        connection = connections[options["database"]]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{self.patience:.0f}ms"])
                super().handle(*args, **options)
                if not (options["plan"] or options["check_unapplied"]):
                    roles.grant(connection)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                self.stderr.write(f"A table is in use; attempt {attempt} of {ATTEMPTS} gave way.")
                connection.close()
                time.sleep(attempt * self.patience / 1000)
        raise CommandError(
            "The schema is as the last finished migration left it: a table was in use all the time. "
            "Look for long transactions (pg_stat_activity), and run migrate again."
        )

    @property
    def patience(self) -> float:
        """Milliseconds to wait for a lock."""
        return settings.MIGRATE_LOCK_SECONDS * 1000
