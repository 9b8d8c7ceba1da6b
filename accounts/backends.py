"""Sign-in by email, whatever its case."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class EmailBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        if email := credentials.get("email"):
            credentials["email"] = email.strip().lower()
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None  # told like a wrong password: it says nothing of the account
