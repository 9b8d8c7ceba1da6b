"""OpenID Connect with a company's own provider, on top of django-allauth: PKCE, state, nonce, signature, one use."""

import secrets
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts import fetching, identity_providers, sealed
from accounts.models import IdentityProvider

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER_BY_SECONDS = 60
CONFIGURATION_LIVES_SECONDS = 300
LONGEST_SUBJECT = 191


class CompanyOAuth2Adapter(OpenIDConnectOAuth2Adapter):
    """Talks to the provider. Whatever it answers that isn't as it should be is an OAuth2Error."""

    @property
    def openid_config(self) -> dict[str, Any]:
        url: str = self.get_provider().app.settings["server_url"]
        known: dict[str, Any] | None = cache.get(key := f"accounts.openid:{url}")
        if known is None:
            try:
                known = identity_providers.configuration(url)
            except ValueError as error:
                raise OAuth2Error(str(error)) from error
            cache.set(key, known, CONFIGURATION_LIVES_SECONDS)
        return known

    @property
    def basic_auth(self) -> bool:
        return "client_secret_post" not in self.openid_config.get("token_endpoint_auth_methods_supported", ())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return identity_providers.callback_url(IdentityProvider(key=self.provider_id))

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            data = super().get_access_token_data(*args, **kwargs)
        except (KeyError, ValueError, TypeError) as error:
            raise OAuth2Error("no token in the answer") from error
        if not isinstance(data, dict):
            raise OAuth2Error("no token in the answer")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:
        try:
            claims = self._claims(app, kwargs["response"]["id_token"])
            if "email" not in claims and "userinfo_endpoint" in self.openid_config:
                claims |= self._email_of(claims["sub"], token.token)
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise OAuth2Error("no usable id token") from error
        login = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        login.nonce = str(claims.get("nonce", ""))
        return login

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """What the id token says, once its signature, issuer, audience and times are right."""
        with fetching.CarefulSession() as session:
            keys = jwt.PyJWKSet.from_dict(session.get(self.openid_config["jwks_uri"]).json()).keys
        name = jwt.get_unverified_header(id_token).get("kid")
        key = next((key for key in keys if name in (None, key.key_id)), None)
        if key is None:
            raise OAuth2Error("no key")
        claims = jwt.decode(
            id_token,
            key,
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=self.openid_config["issuer"],
            leeway=CLOCKS_DIFFER_BY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT or claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("an id token for somebody else")
        return claims

    def _email_of(self, subject: str, access_token: str) -> dict[str, Any]:
        """The email, from the provider that gives it on request only."""
        with fetching.CarefulSession() as session:
            answer = session.get(
                self.openid_config["userinfo_endpoint"], headers={"Authorization": f"Bearer {access_token}"}
            )
        info = answer.json() if answer.status_code == 200 else {}
        if info.get("sub") != subject:
            return {}
        return {name: info[name] for name in ("email", "email_verified") if name in info}


class CompanyProvider(OpenIDConnectProvider):
    """One company's provider. What is asked of it is ours to say, and never in a visitor's address."""

    oauth2_adapter_class = CompanyOAuth2Adapter

    def redirect_from_request(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        answer: HttpResponse = self.redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=get_next_redirect_url(request),
            scope=["openid", "email"],
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
        return answer

    def get_pkce_params(self) -> dict[str, str]:
        return dict(generate_code_challenge())

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # nobody is made from it

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # we keep the subject, and nothing else that the provider knows of her

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The email, verified only where the provider says so itself."""
        claims = data["id_token"]
        email, is_verified = claims.get("email"), claims.get("email_verified") in (True, "true")
        return [EmailAddress(email=email, verified=is_verified)] if isinstance(email, str) and email else []


def app_of(provider: IdentityProvider) -> SocialApp:
    """The provider as django-allauth knows it; its own table of them stays empty."""
    return SocialApp(
        provider=CompanyProvider.id,
        provider_id=provider.key,
        name=provider.company.name,
        client_id=provider.client_id,
        secret=sealed.unseal(provider.sealed_secret),
        settings={"server_url": provider.server_url},
    )


def vouched(login: Any) -> identity_providers.Vouched:
    """What the provider said, once the nonce shows that it said so for this sign-in. Raises NotLetIn."""
    asked_for: str = login.state.get("nonce", "")
    if login.state.get("process") != AuthProcess.LOGIN or not asked_for:
        raise identity_providers.NotLetIn("")
    if not constant_time_compare(login.nonce, asked_for):
        raise identity_providers.NotLetIn("")
    verified = [address.email for address in login.email_addresses if address.verified]
    return identity_providers.Vouched(subject=login.account.uid, verified_email=verified[0] if verified else "")
