"""The list of participants as a file: exactly those whom an address shows, all pages, in its order, with the columns
that are needed. Protected persons are in no file."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from delivery.sheets.delimited import delimited, plain_text
from participants.listing.columns import NUMBER
from participants.listing.providers import Column, columns
from participants.listing.question import ListQuestion
from participants.listing.saved import words_of
from participants.models import Enrolment
from participants.permissions import export_scope
from vocabulary.codes import Protection

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ROWS_AT_ONCE = 1000
CARE = gettext_lazy(
    "The file holds personal data. Keep it no longer than you need it, and where nobody else can read it."
)
Progress = Callable[[int], None]


class ListFile:
    """What a file of the list holds: the rows of a question that its reader may take out, and the chosen columns."""

    def __init__(self, question: ListQuestion, *, keys: list[str] = (), with_numbers: bool = False):
        self.question = question
        self.columns: list[Column] = [column for column in columns() if column.key in keys]
        self.with_numbers = with_numbers
        if with_numbers:
            place = 1 if self.columns and self.columns[0].key == "name" else 0
            self.columns.insert(place, NUMBER)

    @property
    def user(self) -> User:
        return self.question.user

    @property
    def rows(self) -> QuerySet[Enrolment]:
        """Those in the file, in the list's order."""
        return self._permitted.filter(participant__protection=Protection.NONE)

    @cached_property
    def count(self) -> int:
        return self.rows.order_by().count()

    @cached_property
    def left_out(self) -> int:
        """How many protected persons the list shows to its reader, and the file leaves out."""
        return self._permitted.order_by().exclude(participant__protection=Protection.NONE).count()

    @property
    def is_narrower(self) -> bool:
        """Whether the list shows units from which the reader may take nothing out."""
        scope = export_scope(self.user)
        return any(pk not in scope for pk in self.question.units)

    def lines(self, told: Progress | None = None) -> Iterator[list[Any]]:
        """The cells of each row. `told` is called now and then with how many percent are done."""
        done = 0
        rows = self.rows.select_related("participant", "coach").with_rest(timezone.localdate())
        rows = rows.iterator(chunk_size=ROWS_AT_ONCE)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row in some:
                row.unit = self.question.units[row.unit_id]
            cells = [column.cells(some) for column in self.columns]
            for row in some:
                yield [each.get(row.pk) for each in cells]
            done += len(some)
            if told:
                told(100 * done // max(self.count, done))

    def written(self, form: str, told: Progress | None = None) -> bytes:
        """The file in the form asked for."""
        return self._as_csv(told) if form == CSV else self._as_xlsx(told)

    @property
    def _permitted(self) -> QuerySet[Enrolment]:
        scope = export_scope(self.user)
        found = self.question.found
        return found if scope.everything else found.filter(unit_id__in=scope.unit_ids)

    @property
    def _headings(self) -> list[str]:
        return [str(column.label) for column in self.columns]

    def _as_csv(self, told: Progress | None) -> bytes:
        lines = ([_as_text(value) for value in line] for line in self.lines(told))
        return delimited(self._headings, lines).encode()

    def _as_xlsx(self, told: Progress | None) -> bytes:
        # The library is a tenth of the time it takes to start.
        from openpyxl import Workbook
        from openpyxl.utils import get_column_letter

        from delivery.sheets.workbook import write_line

        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet(_("Participants"))
        sheet.freeze_panes = "B2"
        for place, column in enumerate(self.columns, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        write_line(sheet, self._headings, bold=True)
        for line in self.lines(told):
            write_line(sheet, line)
        about = workbook.create_sheet(_("About the list"))
        about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
        for words, value in self.facts():
            write_line(about, [words, value])
        out = io.BytesIO()
        workbook.save(out)
        return out.getvalue()

    def facts(self) -> Iterator[tuple[str, Any]]:
        """What is to be known about the file; never what was searched for."""
        yield _("Taken out"), date_format(timezone.localtime(), "Y-m-d H:i")
        yield _("By"), self.user.full_name
        yield _("Shows"), "; ".join(words_of(self.question))
        if self.question.filters.search_kind:
            yield "", _("Only those whom a search found.")
        yield _("Participants"), self.count
        if self.left_out:
            yield _("Left out"), left_out_words(self.left_out)
        yield "", str(CARE)


def left_out_words(count: int) -> str:
    return ngettext(
        "%(count)s person with protected personal data", "%(count)s persons with protected personal data", count
    ) % {"count": count}


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else plain_text(str(value))
