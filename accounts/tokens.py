"""Links that let somebody in once: an invitation's, and a reset's."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """A link ends with its first use, after three days, and with whatever changes about the account meanwhile.

    Django's own hash knows the password, the last sign-in and the email; ours also knows ended sessions, so that
    no link outlives a deactivation.
    """

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        assert isinstance(user, User)
        return f"{super()._make_hash_value(user, timestamp)}{user.sessions_ended}{user.is_active}"


def make(user: User) -> str:
    """The part of a link that proves it was sent to this user."""
    return LinkTokens().make_token(user)
