"""The second factor: an authenticator app or a passkey, of one's own will or because the company demands it."""

import io
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from qrcode.image.svg import SvgPathFillImage

from accounts import audit, sealed, users
from accounts.models import AuditAction, User

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
CODE_LIVES_SECONDS = 120  # longer than a code is good for


def is_demanded_of(user: User) -> bool:
    """Whether this user may do nothing without a second factor. It holds for every way of signing in."""
    if user.company is None:
        return bool(settings.OPERATOR_NEEDS_SECOND_FACTOR)
    return user.company.demands_second_factor


def has_one(user: User) -> bool:
    """Whether the user signs in with a second factor. Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=PROOFS).exists())


def is_owed(user: User) -> bool:
    """Whether she has to set one up before she sees anything else."""
    return is_demanded_of(user) and not has_one(user)


@transaction.atomic
def forget(user: User, *, by: User | None) -> None:
    """For a user who lost hers: it is gone with its recovery codes, and whoever is signed in as her is signed out.

    She signs in by password alone the next time; where the company demands a second factor she sets one up then.
    """
    deleted, _rows = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        return
    users.end_sessions(user)
    if user.company_id:
        words = _("second factor reset")
        audit.record(user.company_id, AuditAction.SIGN_IN_CHANGED, by=by, about=user, words=words)


class SecondFactorAdapter(DefaultMFAAdapter):
    """What django-allauth asks of us: names as people read them, and secrets sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _lazy("That didn't match, or it was used already. Try again."),
    }

    def get_totp_issuer(self) -> str:
        return "SmartMessage"

    def _get_site_name(self) -> str:
        return "SmartMessage"

    def build_totp_svg(self, url: str) -> str:
        """On white in the dark theme, too: cameras need it."""
        drawn = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.unseal(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}


class _OnceOnly:
    """A code opens once, for as long as it is good: whoever read it over a shoulder comes too late."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        authenticator = self.authenticator  # type: ignore[attr-defined]
        if authenticator.type == Authenticator.Type.TOTP:
            key = f"accounts.second_factor.used:{authenticator.pk}:{''.join(code.split())}"
            if not cache.add(key, 1, timeout=CODE_LIVES_SECONDS):
                raise SecondFactorAdapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceOnly, AuthenticateForm):
    pass


class CodeAgainForm(_OnceOnly, ReauthenticateForm):
    pass
