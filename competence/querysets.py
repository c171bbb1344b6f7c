"""How certificates are read: with the scope of the placement they belong to; and which catalogue is in use."""

from itertools import count

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from participants.models import Enrolment
from participants.querysets import CASE_ROLES
from placements.models import Placement


class OfPlacementQuerySet(models.QuerySet):
    """Rows that belong to a placement."""

    def visible_to(self, user):
        """Those of placements the user may see."""
        return self.filter(placement__in=Placement.objects.visible_to(user))


class AssessmentQuerySet(OfPlacementQuerySet):
    def locked(self):
        """Those that are signed, whether or not they are reviewed."""
        return self.filter(state__in=("signed", "reviewed"))

    def holding(self):
        """Of each stage the signed version that holds now: the last one."""
        later = self.model.objects.locked().filter(
            placement=OuterRef("placement"), stage=OuterRef("stage"), version__gt=OuterRef("version")
        )
        return self.locked().filter(~Exists(later))


class OfEnrolmentQuerySet(models.QuerySet):
    """Rows that belong to an enrolment."""

    def visible_to(self, user):
        """Those of enrolments the user may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class LanguageGradeQuerySet(OfEnrolmentQuerySet):
    def holding(self):
        """Those that nobody has withdrawn."""
        return self.filter(withdrawn_on=None)


class CredentialQuerySet(OfEnrolmentQuerySet):
    def kept(self):
        """Those that nobody has taken away."""
        return self.filter(removed_on=None)


class IssueBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The rounds of units where the user works; those of all units by whoever works for all; and one's own. Whose
        certificates are in them is a question of its own: those of placements the user may see."""
        scope = user.reach.scope(*CASE_ROLES)
        return self if scope.everything else self.filter(Q(unit__in=scope.unit_ids) | Q(by=user))


class CertificateQuerySet(OfPlacementQuerySet):
    """Certificates, by the scope of their placement."""


class CertificateVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The issues of certificates of placements the user may see."""
        return self.filter(certificate__placement__in=Placement.objects.visible_to(user))

    def in_force(self):
        """Those that are not revoked; a replaced one counts with the certificate that it is a version of."""
        return self.filter(revoked_on=None)

    def latest(self):
        """Of each certificate the version that holds now."""
        return self.filter(~Exists(self._later()))

    def replaced(self):
        """Those that a later version has taken the place of, whether or not all of them were revoked afterwards."""
        return self.filter(Exists(self._later()))

    def _later(self):
        return self.model.objects.filter(certificate=OuterRef("certificate"), version__gt=OuterRef("version"))


class CatalogueVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def current(self):
        """The version to choose statements from: the one published last."""
        return self.published().order_by("-published_at", "-pk")[:1].get()

    def drafts(self):
        return self.filter(published_at=None)

    def own(self):
        """Those that the municipality has published itself."""
        return self.published().exclude(published_by_name="")

    def free_code(self, wanted):
        """`wanted`, or with a number after it when a version has that code already."""
        taken = set(self.filter(code__startswith=wanted[:16]).values_list("code", flat=True))
        tried = (f"{wanted[:16]}-{number}" for number in count(2))
        return wanted if wanted not in taken else next(code for code in tried if code not in taken)


class CompetenceQuerySet(models.QuerySet):
    def offered(self, *, version, area):
        """The statements one may choose among: the area's first, then those of use everywhere; in the catalogue's
        order."""
        return (
            self.filter(version=version)
            .filter(Q(area=None) | Q(area=area) if area else Q(area=None))
            .select_related("module")
            .order_by(models.F("area").asc(nulls_last=True), "module__position", "position")
        )


def lacking_certificate():
    """Of a placement: it has no certificate, or only one that was revoked."""
    versions = apps.get_model("competence", "CertificateVersion").objects.in_force()
    return ~Exists(versions.filter(certificate__placement=OuterRef("pk")))


def without_certificate(user):
    """The ended placements the user may see that have no certificate: what the coverage figure misses."""
    return Placement.objects.visible_to(user).filter(lacking_certificate())
