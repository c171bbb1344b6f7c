"""How placements and follow-ups are read: with the scope of the enrolment they belong to."""

from django.db import models
from django.db.models import Q

from participants.models import Enrolment


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The placements of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class SupervisorQuerySet(models.QuerySet):
    def at(self, workplace_id):
        """Those known at a workplace: who else to choose for a placement there."""
        return self.filter(workplace_id=workplace_id)


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The follow-ups of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def wanted(self):
        """Those that were not withdrawn; filed ones were wanted in any case."""
        return self.filter(Q(withdrawn_on=None) | Q(filed__isnull=False))


class FollowUpLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The links to follow-ups of enrolments the user may see."""
        return self.filter(followup__enrolment__in=Enrolment.objects.visible_to(user))

    def whole(self):
        """With everything that decides whether a link holds, and what its page and its mail say."""
        return self.select_related(
            "made_by",
            "supervisor",
            "placement__workplace__employer",
            "followup__participant",
            "followup__placement",
            "followup__enrolment__coach",
            "followup__answer",
        )


class FollowUpAnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The answers to follow-ups of enrolments the user may see."""
        return self.filter(followup__enrolment__in=Enrolment.objects.visible_to(user))
