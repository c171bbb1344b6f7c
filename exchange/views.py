"""The page on which an administrator takes a register in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from delivery.models import Job
from delivery.states import JobState
from exchange.forms import RegisterForm
from exchange.jobs import CHECK, files_of, register_check_enqueue, register_jobs, register_store_enqueue, storing_of
from exchange.permissions import can_load_register
from exchange.register.columns import FILES

LATEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """Choose a register's files; they are checked first, and nothing is stored by that."""
    if not can_load_register(request.user):
        raise PermissionDenied
    form = RegisterForm(request.POST, request.FILES) if request.method == "POST" else RegisterForm()
    if form.is_valid():
        return redirect(register_check_enqueue(owner=request.user, **form.cleaned_data))
    context = {
        "form": form,
        "file_names": [file.file_name for file in FILES],
        "jobs": register_jobs(request.user)[:LATEST],
    }
    return render(request, "exchange/register.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def register_store(request, public_id):
    """Store what the dry run found to be right. A second press leads to the job that is already there."""
    if not can_load_register(request.user):
        raise PermissionDenied
    checked = get_object_or_404(Job, owner=request.user, kind=CHECK, public_id=public_id)
    # Who had to sign in on the way comes back without having pressed: to the report, where the button is.
    if request.method != "POST" or checked.state != JobState.DONE:
        return redirect(checked)
    if checked.result.get("error_count"):
        messages.error(request, _("The register has errors. Mend them and choose the files again."))
        return redirect(checked)
    if not storing_of(checked) and not files_of(checked).exists():
        messages.error(request, _("The files are no longer kept. Choose them again."))
        return redirect("exchange:register")
    return redirect(register_store_enqueue(checked=checked, owner=request.user))
