"""The cells of a row of the list, without a template tag for each: five hundred of them are on a page."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join

from participants.listing.providers import Tag

register = template.Library()


@register.simple_tag
def cells(row) -> str:
    """The cells of `row.cells`, each with what stands above it on a wide screen."""
    return format_html_join("", '<td data-label="{}">{}</td>', ((label, _shown(value)) for label, value in row.cells))


def _shown(value) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Tag):
        return format_html('<span class="{}">{}</span>', f"tag {value.css}".strip(), value.words)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
