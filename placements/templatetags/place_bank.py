"""The ways through the place bank: what stands under the main menu on its pages (`placements/bank.html`)."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

#: A page of the area, its word, and the part of the addresses that lies below it: the longest that fits is "here".
ENTRIES = (
    (_("Places"), "places:list", ("/platser/",)),
    (_("Employers"), "employers:list", ("/platser/arbetsgivare/", "/platser/arbetsplatser/")),
    (_("Supervisors"), "supervisors:list", ("/platser/handledare/",)),
)


@register.simple_tag(takes_context=True)
def bank_entries(context) -> list[dict]:
    """The pages of the area. Whoever may open one of them may open all."""
    return entries_of(ENTRIES, context["request"].path)


def entries_of(pages, path: str) -> list[dict]:
    """Pages of an area as entries of its menu, the one at `path` marked; what has no address is left out."""
    entries = []
    for label, url_name, below in pages:
        try:
            address = reverse(url_name)
        except NoReverseMatch:
            continue
        fits = max((len(part) for part in below if path.startswith(part)), default=0)
        entries.append({"url": address, "label": label, "fits": fits, "current": ""})
    if here := max(entries, key=lambda entry: entry["fits"], default=None):
        # "page" is this very page; "true" a page below it.
        here["current"] = "page" if path == here["url"] else "true"
    return entries
