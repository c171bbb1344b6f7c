"""The page on which the list is taken out as a file: who is in it, which columns, which form."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from delivery.downloads import made_download
from participants.listing.addresses import list_address
from participants.listing.exporting import AT_ONCE, KEPT_HOURS, file_name, list_export, list_export_enqueue
from participants.listing.files import MEDIA_TYPES, ListFile
from participants.listing.forms import ListFileForm
from participants.listing.question import ListQuestion
from participants.listing.saved import words_of
from participants.permissions import can_export_list


@require_http_methods(["GET", "HEAD", "POST"])
def list_file(request: HttpRequest) -> HttpResponse:
    """Choose columns, then get the file; many rows are made in the background. The address is the list's."""
    if not can_export_list(request.user):
        raise PermissionDenied
    question = ListQuestion(request.user, request.GET)
    if not question.is_understood:
        return HttpResponseRedirect(list_address(question.filters.understood(), "participants:list_file"))
    if request.method != "POST":
        return _page(request, ListFile(question), ListFileForm(question=question))
    form = ListFileForm(request.POST, question=question)
    if not form.is_valid():
        return _page(request, ListFile(question), form)
    keys, kind = form.cleaned_data["columns"], form.cleaned_data["form"]
    file = ListFile(question, keys=keys, with_numbers=form.cleaned_data["with_numbers"])
    if not file.count:
        return _page(request, file, form)
    if file.count > AT_ONCE:
        return redirect(list_export_enqueue(file=file, keys=keys, form=kind))
    return made_download(list_export(file=file, form=kind), name=file_name(kind), media_type=MEDIA_TYPES[kind])


def _page(request: HttpRequest, file: ListFile, form: ListFileForm) -> HttpResponse:
    context = {
        "file": file,
        "form": form,
        "words": words_of(file.question),
        "searched": file.question.filters.search_kind,
        "later": file.count > AT_ONCE,
        "kept_hours": KEPT_HOURS,
        "back": list_address(file.question.params),
    }
    return render(request, "participants/listing/file.html", context, status=422 if form.errors else 200)
