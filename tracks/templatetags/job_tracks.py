"""The ways through the job tracks: what stands under the main menu on their pages (`tracks/base.html`)."""

from django import template
from django.utils.translation import gettext_lazy as _

from placements.templatetags.place_bank import entries_of

register = template.Library()

#: A page of the area, its word, and the part of the addresses that lies below it: the longest that fits is "here".
ENTRIES = (
    (_("Job tracks"), "tracks:list", ("/jobbspar/",)),
    (_("Steering groups and audits"), "steering:list", ("/jobbspar/styrning/",)),
)


@register.simple_tag(takes_context=True)
def track_entries(context) -> list[dict]:
    """The pages of the area. Whoever may open one of them may open all."""
    return entries_of(ENTRIES, context["request"].path)
