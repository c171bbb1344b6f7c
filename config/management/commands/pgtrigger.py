from pgtrigger.management.commands import pgtrigger

from config import roles


class Command(pgtrigger.Command):
    """django-pgtrigger's command, as the owner: only the owner of a table may change its triggers."""

    def execute(self, *args, **options):
        with roles.as_owner():
            return super().execute(*args, **options)
