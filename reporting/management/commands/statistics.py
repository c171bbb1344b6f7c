import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.municipal import value_of
from reporting.disclosure.of_answer import published
from reporting.engine import answer
from reporting.moment import at_one_moment
from reporting.municipal import DISCLOSURE_THRESHOLD
from reporting.periods import Period, PeriodError
from reporting.question import AsOfError, Question
from reporting.statement import state
from reporting.telling import formats

FORMATS = ("text", "json", "csv")


class Command(BaseCommand):
    help = "The figures of docs/statistics.md for a period. Keeps no state; exit status 2 when the question is wrong."

    def add_arguments(self, parser):
        parser.add_argument("period", help="2026Q1, 2026T1, 2026-01..2026-08, 2026 or 2026-01-01..2026-03-31")
        parser.add_argument("--as-of", metavar="DATE", help="as known on this day, YYYY-MM-DD (default: today)")
        parser.add_argument("--unit", metavar="UNIT", help="the code of one unit (default: the whole municipality)")
        parser.add_argument("--published", action="store_true", help="what may be published (docs/disclosure.md)")
        parser.add_argument("--format", choices=FORMATS, default="text")

    def handle(self, *args, **options):
        question = self.question(options["period"], options["as_of"], options["unit"])
        said = at_one_moment(lambda: answer(question))
        if options["published"]:
            said = published(said, value_of(DISCLOSURE_THRESHOLD.key))
        told = state(said, published=options["published"])
        match options["format"]:
            case "json":
                self.stdout.write(formats.as_json(told))
            case "csv":
                self.stdout.write(formats.as_csv(told))
            case _:
                self.stdout.write(formats.as_text(told))

    def question(self, period: str, as_of: str | None, unit: str | None) -> Question:
        """The question that the arguments ask. CommandError with status 2 when one of them is wrong."""
        try:
            return Question(Period.parse(period), self.day(as_of), self.unit(unit))
        except (PeriodError, AsOfError) as error:
            raise CommandError(str(error), returncode=2) from error

    def day(self, text: str | None) -> dt.date:
        if text is None:
            return timezone.localdate()
        try:
            return dt.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError as error:
            raise CommandError(
                _("“%(text)s” is no date. Write it as 2026-03-31.") % {"text": text}, returncode=2
            ) from error

    def unit(self, code: str | None) -> Unit | None:
        if code is None:
            return None
        unit = Unit.objects.named().filter(code=code).first()
        if unit is None:
            raise CommandError(_("There is no unit with the code “%(code)s”.") % {"code": code}, returncode=2)
        return unit
