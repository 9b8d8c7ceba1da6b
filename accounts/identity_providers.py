"""A company's own identity provider: set up by its admin, and whom it may sign in.

A provider speaks for one company: it signs in active users of that company who have an account already. It never
signs in the operator or another company's user, and never makes an account.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit, changes, fetching, links, sealed
from accounts.models import AuditAction, Company, IdentityProvider, SignInDomain, User

logger = logging.getLogger(__name__)

DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class CannotBeUsed(Exception):
    """What was typed about a provider can't be saved: which field, and why."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


class NotLetIn(Exception):
    """The provider vouches for somebody whom it can't sign in here; the text says why, to her alone."""


@dataclass(frozen=True)
class Vouched:
    """What a provider says of somebody: who she is there, and her email if it says that it made sure of it."""

    subject: str
    verified_email: str


# --- set up by the company's admin ---


def configure(
    company: Company,
    *,
    server_url: str,
    client_id: str,
    secret: str,
    email_domains: Iterable[str],
    is_required: bool,
    by: User | None,
) -> IdentityProvider:
    """Save a company's provider. An empty secret keeps the one that is known. Raises CannotBeUsed.

    Another server is another provider: who was linked to a subject there is linked anew, by email. From the moment
    that it is required, whoever must use it signs in again.
    """
    if not client_id.strip():
        raise CannotBeUsed("client_id", _("Enter the client ID that the provider gave you."))
    server_url = usable_server(server_url)  # asks the provider, before anything is locked
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        provider = IdentityProvider.objects.filter(company=company).first() or IdentityProvider(company=company)
        was_required, former = provider.is_required, (provider.server_url, provider.client_id)
        provider.server_url, provider.client_id, provider.is_required = server_url, client_id.strip(), is_required
        _keep_secret(provider, secret)
        provider.save()
        _save_domains(provider, email_domains)
        if former != (provider.server_url, provider.client_id):
            links_of(provider).delete()
        if is_required and not was_required:
            _end_sessions_of_those_who_must(provider)
        words = _("identity provider: %s") % provider.server_url
        audit.record(company, AuditAction.SIGN_IN_CHANGED, by=by, words=words)
    return provider


def _keep_secret(provider: IdentityProvider, secret: str) -> None:
    if secret:
        provider.sealed_secret = sealed.seal(secret)
    elif not provider.sealed_secret:
        raise CannotBeUsed("secret", _("Enter the client secret that the provider gave you."))


@transaction.atomic
def remove(company: Company, *, by: User | None) -> None:
    """From now on everybody signs in by email and password again; who has no password asks for one by email."""
    provider = IdentityProvider.objects.filter(company=company).first()
    if provider is None:
        return
    links_of(provider).delete()
    provider.delete()
    audit.record(company, AuditAction.SIGN_IN_CHANGED, by=by, words=_("identity provider removed"))


@transaction.atomic
def unlink(user: User, *, by: User | None) -> None:
    """Forget which subject at the provider a user is; the next one with her verified email is taken for her."""
    deleted, _rows = SocialAccount.objects.filter(user=user).delete()
    if deleted and user.company_id:
        audit.record(
            user.company_id, AuditAction.SIGN_IN_CHANGED, by=by, about=user, words=_("link to the provider removed")
        )


def callback_url(provider: IdentityProvider) -> str:
    """The address that the admin registers at the provider."""
    return links.absolute(reverse("openid_connect_callback", args=[provider.key]))


def usable_server(server_url: str) -> str:
    """The provider's address as we keep it, once it has answered as a provider does. Raises CannotBeUsed."""
    url = server_url.strip().removesuffix("/.well-known/openid-configuration").rstrip("/")
    parts = urlsplit(url)
    allowed = {"https", "http"} if settings.DEMO else {"https"}
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise CannotBeUsed("server_url", _("Enter the provider's address, as in https://login.example.com"))
    try:
        configuration(url)
    except (requests.RequestException, ValueError) as problem:
        logger.info("a provider's configuration could not be read: %s", type(problem).__name__)
        raise CannotBeUsed(
            "server_url",
            _("There is no OpenID Connect provider at this address: %(url)s didn't answer as one.")
            % {"url": f"{url}/.well-known/openid-configuration"},
        ) from problem
    return url


def configuration(server_url: str) -> dict[str, str]:
    """What the provider says of itself. Raises ValueError or RequestException where it isn't a provider."""
    with fetching.CarefulSession() as session:
        answer = session.get(f"{server_url}/.well-known/openid-configuration")
    if answer.status_code != 200:
        raise ValueError("no configuration there")
    known = answer.json()
    needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if not isinstance(known, dict) or not all(isinstance(known.get(name), str) for name in needed):
        raise ValueError("not a provider's configuration")
    if known["issuer"].rstrip("/") != server_url:
        raise ValueError("another provider's configuration")
    if not settings.DEMO and urlsplit(known["authorization_endpoint"]).scheme != "https":
        raise ValueError("would send people to an unprotected page")
    return known


