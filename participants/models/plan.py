"""The plan (genomförandeplan): its versions word by word, what lives on through them, and when it is gone through."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models.activity import Activity
from participants.models.enrolment import Enrolment
from vocabulary.codes import Need

LONGEST_GOAL = 500
LONGEST_MILESTONE = 300
LONGEST_WORDS = 2000
LONGEST_WHY = 500


class PlanState(models.TextChoices):
    """Where a version of the plan stands. At most one is a draft, and at most one is decided."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    DECIDED = "decided", pgettext_lazy("plan", "Decided")
    REVISED = "revised", pgettext_lazy("plan", "Revised")
    CLOSED = "closed", pgettext_lazy("plan", "Closed")


#: What a version may become. Revised: a later version was decided. The database's trigger is made of this table too.
TRANSITIONS = {
    PlanState.DRAFT: (PlanState.DECIDED,),
    PlanState.DECIDED: (PlanState.REVISED, PlanState.CLOSED),
    PlanState.REVISED: (),
    PlanState.CLOSED: (),
}
#: All that may change in a version once it is decided.
_MOVES = ("state", "closed_on", "closed_by_id", "closed_by_name", "closed_note")


class Agreement(models.TextChoices):
    """What the participant says about the plan. It must be asked before the plan is decided."""

    NOT_ASKED = "not_asked", _("Not asked yet")
    AGREES = "agrees", _("Agrees")
    WITH_COMMENT = "with_comment", _("Agrees, with a comment")
    DISAGREES = "disagrees", _("Does not agree")


class AgreementWay(models.TextChoices):
    """How the participant said so."""

    MEETING = "meeting", _("At the meeting")
    PAPER = "paper", _("On paper")
    PHONE = "phone", pgettext_lazy("way", "By phone")


class Responsible(models.TextChoices):
    """Who sees to it that a milestone is reached."""

    PARTICIPANT = "participant", _("The participant")
    COACH = "coach", _("The job coach")
    OTHER = "other", _("Somebody else")


