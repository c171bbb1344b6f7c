"""The pages of the house itself, and signing in."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.cast import Cast
from tests.permissions.rows import Row, everybody


def with_app(_cast: Cast, user) -> list:
    """The user has an authenticator app, and recovery codes."""
    if user:
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    return []


def own_passkey(cast: Cast, user) -> list:
    key = Authenticator.objects.create(
        user=user or cast.coach, type=Authenticator.Type.WEBAUTHN, data={"name": "Min dator", "credential": {}}
    )
    return [key.pk]


HOUSE = (
    Row("start", "The start page: leads to the user's work", get=everybody(302)),
    Row("healthz", "Health check for monitoring", get=everybody(anonymous=200)),
    Row("metrics", "Figures for monitoring; closed without its token", get=everybody(404, anonymous=404)),
    Row("accessibility", "The accessibility statement", get=everybody(anonymous=200)),
)

SIGN_IN = (
    Row("account_login", "Sign in", get=everybody(302, anonymous=200), post=everybody(302, anonymous=200)),
    Row("demo_sign_in", "Sign in with a button (only in the demo)", post=everybody(404, anonymous=404)),
    Row(
        "mfa_login_webauthn",
        "Sign in with a passkey",
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
    Row(
        "mfa_authenticate",
        "The second step of sign-in",
        get=everybody(302, anonymous=302),
        post=everybody(302, anonymous=302),
    ),
    Row("account_logout", "Sign out", get=everybody(200, anonymous=302), post=everybody(302, anonymous=302)),
    Row("account_inactive", "The account is closed", get=everybody(anonymous=200)),
    Row("account_reset_password", "Forgotten password", get=everybody(anonymous=200), post=everybody(anonymous=200)),
    Row("account_reset_password_done", "The mail is on its way", get=everybody(anonymous=200)),
    Row(
        "account_reset_password_from_key",
        "Choose a password, by the link of a mail",
        lambda cast, user: ["0", "a-false-key"],
        get=everybody(anonymous=200),
        post=everybody(anonymous=200),
    ),
    Row("account_reset_password_from_key_done", "The password is saved", get=everybody(anonymous=200)),
    Row("account_change_password", "Change one's own password", get=everybody(), post=everybody()),
    Row("account_reauthenticate", "Confirm with the password", get=everybody(), post=everybody()),
    Row("mfa_reauthenticate", "Confirm with a code", with_app, get=everybody(), post=everybody()),
    Row(
        "mfa_reauthenticate_webauthn",
        "Confirm with a passkey (there is none)",
        get=everybody(302),
        post=everybody(302),
    ),
    Row("mfa_index", "One's own second factors", get=everybody()),
    Row("mfa_activate_totp", "Set up an app (after confirming)", get=everybody(302), post=everybody(302)),
    Row(
        "mfa_deactivate_totp", "Remove the app (after confirming)", with_app, get=everybody(302), post=everybody(302)
    ),
    Row("mfa_view_recovery_codes", "Recovery codes (after confirming)", with_app, get=everybody(302)),
    Row("mfa_generate_recovery_codes", "New recovery codes", with_app, get=everybody(302), post=everybody(302)),
    Row(
        "mfa_download_recovery_codes",
        "Recovery codes as a file",
        with_app,
        get=everybody(302),
        post=everybody(302),
    ),
    Row("mfa_list_webauthn", "One's own passkeys", get=everybody()),
    Row("mfa_add_webauthn", "Add a passkey (after confirming)", get=everybody(302), post=everybody(302)),
    Row("mfa_edit_webauthn", "Rename a passkey", own_passkey, get=everybody(302), post=everybody(302)),
    Row("mfa_remove_webauthn", "Remove a passkey", own_passkey, get=everybody(302), post=everybody(302)),
)
