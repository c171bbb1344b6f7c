"""What the participant says of an assessment, written down with them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competence.assessing import services
from competence.assessing.forms import OwnViewForm
from competence.assessing.opening import opened_assessment
from competence.assessing.own_view import CannotSay, own_view_save
from competence.assessing.sheet import Sheet
from competence.opening import PART
from placements.changing import Overtaken


@require_http_methods(["GET", "HEAD", "POST"])
def own_view(request: HttpRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """The participant's own levels, whether they agree, and what they say; of a signed assessment, too."""
    opened = opened_assessment(request, public_id, assessment_id, writing=True)
    posted = request.method == "POST"
    sheet = Sheet(opened.assessment, with_before=True)
    form, status, other = OwnViewForm(request.POST if posted else None, sheet=sheet), 422 if posted else 200, None
    if posted and form.is_valid():
        try:
            own_view_save(
                assessment=opened.assessment, facts=form.facts, seen=form.cleaned_data["seen"], actor=request.user
            )
        except CannotSay as reason:
            form.add_error("said_on", str(reason))
        except services.OtherState:
            messages.warning(request, _("The assessment has been thrown away meanwhile. Nothing was saved."))
            return redirect("participants:part", public_id, PART)
        except Overtaken as changed:
            data = request.POST.copy()
            data["seen"] = changed.row.revision
            form, status, other = OwnViewForm(data, sheet=sheet), 409, changed.row
        else:
            messages.success(request, _("The participant's view is saved."))
            return redirect("assessing:assessment", public_id, assessment_id)
    context = opened.context | {"form": form, "sheet": sheet, "other": other}
    return render(request, "competence/assessing/own_view.html", context, status=status)
