"""How tracks are read: a track and its rounds by whoever works with participants, its people by the scope of their
case."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from participants.models import Enrolment
from participants.querysets import CASE_ROLES, rank_by

#: Who reads what a track is: whoever works with participants, and administrators, who keep reference data.
READING_ROLES = (*CASE_ROLES, Role.ADMINISTRATOR)
#: Who writes and publishes tracks.
DESIGNING_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


class TrackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """By whoever works with participants anywhere and by administrators: what a track is says nothing of anybody.
        One that was never published only by those who write tracks."""
        if user.reach.has(*DESIGNING_ROLES):
            return self
        return self.published() if user.reach.has(*READING_ROLES) else self.none()

    def published(self):
        """Those of which a version was published."""
        version = self.model._meta.get_field("versions").related_model
        return self.filter(Exists(version.objects.published().filter(track=OuterRef("pk"))))

    def open_on(self, day):
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class TrackVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def latest_of_each(self):
        """Of each track the version published last: the one on which new rounds begin."""
        later = self.model.objects.published().filter(track=OuterRef("track"), number__gt=OuterRef("number"))
        return self.published().filter(~Exists(later))

    def drafts(self):
        return self.filter(published_at=None)


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, by whoever reads tracks: a round is open to coaches of every unit. Who is in it, a
        reader learns of the cases they may see (`Member.objects.visible_to`); of others a number."""
        return self if user.reach.has(*READING_ROLES) else self.none()

    def living(self):
        """Those that are planned, take applications or run."""
        return self.filter(state__in=["planned", "open", "running"])


class MemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those whose case the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def on_track(self):
        return self.filter(state="on_track")

    def waiting(self):
        """Those who wait for a seat."""
        return self.filter(state="waiting")

    def in_queue_order(self):
        """As the queue of referrals has it: by target group, then whoever has waited the longest."""
        return self.annotate(rank=rank_by("enrolment__target_group")).order_by("rank", "applied_on", "pk")


class PassageQuerySet(models.QuerySet):
    def been_on(self):
        """Those of steps that somebody has been on: without those that were skipped."""
        return self.exclude(result="skipped")


class SteeringGroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All, as tracks are: what is decided about work is no secret among those who do it."""
        return self if user.reach.has(*READING_ROLES) else self.none()


class ActionQuerySet(models.QuerySet):
    def unsettled(self):
        """What is still to be done."""
        return self.filter(settled_on=None)

    def overdue_on(self, day):
        return self.unsettled().filter(due__lt=day)

    def of_group(self, group):
        return self.filter(decision__meeting__group=group)

    def left_at(self, meeting):
        """What earlier meetings had left when this one was held: due by its day, and settled on no earlier day."""
        return self.of_group(meeting.group).filter(
            Q(settled_on=None) | Q(settled_on__gte=meeting.day),
            decision__meeting__day__lt=meeting.day,
            due__lte=meeting.day,
        )
