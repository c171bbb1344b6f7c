"""The case: an enrolment, and which unit answers for it when."""

from collections.abc import Iterable

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import LegalBasis, Unit, User
from participants.models.employment_service import EmploymentServiceFacts
from participants.models.following import follows
from participants.models.participant import Participant
from participants.models.referral import Referral
from participants.querysets import EnrolmentQuerySet
from vocabulary.codes import ClosureReason, JobForm, SupportObstacle, TargetGroup, TimeWithoutWork

#: Reasons after which a job is known (register-format.md, enrolments.csv).
REASONS_WITH_JOB = (ClosureReason.WORK, ClosureReason.OWN_BUSINESS)
LONGEST_EMPLOYER = 200


class Days(Func):
    """The days from a first to a last day, both included; an empty last day means still open."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first, last, **extra):
        super().__init__(first, last, Value("[]"), **extra)


@follows("participant")
@tracked(exclude=("last_activity_on",))  # follows from the journal and the follow-ups, which have histories
class Enrolment(EmploymentServiceFacts):
    """One stretch of time in which the municipality's labour-market work answers for a participant: the case.

    It is never reopened (a return is a new enrolment, which keeps the figures stable), and a participant has at most
    one on any day; both the first and the last day belong to it. `unit` is the unit of the latest
    `UnitAssignment`, kept here because every scope asks for it; only the services write either.
    """

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="enrolments", db_index=False, verbose_name=_("participant")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="enrolments", db_index=False, verbose_name=_("unit"))
    coach = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        db_index=False,
        verbose_name=_("job coach"),
    )
    # By which the person came, where that was registered here: a referral leads to one enrolment at most.
    referral = models.OneToOneField(
        Referral, models.PROTECT, null=True, blank=True, related_name="enrolment", verbose_name=_("referral")
    )
    case_number = models.CharField(_("case number"), max_length=64, blank=True)
    target_group = models.CharField(_("target group"), max_length=30, choices=TargetGroup, blank=True)
    # The person may belong to more groups than the one that is counted.
    other_groups = ArrayField(
        models.CharField(max_length=30, choices=TargetGroup),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("other target groups"),
    )
    support_obstacle = models.CharField(
        _("obstacle to self-support"), max_length=40, choices=SupportObstacle, blank=True, db_default=""
    )
    time_without_work = models.CharField(
        _("time without work"), max_length=10, choices=TimeWithoutWork, blank=True, db_default=""
    )
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)
    closure_reason = models.CharField(_("closure reason"), max_length=30, choices=ClosureReason, blank=True)
    job_start = models.DateField(_("job start"), null=True, blank=True)
    job_end = models.DateField(_("job end"), null=True, blank=True)
    job_form = models.CharField(_("form of job"), max_length=30, choices=JobForm, blank=True)
    # In words, as the participant says it: no row of the place bank, which is about those who take placements.
    job_employer = models.CharField(_("employer"), max_length=LONGEST_EMPLOYER, blank=True, default="", db_default="")
    study_aid = models.BooleanField(_("entitled to study aid"), null=True, blank=True)
    last_activity_on = models.DateField(_("last activity"), null=True, editable=False)
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["participant", "start"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            *EmploymentServiceFacts.Meta.constraints,
            models.CheckConstraint(
                condition=Q(support_obstacle__in=["", *SupportObstacle.values]), name="enrolment_obstacle_known"
            ),
            models.CheckConstraint(
                condition=Q(time_without_work__in=["", *TimeWithoutWork.values]),
                name="enrolment_time_without_work_known",
            ),
            models.CheckConstraint(
                condition=Q(other_groups__contained_by=TargetGroup.values), name="enrolment_other_groups_known"
            ),
            ExclusionConstraint(
                name="enrolment_no_overlap",
                # Judged when a statement ends, so that one statement can move the border between two enrolments.
                deferrable=Deferrable.IMMEDIATE,
                expressions=[
                    ("participant", RangeOperators.EQUAL),
                    (Days("start", "end"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The participant is already enrolled on one of these days."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="enrolment_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True, closure_reason="")
                | Q(end__isnull=False, closure_reason__in=ClosureReason.values),
                name="enrolment_closure_reason_iff_end",
                violation_error_message=_("A closure reason is given if, and only if, the enrolment has ended."),
            ),
            models.CheckConstraint(
                condition=Q(job_start__isnull=True, job_end__isnull=True) | Q(closure_reason__in=REASONS_WITH_JOB),
                name="enrolment_job_only_for_work",
                violation_error_message=_("A job is given only when the reason is work or own business."),
            ),
            models.CheckConstraint(
                condition=Q(job_form="") | Q(closure_reason=ClosureReason.WORK, job_form__in=JobForm.values),
                name="enrolment_job_form_only_for_work",
                violation_error_message=_("A form of job is given only when the reason is work."),
            ),
            models.CheckConstraint(
                condition=Q(job_end__isnull=True) | Q(job_end__gte=F("job_start")),
                name="enrolment_job_ends_after_start",
                violation_error_message=_("The end of the job is before its start."),
            ),
            models.CheckConstraint(
                condition=Q(study_aid__isnull=True) | Q(closure_reason=ClosureReason.STUDIES),
                name="enrolment_study_aid_only_for_studies",
                violation_error_message=_("Study aid is given only when the reason is studies."),
            ),
            models.CheckConstraint(
                condition=Q(target_group__in=["", *TargetGroup.values]), name="enrolment_target_group_known"
            ),
        ]
        indexes = [
            # Scope: whose enrolments does this unit see? And the unit's list, open ones first.
            models.Index(fields=["unit", "participant"], name="enrolment_by_unit"),
            # A coach's own participants; and which coaches the units of a scope have (the filter of the list).
            models.Index(fields=["coach", "unit"], name="enrolment_by_coach"),
            # Which of a person's enrolments is the latest: every list, and every file.
            models.Index(fields=["participant", "start"], name="enrolment_by_participant"),
            # The list by activity, the latest first (read backwards, the longest silent): of all, and of a unit.
            models.Index(F("last_activity_on").desc(nulls_last=True), name="enrolment_by_activity"),
            models.Index("unit", F("last_activity_on").desc(nulls_last=True), name="enrolment_by_unit_activity"),
            # Search by case number.
            models.Index(fields=["case_number"], name="enrolment_by_case", condition=~Q(case_number="")),
            # Figures: closed in a period, new in a period.
            models.Index(fields=["end"], name="enrolment_by_end"),
            models.Index(fields=["start"], name="enrolment_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}–{self.end or ''}"

    @property
    def groups(self) -> list[str]:
        """Every target group the person belongs to, the counted one first."""
        return [self.target_group, *(each for each in self.other_groups if each != self.target_group)]

    @cached_property
    def pause_to_end(self):
        """The pause (`Pause`) of today, or else the next one that is planned; None if there is none."""
        return self.pause_to_end_of(self.pauses.all()) if self.end is None else None

    def pause_to_end_of(self, pauses: Iterable):
        """The same among the enrolment's `pauses`, for who has read them."""
        today = timezone.localdate()
        waiting = (pause for pause in pauses if pause.end is None or pause.end >= today)
        return min(waiting, key=lambda pause: pause.start, default=None) if self.end is None else None

    @cached_property
    def assignment(self):
        """The `UnitAssignment` of today, or the last one: which unit answers, and under which law."""
        return self.assignments.order_by("-start").first()

    @property
    def is_paused(self) -> bool:
        """Whether the enrolment rests today."""
        return self.pause_to_end is not None and self.pause_to_end.start <= timezone.localdate()

    @property
    def is_open(self) -> bool:
        """Whether the enrolment goes on today."""
        return self.end is None or self.end >= timezone.localdate()

    @property
    def is_closed(self) -> bool:
        """Whether it is closed, from the last day on: that day still belongs to it, but nothing is to be done."""
        return self.end is not None and self.end <= timezone.localdate()


