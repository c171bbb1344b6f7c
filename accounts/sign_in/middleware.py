"""Whoever must have a second factor sets it up before anything else."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.permissions import must_have_second_factor

#: What a user without a second factor may reach: the set-up itself, and the way out.
SET_UP = frozenset(
    [
        "mfa_index",
        "mfa_activate_totp",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "account_logout",
    ]
)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorMiddleware:
    """Lead a signed-in user who must have a second factor, and has none, to the page where one is set up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """None: go on to the view. Public views (health check, sign-in) are left alone."""
        user = request.user
        if not getattr(view, "login_required", True) or not user.is_authenticated:
            return None
        if not must_have_second_factor(user) or request.resolver_match.view_name in SET_UP:
            return None
        if is_mfa_enabled(user, FACTORS):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")
