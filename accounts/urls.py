"""The door: signing in and out, and one's own account. Names are django-allauth's where its views need them."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path

from accounts import views

second_factor = [
    path("", factor_views.index, name="mfa_index"),
    path("app/", app_views.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/", views.to_second_factor, name="mfa_list_webauthn"),
    path("passkeys/add/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path("codes/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/download/", code_views.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("login/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkey_views.login_webauthn, name="mfa_login_webauthn"),
    path("login/forgot/", allauth_views.password_reset, name="account_reset_password"),
    path("login/forgot/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^login/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("login/link/done/", views.to_account, name="account_reset_password_from_key_done"),
    path("login/company/", views.company_sign_in, name="company_sign_in"),
    path("login/company/<str:provider_id>/", views.provider_login, name="openid_connect_login"),
    path("login/company/<str:provider_id>/callback/", views.provider_callback, name="openid_connect_callback"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.account, name="account"),
    path("account/password/", allauth_views.password_change, name="account_change_password"),
    path("account/password/none/", views.to_account, name="account_set_password"),
    path("account/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", include(second_factor)),
]
