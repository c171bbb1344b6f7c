import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from exchange.services import RegisterUnreadable, register_export


class Command(BaseCommand):
    help = "Write the whole installation as a register (docs/register-format.md) that load_register takes."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="made if need be; its files are replaced")
        parser.add_argument("--source", default="register", metavar="NAME", help="whose keys the rows go out under")
        parser.add_argument(
            "--with-coaches", action="store_true", help="name the coaches; the receiver must have the same users"
        )

    def handle(self, *, folder: Path, source: str, with_coaches: bool, **options):
        try:
            counts = register_export(folder=folder, source=source, with_coaches=with_coaches)
        except RegisterUnreadable as error:
            self.stderr.write(error.message)
            sys.exit(2)
        for name, rows in counts.items():
            self.stdout.write(_("%(file)s: %(rows)s rows") % {"file": name, "rows": rows})
        if not with_coaches:
            self.stdout.write(_("Coaches were left out, as the receiver may not have the users (--with-coaches)."))
