"""Who the person is: identity and contact, the same for the whole municipality."""

import datetime as dt
import uuid

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Concat, ExtractYear, Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from accounts.models import User
from accounts.swedish import FoldedName, SwedishSortKey
from participants.identity import LONGEST_TEMPORARY, TEMPORARY_NUMBER, temporary_number_written
from participants.models.following import follows
from participants.querysets import ParticipantQuerySet
from vocabulary.codes import ContactWay, Education, Gender, Protection


class PhoneDigits(Func):
    """The digits of a phone number however it is written, without the country's 46 or the zero in its place."""

    template = "regexp_replace(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), '^(0046|46|0)', '')"
    output_field = models.TextField()


@tracked(exclude=("sort_name", "search_name"))
class Participant(models.Model):
    """A person the municipality helps towards work: who they are and how to reach them, nothing about the case.

    Everything that is written about the person hangs on an `Enrolment`, so that a unit that knows the person does
    not thereby see another unit's notes.
    """

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    identity_number = models.CharField(
        _("personal identity number"),
        max_length=12,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("There is already a participant with this number.")},
    )
    # A local number in place of one, such as 000101-T220: upper case, letters and digits only. It identifies nobody
    # outside the office that made it up, so two people may have the same.
    temporary_number = models.CharField(
        _("temporary number"), max_length=LONGEST_TEMPORARY, blank=True, db_default=""
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, default=Gender.UNKNOWN)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    protection = models.CharField(_("protected data"), max_length=30, choices=Protection, default=Protection.NONE)
    education = models.CharField(_("education"), max_length=30, choices=Education, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    street_address = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    language = models.CharField(_("language needing an interpreter"), max_length=3, blank=True)
    contact_way = models.CharField(
        _("wants to be reached"), max_length=10, choices=ContactWay, blank=True, db_default=""
    )
    # Such as "after three o'clock" or "through the sister"; never why the person is here.
    contact_note = models.CharField(_("when and how"), max_length=200, blank=True, db_default="")
    # Set when the person turned out to be another participant: everything has moved there (`Merge`), and this row
    # only keeps what it said, so that it can be undone. Nobody sees it.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", editable=False
    )
    # Counted up by every change on the pages, so that two editors do not overwrite each other.
    revision = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_default=Now(), editable=False)

    sort_name = models.GeneratedField(
        expression=SwedishSortKey(Concat("family_name", Value(" "), "given_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search_name = models.GeneratedField(
        expression=FoldedName(
            Concat("given_name", Value(" "), "family_name", Value(" "), "given_name"),
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_number__regex=r"^\d{12}$"),
                name="participant_identity_number_is_12_digits",
                violation_error_message=_("A personal identity number has 12 digits."),
            ),
            models.CheckConstraint(
                condition=Q(temporary_number="") | Q(temporary_number__regex=rf"^{TEMPORARY_NUMBER}$"),
                name="participant_temporary_number_is_none_of_a_person",
                violation_error_message=_("A temporary number has letters and digits, at least one of each."),
            ),
            models.CheckConstraint(
                condition=Q(birth_year=Coalesce(ExtractYear("birth_date"), F("birth_year"))),
                name="participant_birth_year_is_of_birth_date",
                violation_error_message=_("The year of birth does not agree with the date of birth."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | Q(identity_number__isnull=True, temporary_number="") & ~Q(merged_into=F("pk")),
                name="participant_merged_has_no_number",
            ),
            models.CheckConstraint(condition=Q(gender__in=Gender.values), name="participant_gender_known"),
            models.CheckConstraint(
                condition=Q(protection__in=Protection.values), name="participant_protection_known"
            ),
            models.CheckConstraint(
                condition=Q(education__in=["", *Education.values]), name="participant_education_known"
            ),
            models.CheckConstraint(
                condition=Q(contact_way__in=["", *ContactWay.values]), name="participant_contact_way_known"
            ),
        ]
        indexes = [
            # The list of participants, in Swedish order.
            models.Index(fields=["sort_name", "id"], name="participant_by_name"),
            # Search by a part of a name.
            GinIndex(fields=["search_name"], name="participant_search", opclasses=["gin_trgm_ops"]),
            # Somebody who is registered: is the person known already? By birth, temporary number, phone and e-mail.
            models.Index(fields=["birth_date"], name="participant_by_birth"),
            models.Index(
                fields=["birth_year"], name="participant_by_birth_year", condition=Q(birth_date__isnull=True)
            ),
            models.Index(
                fields=["temporary_number"], name="participant_by_temporary", condition=~Q(temporary_number="")
            ),
            models.Index(PhoneDigits("phone"), name="participant_by_phone", condition=~Q(phone="")),
            models.Index(Lower("email"), name="participant_by_email", condition=~Q(email="")),
            # The few who are protected, set against each user's access list.
            models.Index(fields=["id"], name="participant_protected", condition=~Q(protection="none")),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or str(_("Name missing"))

    @property
    def is_protected(self) -> bool:
        return self.protection != Protection.NONE

    @property
    def masked_number(self) -> str:
        """The identity number as it is shown until somebody asks for it: the year only."""
        return f"{self.birth_year}••••-••••" if self.identity_number else ""

    @property
    def written_number(self) -> str:
        """The identity number as Swedes write it in full, ÅÅÅÅMMDD-NNNN."""
        return f"{self.identity_number[:8]}-{self.identity_number[8:]}" if self.identity_number else ""

    @property
    def written_temporary_number(self) -> str:
        """The temporary number with the hyphen that most are written with."""
        return temporary_number_written(self.temporary_number)

    def age_on(self, day: dt.date) -> int:
        """Full years on `day`; where only the year of birth is known, as if born on 31 December."""
        born = self.birth_date or dt.date(self.birth_year, 12, 31)
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@follows("participant")
@tracked()
class FormerIdentityNumber(models.Model):
    """A number the participant had before: a samordningsnummer that became a personnummer, a correction, or the
    number (a temporary one too) of a participant who turned out to be the same person."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="former_numbers", verbose_name=_("participant")
    )
    number = models.CharField(_("personal identity number"), max_length=LONGEST_TEMPORARY, db_index=True)
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now, db_default=Now())

    class Meta:
        ordering = ["participant", "-replaced_at", "pk"]
        verbose_name = _("former identity number")
        verbose_name_plural = _("former identity numbers")

    def __str__(self) -> str:
        return str(self.pk)


@follows("participant")
@tracked()
class ProtectedAccess(models.Model):
    """One user's right to see one protected participant. Without it the person does not exist for the user."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="access_list", verbose_name=_("participant")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("user"))
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted"), default=timezone.now, db_default=Now())

    class Meta:
        ordering = ["participant", "user"]
        verbose_name = _("access to a protected participant")
        verbose_name_plural = _("access to protected participants")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "participant"],
                name="protected_access_once",
                violation_error_message=_("The user is already on the access list."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}"
