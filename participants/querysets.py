"""How participants and their enrolments are read: always through `visible_to`.

Scope is one indexed condition: the unit of the enrolment. A protected participant is visible only to users on that
person's access list; for everyone else the person does not exist.
"""

import datetime as dt

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When

from accounts.models import Role
from vocabulary.codes import Protection, ReferralDecision, ReferralState, TargetGroup

#: The roles that work with cases. Analysts and administrators never see a person.
CASE_ROLES = (Role.JOB_COACH, Role.PLACEMENT_COORDINATOR, Role.MANAGER)


#: The target groups that come first in the queue, one as good as the other.
FIRST_IN_QUEUE = (TargetGroup.INCOME_SUPPORT, TargetGroup.ACTIVITY_RESPONSIBILITY)


def rank_of(target_group: str) -> int:
    """Whose turn it is, as `ReferralQuerySet.ranked` has it."""
    if target_group in FIRST_IN_QUEUE:
        return 1
    return 2 if target_group == TargetGroup.PREVENTIVE else 3


def rank_by(target_group):
    """The same in the database, by the column of the target group, the first first (Södertälje: income support and
    the municipal activity responsibility before the preventive)."""
    return Case(
        When(**{f"{target_group}__in": FIRST_IN_QUEUE}, then=1),
        When(**{target_group: TargetGroup.PREVENTIVE}, then=2),
        default=3,
        output_field=IntegerField(),
    )


def hidden_from(user):
    """The keys of the protected participants on whose access list the user is not: a few, found by their own index,
    so that leaving them out costs the large tables nothing. Put together once for each user object: a page asks
    for it many times, as a sub-query."""
    if (known := getattr(user, "_hidden_from", None)) is not None:
        return known
    access = apps.get_model("participants", "ProtectedAccess").objects.filter(
        user_id=user.pk, participant_id=OuterRef("pk")
    )
    people = apps.get_model("participants", "Participant").objects.order_by()
    user._hidden_from = people.filter(~Q(protection=Protection.NONE), ~Exists(access)).values("pk")
    return user._hidden_from


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The enrolments whose unit the user works with, protected persons only by the access list."""
        return self.in_reach_of(user).exclude(participant_id__in=hidden_from(user))

    def in_reach_of(self, user):
        """By unit alone. Only for sub-queries whose outer query already leaves out the protected, and for rows whose
        keys come from one that does."""
        scope = user.reach.scope(*CASE_ROLES)
        if scope.everything:
            return self.all()
        return self.filter(unit_id__in=scope.unit_ids)

    def latest_in_reach(self, user):
        """One enrolment for each participant the user may see: the latest one in the units the user works with.

        For rows that are visible already. Enrolments of a person never overlap, so the latest start is one row.
        """
        return self.filter(~self._has_later(user))

    def latest_open_in_reach(self, user, day):
        """Those of `latest_in_reach` that have not ended by that day. After an enrolment without an end there is
        none, since a person's never overlap: only of the others is it asked."""
        return self.filter(Q(end__isnull=True) | Q(~self._has_later(user), end__gte=day))

    def _has_later(self, user):
        later = type(self)(self.model).in_reach_of(user)
        return Exists(later.filter(participant_id=OuterRef("participant_id"), start__gt=OuterRef("start")))

    def protected_for(self, user):
        """The latest enrolments of protected participants in the units the user manages, whether or not the user is
        on the access list: for naming who is, by case number, never for showing a person."""
        scope = user.reach.scope(Role.MANAGER)
        rows = self.exclude(participant__protection=Protection.NONE)
        later = models.Q(start__gt=OuterRef("start"), participant_id=OuterRef("participant_id"))
        mine = type(self)(self.model)
        if not scope.everything:
            rows, mine = rows.filter(unit_id__in=scope.unit_ids), mine.filter(unit_id__in=scope.unit_ids)
        return rows.filter(~Exists(mine.filter(later))).order_by("case_number", "pk")

    def open_on(self, day):
        """Enrolments that have not ended by that day, those that begin later too."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day))

    def paused_on(self, day):
        """Enrolments that go on and rest on that day."""
        return self.open_on(day).filter(self._rests(day))

    def with_rest(self, day):
        """With `rests`: whether there is a pause on that day."""
        return self.annotate(rests=self._rests(day))

    @staticmethod
    def _rests(day):
        pauses = apps.get_model("participants", "Pause").objects
        on_day = pauses.filter(Q(end__isnull=True) | Q(end__gte=day), enrolment=OuterRef("pk"), start__lte=day)
        return Exists(on_day)

    def closed_before(self, day):
        """Enrolments that have ended before that day."""
        return self.filter(end__lt=day)


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The participants with an enrolment in a unit the user works with; protected ones by the access list."""
        enrolments = apps.get_model("participants", "Enrolment").objects.in_reach_of(user)
        # That it began some day is true of each. It says which index is meant: for the participant alone PostgreSQL
        # takes the one that keeps enrolments from overlapping, which is five times slower to look somebody up in.
        some = enrolments.filter(participant_id=OuterRef("pk"), start__gte=dt.date.min)
        return self.filter(Exists(some)).exclude(pk__in=hidden_from(user))

    def known_to(self, user):
        """Whom the user may know of: the visible ones, and those who are referred to a unit the user works with,
        though nobody has enrolled them there. The latter have no file to open yet."""
        return self.known_in(user.reach.scope(*CASE_ROLES)).exclude(pk__in=hidden_from(user))

    def known_in(self, scope):
        """By unit alone. Only with `known_to`."""
        return self.filter(_has_case(scope, OuterRef("pk")))


