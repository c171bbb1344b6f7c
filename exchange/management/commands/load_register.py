import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from exchange.register.report import LoadReport, RegisterUnreadable
from exchange.services import register_load


class Command(BaseCommand):
    help = (
        "Load a register (docs/register-format.md), all of it or nothing. Exit status: 0 stored, 1 rows were wrong, "
        "2 it could not be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="FOLDER_OR_XLSX", help="folder of CSV files, or a workbook")
        parser.add_argument("--source", default="register", metavar="NAME", help="the old system the keys belong to")
        parser.add_argument("--dry-run", action="store_true", help="do all the work, then take it back")
        parser.add_argument("--format", choices=["text", "json"], default="text", help="how the report is written")

    def handle(self, *, path: Path, source: str, dry_run: bool, **options):
        as_json = options["format"] == "json"
        try:
            report = register_load(path=path, source=source, dry_run=dry_run)
        except RegisterUnreadable as error:
            self.stderr.write(error.message)
            if as_json:
                nothing = LoadReport(dry_run=dry_run).as_dict()
                self._write_json({**nothing, "unreadable": error.message})
            sys.exit(2)
        if as_json:
            self._write_json(report.as_dict())
        else:
            self._write_text(report)
        if report.error_count:
            sys.exit(1)

    def _write_json(self, value: dict) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2))

    def _write_text(self, report: LoadReport) -> None:
        for name, counts in report.files.items():
            self.stdout.write(
                _("%(file)s: %(rows)s rows, %(created)s new, %(updated)s changed, %(unchanged)s unchanged")
                % {"file": name, **counts.as_dict()}
            )
        errors = report.errors
        for error in errors:
            place = _("row %(row)s") % {"row": error.row} + (f", {error.column}" if error.column else "")
            self.stdout.write(f"{error.file} {place}: {error.message} [{error.code}]")
        if report.error_count > len(errors):
            self.stdout.write(_("… and %(number)s more.") % {"number": report.error_count - len(errors)})
        if report.error_count:
            self.stdout.write(_("%(number)s errors. Nothing was stored.") % {"number": report.error_count})
        elif report.stored:
            self.stdout.write(_("Everything was stored."))
        else:
            self.stdout.write(_("Everything can be stored. This was a dry run: nothing was."))
