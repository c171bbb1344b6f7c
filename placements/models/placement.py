"""A participant at a workplace."""

import datetime as dt
import uuid

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from participants.models import Activity, Enrolment
from participants.models.enrolment import Days
from placements.models.employer import Workplace
from placements.models.place import Place
from placements.models.promises import Insurance
from placements.models.supervisor import Supervisor
from placements.querysets import HeldPlacements, PlacementQuerySet
from vocabulary.codes import Need, PlacementForm, PlacementResult


class PlacementState(models.TextChoices):
    """Where a placement stands, by its dates and by what has been settled before it begins."""

    PLANNED = "planned", _("Planned")
    UNION_CONSULTED = "union_consulted", _("The union consulted")
    AGREED = "agreed", _("Agreed")
    ONGOING = "ongoing", _("Ongoing")
    EXTENDED = "extended", _("Extended")
    ENDED = "ended", pgettext_lazy("placement", "Ended")
    INTERRUPTED = "interrupted", _("Interrupted")
    CANCELLED = "cancelled", pgettext_lazy("placement", "Cancelled")


#: What has a contract of its own: it may go on when the enrolment does not, and is to add value (Malmö: for the
#: person and for the workplace). All else belongs to the activity.
EMPLOYMENTS = (PlacementForm.MUNICIPAL_EMPLOYMENT, PlacementForm.SUPPORTED_EMPLOYMENT, PlacementForm.HOLIDAY_JOB)

#: Before it begins, while it goes on, and when it is over.
TO_COME = (PlacementState.PLANNED, PlacementState.UNION_CONSULTED, PlacementState.AGREED)
GOING_ON = (PlacementState.ONGOING, PlacementState.EXTENDED)
OVER = (PlacementState.ENDED, PlacementState.INTERRUPTED)


class CollectiveAgreement(models.TextChoices):
    """The agreement under which somebody is employed (SKR; BEA 20 with Kommunal and OFR)."""

    BEA = "bea", "BEA"
    BUI = "bui", "BUI"
    BAL = "bal", "BAL"
    HOK_AB = "hok_ab", "HÖK/AB"
    OTHER = "other", pgettext_lazy("collective agreement", "Other")


class Funding(models.TextChoices):
    """Who bears the cost of a placement."""

    MUNICIPALITY = "municipality", pgettext_lazy("funding", "The municipality")
    EMPLOYMENT_SERVICE = "employment_service", pgettext_lazy("funding", "The public employment service")
    PROJECT = "project", pgettext_lazy("funding", "A project")
    EMPLOYER = "employer", pgettext_lazy("funding", "The employer")


