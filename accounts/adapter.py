"""What django-allauth may do here: sign people in. Accounts are given by admins, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is said: the page that follows shows that she is in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """An account that was closed is answered like a wrong password (A4)."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None
