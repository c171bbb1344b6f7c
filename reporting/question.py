"""What is asked of the figures: which period, as known on which day, about which units."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.models import Unit
from reporting.periods import Period
from tracks.models import Track


class AsOfError(ValueError):
    """Nothing can be known of a period before it starts; the message says so, in the reader's language."""


@dataclass(frozen=True)
class Question:
    """A period, an as-of date and a scope: everything (no unit), or one unit. The figures of job tracks can be asked
    for one track alone.

    The as-of date is one of valid time (docs/statistics.md): it decides whether a job has lasted a month.
    """

    period: Period
    as_of: dt.date
    unit: Unit | None = None
    track: Track | None = None

    def __post_init__(self):
        if self.as_of < self.period.start:
            raise AsOfError(
                _("The as-of date (%(as_of)s) is before the period starts (%(start)s).")
                % {"as_of": self.as_of, "start": self.period.start}
            )

    @property
    def scope_label(self) -> str:
        """The unit's name valid on the period's last day: a renamed unit keeps the name it had."""
        return self.unit.term_on(self.period.end).name if self.unit else _("The whole municipality")

    @property
    def address(self) -> dict[str, str]:
        """The question as the parameters of an address."""
        unit = {"unit": self.unit.code} if self.unit else {}
        track = {"track": str(self.track.public_id)} if self.track else {}
        return {"period": self.period.name, "as_of": self.as_of.isoformat(), **unit, **track}

    @property
    def compared(self) -> list["Question"]:
        """The question, then the same about the period before and the same period last year."""
        # The year before a year is the period before it as well: it is asked for and told once.
        periods = dict.fromkeys((self.period, self.period.previous, self.period.year_before))
        return [self.about(period) for period in periods]

    def about(self, period: Period) -> "Question":
        """The same question about another period."""
        return replace(self, period=period)
