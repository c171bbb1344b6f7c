"""What the participant is shown of the journal: a page to read together, or to print."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.journal.forms import ExtractForm
from participants.journal.reading import for_participant
from participants.opening import opened_file


@require_safe
def contact_extract(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The entries that may be shown, the oldest first; `?fran=` and `?till=` give the first and the last day."""
    file = opened_file(request, public_id, part="journal_extract")
    asked = any(request.GET.get(name) for name in ("fran", "till"))
    form = ExtractForm(request.GET if asked else None, auto_id="extract_%s")
    days = form.cleaned_data if asked and form.is_valid() else {}
    wrong = asked and not form.is_valid()
    entries = [] if wrong else for_participant(file, days.get("fran"), days.get("till"))
    context = {"file": file, "form": form, "entries": entries, "wrong": wrong, "asked": asked, "days": days}
    context["today"] = timezone.localdate()
    return render(request, "participants/journal/extract.html", context, status=422 if wrong else 200)
