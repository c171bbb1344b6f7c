"""What the templates of the reports ask for: the ways through the area, and what is written under a section."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting import permissions
from reporting.telling.comments import Part, paragraphs

register = template.Library()


@dataclass(frozen=True)
class Entry:
    """A page of the area: its word, its URL name, and who may open it; `below` are pages that stand elsewhere in the
    addresses."""

    label: str
    url_name: str
    may_open: object
    below: tuple[str, ...] = ()


ENTRIES = (
    Entry(_("Figures"), "figures", permissions.can_see_internal_figures),
    Entry(_("Committee reports"), "report_list", permissions.can_see_internal_figures),
    Entry(pgettext_lazy("reports", "Published"), "publication_list", permissions.can_open_reports, ("as_published",)),
    Entry(_("Targets"), "targets", permissions.can_see_targets),
    Entry(_("Job tracks"), "tracks", permissions.can_see_internal_figures),
    Entry(_("Kolada"), "kolada", permissions.can_publish),
    Entry(_("Gaps"), "missing", permissions.can_see_internal_figures),
)


@register.simple_tag(takes_context=True)
def area_entries(context) -> list[dict]:
    """The pages of the area that the user may open, for `reporting/_area_nav.html`; none when there is only one."""
    request = context["request"]
    shown = [entry for entry in ENTRIES if entry.may_open(request.user)]
    if len(shown) < 2:
        return []
    addresses = {entry: reverse(f"reporting:{entry.url_name}") for entry in shown}
    here = _here(request, addresses)
    return [
        {
            "url": addresses[entry],
            "label": entry.label,
            # "page" is this very page; "true" a page below it.
            "current": ("page" if request.path == addresses[entry] else "true") if entry is here else "",
        }
        for entry in shown
    ]


def _here(request, addresses: dict[Entry, str]) -> Entry | None:
    """The entry the page belongs to: the one whose address goes furthest along its own."""
    match = request.resolver_match
    if match is None:
        return None
    for entry in addresses:
        if match.url_name in entry.below:
            return entry
    under = [entry for entry, address in addresses.items() if request.path.startswith(address)]
    return max(under, key=lambda entry: len(addresses[entry]), default=None)


@register.filter
def as_parts(text: str) -> list[Part]:
    """What is written under a section, as paragraphs and lists."""
    return paragraphs(text)
