"""How tracks are read: a track and its rounds by whoever works with participants, its people by the scope of their
case."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from participants.models import Enrolment
from participants.querysets import CASE_ROLES


class TrackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, by whoever works with participants anywhere: what a track is says nothing of anybody."""
        return self if user.reach.has(*CASE_ROLES) else self.none()

    def open_on(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class TrackVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def latest_of_each(self):
        """Of each track the version published last: the one on which new rounds begin."""
        later = self.model.objects.published().filter(track=OuterRef("track"), number__gt=OuterRef("number"))
        return self.published().filter(~Exists(later))


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, by whoever works with participants anywhere: a round is open to coaches of every unit. Who is in it, a
        reader learns of the cases they may see (`Member.objects.visible_to`); of others a number."""
        return self if user.reach.has(*CASE_ROLES) else self.none()


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those whose case the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def on_track(self):
        return self.filter(state="on_track")