def _frozen_once_decided():
    """The trigger that keeps a decided version as it was decided, and lets it move only as TRANSITIONS says."""
    moves = [
        f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, states in TRANSITIONS.items() for new in states
    ]
    left = ", ".join(f"'{name}'" for name in _MOVES)
    return pgtrigger.Trigger(
        name="decided_plan_never_changes",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF OLD.state = 'draft' AND TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a decided plan is never deleted'; END IF;
            IF OLD.state <> NEW.state AND NOT ({" OR ".join(moves)}) THEN
                RAISE EXCEPTION USING MESSAGE = 'a plan that is ' || OLD.state || ' never becomes ' || NEW.state;
            END IF;
            IF OLD.state <> 'draft' AND to_jsonb(OLD) - ARRAY[{left}] <> to_jsonb(NEW) - ARRAY[{left}] THEN
                RAISE EXCEPTION 'a decided plan never changes: write a new version';
            END IF;
            RETURN NEW;
        """,
    )


def _frozen_with_its_version():
    """The triggers of what stands in a version: written before it is decided, and never changed."""
    return [
        pgtrigger.Protect(name="plan_words_never_change", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="plan_words_before_decision",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            func="""
                IF (SELECT state FROM participants_planversion WHERE id = NEW.version_id) <> 'draft' THEN
                    RAISE EXCEPTION 'nothing is added to a decided plan: write a new version';
                END IF;
                RETURN NEW;
            """,
        ),
    ]


@tracked(exclude=("typed", "revision", "window", "saved_by", "saved_at"))  # a draft is no record yet
class PlanVersion(models.Model):
    """One version of a participant's plan, from draft to closed.

    While it is a draft, what has been typed so far stands in `typed`, right or wrong. Deciding writes it into the
    columns and into the version's milestones and activities; from then on it says, word for word, what was decided.
    What becomes of milestones and activities lives on rows of their own (Milestone, Activity), through all versions.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="plans", db_index=False, verbose_name=_("enrolment")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=20, choices=PlanState, default=PlanState.DRAFT)
    goal = models.TextField(_("main goal"), max_length=LONGEST_GOAL, blank=True)
    goal_on = models.DateField(_("to be reached by"), null=True, blank=True)
    view = models.TextField(_("the participant's view"), max_length=LONGEST_WORDS, blank=True)
    agreement = models.CharField(_("agreement"), max_length=20, choices=Agreement, default=Agreement.NOT_ASKED)
    agreement_way = models.CharField(_("how it was said"), max_length=20, choices=AgreementWay, blank=True)
    agreement_on = models.DateField(_("said on"), null=True, blank=True)
    agreement_comment = models.TextField(_("comment"), max_length=LONGEST_WORDS, blank=True)
    decided_without = models.TextField(_("why it is decided all the same"), max_length=LONGEST_WHY, blank=True)
    review_on = models.DateField(_("first review"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("decided by")
    )
    decided_by_name = models.CharField(max_length=210, blank=True, editable=False)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("closed by")
    )
    closed_by_name = models.CharField(max_length=210, blank=True, editable=False)
    closed_note = models.TextField(_("why it was closed"), max_length=LONGEST_WHY, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # The draft: what has been typed, by whom; counted up by every saving, so that two editors do not overwrite
    # each other; and the open page that saved it last.
    typed = models.JSONField(default=dict, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    window = models.UUIDField(null=True, editable=False)
    saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["enrolment", "-number"]
        verbose_name = _("version of the plan")
        verbose_name_plural = _("versions of the plan")
        constraints = [
            # Its index serves the file and everything else that asks for the plan of an enrolment.
            models.UniqueConstraint(fields=["enrolment", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=PlanState.DRAFT),
                name="plan_one_draft",
                violation_error_message=_("The plan has a draft already."),
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=PlanState.DECIDED),
                name="plan_one_decided",
                violation_error_message=_("Another version of the plan is decided already."),
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(condition=Q(agreement__in=Agreement.values), name="plan_agreement_known"),
            models.CheckConstraint(
                condition=Q(agreement_way__in=["", *AgreementWay.values]), name="plan_agreement_way_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, decided_on=None)
                | ~Q(state=PlanState.DRAFT)
                & ~Q(goal="")
                & ~Q(agreement=Agreement.NOT_ASKED)
                & ~Q(agreement_way="")
                & Q(
                    decided_on__isnull=False,
                    goal_on__isnull=False,
                    agreement_on__isnull=False,
                    review_on__isnull=False,
                    typed={},
                ),
                name="plan_decided_is_whole",
                violation_error_message=_("Something is missing in the plan."),
            ),
            models.CheckConstraint(
                condition=~Q(agreement=Agreement.WITH_COMMENT) | ~Q(agreement_comment=""),
                name="plan_comment_is_there",
                violation_error_message=_("Write the participant's comment."),
            ),
            models.CheckConstraint(
                condition=~Q(agreement=Agreement.DISAGREES) | ~Q(decided_without=""),
                name="plan_decided_without_agreement_says_why",
                violation_error_message=_("Write why the plan is decided all the same."),
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.CLOSED, closed_on__isnull=False)
                | ~Q(state=PlanState.CLOSED) & Q(closed_on=None),
                name="plan_closed_iff_day",
            ),
        ]
        triggers = [_frozen_once_decided()]

    def __str__(self) -> str:
        return f"{self.number} {self.get_state_display()}"

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_decided(self) -> bool:
        """Whether it is the one that holds today."""
        return self.state == PlanState.DECIDED

    def may_become(self, state: str) -> bool:
        return state in TRANSITIONS[self.state]


@tracked()
class Milestone(models.Model):
    """A milestone of an enrolment's plan: whether it is reached, and what shows it. It lives on through the versions,
    which say what it is (PlanMilestone)."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="milestones", verbose_name=_("enrolment"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    done_at = models.DateTimeField(_("marked as done"), null=True, editable=False)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("done by")
    )
    done_by_name = models.CharField(max_length=210, blank=True, editable=False)
    evidence = models.TextField(_("what shows it"), max_length=LONGEST_WORDS, blank=True)

    class Meta:
        ordering = ["enrolment", "pk"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_at=None, done_by_name="", evidence="")
                | Q(done_on__isnull=False, done_at__isnull=False),
                name="milestone_done_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def can_be_undone(self) -> bool:
        """Only on the day on which it was marked."""
        return self.done_at is not None and timezone.localdate(self.done_at) == timezone.localdate()


@tracked()
class PlanMilestone(models.Model):
    """What a version of the plan says of a milestone: what, by when, and who sees to it."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="milestones", db_index=False)
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="wordings")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("milestone"), max_length=LONGEST_MILESTONE)
    due = models.DateField(_("by"))
    responsible = models.CharField(_("who sees to it"), max_length=20, choices=Responsible)
    responsible_name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("milestone in a plan")
        verbose_name_plural = _("milestones in plans")
        constraints = [
            models.UniqueConstraint(fields=["version", "milestone"], name="plan_milestone_once"),
            models.CheckConstraint(condition=~Q(text=""), name="plan_milestone_has_words"),
            models.CheckConstraint(
                condition=Q(responsible__in=[Responsible.PARTICIPANT, Responsible.COACH], responsible_name="")
                | Q(responsible=Responsible.OTHER) & ~Q(responsible_name=""),
                name="plan_milestone_has_somebody",
            ),
        ]
        triggers = _frozen_with_its_version()

    def __str__(self) -> str:
        return self.text


