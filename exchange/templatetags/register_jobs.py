"""What the report of a register asks about its job."""

from django import template

from exchange import jobs

register = template.Library()

register.simple_tag(jobs.storing_of)
register.simple_tag(jobs.files_kept_until)
