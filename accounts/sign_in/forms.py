"""allauth's sign-in forms with our labels. No placeholders: they vanish when one writes, and fail on contrast."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.log import sign_in_write


class Worded:
    """Mixin: the fields' own labels and help texts (`words`: field → label, help), without placeholders."""

    words: dict[str, tuple] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


EMAIL = (_("E-mail address"), "")
PASSWORD = (_("Password"), "")
NEW_PASSWORD = (
    _("New password"),
    _("At least 12 characters. Not only digits, no common password, nothing like your name or address."),
)
AGAIN = (_("New password once more"), "")
CODE = (_("Code"), _("Six digits from the app, or one of your recovery codes."))


class LoginForm(Worded, account.LoginForm):
    words = {"login": EMAIL, "password": PASSWORD}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Lets the browser offer the saved address and, where there is one, a passkey.
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    words = {"password": PASSWORD}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {"oldpassword": (_("Present password"), ""), "password1": NEW_PASSWORD, "password2": AGAIN}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    """Asks for a link. The same page, and one mail, whether or not there is such an account (JO 3185-2017)."""

    words = {"email": EMAIL}

    def save(self, request, **kwargs) -> str:
        if self.users:
            return super().save(request, **kwargs)
        # The address's owner learns that there is nothing here; who asked does not, by what is seen or by the time.
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class Watched:
    """Mixin: a wrong code is written down as a failed sign-in."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except forms.ValidationError:
            address = get_adapter().get_client_ip(context.request)
            sign_in_write(user=self.user, succeeded=False, how="code", address=address)
            raise


class AuthenticateForm(Watched, Worded, second_factor.AuthenticateForm):
    words = {"code": CODE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ReauthenticateCodeForm(Watched, Worded, second_factor.ReauthenticateForm):
    words = {"code": CODE}


class ActivateTOTPForm(Worded, AllauthActivateTOTPForm):
    words = {"code": (_("Code"), _("Six digits from the app."))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


PASSKEY_NAME = (_("Name"), _("What you call the device, for example: my work phone."))


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):
    words = {
        "name": PASSKEY_NAME,
        "passwordless": (
            _("Sign in with this device alone, without a password"),
            _("The device then asks for your fingerprint, face or PIN."),
        ),
    }


class EditPasskeyForm(Worded, webauthn.EditWebAuthnForm):
    words = {"name": PASSKEY_NAME}
    name = forms.CharField(max_length=100)
