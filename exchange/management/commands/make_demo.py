"""Fill an installation with an invented municipality."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import demo
from accounts.history import act_as
from accounts.models import Role
from accounts.services import demo_memberships_create, demo_users_create
from exchange.demo.aftercare import demo_aftercare_create
from exchange.demo.assessments import demo_assessments_create
from exchange.demo.attendance import demo_attendance_create
from exchange.demo.bank import demo_bank_create
from exchange.demo.bookings import demo_bookings_create
from exchange.demo.certificates import demo_certificates_create
from exchange.demo.day import demo_day_create
from exchange.demo.documents import demo_documents_create
from exchange.demo.employers import demo_employers_create
from exchange.demo.filters import demo_filters_create
from exchange.demo.followups import demo_followups_create
from exchange.demo.groups import demo_groups_create
from exchange.demo.identity import demo_identity_create
from exchange.demo.journals import demo_journals_create
from exchange.demo.mappings import demo_mappings_create
from exchange.demo.plans import demo_plans_create
from exchange.demo.referrals import demo_referrals_create
from exchange.demo.register import write_demo_register
from exchange.demo.reports import demo_reports_create
from exchange.demo.targets import demo_targets_create
from exchange.demo.tracks import demo_tracks_create
from exchange.services import register_load


class Command(BaseCommand):
    help = "Write the register of an invented municipality, Björkåkra kommun, and load it. Never in production."

    def add_arguments(self, parser):
        parser.add_argument("--participants", type=int, default=400, help="how many participants (default: 400)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people (default: 1)")
        parser.add_argument("--folder", type=Path, help="keep the register in this folder")
        parser.add_argument("--write-only", action="store_true", help="write the register, do not load it")

    def handle(self, *, participants, seed, folder, write_only, **_options):
        if settings.PRODUCTION:
            raise CommandError("The demo municipality is never made in production.")
        if not 1 <= participants <= 300_000:
            raise CommandError("--participants takes a number from 1 to 300 000.")
        if write_only and not folder:
            raise CommandError("--write-only needs --folder.")
        with tempfile.TemporaryDirectory() as scratch:
            target = folder or Path(scratch)
            target.mkdir(parents=True, exist_ok=True)
            write_demo_register(
                target, participants=participants, seed=seed, today=timezone.localdate(), coaches=_coaches()
            )
            if write_only:
                return
            # The register refers to coaches by e-mail address; memberships need the units that it brings.
            with act_as(actor=None, source="demo"):
                demo_users_create()
            report = register_load(path=target, source="demo", origin="demo")
            if not report.stored:
                first = report.errors[0]
                raise CommandError(
                    "The demo register was not stored: does the database already hold other participants? "
                    f"First of {report.error_count} errors: {first.file} row {first.row}: {first.message}"
                )
            with act_as(actor=None, source="demo"):
                demo_memberships_create()
                demo_referrals_create()
                demo_mappings_create()
                demo_plans_create()
                demo_followups_create()
                demo_groups_create()
                demo_employers_create()
                demo_bank_create()
                demo_bookings_create()
                demo_attendance_create()
                demo_journals_create()
                demo_assessments_create()
                demo_tracks_create()
                demo_documents_create()
                demo_certificates_create()
                demo_day_create()
                demo_identity_create()
                demo_targets_create()
                demo_aftercare_create()
                demo_filters_create()
            demo_reports_create()
        self.stdout.write(f"Björkåkra kommun is there, with {participants} participants.")


def _coaches() -> dict[str, list[str]]:
    coaches: dict[str, list[str]] = {}
    for login in demo.LOGINS:
        if login.role == Role.JOB_COACH and login.unit:
            coaches.setdefault(login.unit, []).append(login.email)
    return coaches
