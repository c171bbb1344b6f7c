"""What certificates keep from being done: the end of a placement is not annulled when a paper says it."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competence.models import CertificateVersion
from placements.models import Placement
from placements.providers import join_end_hindrances


def issued_certificate(placement: Placement) -> Iterator[str]:
    """The latest issue of the placement's certificate, which tells its days; a revoked one tells nothing any more."""
    versions = CertificateVersion.objects.in_force().filter(certificate__placement=placement)
    issued = versions.order_by("-version").values_list("issued", flat=True).first()
    if issued:
        words = _(
            "A certificate of competence was issued on %(day)s, and says when the placement ended. So the end stays."
        )
        yield words % {"day": date_format(issued)}


def join() -> None:
    join_end_hindrances(issued_certificate)
