"""The style of charts in documents."""

import functools
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


@functools.cache
def chart_style() -> SafeString:
    """The style element that goes into each chart of a document: an SVG there does not see the page's style sheet.
    On a page, whose style sheet it does see, there is none: the content policy forbids it."""
    return format_html(
        "<style>{}</style>", mark_safe(Path(__file__).with_name("bars.css").read_text())
    )  # our own file
