"""The lists of certificates: ended placements that have none, those that end soon, and what is issued."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Role, Unit, User
from competence.certifying.readiness import lacks_in_words, may_be_written, with_lacks
from competence.certifying.services import BEFORE_DAYS
from competence.listing.coverage import coverage_address
from competence.listing.forms import EndedForm, IssuedForm, ListForm
from competence.models import CertificateDraft, CertificateState, CertificateVersion
from competence.permissions import can_list_certificates
from competence.querysets import without_certificate
from participants.permissions import WRITING_ROLES
from participants.querysets import CASE_ROLES
from placements.models import Placement
from vocabulary.codes import PlacementForm

PAGE_SIZE = 50
MISSING, SOON, ISSUED = "saknas", "snart", "utfardade"
MINE, ALL = "mina", "alla"
TABS = (
    (MISSING, pgettext_lazy("certificates", "Missing")),
    (SOON, _("Due soon")),
    (ISSUED, pgettext_lazy("certificates", "Issued")),
)
FORMS = {MISSING: EndedForm, SOON: ListForm, ISSUED: IssuedForm}


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Mine or my unit's, by what the address says: which are missing, which will be soon, which are issued."""
    user = request.user
    if not can_list_certificates(user):
        raise PermissionDenied
    has_own = user.reach.has(*WRITING_ROLES)
    whose = request.GET.get("vems", MINE if user.reach.has(Role.JOB_COACH) else ALL)
    whose = whose if has_own and whose in (MINE, ALL) else ALL
    shown = request.GET.get("visa")
    shown = shown if shown in FORMS else MISSING
    units = _units(user) if whose == ALL else {}
    form = FORMS[shown](request.GET, units={unit.code: unit.name for unit in units.values()})
    chosen = form.chosen
    rows = _rows(user, shown, chosen)
    placement = "certificate__placement__" if shown == ISSUED else ""
    if whose == MINE:
        rows = rows.filter(**{f"{placement}enrolment__coach": user})
    if "form" in chosen:
        rows = rows.filter(**{f"{placement}form": chosen["form"]})
    if "enhet" in chosen:
        rows = rows.filter(**{f"{placement}enrolment__unit__code": chosen["enhet"]})
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    writable = user.reach.scope(*WRITING_ROLES)
    of_row = _issued_row if shown == ISSUED else _missing_row
    context = {
        "page": page,
        "rows": [of_row(each, writable, units) for each in page.object_list],
        "counted": _counted(shown, page.paginator.count),
        "tabs": TABS,
        "shown": shown,
        "whose": whose,
        "has_own": has_own,
        "form": form,
        "units": units,
        "narrowed": bool(chosen),
        "coverage": _coverage(user, shown, chosen),
    }
    return render(request, "competence/list.html", context)


def _units(user: User) -> dict[int, Unit]:
    """The units whose participants the user sees, with their names."""
    scope, units = user.reach.scope(*CASE_ROLES), Unit.objects.named()
    return {unit.pk: unit for unit in (units if scope.everything else units.filter(pk__in=scope.unit_ids))}


def _rows(user: User, shown: str, chosen: dict) -> QuerySet:
    if shown == ISSUED:
        return _issued(user, chosen.get("lage", ""))
    rows = without_certificate(user)
    today = timezone.localdate()
    if shown == SOON:
        rows = rows.filter(start__lte=today, end__range=(today, today + dt.timedelta(days=BEFORE_DAYS)))
        return _with_what_is_missing(rows).order_by("end", "pk")
    rows = rows.filter(end__lt=today)
    if "fran" in chosen:
        rows = rows.filter(end__gte=chosen["fran"])
    if "till" in chosen:
        rows = rows.filter(end__lte=chosen["till"])
    return _with_what_is_missing(rows).order_by("-end", "-pk")


def _with_what_is_missing(rows: QuerySet[Placement]) -> QuerySet[Placement]:
    revoked = CertificateVersion.objects.filter(certificate__placement=OuterRef("pk"), revoked_on__isnull=False)
    drafts = CertificateDraft.objects.filter(placement=OuterRef("pk"))
    rows = with_lacks(rows).annotate(was_revoked=Exists(revoked), has_draft=Exists(drafts))
    return rows.select_related("workplace__employer", "enrolment__participant", "enrolment__coach")


def _issued(user: User, state: str) -> QuerySet[CertificateVersion]:
    rows = CertificateVersion.objects.visible_to(user)
    match state:
        case CertificateState.ISSUED:
            rows = rows.in_force().latest()
        case CertificateState.REPLACED:
            rows = rows.in_force().replaced()
        case CertificateState.REVOKED:
            rows = rows.filter(revoked_on__isnull=False)
        case _:
            rows = rows.latest()
    later = CertificateVersion.objects.filter(certificate=OuterRef("certificate"), version__gt=OuterRef("version"))
    placement = "certificate__placement__"
    return (
        rows.annotate(is_replaced=Exists(later))
        .select_related(
            "document",
            f"{placement}workplace__employer",
            f"{placement}enrolment__participant",
            f"{placement}enrolment__coach",
        )
        .order_by("-issued", "-pk")
    )


def _missing_row(placement: Placement, writable, units: dict[int, Unit]) -> dict:
    unit = units.get(placement.enrolment.unit_id)
    return {
        "placement": placement,
        "person": placement.enrolment.participant,
        "has_draft": placement.has_draft,
        "was_revoked": placement.was_revoked,
        "missing": lacks_in_words(placement.lacks),
        "unit": unit.name if unit else "",
        "leads_to_writing": placement.enrolment.unit_id in writable and may_be_written(placement.lacks),
    }


def _issued_row(version: CertificateVersion, _writable, _units) -> dict:
    placement = version.certificate.placement
    held = CertificateState.REPLACED if version.is_replaced else CertificateState.ISSUED
    return {
        "placement": placement,
        "person": placement.enrolment.participant,
        "version": version,
        "state": CertificateState.REVOKED if version.revoked_on else held,
    }


def _counted(shown: str, count: int) -> str:
    match shown:
        case "saknas":
            words = ngettext(
                "%(count)d ended placement without a certificate",
                "%(count)d ended placements without a certificate",
                count,
            )
        case "snart":
            words = ngettext(
                "%(count)d placement that ends within two weeks and has no certificate",
                "%(count)d placements that end within two weeks and have no certificate",
                count,
            )
        case _:
            words = ngettext("%(count)d certificate", "%(count)d certificates", count)
    return words % {"count": count}


def _coverage(user: User, shown: str, chosen: dict) -> str:
    """Where the employments that this list shows are counted; the figure knows no other form."""
    if shown != MISSING or chosen.get("form") not in (None, PlacementForm.MUNICIPAL_EMPLOYMENT):
        return ""
    return coverage_address(user, chosen.get("fran"), chosen.get("till"))
