"""How participants and their enrolments are read: always through `visible_to`.

Scope is one indexed condition: the unit of the enrolment. A protected participant is visible only to users on that
person's access list; for everyone else the person does not exist.
"""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from vocabulary.codes import Protection

#: The roles that work with cases. Analysts and administrators never see a person.
CASE_ROLES = (Role.JOB_COACH, Role.PLACEMENT_COORDINATOR, Role.MANAGER)


def _not_hidden(user, *, participant: str) -> Q:
    """The person is not protected, or the user is on the access list; `participant` is the path to the key."""
    access = apps.get_model("participants", "ProtectedAccess").objects.filter(
        user_id=user.pk, participant_id=OuterRef(participant)
    )
    prefix = "" if participant == "pk" else f"{participant.removesuffix('_id')}__"
    return Q(**{f"{prefix}protection": Protection.NONE}) | Exists(access)


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The enrolments whose unit the user works with, protected persons only by the access list."""
        return self.in_reach_of(user).filter(_not_hidden(user, participant="participant_id"))

    def in_reach_of(self, user):
        """By unit alone. Only for sub-queries whose outer query already leaves out the protected."""
        scope = user.reach.scope(*CASE_ROLES)
        if scope.everything:
            return self.all()
        return self.filter(unit_id__in=scope.unit_ids)

    def active_on(self, day):
        """Enrolments that go on that day; both the first and the last day belong to one."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The participants with an enrolment in a unit the user works with; protected ones by the access list."""
        enrolments = apps.get_model("participants", "Enrolment").objects
        return self.filter(
            Exists(enrolments.in_reach_of(user).filter(participant_id=OuterRef("pk"))),
            _not_hidden(user, participant="pk"),
        )
