import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.backup import BackupError, backup_restore


class Command(BaseCommand):
    help = "Restore a backup into the empty database, and compare what is there then with what the backup promises."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that backup made")

    def handle(self, *, folder, **options):
        began = time.monotonic()
        try:
            differing = backup_restore(folder=folder.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from error
        if differing:
            raise CommandError("Restored, but not all is as it was:\n" + "\n".join(differing))
        self.stdout.write(
            f"Restored in {time.monotonic() - began:.1f} s: schema, rows, history, access log, documents and figures "
            "are those of the backup. Run `manage.py migrate` before the web and the workers start."
        )
