"""What allauth asks the project about accounts: words in plain Swedish, and where to go afterwards."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.log import sign_in_write
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: administrators add users."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is wrong, or too old. Wait for the next one and try again."),
        "incorrect_password": _("The password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are done. The sign-in is written down with the last of them."""
        super().login(request, user)
        steps = get_authentication_records(request, user)
        how = steps[-1]["method"] if steps else "demo"
        sign_in_write(user=user, succeeded=True, how=how, address=self.get_client_ip(request))

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        """A wrong password, or an account that is not there or is closed."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        sign_in_write(user=user, succeeded=False, how="password", address=self.get_client_ip(request))

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_change_password")


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: an app on the phone, a passkey, or a code from a list."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("You cannot turn off two-step sign-in."),
    }

    def generate_authenticator_name(self, user, type) -> str:
        return gettext("My passkey")
