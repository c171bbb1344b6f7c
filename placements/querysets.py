"""How placements and follow-ups are read: with the scope of the enrolment they belong to."""

import datetime as dt

from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Right
from django.utils import timezone

from accounts import municipal
from accounts.swedish import FoldedName, SwedishSortKey, folded
from participants.calendar import months_after
from participants.models import Enrolment
from participants.querysets import CASE_ROLES
from placements.municipal import CHECK_MONTHS


def _rows(model, relation: str):
    """The rows of a reverse relation, which this module cannot import: their models are read by these querysets."""
    return model._meta.get_field(relation).related_model._default_manager


class _Digits(models.Func):
    """The digits of a text."""

    template = r"regexp_replace(%(expressions)s, '\D', '', 'g')"
    output_field = CharField()


class EmployerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Employers are no secret: everybody who works with participants sees them all."""
        return self if user.reach.has(*CASE_ROLES) else self.none()

    def in_swedish_order(self):
        return self.order_by(SwedishSortKey("name"), "pk")

    def with_number(self, number: str):
        """Those with this organisation number, however it was written (a register may bring any spelling)."""
        digits = "".join(filter(str.isdigit, number))[-10:]
        return self.exclude(organisation_number="").filter(
            pk__in=self.model._default_manager.annotate(digits=Right(_Digits("organisation_number"), 10))
            .filter(digits=digits)
            .values("pk")
        )

    def searched(self, text: str):
        """Those in whose name each typed word occurs, or whose organisation number begins with what was typed."""
        rows, digits = self, "".join(filter(str.isdigit, text))
        if digits and not any(map(str.isalpha, text)):
            return rows.annotate(digits=_Digits("organisation_number")).filter(digits__startswith=digits)
        for word in folded(text).split():
            rows = rows.alias(looked_up=FoldedName("name")).filter(looked_up__contains=word)
        return rows


class WorkplaceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As their employers."""
        return self if user.reach.has(*CASE_ROLES) else self.none()

    def in_swedish_order(self):
        return self.order_by(SwedishSortKey("name"), "pk")

    def open_on(self, day: dt.date):
        """Those at which something can begin on that day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=day))

    def with_check(self, day: dt.date):
        """With `checked_on` (None: never) and `check_state` (a CheckState), as the latest check says on that day:
        one that is older than the municipality's limit is old, one that leaves something unanswered has failed."""
        latest = _rows(self.model, "checks").filter(workplace=OuterRef("pk")).order_by("-checked_on", "-pk")
        passed = Q(risks_assessed=True, introduction=True) & ~Q(insurance="")
        since = months_after(day, -municipal.value_of(CHECK_MONTHS.key))
        state = Case(
            When(~passed, then=Value("failed")),
            When(checked_on__lt=since, then=Value("old")),
            default=Value("passed"),
        )
        return self.annotate(
            checked_on=Subquery(latest.values("checked_on")[:1]),
            check_state=Coalesce(
                Subquery(latest.annotate(state=state).values("state")[:1]), Value("missing"), output_field=CharField()
            ),
        )

    def in_use_on(self, day: dt.date):
        """Those that receive, or offer to: somebody is placed there that day or later, or a place is not closed."""
        placed = _rows(self.model, "placements").filter(
            Q(end=None) | Q(end__gte=day), workplace=OuterRef("pk"), cancelled_on=None
        )
        offered = (
            _rows(self.model, "places")
            .filter(Q(end=None) | Q(end__gte=day), workplace=OuterRef("pk"))
            .exclude(state="closed")
        )
        return self.filter(Exists(placed) | Exists(offered))

    def to_check(self, day: dt.date):
        """Those in use whose latest check does not count: there is none, it failed, or it is old."""
        return self.with_check(day).open_on(day).in_use_on(day).exclude(check_state="passed")


class EmployerAgreementQuerySet(models.QuerySet):
    def holding_on(self, day: dt.date):
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def run_out_on(self, day: dt.date):
        """Those that have run out and of which there is no later one of the same kind that holds, or will."""
        later = self.model._default_manager.filter(
            Q(valid_until=None) | Q(valid_until__gte=day), employer=OuterRef("employer"), kind=OuterRef("kind")
        )
        return self.filter(~Exists(later), valid_until__lt=day)


class CommitmentQuerySet(models.QuerySet):
    def outstanding(self):
        """Those of which something has not come yet."""
        return self.filter(fulfilled__lt=F("promised"))

    def overdue_on(self, day: dt.date):
        """Those of which something is outstanding although the day has passed."""
        return self.outstanding().filter(due__lt=day)


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


def _here(day: dt.date) -> Q:
    return Q(left_on=None) | Q(left_on__gt=day)


class SupervisorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As the workplaces they are at."""
        return self if user.reach.has(*CASE_ROLES) else self.none()

    def in_swedish_order(self):
        return self.order_by(SwedishSortKey("name"), "pk")

    def at(self, workplace_id):
        """Those known at a workplace: who else to choose for a placement there."""
        return self.filter(workplace_id=workplace_id)

    def here_on(self, day: dt.date):
        """Those who have not left."""
        return self.filter(_here(day))

    def trained_on(self, day: dt.date):
        """Those who count as trained that day: they have not left, and some training of theirs holds. Nothing else
        decides whether a place, a booking or a page says so."""
        return self.filter(_here(day), Exists(self._trainings().holding_on(day)))

    def language_trained_on(self, day: dt.date):
        """Of these, the language supervisors (språkhandledare)."""
        return self.filter(_here(day), Exists(self._trainings().holding_on(day).filter(language=True)))

    def with_training(self, day: dt.date):
        """With `is_trained` and `is_language_trained` (as `trained_on` and `language_trained_on` have it) and
        `trained_until`: the last day of the training that lasts longest. None beside `is_trained`: without end; a
        day that has passed: the training has run out; None and not trained: there is none."""
        done = self._trainings().filter(completed_on__lte=day).order_by(F("valid_until").desc(nulls_first=True))
        return self.annotate(
            is_trained=Exists(self.model._default_manager.trained_on(day).filter(pk=OuterRef("pk"))),
            is_language_trained=Exists(
                self.model._default_manager.language_trained_on(day).filter(pk=OuterRef("pk"))
            ),
            trained_until=Subquery(done.values("valid_until")[:1]),
        )

    def leading_on(self, day: dt.date):
        """Those who lead a placement that day or later, or stand on a place that is not closed."""
        led = _rows(self.model, "placements").filter(
            Q(end=None) | Q(end__gte=day), supervisor=OuterRef("pk"), cancelled_on=None
        )
        placed = (
            _rows(self.model, "places")
            .filter(Q(end=None) | Q(end__gte=day), supervisor=OuterRef("pk"))
            .exclude(state="closed")
        )
        return self.filter(Exists(led) | Exists(placed))

    def searched(self, text: str):
        """Those in whose own, the workplace's or the employer's name each typed word occurs."""
        rows = self.alias(
            names=FoldedName(Concat("name", Value(" "), "workplace__name", Value(" "), "workplace__employer__name"))
        )
        for word in folded(text).split():
            rows = rows.filter(names__contains=word)
        return rows

    def _trainings(self):
        return _rows(self.model, "trainings").filter(supervisor=OuterRef("pk"))


class SupervisorTrainingQuerySet(models.QuerySet):
    def holding_on(self, day: dt.date):
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), completed_on__lte=day)


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
