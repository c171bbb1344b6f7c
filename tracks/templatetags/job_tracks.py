"""The ways through the job tracks: what stands under the main menu on their pages (`tracks/base.html`)."""

from django import template
from django.utils.translation import gettext_lazy as _

from placements.templatetags.place_bank import entries_of
from tracks.providers import Subject, area_pages, subject_pages
from tracks.querysets import READING_ROLES

register = template.Library()

#: A page of the area, its word, and the part of the addresses that lies below it: the longest that fits is "here".
ENTRIES = (
    (_("Job tracks"), "tracks:list", ("/jobbspar/",)),
    (_("Rounds"), "track_rounds:list", ("/jobbspar/omgangar/",)),
    (_("Steering groups and audits"), "steering:list", ("/jobbspar/styrning/",)),
)


@register.simple_tag(takes_context=True)
def track_entries(context) -> list[dict]:
    """The pages of the area that the reader may open. Whoever reads tracks may open all of its own."""
    request = context["request"]
    own = ENTRIES if request.user.reach.has(*READING_ROLES) else ()
    added = [(each.label, each.name, each.below) for each in area_pages if each.may_see(request.user)]
    return entries_of([*own, *added], request.path)


@register.simple_tag(takes_context=True)
def pages_about(context, subject: Subject) -> list[tuple[str, str]]:
    """What the floors above tell of a track or a round, as far as the reader may see it: address and word."""
    user = context["request"].user
    return [(each.address(subject), each.label) for each in subject_pages if each.may_see(user)]
