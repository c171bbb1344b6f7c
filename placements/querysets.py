"""How placements and follow-ups are read: with the scope of the enrolment they belong to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participants.models import Enrolment
from participants.querysets import CASE_ROLES


class EmployerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Employers are no secret: everybody who works with participants sees them all."""
        return self if user.reach.has(*CASE_ROLES) else self.none()


class WorkplaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As their employers."""
        return self if user.reach.has(*CASE_ROLES) else self.none()


class PlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The place bank is the whole city's: everybody who works with participants sees it. Who is on a place is
        another matter (`Placement.objects.visible_to`)."""
        return self if user.reach.has(*CASE_ROLES) else self.none()


class PlaceOfferQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has reviewed."""
        return self.filter(state="received")

    def waiting_first(self):
        """What waits, the oldest first; then the others, the latest first."""
        waits = models.Case(models.When(state="received", then=models.F("received_at")))
        return self.order_by(waits.asc(nulls_last=True), "-reviewed_at", "-pk")


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The placements of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def to_come_or_going_on(self):
        """Those that have not ended before today."""
        return self.filter(Q(end=None) | Q(end__gte=timezone.localdate()))


class HeldPlacements(models.Manager.from_queryset(PlacementQuerySet)):
    """The placements that were not cancelled: what every list, figure and scope counts."""

    def get_queryset(self):
        return super().get_queryset().filter(cancelled_on=None)


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


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The groups of the units the user works with."""
        scope = user.reach.scope(*CASE_ROLES)
        return self if scope.everything else self.filter(unit_id__in=scope.unit_ids)

    def going_on(self, day):
        """Groups that have not ended by that day, those that begin later too."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day))


class GroupPlaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The seats of enrolments the user may see: a group never shows who is in it to users without the case."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def taken_on(self, day):
        """The seats that somebody has on that day."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)


class AttendanceReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The basis of enrolments the user may see, and the files of the units the user works with."""
        scope = user.reach.scope(*CASE_ROLES)
        files = Q(enrolment=None) if scope.everything else Q(enrolment=None, unit_id__in=scope.unit_ids)
        return self.filter(files | Q(enrolment__in=Enrolment.objects.visible_to(user)))
