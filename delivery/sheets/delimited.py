"""Text tables: UTF-8 with byte-order mark and semicolons, as Swedish spreadsheets open them."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def delimited(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """The headings and the lines."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";")
    writer.writerow(columns)
    writer.writerows(lines)
    return out.getvalue()


def plain_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
