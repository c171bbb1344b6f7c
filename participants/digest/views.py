"""The page where a user asks for the daily digest, or says that it is no longer wanted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import municipal
from participants.digest.services import counts_for, digest_wish
from participants.models import DigestWish
from participants.municipal import DIGEST_TIME
from participants.permissions import can_have_digest


@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: HttpRequest) -> HttpResponse:
    """One choice, and what the mail would say today."""
    if not can_have_digest(request.user):
        raise PermissionDenied
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "1"
        digest_wish(user=request.user, wanted=wanted)
        said = _("You get the mail from now on.") if wanted else _("You get no more of these mails.")
        messages.success(request, said)
        return redirect("day:digest")
    context = {
        "wanted": DigestWish.objects.filter(user=request.user).exists(),
        "time": municipal.value_of(DIGEST_TIME.key).replace(":", "."),
        "lists": counts_for(request.user, timezone.localdate()),
    }
    return render(request, "participants/digest/page.html", context)
