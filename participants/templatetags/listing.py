"""The cells of a row of the list, without a template tag for each: five hundred of them are on a page."""

import datetime as dt

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from participants.listing.providers import Tag

register = template.Library()


@register.simple_tag
def cells(row) -> str:
    """The cells of `row.cells`: the tag that opens each, and what is in it."""
    return mark_safe("".join(f"{opening}{conditional_escape(_shown(value))}</td>" for opening, value in row.cells))


def _shown(value) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Tag):
        return format_html('<span class="{}">{}</span>', f"tag {value.css}".strip(), value.words)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
