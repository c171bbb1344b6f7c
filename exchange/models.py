"""What the register's keys stand for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisterFile(models.TextChoices):
    """The files of docs/register-format.md whose rows have keys of their own."""

    UNITS = "units", _("Units")
    EMPLOYERS = "employers", _("Employers")
    WORKPLACES = "workplaces", _("Workplaces")
    PARTICIPANTS = "participants", _("Participants")
    REFERRALS = "referrals", _("Referrals")
    ENROLMENTS = "enrolments", _("Enrolments")
    PLACEMENTS = "placements", _("Placements")
    FOLLOWUPS = "followups", _("Follow-ups")
    CERTIFICATES = "certificates", _("Certificates")


class RegisterKey(models.Model):
    """An old system's own identifier for a row, so that the same register can be loaded again.

    Unique per source: two old systems cannot overwrite each other. `object_id` is the primary key of the row that the
    file describes (a certificate's key stands for the certificate; version and aftercare have natural keys). Of a
    participant into whom another was merged there may be more keys of one source: the others are `merged`, and only
    find the row; it is exported under its own.
    """

    source = models.CharField(_("source"), max_length=64)
    file = models.CharField(_("file"), max_length=20, choices=RegisterFile)
    key = models.CharField(_("key"), max_length=64)
    object_id = models.BigIntegerField(_("row"))
    merged = models.BooleanField(_("of a merged participant"), default=False, db_default=False)

    class Meta:
        ordering = ["source", "file", "key"]
        verbose_name = _("register key")
        verbose_name_plural = _("register keys")
        constraints = [
            models.UniqueConstraint(fields=["source", "file", "key"], name="register_key_once"),
            # The export asks the other way; one row has one key in a source.
            models.UniqueConstraint(
                fields=["source", "file", "object_id"],
                condition=models.Q(merged=False),
                name="register_key_one_each",
            ),
        ]

    def __str__(self) -> str:
        return self.key
