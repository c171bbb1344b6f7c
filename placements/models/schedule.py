"""When in the week somebody is at a workplace, from a day on."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from placements.hours import hours_between
from placements.models.place import Place
from placements.models.placement import Placement


class Weeks(models.TextChoices):
    """In which weeks an hour of a schedule applies: in all, or in the first or second of every two, counted from the
    week in which the schedule begins to apply. Not by odd and even numbers, which miss a week when a year has 53."""

    EVERY = "every", _("Every week")
    FIRST = "first", _("Every second week, from the first")
    SECOND = "second", _("Every second week, from the second")


class Weekday(models.IntegerChoices):
    """As ISO 8601 counts them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


@tracked()
class Schedule(models.Model):
    """The hours of a placement from a day until its next schedule applies; or those that a place offers, which a
    placement there begins with."""

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="schedules", verbose_name=_("place")
    )
    placement = models.ForeignKey(
        Placement, models.PROTECT, null=True, blank=True, related_name="schedules", verbose_name=_("placement")
    )
    valid_from = models.DateField(_("applies from"), null=True, blank=True)
    # A workplace that is open on public holidays: a hospital, a home for the elderly.
    on_holidays = models.BooleanField(_("also on public holidays"), default=False)

    class Meta:
        ordering = ["placement", "valid_from"]
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, placement__isnull=True, valid_from__isnull=True)
                | Q(place__isnull=True, placement__isnull=False, valid_from__isnull=False),
                name="schedule_of_one",
            ),
            models.UniqueConstraint(fields=["place"], name="schedule_one_for_a_place"),
            models.UniqueConstraint(fields=["placement", "valid_from"], name="schedule_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from or ''}"


@tracked()
class ScheduledHours(models.Model):
    """One stretch of a day in a schedule: from, to, and how much of it is a break."""

    schedule = models.ForeignKey(
        Schedule, models.PROTECT, related_name="hours", db_index=False, verbose_name=_("schedule")
    )
    weeks = models.CharField(_("weeks"), max_length=10, choices=Weeks, default=Weeks.EVERY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(pgettext_lazy("schedule", "break, minutes"), default=0)

    class Meta:
        ordering = ["schedule", "weeks", "weekday", "begins"]
        verbose_name = _("hours of a schedule")
        verbose_name_plural = _("hours of schedules")
        constraints = [
            models.UniqueConstraint(fields=["schedule", "weeks", "weekday", "begins"], name="scheduled_hours_once"),
            models.CheckConstraint(condition=Q(weeks__in=Weeks.values), name="scheduled_hours_weeks_known"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="scheduled_hours_weekday_known"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="scheduled_hours_end_after_beginning",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"

    @property
    def key(self) -> tuple:
        """What it says, for telling whether two of them are the same."""
        return self.weeks, self.weekday, self.begins, self.ends, self.break_minutes

    @property
    def hours(self) -> Decimal:
        """How long it lasts without the break, in hours."""
        return hours_between(self.begins, self.ends, self.break_minutes)
