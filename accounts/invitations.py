"""Invitations: an admin gives somebody an account, and a mail with a single-use link lets her in (S4)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, identity_providers, links, mail
from accounts.models import AuditAction, Company, User
from accounts.users import EmailTaken

VALID_FOR = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class NotInvited(Exception):
    """An invitation is for an active account that nobody has used yet; the text says so."""


@transaction.atomic
def invite(company: Company, *, email: str, name: str, is_company_admin: bool, by: User | None) -> User:
    """Make an account without a password, and mail its owner a link to choose one. `by`: None is the platform.

    Raises EmailTaken where there is an account already; in the same words whichever company has it.
    """
    taken = EmailTaken(_("There is already an account with this email."))
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise taken
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email, None, name=name.strip(), company=company, is_company_admin=is_company_admin
            )
    except IntegrityError as error:
        raise taken from error
    audit.record(company, AuditAction.USER_INVITED, by=by, about=user)
    _post(user, by=by)
    return user


@transaction.atomic
def send_again(user: User, *, by: User | None) -> None:
    """Mail a new link to somebody who hasn't come in yet. Links that she has already stay good until one is used."""
    if user.company is None or not user.is_active or not is_waiting(user):
        raise NotInvited(_("%(name)s has an account already and needs no invitation.") % {"name": user.name})
    audit.record(user.company, AuditAction.USER_INVITED, by=by, about=user, words=_("again"))
    _post(user, by=by)


def is_waiting(user: User) -> bool:
    """Whether she was invited and hasn't come in yet."""
    return not user.has_usable_password() and user.last_login is None


def _post(user: User, *, by: User | None) -> None:
    assert user.company is not None
    with timezone.override(ZoneInfo(user.company.time_zone)):
        context: dict[str, Any] = {
            "user": user,
            "inviter": by.name if by is not None and by.company_id == user.company_id else "",
            "until": timezone.now() + VALID_FOR,
        }
        if identity_providers.must_use(user):
            context["sign_in"] = links.sign_in_with_company()
        else:
            context["link"] = links.choose_password(user)
        body = render_to_string("accounts/mail/invitation.txt", context)
    subject = _("%(company)s invites you to SmartMessage") % {"company": user.company.name}
    mail.post(user.email, subject, body)