class ReferralQuerySet(models.QuerySet):
    def in_reach_of(self, user):
        """By unit alone. Only for sub-queries whose outer query already leaves out the protected."""
        return _within(user.reach.scope(*CASE_ROLES), self)

    def visible_to(self, user):
        """The referrals to units the user works with, whether or not the person is enrolled there or known at all;
        of protected persons only by the access list."""
        return self.in_reach_of(user).exclude(participant_id__in=hidden_from(user))

    def waiting(self):
        """Those that nobody has decided yet."""
        return self.filter(decision=ReferralDecision.PENDING)

    def in_state(self, state):
        """The referrals in one state of `ReferralState`."""
        match state:
            case ReferralState.RECEIVED:
                return self.waiting().filter(assessing_since=None)
            case ReferralState.ASSESSING:
                return self.waiting().filter(assessing_since__isnull=False)
        return self.filter(decision=state)

    def ranked(self):
        """With `rank`: whose turn it is by the target group (`rank_by`)."""
        return self.annotate(rank=rank_by("target_group"))

    def in_queue_order(self):
        """By rank, then the longest waiting first."""
        return self.ranked().order_by("rank", "received", "pk")

    def before_in_queue(self, referral):
        """Those in the same unit's queue that nobody has begun with and whose turn comes before this one's."""
        rank = rank_of(referral.target_group)
        earlier = Q(received__lt=referral.received) | Q(received=referral.received, pk__lt=referral.pk)
        waiting = self.ranked().in_state(ReferralState.RECEIVED).filter(unit=referral.unit_id)
        return waiting.filter(Q(rank__lt=rank) | Q(rank=rank) & earlier)


class AftercareLinkQuerySet(models.QuerySet):
    def whole(self):
        """With everything that decides whether a link holds, and what its page and its mail say."""
        return self.select_related("made_by", "enrolment__participant", "enrolment__coach")


class DeputyQuerySet(models.QuerySet):
    def holding_on(self, day):
        """Those who stand in on that day."""
        return self.filter(ended_at=None, start__lte=day, end__gte=day)


def _within(scope, rows):
    return rows.all() if scope.everything else rows.filter(unit_id__in=scope.unit_ids)


def _has_case(scope, participant):
    """Whether the participant has an enrolment in, or a referral to, a unit of the scope."""
    enrolments = _within(scope, apps.get_model("participants", "Enrolment").objects)
    referrals = _within(scope, apps.get_model("participants", "Referral").objects)
    return Exists(enrolments.filter(participant_id=participant)) | Exists(
        referrals.filter(participant_id=participant)
    )


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
