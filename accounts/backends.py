"""Sign-in by email, whatever its case."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class EmailBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        if email := credentials.get("email"):
            credentials["email"] = email.strip().lower()
        return super().authenticate(request, **credentials)
