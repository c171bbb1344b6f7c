"""Addresses and periods of plans, for their templates."""

import datetime as dt

from django import template

from participants.models import Enrolment
from participants.plan.content import period_words
from participants.plan.reading import PlanCase, part_address

register = template.Library()


@register.simple_tag
def plan_url(case: PlanCase, page: str, *args, jamfor: int | None = None) -> str:
    """The address of a page about the plan of `case`; `jamfor`: compared with that version."""
    address = case.address(page, *args)
    if jamfor is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}jamfor={jamfor}"


@register.simple_tag
def plan_part(case: PlanCase, enrolment: Enrolment) -> str:
    """The address of the plan of another enrolment of the file."""
    return part_address(case.file, enrolment)


@register.simple_tag
def period(start: dt.date | None, end: dt.date | None) -> str:
    """2026-01-12 – 2026-03-31; from or until if only one is known."""
    return period_words(start, end)
