"""Forgotten passwords: a mail with a single-use link, for active accounts; for others the page says the same."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import identity_providers, links, mail
from accounts.invitations import VALID_FOR
from accounts.models import User


def post(user: User) -> None:
    """Mail a link to choose a new password; or, where the company's provider alone lets her in, the way there."""
    with timezone.override(ZoneInfo(user.company.time_zone if user.company else settings.TIME_ZONE)):
        context: dict[str, Any] = {"user": user, "until": timezone.now() + VALID_FOR}
        if identity_providers.must_use(user):
            context["sign_in"] = links.sign_in_with_company()
        else:
            context["link"] = links.choose_password(user)
        body = render_to_string("accounts/mail/password_link.txt", context)
    mail.post(user.email, _("Your SmartMessage password"), body)
