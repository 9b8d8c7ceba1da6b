"""What django-allauth may do here: sign people in. Accounts are given by admins, nobody signs up.

Each way in (password, passkey, link from a mail, a company's provider) passes `pre_login`, then the second factor,
then `login`; what keeps somebody outside is asked there.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as of_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from accounts import identity_providers, links, mail, openid, password_links
from accounts.models import IdentityProvider, User

SAID: dict[str, Promise] = {  # on the page, after what was done there
    "account/messages/password_changed.txt": _lazy("Your password is changed. Other devices are signed out."),
    "mfa/messages/totp_activated.txt": _lazy("Your authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _lazy("Your authenticator app is removed."),
    "mfa/messages/webauthn_added.txt": _lazy("Your passkey is set up."),
    "mfa/messages/webauthn_removed.txt": _lazy("The passkey is removed."),
}
NOTICES: dict[str, Promise] = {  # by mail, so that a change by somebody else doesn't go unnoticed
    "account/email/password_changed": _lazy("Your SmartMessage password was changed."),
    "account/email/password_reset": _lazy("Your SmartMessage password was changed through a link from a mail."),
    "mfa/email/totp_activated": _lazy("An authenticator app was set up for your SmartMessage account."),
    "mfa/email/totp_deactivated": _lazy("The authenticator app of your SmartMessage account was removed."),
    "mfa/email/webauthn_added": _lazy("A passkey was set up for your SmartMessage account."),
    "mfa/email/webauthn_removed": _lazy("A passkey of your SmartMessage account was removed."),
    "mfa/email/recovery_codes_generated": _lazy("New recovery codes were made for your SmartMessage account."),
}


class ClosedAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _lazy("This email or this password is not correct."),
        "incorrect_password": _lazy("That isn't your password."),
        "enter_current_password": _lazy("That isn't your present password."),
        "invalid_password_reset": _lazy("This link doesn't work any more."),
    }

    # --- who gets in ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """An account that was closed is answered like a wrong password (A4)."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Whoever must use her company's provider gets in no other way."""
        if not user.is_active:
            clear_login(request)
            return HttpResponseRedirect(reverse("account_login"))
        if identity_providers.must_use(user) and _came_by(request, user) != "socialaccount":
            clear_login(request)
            return not_signed_in(request, identity_providers.why_no_other_way(user))
        return None

    def login(self, request: HttpRequest, user: User) -> None:
        """An account that was closed between password and second factor stays outside."""
        if not User.objects.filter(pk=user.pk, is_active=True).exists():
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        super().login(request, user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in isn't asked again; later, what protects the account asks once more."""
        request = of_request.request
        records = get_authentication_records(request, request.user)
        is_fresh = bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh

    # --- what is said ---

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Failures, and what was done to one's own account. That somebody is in, the page that follows shows."""
        if level == messages.ERROR and "message" in kwargs:
            messages.error(request, kwargs["message"])
        elif message_template in SAID and request.user.is_authenticated:
            messages.success(request, str(SAID[message_template]))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    # --- what is mailed: everything goes the way of our own mail ---

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        password_links.post(user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = User.objects.filter(email=email).first()
        was_never_here = user is not None and user.last_login is None  # then it is her first password
        if user is None or was_never_here or template_prefix not in NOTICES:
            return
        what = str(NOTICES[template_prefix])
        known = {"user": user, "what": what, "at": timezone.now(), "link": links.forgot_password()}
        mail.post(email, what.rstrip("."), render_to_string("accounts/mail/notice.txt", known))


class CompanyProviderAdapter(DefaultSocialAccountAdapter):
    """Signing in through a company's own provider (accounts/openid.py)."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        known = IdentityProvider.objects.select_related("company").filter(key=provider).first()
        if known is None:
            raise SocialApp.DoesNotExist
        return openid.CompanyProvider(request, app=openid.app_of(known))

    def list_apps(self, *args: Any, **kwargs: Any) -> list[SocialApp]:
        return []  # nobody is offered somebody else's provider

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        return sociallogin.user  # nobody is made from what a provider says

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The provider said who she is. Whether it may sign her in is for our rules alone."""
        provider = IdentityProvider.objects.select_related("company").filter(key=sociallogin.account.provider).first()
        try:
            if provider is None:
                raise identity_providers.NotLetIn("")
            user = identity_providers.person_for(provider, openid.vouched(sociallogin))
        except identity_providers.NotLetIn as refused:
            raise ImmediateHttpResponse(not_signed_in(request, str(refused))) from refused
        sociallogin.user = sociallogin.account.user = user

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(not_signed_in(request, ""))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False


def not_signed_in(request: HttpRequest, why: str) -> HttpResponse:
    """The page that explains why the door stayed shut. An empty reason: the provider's answer wasn't usable."""
    return render(request, "accounts/not_signed_in.html", {"why": why}, status=403)


def _came_by(request: HttpRequest, user: User) -> str:
    records = get_authentication_records(request, user)
    return str(records[-1]["method"]) if records else ""
