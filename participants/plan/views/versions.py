"""The versions of a plan: read as they were decided, compared word by word, and on paper."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import AccessLogEntry
from delivery.documents.pdf import PdfLibrariesMissing
from delivery.downloads import made_download
from participants.models import PlanVersion
from participants.plan.compare import compared
from participants.plan.content import content_of_version
from participants.plan.document import plan_pdf
from participants.plan.reading import PlanCase
from participants.plan.views.opening import opened_plan


@require_safe
def plan_version(request: HttpRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """What a version said when it was decided; with `jamfor`, what it changed of another."""
    case = opened_plan(request, public_id, version=number)
    version = _version(case, number)
    if version.is_draft:
        raise Http404
    context = {"file": case.file, "case": case, "version": version, "content": content_of_version(version)}
    asked = request.GET.get("jamfor", "")
    other = next((each for each in case.kept if str(each.number) == asked and each.pk != version.pk), None)
    if other is not None:
        old, new = sorted((other, version), key=lambda each: each.number)
        context |= {
            "other": other, "old": old, "new": new,
            "sections": compared(content_of_version(old), content_of_version(new)),
        }  # fmt: skip
    return render(request, "participants/plan/version.html", context)


@require_safe
def plan_print(request: HttpRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """A version as a PDF for the participant, a draft with "draft" across it. It is made for this answer alone."""
    case = opened_plan(request, public_id, act=AccessLogEntry.Act.DOWNLOADED, version=number)
    version = _version(case, number)
    try:
        pdf = plan_pdf(case, version)
    except PdfLibrariesMissing as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(case.part_address)
    # The name says nothing about whose it is: it stays in a shared computer's list of downloads.
    return made_download(pdf, name=f"genomforandeplan-{number}.pdf", media_type="application/pdf")


def _version(case: PlanCase, number: int) -> PlanVersion:
    version = case.version(number)
    if version is None:
        raise Http404
    return version
