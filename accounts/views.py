"""Administration: users, units and settings. Every page is for administrators only."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import municipal, providers, services
from accounts.filters import UserFilter
from accounts.forms import MembershipForm, SettingForm, UnitCreateForm, UnitTermForm, UserCreateForm, UserForm
from accounts.models import Membership, Unit, User
from accounts.permissions import can_administer

PAGE_SIZE = 50
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def administrators_only(view):
    """403 for everybody else."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not can_administer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@require_safe
@administrators_only
def administration(request):
    """What there is to administer."""
    entries = [
        providers.AdministrationEntry(_("Users"), _("Who may sign in, and with which role."), "accounts:user_list"),
        providers.AdministrationEntry(
            _("Units"), _("The units that work with participants, and what they are called."), "accounts:unit_list"
        ),
        *providers.administration_entries,
        providers.AdministrationEntry(
            _("Settings"), _("What this municipality has decided for itself."), "accounts:setting_list"
        ),
    ]
    return render(request, "accounts/administration.html", {"entries": entries})


# --- Users ----------------------------------------------------------------------------------------------------


@require_safe
@administrators_only
def user_list(request):
    """Everybody who has, or has had, an account."""
    found = UserFilter(request.GET, queryset=User.objects.in_swedish_order().with_memberships())
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/user_list.html", {"filter": found, "page_obj": page})


@read_or_write
@administrators_only
def user_create(request):
    """A new user, who gets a link to choose a password by mail."""
    form = UserCreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = services.user_create(**form.cleaned_data)
        _invite(request, user, _("%(name)s is added."))
        return redirect("accounts:user_edit", user.public_id)
    return _page(request, "accounts/user_create.html", form)


@read_or_write
@administrators_only
def user_edit(request, public_id):
    """One user: name and address, roles, the account."""
    user = _user(public_id)
    form = UserForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.user_update(user=user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("accounts:user_edit", public_id)
    return _user_page(request, public_id, form=form)


@require_POST
@administrators_only
def membership_add(request, public_id):
    """Give a user a role."""
    user = _user(public_id)
    form = MembershipForm(request.POST, user=user, prefix="role")
    if form.is_valid():
        membership = services.membership_add(user=user, **form.cleaned_data)
        messages.success(request, _("%(role)s is added.") % {"role": membership.get_role_display()})
        return redirect("accounts:user_edit", public_id)
    return _user_page(request, public_id, membership_form=form)


@require_POST
@administrators_only
def membership_remove(request, public_id, pk):
    """Take a role away."""
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk, user__public_id=public_id)
    role = membership.get_role_display()
    try:
        services.membership_remove(membership=membership)
    except ValidationError as error:
        _say(request, error)
    else:
        messages.success(request, _("%(role)s is removed.") % {"role": role})
    return redirect("accounts:user_edit", public_id)


@require_POST
@administrators_only
def membership_export(request, public_id, pk):
    """Give a job coach the right to take lists out, or (`may_export` is not "yes") take it back."""
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=pk, user__public_id=public_id)
    given = request.POST.get("may_export") == "yes"
    try:
        services.membership_export_set(membership=membership, may_export=given)
    except ValidationError as error:
        _say(request, error)
    else:
        said = _("%(name)s may take lists out.") if given else _("%(name)s may no longer take lists out.")
        messages.success(request, said % {"name": membership.user.full_name})
    return redirect("accounts:user_edit", public_id)


@require_POST
@administrators_only
def user_invite(request, public_id):
    """Send the link to choose a password again."""
    user = _user(public_id)
    if not user.is_active:
        raise Http404
    _invite(request, user)
    return redirect("accounts:user_edit", public_id)


@read_or_write
@administrators_only
def user_deactivate(request, public_id):
    """Ask once, then close the account; says what must be done first."""
    user = _user(public_id)
    hindrances = services.user_deactivation_hindrances(user=user, actor=request.user)
    if request.method == "POST" and not hindrances:
        try:
            services.user_deactivate(user=user, actor=request.user)
        except ValidationError as error:
            hindrances = error.messages
        else:
            messages.success(request, _("The account of %(name)s is closed.") % {"name": user.full_name})
            return redirect("accounts:user_edit", public_id)
    return render(request, "accounts/user_deactivate.html", {"person": user, "hindrances": hindrances})


@require_POST
@administrators_only
def user_reactivate(request, public_id):
    """Open a closed account again."""
    user = _user(public_id)
    services.user_reactivate(user=user)
    messages.success(request, _("The account of %(name)s is open again.") % {"name": user.full_name})
    return redirect("accounts:user_edit", public_id)


