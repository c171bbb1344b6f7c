"""What others than the municipality certify: vocational certificates, licences, validations."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.history import tracked
from accounts.models import User
from competence.querysets import CredentialQuerySet
from participants.models import Enrolment


class CredentialKind(models.TextChoices):
    """What sort of paper it is."""

    VOCATIONAL = "vocational", pgettext_lazy("credential", "Vocational certificate (yrkesbevis)")
    LICENCE = "licence", pgettext_lazy("credential", "Licence, such as a forklift licence")
    OCN = "ocn", pgettext_lazy("credential", "Validation by OCN")
    KRAVMARKT = "kravmarkt", pgettext_lazy("credential", "Kravmärkt yrkesroll")
    COURSE = "course", pgettext_lazy("credential", "Course with a certificate")
    OTHER = "other", pgettext_lazy("credential", "Other")


@tracked()
class Credential(models.Model):
    """A paper that somebody else has issued to the participant (external credential): told with its own issuer, never
    as the municipality's. Seen by a member of staff; the paper itself is not kept."""

    public_id = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="credentials", db_index=False, verbose_name=_("enrolment")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=CredentialKind)
    title = models.CharField(_("what it says"), max_length=200)
    level = models.CharField(_("level"), max_length=100, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200)
    issued_on = models.DateField(_("issued"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    seen_on = models.DateField(_("seen"))
    revision = models.PositiveIntegerField(default=0, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, editable=False)
    by_name = models.CharField(max_length=210, editable=False)
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_on = models.DateField(_("taken away"), null=True, blank=True)
    removed_why = models.CharField(_("why it was taken away"), max_length=300, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("external credential")
        verbose_name_plural = _("external credentials")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CredentialKind.values), name="credential_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
                name="credential_valid_after_it_was_issued",
                violation_error_message=_("It cannot run out before it was issued."),
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None, removed_why="") | Q(removed_on__isnull=False) & ~Q(removed_why=""),
                name="credential_removed_with_reason",
                violation_error_message=_("Say why it is taken away."),
            ),
        ]
        indexes = [
            # Those of a case: the file, the certificate, gates.
            models.Index(fields=["enrolment"], name="credential_of_case", condition=Q(removed_on=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_expired(self) -> bool:
        """Whether it ran out before today; its last day still counts."""
        return self.valid_until is not None and self.valid_until < timezone.localdate()
