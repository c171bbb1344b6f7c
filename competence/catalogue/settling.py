"""A draft begins, comes from a file, is published or thrown away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competence.catalogue import services
from competence.catalogue.facts import catalogue_facts
from competence.catalogue.forms import ImportForm
from competence.catalogue.lacking import lacking, lacking_english
from competence.catalogue.opening import for_administrators, of_draft
from competence.catalogue.reading import CatalogueUnreadable
from competence.models import CatalogueVersion
from placements.changing import Overtaken

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
@for_administrators
def begin(request: HttpRequest) -> HttpResponse:
    """A draft that says what the version in use says."""
    draft = services.draft_begin(actor=request.user)
    messages.success(
        request,
        _("The draft %(code)s is begun. Nothing changes for others until it is published.") % {"code": draft.code},
    )
    return redirect("catalogue:version", draft.pk)


@read_or_write
@for_administrators
def import_file(request: HttpRequest) -> HttpResponse:
    """A file as a new draft. With a mistake in it nothing is stored, and every mistake is told."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)
    unreadable = None
    if posted and form.is_valid():
        try:
            draft = services.draft_import(source=form.cleaned_data["file"].read(), actor=request.user)
        except CatalogueUnreadable as wrong:
            unreadable = wrong
        else:
            messages.success(
                request,
                _("The file is a draft now: %(code)s. Compare it before you publish it.") % {"code": draft.code},
            )
            return redirect("catalogue:version", draft.pk)
    context = {"form": form, "unreadable": unreadable}
    return render(request, "competence/catalogue/import.html", context, status=422 if posted else 200)


@read_or_write
@of_draft
def publish(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """Asks once, with what differs from the version in use, and publishes what was read."""
    status = 200
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            services.version_publish(
                version=version, seen=int(seen) if seen.isascii() and seen.isdigit() else -1, actor=request.user
            )
        except services.CannotPublish:
            status = 422
        except Overtaken:
            status = 409
        else:
            messages.success(
                request, _("%(code)s is published. New assessments are written with it.") % {"code": version.code}
            )
            return redirect("catalogue:version", version.pk)
        version.refresh_from_db()
    facts, current = catalogue_facts(version), CatalogueVersion.objects.current()
    context = {
        "version": version,
        "lacking": lacking(facts),
        "no_english": lacking_english(facts),
        "current": current,
        "behind": version.based_on_id != current.pk,
        "overtaken": status == 409,
    }
    return render(request, "competence/catalogue/publish.html", context, status=status)


@read_or_write
@of_draft
def discard(request: HttpRequest, version: CatalogueVersion) -> HttpResponse:
    """Asks once, and throws the draft away."""
    if request.method == "POST":
        services.draft_discard(version=version)
        messages.success(request, _("The draft %(code)s is thrown away.") % {"code": version.code})
        return redirect("catalogue:list")
    return render(request, "competence/catalogue/discard.html", {"version": version})