@tracked()
class AnnulledClosure(models.Model):
    """A closure made in error that a manager has annulled: what it said, and why it was wrong.

    The enrolment goes on as if it had never been closed, and no figure counts the closure.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="annulled_closures", verbose_name=_("enrolment")
    )
    end = models.DateField(_("end"))
    closure_reason = models.CharField(_("closure reason"), max_length=30, choices=ClosureReason)
    job_start = models.DateField(_("job start"), null=True, blank=True)
    job_end = models.DateField(_("job end"), null=True, blank=True)
    job_form = models.CharField(_("form of job"), max_length=30, choices=JobForm, blank=True)
    # In words, as the participant says it: no row of the place bank, which is about those who take placements.
    job_employer = models.CharField(_("employer"), max_length=LONGEST_EMPLOYER, blank=True, default="", db_default="")
    study_aid = models.BooleanField(_("entitled to study aid"), null=True, blank=True)
    why = models.TextField(_("why it was wrong"), max_length=500)
    annulled_at = models.DateTimeField(default=timezone.now, editable=False)
    annulled_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    annulled_by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["enrolment", "-annulled_at", "pk"]
        verbose_name = _("annulled closure")
        verbose_name_plural = _("annulled closures")

    def __str__(self) -> str:
        return f"{self.end:%Y-%m-%d}"


@tracked()
class UnitAssignment(models.Model):
    """Which unit answers for an enrolment from a day on, and the law the case is handled under there.

    A transfer between units is a new assignment, not a new enrolment: one person, one case, one count. The last
    assignment has no end of its own; it lasts as long as the enrolment.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="assignments", db_index=False, verbose_name=_("enrolment")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit"))
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "start"]
        verbose_name = _("unit assignment")
        verbose_name_plural = _("unit assignments")
        constraints = [
            # One unit answers on any day. A btree on (enrolment, start) serves the look-ups as well.
            models.UniqueConstraint(fields=["enrolment", "start"], name="unit_assignment_one_a_day"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(end__isnull=True), name="unit_assignment_one_current"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="unit_assignment_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(legal_basis__in=LegalBasis.values), name="unit_assignment_legal_basis_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d}"
