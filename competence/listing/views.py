"""The list of certificates: ended placements that have none yet, and those that are issued."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role, Unit
from competence.listing.forms import ListForm
from competence.models import CertificateVersion
from competence.permissions import can_list_certificates
from competence.querysets import without_certificate
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES

PAGE_SIZE = 50
MISSING, ISSUED = "saknas", "utfardade"
MINE, ALL = "mina", "alla"


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Mine or my unit's, by what the address says: which are missing, which are issued."""
    user = request.user
    if not can_list_certificates(user):
        raise PermissionDenied
    has_own = user.reach.has(*WRITING_ROLES)
    whose = request.GET.get("vems", MINE if user.reach.has(Role.JOB_COACH) else ALL)
    whose = whose if has_own and whose in (MINE, ALL) else ALL
    shown = ISSUED if request.GET.get("visa") == ISSUED else MISSING
    form = ListForm(request.GET)
    chosen = form.cleaned_data["form"] if form.is_valid() else ""
    rows = _issued(user) if shown == ISSUED else _missing(user)
    placement = "certificate__placement__" if shown == ISSUED else ""
    if whose == MINE:
        rows = rows.filter(**{f"{placement}enrolment__coach": user})
    if chosen:
        rows = rows.filter(**{f"{placement}form": chosen})
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    units = _units(user) if whose == ALL else {}
    writable = user.reach.scope(*WRITING_ROLES)
    context = {
        "page": page,
        "rows": [_row(each, shown, writable, units) for each in page.object_list],
        "shown": shown,
        "whose": whose,
        "has_own": has_own,
        "form": form,
        "units": units,
        "narrowed": bool(chosen),
    }
    return render(request, "competence/list.html", context)


def _units(user) -> dict[int, str]:
    """The names of the units whose participants the user sees."""
    scope, units = user.reach.scope(*CASE_ROLES), Unit.objects.named()
    return {unit.pk: unit.name for unit in (units if scope.everything else units.filter(pk__in=scope.unit_ids))}


def _missing(user):
    rows = without_certificate(user).filter(end__lt=timezone.localdate())
    return rows.select_related(
        "workplace__employer", "enrolment__participant", "enrolment__coach", "certificate_draft"
    ).order_by("-end", "-pk")


def _issued(user):
    rows = CertificateVersion.objects.visible_to(user).latest()
    placement = "certificate__placement__"
    return rows.select_related(
        "document",
        f"{placement}workplace__employer",
        f"{placement}enrolment__participant",
        f"{placement}enrolment__coach",
    ).order_by("-issued", "-pk")


def _row(each, shown: str, writable, units: dict[int, str]) -> dict:
    placement = each.certificate.placement if shown == ISSUED else each
    return {
        "placement": placement,
        "person": placement.enrolment.participant,
        "version": each if shown == ISSUED else None,
        "has_draft": shown == MISSING and hasattr(each, "certificate_draft"),
        "unit": units.get(placement.enrolment.unit_id, ""),
        "may_write": placement.enrolment.unit_id in writable,
    }
