from django.core.management.commands import migrate
from django.db import connections

from config import roles


class Command(migrate.Command):
    """Django's migrate, as the owner of the schema; afterwards the application role gets its rights."""

    def execute(self, *args, **options):
        with roles.as_owner():
            return super().execute(*args, **options)

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            roles.grant(connections[options["database"]])
