import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.backup import BackupError, backup_make


class Command(BaseCommand):
    help = "Write a backup of the database, documents included, into a new folder inside FOLDER."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder, **options):
        began = time.monotonic()
        try:
            made, manifest = backup_make(into=folder.absolute())
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{made}\n{rows} rows, {manifest['documents']['delivery_documentfile']['files']} document files, "
            f"{manifest['dump']['bytes']} bytes, {time.monotonic() - began:.1f} s"
        )
        if damaged := [name for table in manifest["documents"].values() for name in table["damaged"]]:
            raise CommandError(
                "The backup is whole, but these files no longer have the bytes they were stored with: "
                f"{', '.join(damaged)}. Look for them in an older backup."
            )
