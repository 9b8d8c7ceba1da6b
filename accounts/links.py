"""Absolute addresses for mails, from our own settings and never from what a request says of itself."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts import tokens
from accounts.models import User


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def sign_in_with_company() -> str:
    return absolute(reverse("company_sign_in"))


def forgot_password() -> str:
    return absolute(reverse("account_reset_password"))


def choose_password(user: User) -> str:
    """Leads this user, once, to the page where she chooses a password."""
    key = {"uidb36": user_pk_to_url_str(user), "key": tokens.make(user)}
    return absolute(reverse("account_reset_password_from_key", kwargs=key))
