"""The page on which an administrator takes a register in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.models import Job
from delivery.states import JobState
from exchange.forms import RegisterForm
from exchange.jobs import KIND, register_check_enqueue, register_store_enqueue
from exchange.permissions import may_load_register

LATEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """Choose a register's files; they are checked first, and nothing is stored by that."""
    if not may_load_register(request.user):
        raise PermissionDenied
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect(register_check_enqueue(owner=request.user, **form.cleaned_data))
    jobs = Job.objects.visible_to(request.user).filter(kind=KIND).select_related("owner")[:LATEST]
    return render(request, "exchange/register.html", {"form": form, "jobs": jobs}, status=422 if form.errors else 200)


@require_POST
def register_store(request, public_id):
    """Store what the dry run found to be right. A second press leads to the job that is already there."""
    if not may_load_register(request.user):
        raise PermissionDenied
    mine = Job.objects.filter(owner=request.user, kind=KIND)
    checked = get_object_or_404(mine, public_id=public_id, params__dry_run=True, state=JobState.DONE)
    if checked.result.get("error_count"):
        messages.error(request, _("The register has errors. Mend them and choose the files again."))
        return redirect(checked)
    return redirect(register_store_enqueue(checked=checked, owner=request.user))
