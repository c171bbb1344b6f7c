"""Naming a deputy, and ending that before its last day."""

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from participants.coaching.candidates import coaches_in
from participants.models import Deputy
from participants.permissions import can_name_deputy

#: The longest that somebody stands in. Who is away longer hands the participants over; most often it is a wrong year.
LONGEST = dt.timedelta(days=366)


@transaction.atomic
def deputy_name(
    *, absent: User, deputy: User, unit: Unit, start: dt.date, end: dt.date, actor: User, token: uuid.UUID
) -> Deputy:
    """Let `deputy` stand in for `absent` in a unit where both write. `token` belongs to the form and becomes the
    public id, so that a form which is sent twice names one.

    ValidationError when `actor` may not say so (`can_name_deputy`), when one of them does not work there, when
    somebody stands in already, when who is to stand in is away on one of the days, or when the days are over or more
    than a year.
    """
    if not can_name_deputy(actor, absent, unit):
        raise ValidationError({"absent": _("You can name a deputy only for yourself in that unit.")})
    people = User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[absent.pk, deputy.pk])
    list(people.order_by("pk"))  # nobody closes their accounts, or takes the roles away, meanwhile
    if known := Deputy.objects.filter(public_id=token).first():
        return known
    here = set(coaches_in(unit.pk))
    if absent not in here or deputy not in here:
        raise ValidationError(_("Both must work as job coach or placement coordinator in the unit."))
    if end < timezone.localdate():
        raise ValidationError({"end": _("The last day is over already.")})
    if end - start > LONGEST:
        raise ValidationError({"end": _("That is more than a year. Check the years, or hand the participants over.")})
    if other := _first(unit, absent, start, end):
        words = _("%(deputy)s stands in from %(start)s to %(end)s. Choose other days, or end that first.")
        raise ValidationError({"start": words % _words(other)})
    if other := _first(unit, deputy, start, end):
        words = _("%(absent)s is away from %(start)s to %(end)s. Choose somebody else, or other days.")
        raise ValidationError({"deputy": words % _words(other)})
    row = Deputy(
        public_id=token,
        absent=absent,
        deputy=deputy,
        unit=unit,
        start=start,
        end=end,
        made_by=actor,
        made_by_name=actor.full_name,
    )
    row.full_clean()
    row.save()
    return row


def stands_in_meanwhile(row: Deputy) -> Deputy | None:
    """Where the one who is away was to stand in on one of the days, if anywhere: nobody then sees those rows."""
    rows = Deputy.objects.filter(unit=row.unit, deputy=row.absent, ended_at=None)
    return rows.filter(start__lte=row.end, end__gte=row.start).select_related("absent").order_by("start").first()


def _first(unit: Unit, absent: User, start: dt.date, end: dt.date) -> Deputy | None:
    """The first absence of somebody in the unit that has a deputy on one of the days."""
    rows = Deputy.objects.filter(unit=unit, absent=absent, ended_at=None, start__lte=end, end__gte=start)
    return rows.select_related("absent", "deputy").order_by("start").first()


def _words(row: Deputy) -> dict[str, str]:
    days = {"start": f"{row.start:%Y-%m-%d}", "end": f"{row.end:%Y-%m-%d}"}
    return {"absent": row.absent.full_name, "deputy": row.deputy.full_name, **days}


@transaction.atomic
def deputy_end(*, deputy: Deputy, actor: User) -> Deputy:
    """End it now, or take back what is still to come. Twice is once; what is over stays as it was."""
    row = Deputy.objects.select_for_update(of=("self",)).get(pk=deputy.pk)
    if not row.is_over:
        row.ended_at, row.ended_by_name = timezone.now(), actor.full_name
        row.save(update_fields=["ended_at", "ended_by_name"])
    return row
