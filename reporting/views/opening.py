"""Finding the report or the publication an address is about, for whoever may see it."""

import uuid

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from reporting import permissions
from reporting.models import Publication, Report

#: What a publication shows, and why it hides the rest: much, and not read to tell how far it has come.
PUBLISHED_CONTENT = ("publication__content", "publication__reasons")
_OF_PUBLICATION = ("publication__document", "publication__job")
SALT = "report-comment"
#: How long a text that is sent after the session has ended is still taken as its writer's.
TICKET_SECONDS = 24 * 60 * 60


def opened_report(request: HttpRequest, public_id: uuid.UUID) -> Report:
    """The report; 403 for who sees no internal figures, 404 when it tells of what the user does not lead."""
    if not permissions.can_see_internal_figures(request.user):
        raise PermissionDenied
    related = ("unit", "document__job", "replaces__document", "replaced_by__document", *_OF_PUBLICATION)
    reports = Report.objects.visible_to(request.user).select_related(*related).defer(*PUBLISHED_CONTENT)
    report = get_object_or_404(reports, public_id=public_id)
    if not permissions.can_write_report(request.user, report.unit):
        raise PermissionDenied
    return report


def opened_publication(request: HttpRequest, public_id: uuid.UUID, *, to_publish: bool = False) -> Publication:
    """The publication; 403 for who may not open reports (`to_publish`: not publish them), 404 for what is not
    published yet and not the user's to see."""
    may = permissions.can_publish if to_publish else permissions.can_open_reports
    if not may(request.user):
        raise PermissionDenied
    publications = Publication.objects.visible_to(request.user).select_related("report", "document__job", "job")
    return get_object_or_404(publications, public_id=public_id)


def number_of(text: str) -> int:
    """A revision as a form sends it; -1, which is nobody's, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def writer_ticket(user: User, report: Report) -> str:
    """Signed into each form of a draft: who opened it. A text that is sent after the session has ended can be kept as
    that user's. It opens and shows nothing."""
    return signing.dumps([user.pk, str(report.public_id)], salt=SALT)


def report_of_ticket(ticket: str, public_id: uuid.UUID) -> tuple[User, Report] | None:
    """Who opened the form, and the report they wrote in; None when the ticket is false or old, or they may not write
    there any more."""
    try:
        key, subject = signing.loads(ticket, salt=SALT, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return None
    writer = User.objects.filter(pk=key, is_active=True).first()
    if writer is None or subject != str(public_id) or not permissions.can_see_internal_figures(writer):
        return None
    report = Report.objects.visible_to(writer).filter(public_id=public_id).first()
    return (writer, report) if report and permissions.can_write_report(writer, report.unit) else None
