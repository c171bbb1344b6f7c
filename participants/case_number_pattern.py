"""How a municipality writes the pattern of its case numbers: `AME {year}-{nnnn}` gives AME 2026-0001."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YEAR, COUNTER = "{year}", re.compile(r"\{(n+)\}")


def pattern_check(pattern: str) -> None:
    """A pattern has one counter, at most one year, and no other braces; empty means that numbers are not given."""
    rest = COUNTER.sub("", pattern.replace(YEAR, ""))
    if pattern and (len(COUNTER.findall(pattern)) != 1 or pattern.count(YEAR) > 1 or "{" in rest or "}" in rest):
        raise ValidationError(_("Write {n} once, for the number, and {year} at most once."))
