"""Getting the employer or the workplace that an address is about. Both are the whole municipality's and no secret, so
a look at one is not in the access log: that is for people's files."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from placements.employers.permissions import can_keep_employers, can_see_employers
from placements.models import Employer, Workplace


def _may(request: HttpRequest) -> None:
    may = can_see_employers if request.method in ("GET", "HEAD") else can_keep_employers
    if not may(request.user):
        raise PermissionDenied


def opened_employer(request: HttpRequest, public_id: uuid.UUID) -> Employer:
    """The employer, or 404. PermissionDenied for those who have nothing to do with employers."""
    _may(request)
    return get_object_or_404(Employer.objects.visible_to(request.user), public_id=public_id)


def opened_workplace(request: HttpRequest, public_id: uuid.UUID) -> Workplace:
    """The workplace with its employer, as `opened_employer`."""
    _may(request)
    rows = Workplace.objects.visible_to(request.user).select_related("employer", "occupational_area")
    return get_object_or_404(rows, public_id=public_id)


def crumbs_of(employer: Employer, workplace: Workplace | None = None) -> list[tuple[str, str]]:
    """The pages above one about the employer, or about a workplace of it: (words, address)."""
    crumbs = [
        (_("Employers"), reverse("employers:list")),
        (employer.name, reverse("employers:employer", args=[employer.public_id])),
    ]
    if workplace:
        crumbs.append((workplace.name, reverse("employers:workplace", args=[workplace.public_id])))
    return crumbs
