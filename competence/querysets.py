"""How certificates are read: with the scope of the placement they belong to."""

from django.db import models

from placements.models import Placement


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The certificates of placements the user may see."""
        return self.filter(placement__in=Placement.objects.visible_to(user))
