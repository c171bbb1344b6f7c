"""What staff see of the links they have sent: when, and until when they hold."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from delivery.models import Mail
from delivery.services.links import mails_with
from participants.aftercare import Point
from participants.asking.services import KIND
from participants.models import AftercareLink


@dataclass(frozen=True)
class Sent:
    """The latest link about one question, and the mail that carries it."""

    link: AftercareLink
    mail: Mail


def with_links(points: Iterable[Point]) -> list[Point]:
    """The points, those that are due with the link that was sent last; two queries for all of them."""
    points = list(points)
    asked = {(point.enrolment.pk, point.days_after) for point in points if point.is_due}
    if not asked:
        return points
    links = {}
    found = AftercareLink.objects.whole().filter(enrolment__in={enrolment for enrolment, _days in asked})
    for link in found.order_by("created_at", "pk"):
        if (link.enrolment_id, link.days_after) in asked:
            links[link.enrolment_id, link.days_after] = link
    mails = mails_with(links.values(), kind=KIND) if links else {}
    return [_with_link(point, links, mails) for point in points]


def _with_link(point: Point, links: dict, mails: dict) -> Point:
    link = links.get((point.enrolment.pk, point.days_after))
    mail = mails.get(link.public_id) if link else None
    return replace(point, sent=Sent(link, mail) if mail else None)
