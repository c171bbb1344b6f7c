"""What every file of a frozen report says of the report itself."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reporting.figures.definition import MeasuredIn, Section
from reporting.frozen import SUMMARY, Frozen
from reporting.statement import StatedTable, Statement


def frozen_moment(frozen: Frozen) -> dt.datetime:
    """When the report was frozen, in Swedish time, to the second: the time of all its files."""
    return timezone.localtime(dt.datetime.fromisoformat(frozen.frozen_at)).replace(microsecond=0)


def facts(frozen: Frozen, number: str) -> list[tuple[str, str | dt.date]]:
    """The report's facts as (words, value), those that it has, in the order in which they are read."""
    now, moment = frozen.now, frozen_moment(frozen)
    told = [
        (_("Municipality"), frozen.municipality),
        (_("Report"), frozen.kind_label),
        (_("Title"), frozen.title),
        (_("Number"), number),
        (_("Case number"), frozen.case_number),
        (_("Period"), now.period.label),
        (_("From"), now.period.start),
        (_("To"), now.period.end),
        (_("Scope"), now.scope_label),
        (_("As known on"), now.as_of),
        (_("Frozen"), date_format(moment, "j F Y H:i")),
        # Who works where is no matter of the public's.
        (_("Frozen by"), "" if frozen.published else frozen.frozen_by),
        (_("Version"), str(frozen.version)),
        (_("Replaces"), frozen.replaces),
        (_("Why"), frozen.reason),
        (_("Kind of figures"), kind_of_figures(frozen)),
    ]
    return [(words, value) for words, value in told if value]


def kind_of_figures(frozen: Frozen) -> str:
    """Whether what is small is shown or hidden, in a sentence."""
    if frozen.published:
        return _("Published: “..” stands for a value that is hidden, so that small numbers cannot be read off.")
    return _("Internal: small numbers are shown and may point at a person. Not for publication.")


def section_label(frozen: Frozen, section: str) -> str:
    """A section's words, as they were when the report was frozen."""
    if section == SUMMARY:
        return _("Summary")
    stored = (table.figure.section_label for table in frozen.now.tables.values() if table.figure.section == section)
    return next(stored, None) or str(Section(section).label)


def commented(frozen: Frozen) -> list[tuple[str, str, str]]:
    """(code, words, comment) of each section that has a comment, the summary first."""
    return [
        (section, section_label(frozen, section), text)
        for section in (SUMMARY, *frozen.sections)
        if (text := frozen.comment(section))
    ]


def all_statements(frozen: Frozen) -> list[Statement]:
    """The figures told: of the period, of those it is compared with, of each unit."""
    return [*frozen.told, *frozen.told_units]


def measure_words(table: StatedTable, column: str) -> str:
    """What the values of a column are a number of, in words."""
    code = table.measured_in(column)
    if code == table.figure.measured_in:
        return table.figure.measured_in_label
    return str(dict(MeasuredIn.choices).get(code, code))
