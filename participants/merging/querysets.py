"""How merges are read: by who knows both sides."""

from django.db import models
from django.db.models import Q

from accounts.models import Role
from participants.querysets import CASE_ROLES, hidden_from


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The merges of which the user may know both sides. What another unit's file has been merged with does not
        show, neither before nor after."""
        hidden = hidden_from(user)
        apart = ~Q(state="merged") & Q(loser__in=hidden)
        return self.both_in(user.reach.scope(*CASE_ROLES)).exclude(Q(winner__in=hidden) | apart)

    def decided_in(self, user):
        """The merges that the user may decide, or undo: both sides are known in units that the user manages."""
        return self.visible_to(user).both_in(user.reach.scope(Role.MANAGER))

    def waiting_first(self):
        """What waits for a decision, the oldest first; then what was decided, the latest first."""
        waits = models.Case(models.When(state="waiting", then=models.F("proposed_at")))
        return self.order_by(waits.asc(nulls_last=True), models.F("decided_at").desc(), "-pk")

    def both_in(self, scope):
        """By unit alone: each side was known in one of the units when it was proposed or decided."""
        if scope.everything:
            return self.all()
        units = list(scope.unit_ids)
        return self.filter(winner_units__overlap=units, loser_units__overlap=units)
