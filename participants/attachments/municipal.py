"""How large files a municipality takes as attachments."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import municipal
from accounts.municipal import Definition, define

MEGABYTE = 1024 * 1024

FILE_MEGABYTES = define(
    Definition(
        key="attachment_file_megabytes",
        label=_("Largest attachment, in MB"),
        help_text=_("How large one file may be that is attached to the journal. What is attached already stays."),
        default=10,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 50)),
    )
)
#: All of it comes in one request: deploy/Caddyfile and docs/operations.md let 110 MB through.
ENTRY_MEGABYTES = define(
    Definition(
        key="attachment_entry_megabytes",
        label=_("Attachments of one journal entry together, in MB"),
        help_text=_("How large all files may be together that are attached to one entry of the journal."),
        default=50,
        field=forms.IntegerField,
        field_options=(("min_value", 1), ("max_value", 100)),
    )
)


@dataclass(frozen=True)
class Limits:
    """In bytes: the largest file, and all of an entry's files together."""

    file: int
    entry: int


def limits() -> Limits:
    """The municipality's, in one query."""
    values = municipal.values()
    entry = values[ENTRY_MEGABYTES.key] * MEGABYTE
    return Limits(file=min(values[FILE_MEGABYTES.key] * MEGABYTE, entry), entry=entry)
