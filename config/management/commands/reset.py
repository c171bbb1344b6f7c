import shutil

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import embedded


class Command(BaseCommand):
    help = "Remove the embedded servers' data, so that the next run starts over with a new demo municipality."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, yes, **options):
        if not settings.EMBEDDED_POSTGRES:
            raise CommandError("DATABASE_URL names a server of its own: its data is not ours to remove.")
        if not embedded.postgres.data.exists():
            self.stdout.write(f"There is nothing in {embedded.home()} to remove.")
            return
        if not yes:
            answer = input(f"Everything stored in {embedded.home()} will be removed. Type yes to go on: ")
            if answer.strip().lower() not in {"yes", "ja"}:
                raise CommandError("Nothing was removed.")
        for server in (embedded.valkey, embedded.postgres):
            server.remove_data()
        for folder in (settings.DEMO_MAIL_FOLDER, settings.SEAL_DEMO_FOLDER):
            shutil.rmtree(folder, ignore_errors=True)
        self.stdout.write("Removed. `make run` starts over.")
