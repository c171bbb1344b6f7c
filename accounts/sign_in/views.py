"""The pages of signing in that are more than allauth's own."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login as SignIn
from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts import demo
from accounts.models import User
from accounts.permissions import must_have_second_factor


class SignInView(LoginView):
    """E-mail address and password; in the demo also a button for each role."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"demo_logins": demo.buttons() if settings.DEMO else ()}


class SecondFactorView(IndexView):
    """A user's second factors; it says so when one must be set up first."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "must_have_second_factor": must_have_second_factor(self.request.user)
        }


sign_in = SignInView.as_view()
second_factor = SecondFactorView.as_view()


@login_not_required
@require_POST
def demo_sign_in(request):
    """Sign in as one of the demo's users. Outside the demo the address does not exist."""
    if not settings.DEMO:
        raise Http404
    email = request.POST.get("email", "")
    if email not in demo.EMAILS:
        raise Http404
    user = get_object_or_404(User, email=email, is_active=True)
    return perform_login(request, SignIn(user=user))