@require_POST
@administrators_only
def second_factor_reset(request, public_id):
    """Take away the second factor of a user who has lost the phone."""
    user = _user(public_id)
    services.second_factor_reset(user=user)
    messages.success(request, _("%(name)s can set up two-step sign-in again.") % {"name": user.full_name})
    return redirect("accounts:user_edit", public_id)


def _user(public_id) -> User:
    return get_object_or_404(User, public_id=public_id)


def _user_page(request, public_id, *, form=None, membership_form=None):
    # Read anew: a form that was refused has already changed the object it was bound to.
    user = get_object_or_404(User.objects.with_memberships(), public_id=public_id)
    context = {
        "person": user,
        "form": form or UserForm(instance=user),
        "membership_form": membership_form or MembershipForm(prefix="role"),
        "has_second_factor": user.authenticator_set.exists(),
    }
    wrong = any(each.is_bound and each.errors for each in (form, membership_form) if each)
    return render(request, "accounts/user_edit.html", context, status=422 if wrong else 200)


def _invite(request, user: User, done: str = "") -> None:
    done = done % {"name": user.full_name} if done else ""
    try:
        services.invitation_send(user=user, site=request.build_absolute_uri("/"))
    except OSError:  # the mail server does not answer, or refuses
        problem = _("The mail could not be sent. Try again with “Send the link again”.")
        messages.warning(request, f"{done} {problem}".strip())
    else:
        sent = _("A link to choose a password is on its way to %(email)s.") % {"email": user.email}
        messages.success(request, f"{done} {sent}".strip())


def _say(request, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


def _page(request, template: str, form, **context):
    """A page with a form; 422 when the form came back with errors."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


# --- Units ----------------------------------------------------------------------------------------------------


@require_safe
@administrators_only
def unit_list(request):
    """The units, as they are called today."""
    units = Unit.objects.with_member_count().by_name()
    return render(request, "accounts/unit_list.html", {"units": units})


@read_or_write
@administrators_only
def unit_create(request):
    """A new unit."""
    form = UnitCreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = services.unit_create(**form.cleaned_data)
        messages.success(request, _("%(unit)s is added.") % {"unit": unit.name})
        return redirect("accounts:unit_list")
    return _page(request, "accounts/unit_create.html", form)


@read_or_write
@administrators_only
def unit_edit(request, pk):
    """One unit: its names and legal bases through the years, and another one from a day on; `?correct=DAY` corrects
    the one that begins then."""
    unit = get_object_or_404(Unit.objects.named(), pk=pk)
    terms = unit.terms.order_by("-valid_from")
    asked = request.GET.get("correct", "")
    corrected = next((term for term in terms if term.valid_from.isoformat() == asked), None)
    if asked and not corrected:  # put right meanwhile
        return redirect("accounts:unit_edit", pk)
    form = UnitTermForm(request.POST or None, unit=unit, corrected=corrected)
    if request.method == "POST" and form.is_valid():
        if corrected:
            services.unit_term_correct(term=corrected, **form.cleaned_data)
        else:
            services.unit_rename(unit=unit, **form.cleaned_data)
        messages.success(request, _("The change is saved."))
        return redirect("accounts:unit_edit", pk)
    return _page(request, "accounts/unit_edit.html", form, unit=unit, terms=terms, corrected=corrected)


# --- Settings -------------------------------------------------------------------------------------------------


@require_safe
@administrators_only
def setting_list(request):
    """Every setting with its value and its default."""
    values = municipal.values()
    rows = [
        {
            "definition": definition,
            "value": definition.shown(values[definition.key]),
            "default": definition.shown(definition.default),
            "changed": values[definition.key] != definition.default,
        }
        for definition in municipal.definitions()
    ]
    return render(request, "accounts/setting_list.html", {"rows": rows})


@read_or_write
@administrators_only
def setting_edit(request, key):
    """One setting: a new value, and who has changed it when."""
    try:
        definition = municipal.definition_of(key)
    except KeyError as error:
        raise Http404 from error
    form = SettingForm(request.POST or None, definition=definition, value=municipal.value_of(key))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["value"] == municipal.value_of(key):
            messages.info(request, _("It was already so: nothing is changed."))
            return redirect("accounts:setting_edit", key)
        services.setting_change(key=key, value=form.cleaned_data["value"])
        messages.success(request, _("%(setting)s is changed.") % {"setting": definition.label})
        return redirect("accounts:setting_edit", key)
    context = {
        "definition": definition,
        "default": definition.shown(definition.default),
        "changes": municipal.changes_of(key),
    }
    return _page(request, "accounts/setting_edit.html", form, **context)
