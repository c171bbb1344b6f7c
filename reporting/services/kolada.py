"""What is typed into the yearly answer to the national survey."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from reporting.models import KoladaAnswer

#: The indicator and the gender (`women`, `men`, `total`) of one number.
Place = tuple[str, str]

#: "KOL": our own space of advisory locks. A year's sheet is saved by one at a time; there may be no row to lock yet.
_LOCK_SPACE = 0x4B4F4C


class AnswersChanged(Exception):
    """Somebody else has saved some of the same numbers since the page was opened; `found` are those as they are now,
    None for one that was taken away."""

    def __init__(self, found: Mapping[Place, KoladaAnswer | None]):
        super().__init__()
        self.found = found


@transaction.atomic
def kolada_answers_save(
    *, year: int, values: Mapping[Place, Decimal | None], seen: Mapping[Place, Decimal], actor: User
) -> int:
    """Keep what is typed for a year: `values` as they are to be, None for none; `seen` what the page showed of them.

    Only what differs from what was seen is written, so that two who answer different questions at once keep both;
    returns how many numbers were. AnswersChanged, and nothing is stored, when one of them is another by now.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, year])
    stored = {(each.indicator, each.gender): each for each in KoladaAnswer.objects.filter(year=year)}
    now = {place: each.value for place, each in stored.items()}
    wanted = {place: value for place, value in values.items() if value != seen.get(place)}
    changed = {place: value for place, value in wanted.items() if value != now.get(place)}
    lost = {place: stored.get(place) for place in changed if now.get(place) != seen.get(place)}
    if lost:
        raise AnswersChanged(lost)
    for (indicator, gender), value in changed.items():
        if value is None:
            stored[indicator, gender].delete()
            continue
        KoladaAnswer.objects.update_or_create(
            year=year,
            indicator=indicator,
            gender=gender,
            defaults={
                "value": value,
                "edited_at": timezone.now(),
                "edited_by": actor,
                "edited_by_name": actor.get_full_name(),
            },
        )
    return len(changed)
