"""How the pages about placements write what they show."""

from decimal import Decimal

from django import template

from placements.services.answers import hours_in_words

register = template.Library()


@register.filter
def index(rows: list, number: int):
    """The row of that number, counted from 0."""
    return rows[number]


@register.filter
def hours(value: Decimal) -> str:
    """Hours as people write them: 12,5 and 40."""
    return hours_in_words(value)
