"""What people can do: so far the certificates that an older system issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.history import tracked
from competence.querysets import CertificateQuerySet
from placements.models import Placement


@tracked()
class Certificate(models.Model):
    """A certificate of competence (kompetensintyg) for a placement: one, in one or more versions."""

    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="certificate", verbose_name=_("placement")
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class CertificateVersion(models.Model):
    """One issue of a certificate. A loaded one was issued elsewhere: it counts, but there is no document here."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="versions", db_index=False, verbose_name=_("certificate")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    issued = models.DateField(_("issued"), db_index=True)
    issued_elsewhere = models.BooleanField(_("issued elsewhere"), default=False)

    class Meta:
        ordering = ["certificate", "version"]
        verbose_name = _("version of a certificate")
        verbose_name_plural = _("versions of certificates")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "version"], name="certificate_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="certificate_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"
