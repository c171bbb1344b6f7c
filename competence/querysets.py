"""How certificates are read: with the scope of the placement they belong to; and which catalogue is in use."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from placements.models import Placement


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The certificates of placements the user may see."""
        return self.filter(placement__in=Placement.objects.visible_to(user))


class CertificateVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The issues of certificates of placements the user may see."""
        return self.filter(certificate__placement__in=Placement.objects.visible_to(user))

    def latest(self):
        """Of each certificate the version that holds now."""
        later = self.model.objects.filter(certificate=OuterRef("certificate"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later))


class CatalogueVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def current(self):
        """The version to choose statements from: the one published last."""
        return self.published().order_by("-published_at", "-pk")[:1].get()


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
    """Of a placement: nobody has issued a certificate."""
    certificates = apps.get_model("competence", "Certificate").objects.filter(placement=OuterRef("pk"))
    return ~Exists(certificates)


def without_certificate(user):
    """The ended placements the user may see that have no certificate: what the coverage figure misses."""
    return Placement.objects.visible_to(user).filter(lacking_certificate())


def chosen_statements(draft):
    """The competences that were ticked and are offered for the chosen area: what would stand on the certificate."""
    competences = apps.get_model("competence", "Competence").objects
    offered = competences.offered(version=draft.catalogue_id, area=draft.area_id)
    return list(offered.filter(code__in=draft.statements))
