"""What the report of a register asks about its job."""

from django import template

from exchange import jobs
from exchange.register.columns import FILES

register = template.Library()


@register.filter
def in_order(files: dict) -> list:
    """A report's files with their counts, in the order of the register's description (the database keeps none)."""
    return [(file.file_name, files[file.file_name]) for file in FILES if file.file_name in files]


register.simple_tag(jobs.storing_of)
register.simple_tag(jobs.files_kept_until)
