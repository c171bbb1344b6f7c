"""What the page of a placement writes: where its acts are, a part of full time."""

from decimal import Decimal

from django import template
from django.urls import reverse

from placements.booking.acts import Act
from placements.models import Placement

register = template.Library()


@register.simple_tag
def act_url(placement: Placement, act: Act) -> str:
    """The address of an act's page."""
    return reverse(f"booking:{act.key}", args=[placement.enrolment.participant.public_id, placement.public_id])


@register.filter
def percent(grade: Decimal) -> str:
    """A part of full time in per cent, as people write it: 75, or 37,5."""
    return f"{(grade * 100).normalize():f}".replace(".", ",")
