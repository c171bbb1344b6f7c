"""What every page of the catalogue begins with: administrators only, and the version by its key."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from competence.catalogue.services import NotADraft
from competence.models import CatalogueVersion
from competence.permissions import can_edit_catalogue


def for_administrators(view):
    """Decorator: others get 403."""

    @wraps(view)
    def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not can_edit_catalogue(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return opened


def of_version(view):
    """Decorator: the view gets the version in place of its key."""

    @wraps(view)
    def opened(request: HttpRequest, version_id: int, *args, **kwargs) -> HttpResponse:
        version = get_object_or_404(CatalogueVersion.objects.select_related("based_on"), pk=version_id)
        return view(request, version, *args, **kwargs)

    return for_administrators(opened)


def of_draft(view):
    """Decorator: as `of_version`, of a draft. Whoever sends something too late is told so on the page of the version,
    or on the list when the draft was thrown away."""

    @wraps(view)
    def opened(request: HttpRequest, version_id: int, *args, **kwargs) -> HttpResponse:
        drafts = CatalogueVersion.objects.drafts().select_related("based_on")
        try:
            if draft := drafts.filter(pk=version_id).first():
                return view(request, draft, *args, **kwargs)
        except NotADraft:
            pass
        return no_draft(request, version_id)

    return for_administrators(opened)


def no_draft(request: HttpRequest, version_id: int) -> HttpResponse:
    """To the version that is published now, or to the list when the draft was thrown away; with the reason. A page
    that never was is not found."""
    if CatalogueVersion.objects.filter(pk=version_id).exists():
        messages.error(request, _("A published version never changes. Begin a draft to change anything."))
        return redirect("catalogue:version", version_id)
    if not CatalogueVersion.pgh_event_model.objects.filter(pgh_obj_id=version_id).exists():
        raise Http404
    messages.error(request, _("The draft was thrown away."))
    return redirect("catalogue:list")
