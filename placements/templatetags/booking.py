"""What the page of a placement writes: where its acts are, what is ticked, a part of full time."""

from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from placements.booking.acts import Act
from placements.models import Placement

register = template.Library()


@register.simple_tag
def act_url(placement: Placement, act: Act) -> str:
    """The address of an act's page."""
    return reverse(f"booking:{act.key}", args=[placement.enrolment.participant.public_id, placement.public_id])


@register.simple_tag
def tick(done) -> str:
    """The beginning of an item of the checklist, with its tag: in order or not. The template ends it."""
    css, word = ("ok", _("In order")) if done else ("", _("Not yet"))
    return format_html('<li><span class="tag {}">{}</span>', css, word)


@register.filter
def percent(grade: Decimal) -> str:
    """A part of full time in per cent, as people write it: 75, or 37,5."""
    return f"{(grade * 100).normalize():f}".replace(".", ",")
