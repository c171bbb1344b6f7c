"""The addresses of signing in. The names are allauth's, because its flows ask for them; only those we need."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from accounts.sign_in import views

urlpatterns = [
    path("logga-in/", views.sign_in, name="account_login"),
    path("logga-in/demo/", views.demo_sign_in, name="demo_sign_in"),
    path("logga-in/nyckel/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("logga-in/kod/", second_factor.authenticate, name="mfa_authenticate"),
    path("logga-ut/", account.logout, name="account_logout"),
    path("avstangt/", account.account_inactive, name="account_inactive"),
    path("bekrafta/", account.reauthenticate, name="account_reauthenticate"),
    path("bekrafta/kod/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("bekrafta/nyckel/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("losenord/", account.password_change, name="account_change_password"),
    path("losenord/glomt/", account.password_reset, name="account_reset_password"),
    path("losenord/glomt/skickat/", account.password_reset_done, name="account_reset_password_done"),
    path("losenord/nytt/klart/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("tvasteg/", views.second_factor, name="mfa_index"),
    path("tvasteg/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("tvasteg/app/ta-bort/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tvasteg/koder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("tvasteg/koder/nya/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("tvasteg/koder/fil/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("tvasteg/nycklar/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("tvasteg/nycklar/ny/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("tvasteg/nycklar/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("tvasteg/nycklar/<int:pk>/ta-bort/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]
