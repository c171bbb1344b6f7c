"""What a union representative sees of the consultations: where, what sort of placement, when, and how many."""

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User
from accounts.swedish import FoldedName, folded
from placements.booking.permissions import consultation_scope
from placements.models import Placement
from vocabulary.codes import PlacementForm, Protection


def consultations_for(user: User, searched: str = "") -> QuerySet:
    """A row for each workplace, form and period, the latest first: as dicts with `number`, and no key of anything.

    Of placements about which the union was consulted, or would have been but for an exception, in the units of the
    user's memberships. Whoever has protected personal data stands in no row. `searched` narrows them to those in
    whose workplace's or employer's name each word occurs.
    """
    scope = consultation_scope(user)
    rows = Placement.objects.filter(enrolment__participant__protection=Protection.NONE)
    if not scope.everything:
        rows = rows.filter(enrolment__unit__in=scope.unit_ids)
    rows = rows.exclude(union_consulted=None, union_exception="")
    rows = rows.alias(names=FoldedName(Concat("workplace__name", Value(" "), "workplace__employer__name")))
    for word in folded(searched).split():
        rows = rows.filter(names__contains=word)
    return (
        rows.values(
            "workplace__name", "workplace__employer__name", "form", "start", "end", "union_consulted", "union_name"
        )
        .annotate(number=Count("pk"))
        .order_by("-start", "workplace__name", "form", "end", "union_consulted", "union_name")
    )


def form_label(code: str) -> str:
    return PlacementForm(code).label
