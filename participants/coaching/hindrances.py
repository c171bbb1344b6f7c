"""What the administrators' pages must know of a coach's work: how much there is and where, never with whom."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Role, Unit, User
from accounts.providers import deactivation_blockers, membership_blockers
from participants.models import Enrolment
from participants.permissions import WRITING_ROLES


def open_enrolments(user: User) -> Iterable[str]:
    """A coach whose participants nobody else has taken over cannot be deactivated: they would have no coach."""
    yield from _sentences(user, Enrolment.objects.filter(coach=user))


def enrolments_in_unit(membership: Membership) -> Iterable[str]:
    """Nor can the role be taken by which a coach works with the participants of a unit."""
    if membership.role not in WRITING_ROLES:
        return
    left = membership.user.memberships.exclude(pk=membership.pk).filter(role__in=WRITING_ROLES)
    units = set(left.values_list("unit", flat=True))
    if None in units:
        return
    rows = Enrolment.objects.filter(coach=membership.user).exclude(unit__in=units)
    yield from _sentences(membership.user, rows.filter(unit=membership.unit) if membership.unit else rows)


def _sentences(user: User, rows: QuerySet[Enrolment]) -> Iterable[str]:
    rows = rows.open_on(timezone.localdate()).order_by()
    counts = dict(rows.values_list("unit").annotate(count=Count("pk")))
    for unit in Unit.objects.filter(pk__in=counts).by_name():
        count = counts[unit.pk]
        words = ngettext(
            "The user is the job coach of %(count)s participant at %(unit)s.",
            "The user is the job coach of %(count)s participants at %(unit)s.",
            count,
        ) % {"count": count, "unit": unit.name}
        yield f"{words} {_who(unit, user)}"


def _who(unit: Unit, coach: User) -> str:
    """Who can do something about it, and where: the page is closed to an administrator, who sees no participants."""
    managers = User.objects.with_role_in(unit.pk, Role.MANAGER).in_swedish_order()
    names = ", ".join(manager.full_name for manager in managers)
    if not names:
        return _("The unit has no manager. Give somebody the role first: managers hand participants over.")
    asked = _("Ask a manager to hand them over first: %(names)s.") % {"names": names}
    where = _("It is done on the unit's page, with “Hand over” in the row of %(name)s.") % {"name": coach.full_name}
    return f"{asked} {where}"


def join() -> None:
    deactivation_blockers.append(open_enrolments)
    membership_blockers.append(enrolments_in_unit)
