"""What a page that registers somebody writes down, and what it tells about the number."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import AccessLogEntry
from participants.opening import participant_log
from participants.registering.forms import PersonSection
from participants.registering.services import Registered
from participants.search import SearchKind


def shown_write(request: HttpRequest, section: PersonSection) -> None:
    """Write down whom the section shows, once for each page on which somebody is asked about, and whom the user
    asked for in vain."""
    for each in section.shown:
        public_id = each.participant.public_id
        if str(public_id) not in section.asked_about:
            detail = {"units": each.unit_codes, "kind": SearchKind.LIKENESS, "hits": len(section.shown)}
            participant_log(request, public_id, AccessLogEntry.Act.SEARCHED, **detail)
    for public_id in section.denied:
        participant_log(request, public_id, AccessLogEntry.Act.DENIED)


def number_told(request: HttpRequest, registered: Registered) -> None:
    """Say that the number was left out, if it was: nothing but that, whoever has it."""
    if registered.number_left_out:
        messages.warning(
            request,
            _("The personal number could not be saved. The administrator has been told, and finds out why."),
        )
    for holder in registered.holders:
        participant_log(request, holder.public_id, AccessLogEntry.Act.DENIED)