@tracked(exclude=("unmarked_on",))  # worked out of the schedules and the marks, which are tracked themselves
class Placement(models.Model):
    """A participant's time at a workplace, unpaid or employed: form, days, and the purpose it serves.

    It belongs to the enrolment that covers its start, else to the latest that started before it. The grade of an
    employment is a series of `GradeTerm`: a changed grade is no new placement. One that was cancelled before it began
    never was: `Placement.objects` does not have it, and only who tells what became of it asks `Placement.every`.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="placements", verbose_name=_("enrolment"))
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="placements", verbose_name=_("workplace"))
    supervisor = models.ForeignKey(
        Supervisor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        db_index=False,
        verbose_name=_("supervisor"),
    )
    form = models.CharField(_("form"), max_length=30, choices=PlacementForm)
    start = models.DateField(_("start"), db_index=True)
    end = models.DateField(_("end"), null=True, blank=True, db_index=True)
    # The seat of the place bank that it holds; a placement may be without, as those that came with a register.
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        db_index=False,
        verbose_name=_("place"),
    )
    seat = models.PositiveSmallIntegerField(_("seat"), null=True, blank=True, editable=False)
    # What it was booked for. The words of the activity may change with the plan; those below are the placement's own.
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("activity of the plan"),
    )
    need = models.CharField(_("whose need"), max_length=20, choices=Need, blank=True, db_default="")
    purpose = models.TextField(_("purpose"), blank=True)
    expected_outcome = models.TextField(_("expected outcome"), blank=True)
    union_consulted = models.DateField(_("union consulted"), null=True, blank=True)
    union_name = models.CharField(_("which union"), max_length=100, blank=True, db_default="")
    union_said = models.CharField(_("what the union said"), max_length=300, blank=True, db_default="")
    # Why somebody begins although the union was not consulted before (MBL), or nobody trained leads the work.
    union_exception = models.CharField(
        _("why the union was not consulted"), max_length=300, blank=True, db_default=""
    )
    supervisor_exception = models.CharField(
        _("why nobody trained leads the work"), max_length=300, blank=True, db_default=""
    )
    # The day on which workplace, participant and municipality had agreed on it.
    agreed_on = models.DateField(_("agreed"), null=True, blank=True)
    collective_agreement = models.CharField(
        _("collective agreement"), max_length=20, choices=CollectiveAgreement, blank=True, db_default=""
    )
    funding = models.CharField(_("funding"), max_length=20, choices=Funding, blank=True, db_default="")
    result = models.CharField(_("result"), max_length=20, choices=PlacementResult, blank=True)
    cancelled_on = models.DateField(_("cancelled"), null=True, blank=True, editable=False)
    why_cancelled = models.CharField(_("why it was cancelled"), max_length=200, blank=True, db_default="")
    # When it was last decided that it goes on longer.
    extended_on = models.DateField(_("extended"), null=True, blank=True, editable=False)
    # Empty: it ended as planned.
    why_interrupted = models.CharField(_("why it was interrupted"), max_length=300, blank=True, db_default="")
    # The first planned day that nobody has marked, today's and later ones too; none without a schedule
    # (placements.marking.services keeps it). Min dag need not work out every schedule for it.
    unmarked_on = models.DateField(null=True, editable=False)
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = HeldPlacements()
    every = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="placement_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(condition=Q(form__in=PlacementForm.values), name="placement_form_known"),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=PlacementResult.values, end__isnull=False),
                name="placement_result_only_after_end",
                violation_error_message=_("A result is given only when the placement has ended."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, why_cancelled="")
                | Q(cancelled_on__isnull=False) & ~Q(why_cancelled=""),
                name="placement_cancelled_with_a_reason",
                violation_error_message=_("A placement is cancelled with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(why_interrupted="") | Q(end__isnull=False),
                name="placement_interrupted_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True, seat__isnull=True) | Q(place__isnull=False, seat__gte=1),
                name="placement_seat_of_a_place",
            ),
            # Two who book the same seat at once: one of them is refused, whatever the pages have checked. A load asks
            # when all rows are stored, as one may leave the days that another gets.
            ExclusionConstraint(
                name="placement_one_in_a_seat",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    (Days("start", "end"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_on__isnull=True, place__isnull=False),
                deferrable=models.Deferrable.IMMEDIATE,
                violation_error_message=_("Somebody else has this seat on some of these days."),
            ),
            models.CheckConstraint(condition=Q(need__in=["", *Need.values]), name="placement_need_known"),
            models.CheckConstraint(
                condition=Q(collective_agreement__in=["", *CollectiveAgreement.values]),
                name="placement_collective_agreement_known",
            ),
            models.CheckConstraint(condition=Q(funding__in=["", *Funding.values]), name="placement_funding_known"),
        ]
        triggers = [
            # No seat beyond those of the place. The place is held, so that its seats do not become fewer meanwhile.
            pgtrigger.Trigger(
                name="seat_within_capacity",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("place_id", "seat"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__place_id__isnull=False),
                func="""
                    IF NEW.seat > (SELECT capacity FROM placements_place WHERE id = NEW.place_id FOR SHARE) THEN
                        RAISE EXCEPTION USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'placement_seat_within_capacity', MESSAGE = 'the place has no such seat';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        indexes = [
            # Min dag: whose attendance is not marked.
            models.Index(
                fields=["enrolment", "unmarked_on"], name="placement_unmarked", condition=Q(unmarked_on__isnull=False)
            ),
            # Whether a supervisor leads other placements too. Those of a loaded register have none.
            models.Index(
                fields=["supervisor"], name="placement_by_supervisor", condition=Q(supervisor__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.start:%Y-%m-%d}"

    def state_on(self, day: dt.date) -> PlacementState:
        """Where it stands on `day`, as far as is known today. `extended` is one that goes on longer than was first
        agreed (`PlacementExtension`)."""
        if self.cancelled_on:
            return PlacementState.CANCELLED
        if self.start > day:
            if self.agreed_on:
                return PlacementState.AGREED
            return PlacementState.UNION_CONSULTED if self.union_consulted else PlacementState.PLANNED
        if self.end and self.end < day:
            return PlacementState.INTERRUPTED if self.why_interrupted else PlacementState.ENDED
        return PlacementState.EXTENDED if self.extended_on else PlacementState.ONGOING

    @property
    def state(self) -> PlacementState:
        return self.state_on(timezone.localdate())

    @property
    def is_employment(self) -> bool:
        return self.form in EMPLOYMENTS

    @property
    def is_over(self) -> bool:
        """Whether it has ended, as planned or before."""
        return self.state in OVER

    @property
    def is_to_come(self) -> bool:
        return self.state in TO_COME

    @property
    def is_going_on(self) -> bool:
        return self.state in GOING_ON


@tracked()
class GradeTerm(models.Model):
    """What part of full time a placement is, from a day until the next term begins."""

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="grades", db_index=False, verbose_name=_("placement")
    )
    grade = models.DecimalField(_("part of full time"), max_digits=5, decimal_places=4)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        ordering = ["placement", "valid_from"]
        verbose_name = _("grade of a placement")
        verbose_name_plural = _("grades of placements")
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "valid_from"],
                name="grade_term_one_a_day",
                violation_error_message=_("The placement already has a grade from this date."),
            ),
            models.CheckConstraint(
                condition=Q(grade__gt=0, grade__lte=1),
                name="grade_term_at_most_full_time",
                violation_error_message=_("A grade is more than 0 and at most 1 (full time)."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade}"


@tracked()
class PlacementExtension(models.Model):
    """That a placement goes on longer than was agreed: until when before and after, and why. It is the same
    placement, and counts once."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="extensions", verbose_name=_("placement"))
    end_before = models.DateField(_("last day before"))
    end_after = models.DateField(_("last day after"), null=True, blank=True)
    decided_on = models.DateField(_("decided"))
    why = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["placement", "made_at"]
        verbose_name = _("extension of a placement")
        verbose_name_plural = _("extensions of placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(end_after__isnull=True) | Q(end_after__gt=F("end_before")),
                name="placement_extension_is_later",
                violation_error_message=_("The new last day is not later than the old one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.end_before:%Y-%m-%d} → {self.end_after or ''}"


@tracked()
class PlacementChecklist(models.Model):
    """What must be in order before somebody begins at a workplace: the working environment (arbetsmiljölagen, AFS),
    and who insures. What is not ticked is not in order."""

    placement = models.OneToOneField(Placement, models.PROTECT, related_name="checklist", verbose_name=_("placement"))
    risks_assessed = models.BooleanField(_("the risks are assessed for what is to be done"), default=False)
    introduction_planned = models.BooleanField(_("an introduction is planned"), default=False)
    hours_agreed = models.BooleanField(_("the working hours are agreed"), default=False)
    # Asked of those under 18 only: what minors may do, and when (AFS).
    minor_checked = models.BooleanField(_("the rules for minors are followed"), default=False)
    insurance = models.CharField(_("insurance"), max_length=20, choices=Insurance, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("checklist of a placement")
        verbose_name_plural = _("checklists of placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(insurance__in=["", *Insurance.values]), name="placement_checklist_insurance_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.checked_at):%Y-%m-%d}"


class ValueFor(models.TextChoices):
    """For whom a placement adds value (Malmö: for the individual and for the receiving organisation)."""

    PERSON = "person", _("The person")
    WORKPLACE = "workplace", pgettext_lazy("added value", "The workplace")


@tracked()
class AddedValue(models.Model):
    """What value a placement is expected to add for one of the two (mervärde), and what was found afterwards."""

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="values", db_index=False, verbose_name=_("placement")
    )
    side = models.CharField(_("for whom"), max_length=20, choices=ValueFor)
    expected = models.TextField(_("expected value"), max_length=1000, blank=True)
    assessed = models.CharField(_("came it about"), max_length=20, choices=PlacementResult, blank=True)
    found = models.TextField(_("what came of it"), max_length=1000, blank=True)
    assessed_on = models.DateField(_("assessed"), null=True, blank=True)
    assessed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )
    assessed_by_name = models.CharField(max_length=210, blank=True, editable=False)

    class Meta:
        ordering = ["placement", "side"]
        verbose_name = _("added value")
        verbose_name_plural = _("added values")
        constraints = [
            models.UniqueConstraint(fields=["placement", "side"], name="added_value_once"),
            models.CheckConstraint(condition=Q(side__in=ValueFor.values), name="added_value_side_known"),
            models.CheckConstraint(
                condition=Q(assessed="", assessed_on__isnull=True)
                | Q(assessed__in=PlacementResult.values, assessed_on__isnull=False),
                name="added_value_assessed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.get_side_display()


@tracked()
class AnnulledEnd(models.Model):
    """An end or a cancellation that was registered in error and has been annulled: what it said, and why it was
    wrong. The placement goes on as if it had never been said. That of a cancellation has `why_cancelled`, no end."""

    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="annulled_ends", verbose_name=_("placement")
    )
    end = models.DateField(_("end"), null=True)
    result = models.CharField(_("result"), max_length=20, choices=PlacementResult, blank=True)
    why_interrupted = models.CharField(_("why it was interrupted"), max_length=300, blank=True)
    why_cancelled = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    why = models.CharField(_("why it was wrong"), max_length=300)
    annulled_at = models.DateTimeField(default=timezone.now, editable=False)
    annulled_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    annulled_by_name = models.CharField(max_length=210, editable=False)

    class Meta:
        ordering = ["placement", "-annulled_at", "pk"]
        verbose_name = _("annulled end of a placement")
        verbose_name_plural = _("annulled ends of placements")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=False, why_cancelled="") | Q(end__isnull=True) & ~Q(why_cancelled=""),
                name="annulled_end_or_cancellation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.end or self.why_cancelled}"
