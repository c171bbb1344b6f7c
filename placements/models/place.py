"""The places of the place bank: where somebody can be, doing what, when."""

import uuid

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from placements.models.employer import Workplace
from placements.models.supervisor import Supervisor
from placements.querysets import PlaceOfferQuerySet, PlaceQuerySet
from vocabulary.codes import LanguageLevel, LanguageSkill
from vocabulary.models import OccupationalArea


class PlaceState(models.TextChoices):
    """Whether somebody new can be placed there."""

    OPEN = "open", pgettext_lazy("place", "Open")
    PAUSED = "paused", pgettext_lazy("place", "Paused")
    CLOSED = "closed", pgettext_lazy("place", "Closed")


@tracked()
class Place(models.Model):
    """A place for one or more participants at a workplace (plats): the tasks, what they require, and when.

    Its seats are numbered 1 to `capacity`, and a placement holds one of them for its days. Who that is, only those
    learn who may see the case.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="places", verbose_name=_("workplace"))
    title = models.CharField(_("name of the place"), max_length=150)
    occupational_area = models.ForeignKey(
        OccupationalArea, models.PROTECT, related_name="+", verbose_name=_("occupational area")
    )
    tasks = models.TextField(_("tasks"), max_length=2000, blank=True)
    licence = models.CharField(_("driving licence required"), max_length=20, blank=True)
    formal_requirements = models.CharField(_("formal requirements"), max_length=300, blank=True)
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, null=True, blank=True, related_name="places", verbose_name=_("supervisor")
    )
    capacity = models.PositiveSmallIntegerField(_("seats"), default=1, validators=[MinValueValidator(1)])
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=PlaceState, default=PlaceState.OPEN)
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlaceState.values), name="place_state_known"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="place_has_a_seat",
                violation_error_message=_("A place has at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="place_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            # The place bank: what is open, by area.
            models.Index(fields=["occupational_area"], name="place_open", condition=Q(state="open")),
        ]
        triggers = [
            # A seat that somebody holds today or later cannot be taken away under them. The day is that of the
            # municipality: the connection's own is another one for an hour or two after midnight.
            pgtrigger.Trigger(
                name="seats_are_kept",
                operation=pgtrigger.UpdateOf("capacity"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__capacity__lt=pgtrigger.F("old__capacity")),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM placements_placement
                        WHERE place_id = NEW.id AND seat > NEW.capacity AND cancelled_on IS NULL
                          AND ("end" IS NULL OR "end" >= (now() AT TIME ZONE 'Europe/Stockholm')::date)
                    ) THEN
                        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'place_seats_are_kept',
                            MESSAGE = 'somebody holds a seat beyond the capacity';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class PlaceLanguage(models.Model):
    """The least level of Swedish that a place requires in one skill."""

    place = models.ForeignKey(
        Place, models.PROTECT, related_name="languages", db_index=False, verbose_name=_("place")
    )
    skill = models.CharField(_("skill"), max_length=20, choices=LanguageSkill)
    level = models.CharField(_("level"), max_length=4, choices=LanguageLevel)

    class Meta:
        ordering = ["place", "skill"]
        verbose_name = _("language requirement")
        verbose_name_plural = _("language requirements")
        constraints = [
            models.UniqueConstraint(fields=["place", "skill"], name="place_language_once"),
            models.CheckConstraint(condition=Q(skill__in=LanguageSkill.values), name="place_language_skill_known"),
            models.CheckConstraint(
                condition=Q(level__in=[level for level in LanguageLevel.values if level != LanguageLevel.NONE]),
                name="place_language_level_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_skill_display()} {self.get_level_display()}"


class OfferState(models.TextChoices):
    """Where the offer of a place stands. Nothing counts before somebody has reviewed it."""

    RECEIVED = "received", pgettext_lazy("offer", "To review")
    TAKEN_UP = "taken_up", pgettext_lazy("offer", "Became a place")
    DECLINED = "declined", pgettext_lazy("offer", "Declined")


@tracked()
class PlaceOffer(models.Model):
    """What an employer has written in the public form: a place they can offer, in their own words, and whom to
    turn to."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    employer_name = models.CharField(_("employer"), max_length=200)
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    workplace_name = models.CharField(_("workplace"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)
    contact_name = models.CharField(_("name"), max_length=200)
    contact_email = models.EmailField(_("e-mail address"))
    contact_phone = models.CharField(_("phone"), max_length=50, blank=True)
    occupational_area = models.ForeignKey(
        OccupationalArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("occupational area")
    )
    tasks = models.TextField(_("what there is to do"), max_length=2000)
    seats = models.PositiveSmallIntegerField(_("how many"), default=1, validators=[MinValueValidator(1)])
    available_from = models.DateField(_("from"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=OfferState, default=OfferState.RECEIVED)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, editable=False, related_name="offers", verbose_name=_("place")
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False)
    reviewed_by_name = models.CharField(max_length=210, blank=True, editable=False)
    review_note = models.CharField(_("why"), max_length=300, blank=True)

    objects = PlaceOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("offer of a place")
        verbose_name_plural = _("offers of places")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="place_offer_state_known"),
            models.CheckConstraint(
                condition=Q(state=OfferState.RECEIVED, reviewed_at__isnull=True)
                | ~Q(state=OfferState.RECEIVED) & Q(reviewed_at__isnull=False),
                name="place_offer_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.TAKEN_UP) ^ Q(place__isnull=True), name="place_offer_became_a_place"
            ),
        ]
        indexes = [
            # What waits to be reviewed.
            models.Index(fields=["received_at"], name="place_offer_waiting", condition=Q(state="received")),
        ]

    def __str__(self) -> str:
        return f"{self.workplace_name} {timezone.localdate(self.received_at):%Y-%m-%d}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has reviewed it yet."""
        return self.state == OfferState.RECEIVED
