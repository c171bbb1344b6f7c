from django.core.management.commands import flush

from config import roles


class Command(flush.Command):
    """Django's flush, as the owner: the application role may not empty the access log or the history."""

    def execute(self, *args, **options):
        with roles.as_owner():
            return super().execute(*args, **options)
