import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.incident import incident_export


class Command(BaseCommand):
    help = "Write what happened in a stretch of time into a zip file, for an incident report. People by id only."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="start", required=True, metavar="TIME", help="2026-11-21 or 2026-11-21T08:30"
        )
        parser.add_argument("--to", dest="end", required=True, metavar="TIME", help="the same; a day is taken whole")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: incident-FROM.zip in this folder")

    def handle(self, *, start, end, output, **options):
        first, last = moment(start), moment(end, whole_day=True)
        if last <= first:
            raise CommandError("--to must be later than --from.", returncode=2)
        output = output or Path(f"incident-{first:%Y-%m-%dT%H%M}.zip")
        try:
            counts = incident_export(start=first, end=last, output=output.absolute())
        except OSError as error:
            raise CommandError(f"{output} was not written: {error.strerror}.") from error
        for name, number in counts.items():
            self.stdout.write(f"{number:>8} {name}")
        self.stdout.write(str(output))


def moment(text: str, *, whole_day: bool = False) -> dt.datetime:
    """The moment that `text` names, in local time; of a day its beginning or, with `whole_day`, its end."""
    try:
        if len(text) == len("2026-11-21"):
            day = dt.date.fromisoformat(text) + dt.timedelta(days=whole_day)
            return timezone.make_aware(dt.datetime.combine(day, dt.time()))
        found = dt.datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise CommandError(
            f"{text!r} is no time. Write it as 2026-11-21 or 2026-11-21T08:30.", returncode=2
        ) from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)
