"""How the journal says when something was written."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()


@register.filter
def moment(value: dt.datetime) -> str:
    """A moment as short as it can be understood: the time today, otherwise day and time. 14:02; 2026-03-31 14:02."""
    local = timezone.localtime(value)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "Y-m-d H:i")


@register.filter
def day_of(value: dt.datetime) -> dt.date:
    """The calendar day in the municipality of a moment."""
    return timezone.localdate(value)
