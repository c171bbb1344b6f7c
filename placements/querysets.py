"""How placements and follow-ups are read: with the scope of the enrolment they belong to."""

from django.db import models

from participants.models import Enrolment


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The placements of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The follow-ups of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))