def _save_domains(provider: IdentityProvider, typed: Iterable[str]) -> None:
    """Its email domains; one that other companies' people use, or sign in with, is refused."""
    names = sorted({name.strip().lower().removeprefix("@") for name in typed if name.strip()})
    if not names:
        raise CannotBeUsed("email_domains", _("Enter the domains of your people's email addresses, as in example.com."))
    for name in names:
        if not DOMAIN.fullmatch(name):
            raise CannotBeUsed(
                "email_domains", _("%(name)s is no domain. Enter it as in example.com.") % {"name": name}
            )
    refused = CannotBeUsed(
        "email_domains", _("One of these domains can't be used here. Ask the platform if it is your company's.")
    )
    elsewhere = Q()
    for name in names:
        elsewhere |= Q(email__iendswith=f"@{name}")
    if User.objects.filter(elsewhere).exclude(company=provider.company).exists():
        raise refused
    provider.domains.exclude(name__in=names).delete()
    try:
        with transaction.atomic():
            for name in names:
                SignInDomain.objects.get_or_create(provider=provider, name=name)
    except IntegrityError as error:
        raise refused from error


def _end_sessions_of_those_who_must(provider: IdentityProvider) -> None:
    ids = [user.pk for user in User.objects.filter(company=provider.company) if must_use(user)]
    User.objects.filter(pk__in=ids).update(sessions_ended=F("sessions_ended") + 1)
    changes.tell(ids)


# --- whom it signs in ---


def of_email(email: str) -> IdentityProvider | None:
    """The provider of the people with such an address. It tells nothing of whether there is such an account."""
    found = SignInDomain.objects.select_related("provider__company").filter(name=domain_of(email)).first()
    return found.provider if found else None


def must_use(user: User) -> bool:
    """Whether this user gets in through her company's provider alone.

    Not its admins: a provider that fails must not lock the company out. And not who has an address elsewhere: the
    provider doesn't know her.
    """
    if user.company_id is None or user.is_company_admin:
        return False
    provider = IdentityProvider.objects.filter(company=user.company_id, is_required=True).first()
    return provider is not None and provider.domains.filter(name=domain_of(user.email)).exists()


def why_no_other_way(user: User) -> str:
    assert user.company
    return _("%(company)s signs its people in with its own accounts. Use “Sign in with your company”.") % {
        "company": user.company.name
    }


@transaction.atomic
def person_for(provider: IdentityProvider, vouched: Vouched) -> User:
    """The user whom this provider may sign in now. The first time links its subject to her, by her verified email.

    Raises NotLetIn.
    """
    linked = links_of(provider).select_related("user").filter(uid=vouched.subject).first()
    user = linked.user if linked else _known_by_email(provider, vouched)
    if user.company_id != provider.company_id or not user.is_active or user.is_staff or user.is_superuser:
        raise NotLetIn(nobody_here(provider))
    if linked is None:
        SocialAccount.objects.create(user=user, provider=provider.key, uid=vouched.subject)
    return user


def _known_by_email(provider: IdentityProvider, vouched: Vouched) -> User:
    email = vouched.verified_email.strip().lower()
    if not email:
        raise NotLetIn(
            _("Your company's provider doesn't confirm your email address, so it can't let you in. Ask your admin.")
        )
    if not provider.domains.filter(name=domain_of(email)).exists():
        raise NotLetIn(
            _("Your email address there isn't one of those that your company signs in with. Ask your admin.")
        )
    people = User.objects.annotate(lower_email=Lower("email")).select_for_update(of=("self",))
    user = people.filter(company=provider.company, lower_email=email).first()
    if user is None:
        raise NotLetIn(nobody_here(provider))
    if links_of(provider).filter(user=user).exists():
        raise NotLetIn(
            _("Somebody else at your company's provider came in here with your email address before. Ask your admin.")
        )
    return user


def nobody_here(provider: IdentityProvider) -> str:
    return _("%(company)s has no active SmartMessage account for you. Ask your admin for one.") % {
        "company": provider.company.name
    }


def links_of(provider: IdentityProvider):  # type: ignore[no-untyped-def]  # allauth's models come without types
    """The links from this provider's subjects to our users."""
    return SocialAccount.objects.filter(provider=provider.key)


def domain_of(email: str) -> str:
    return email.strip().lower().rpartition("@")[2]
