"""The numbers of the unit's view, each a link to the list behind it."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def count_link(load, number, unit, of_all=False):
    """How many of a `Caseload` a `Number` counts; of everybody in the unit (None: in all of them) with `of_all`."""
    return _link(load.counts[number.key], reverse("unit:number", args=[number.key]), _whose(load, unit, of_all))


@register.simple_tag
def late_link(load, unit, key="", of_all=False):
    """How much is late: in one list of Min dag, or in all of them."""
    count = load.late_follow_ups if key else load.late
    address = reverse("day:list", args=[key]) if key else reverse("day:day")
    return _link(count, address, {"show": "all", "late": "1"} | _whose(load, unit, of_all))


def _whose(load, unit, of_all: bool) -> dict[str, str]:
    if of_all:
        return {"unit": unit.code} if unit else {}
    return {"unit": unit.code, "coach": str(load.coach.public_id) if load.coach else "none"}


def _link(count: int, address: str, params: dict[str, str]):
    if not count:
        return "0"
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return format_html('<a href="{}">{}</a>', f"{address}?{query}" if query else address, count)
