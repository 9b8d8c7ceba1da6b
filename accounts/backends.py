"""Sign-in by email, whatever its case."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        if email := credentials.get("email"):
            credentials["email"] = email.strip().lower()
        return super().authenticate(request, **credentials)

    def get_user(self, user_id: int) -> User | None:
        """The signed-in user with her company and her seat, which the pages ask for, in one query."""
        user = User.objects.select_related("company", "seat").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