@tracked()
class PlanActivity(models.Model):
    """What a version of the plan says of an activity: its purpose, what is expected of it, whose need, and when."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="activities", db_index=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="wordings")
    position = models.PositiveSmallIntegerField()
    purpose = models.TextField(_("purpose"), max_length=1000)
    expected_outcome = models.TextField(_("expected outcome"), max_length=1000)
    need = models.CharField(_("whose need"), max_length=20, choices=Need)
    start = models.DateField(_("planned start"), null=True, blank=True)
    end = models.DateField(_("planned end"), null=True, blank=True)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("activity in a plan")
        verbose_name_plural = _("activities in plans")
        constraints = [
            models.UniqueConstraint(fields=["version", "activity"], name="plan_activity_once"),
            models.CheckConstraint(
                condition=~Q(purpose="") & ~Q(expected_outcome=""), name="plan_activity_has_words"
            ),
        ]
        triggers = _frozen_with_its_version()

    def __str__(self) -> str:
        return str(self.activity)


@tracked()
class PlanReview(models.Model):
    """A day by which the plan is to be gone through with the participant, and what was said when it was.

    A decided plan has one to come. It counts as held when the plan was revised or closed after it was due; it is
    withdrawn when the plan is closed before. Upper floors keep it among the follow-ups (participants.plan.providers).
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="plan_reviews", verbose_name=_("enrolment"))
    due = models.DateField(_("due"))
    planned_on = models.DateField(_("planned"))
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    planned_by_name = models.CharField(max_length=210, editable=False)
    held_on = models.DateField(_("held"), null=True, blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    held_by_name = models.CharField(max_length=210, blank=True, editable=False)
    said = models.TextField(_("what was said"), max_length=LONGEST_WORDS, blank=True)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, editable=False)

    class Meta:
        ordering = ["enrolment", "-due", "-pk"]
        verbose_name = _("review of the plan")
        verbose_name_plural = _("reviews of the plan")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(held_on=None, withdrawn_on=None), name="plan_review_one_to_come"
            ),
            models.CheckConstraint(
                condition=Q(held_on=None) | Q(withdrawn_on=None), name="plan_review_held_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(due__gt=models.F("planned_on")),
                name="plan_review_after_it_was_planned",
                violation_error_message=_("The review must be later than the day on which it is planned."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.held_on is None and self.withdrawn_on is None

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < timezone.localdate()
