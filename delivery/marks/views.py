"""The page in Administration on which the municipality's mark is chosen."""

import base64

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import can_administer
from delivery.marks import services
from delivery.models import DocumentMark

SHOWN = 20  # of the former ones


class MarkForm(forms.Form):
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("A PNG, on white or see-through, at most 1 MB. It is shown 16 mm high."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )


read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@read_or_write
def mark(request: HttpRequest) -> HttpResponse:
    """The mark on certificates: the one in force, a new one, none; and which there have been."""
    if not can_administer(request.user):
        raise PermissionDenied
    posted = request.method == "POST"
    form = MarkForm(request.POST, request.FILES) if posted else MarkForm()
    if posted and form.is_valid():
        try:
            services.mark_choose(content=form.cleaned_data["picture"].read(), actor=request.user)
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            messages.success(request, _("Certificates are issued with this mark from now on."))
            return redirect("delivery:mark")
    now = services.mark_in_force()
    context = {
        "form": form,
        "mark": now,
        "picture": base64.b64encode(now.content).decode() if now else "",
        "earlier": DocumentMark.objects.defer("content")[:SHOWN],
    }
    return render(request, "delivery/mark.html", context, status=422 if form.errors else 200)


@read_or_write
def mark_remove(request: HttpRequest) -> HttpResponse:
    """Asks once, and has certificates issued without a mark."""
    if not can_administer(request.user):
        raise PermissionDenied
    if request.method == "POST":
        services.mark_remove(actor=request.user)
        messages.success(request, _("Certificates are issued without a mark from now on."))
        return redirect("delivery:mark")
    now = services.mark_in_force()
    if now is None:
        return redirect("delivery:mark")
    picture = base64.b64encode(now.content).decode()
    return render(request, "delivery/mark_remove.html", {"mark": now, "picture": picture})
