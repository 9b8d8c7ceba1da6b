"""A company's own identity provider signs in its own people, and nobody else (A4). The provider is a real process."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit, urlunsplit
from uuid import uuid4

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import identity_providers, invitations, users
from accounts.fetching import CarefulSession
from accounts.identity_providers import CannotBeUsed
from accounts.models import AuditAction, AuditEntry, Company, IdentityProvider, OutgoingMail, User
from tests.builders import PASSWORD, Builders
from tests.identity_provider.running import SECRET, Provider, running_provider

CLIENT_ID = "smartmessage"


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


def own_domain() -> str:
    return f"{uuid4().hex[:8]}.example"


def provide(
    server: Provider, company: Company, *, domain: str, is_required: bool = False, quiet: bool = False
) -> IdentityProvider:
    """The company's admin sets up the provider, and the provider is told where its people come back to."""
    client_id = f"{CLIENT_ID}-{uuid4().hex[:8]}"
    provider = identity_providers.configure(
        company,
        server_url=server.issuer,
        client_id=client_id,
        secret=SECRET,
        email_domains=[domain],
        is_required=is_required,
        by=None,
    )
    name = "quiet" if quiet else "SmartMessage"
    server.add_client(client_id, identity_providers.callback_url(provider), name=name)
    return provider


def user_at(a: Builders, company: Company, domain: str, **fields: object) -> User:
    user = a.user(company=company, **fields)  # type: ignore[arg-type]
    user.email = f"{uuid4().hex[:8]}@{domain}"
    user.save()
    return user


def start(client: Client, provider: IdentityProvider, **query: str) -> str:
    """Off to the provider: the address that the browser is sent to."""
    answer = client.get(reverse("openid_connect_login", args=[provider.key]), query)
    assert answer.status_code == 302
    return answer["Location"]


def come_back(client: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    return client.get(urlunsplit(("", "", parts.path, parts.query, "")))  # type: ignore[return-value]


def sign_in(client: Client, server: Provider, provider: IdentityProvider, username: str) -> HttpResponse:
    return come_back(client, server.way_back(start(client, provider), username))


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_her_companys_provider_signs_her_in_and_again_by_its_subject(
    a: Builders, client: Client, server: Provider
) -> None:
    # given a user of the company, known at its provider by the same email
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    name = uuid4().hex
    subject = server.add_person(name, maya.email.upper())
    # when she comes in that way, then she is in
    assert sign_in(client, server, provider, name).status_code == 302
    assert is_in(client)
    assert who(client) == str(maya.pk)
    link = SocialAccount.objects.get(user=maya)
    assert (link.provider, link.uid, link.extra_data) == (provider.key, subject, {})
    # and when she has another email there, unverified even, then she is the same person here
    server.add_person(name, "new.name@elsewhere.example", verified=False)
    client.logout()
    sign_in(client, server, provider, name)
    assert who(client) == str(maya.pk)
    # and nothing is kept that needn't be
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()
    assert not EmailAddress.objects.exists()


def test_a_provider_that_gives_the_email_on_request_only_works_too(
    a: Builders, client: Client, server: Provider
) -> None:
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain, quiet=True)
    server.add_person(name := uuid4().hex, maya.email)
    sign_in(client, server, provider, name)
    assert is_in(client)


def test_the_way_there_carries_pkce_state_and_nonce_and_nothing_of_the_visitors(
    a: Builders, client: Client, server: Provider
) -> None:
    company, domain = a.company(), own_domain()
    provider = provide(server, company, domain=domain)
    address = start(client, provider, scope="admin", auth_params="prompt=none", process="connect")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"][0] != asked["nonce"][0] != ""
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert "prompt" not in asked


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(
    "case", ["another company", "operator", "deactivated", "unverified", "foreign domain", "nobody"]
)
def test_nobody_else_is_signed_in(a: Builders, client: Client, server: Provider, case: str) -> None:
    """The provider vouches for somebody whom it may not sign in."""
    # given two companies; the provider belongs to the first
    company, domain = a.company(), own_domain()
    provider = provide(server, company, domain=domain)
    match case:
        case "another company":
            victim = user_at(a, a.company(), domain)
        case "operator":
            victim = User.objects.create_superuser(f"{uuid4().hex}@{domain}", PASSWORD, name="Operator")
        case "deactivated":
            victim = user_at(a, company, domain)
            users.deactivate(victim, by=None)
        case "foreign domain":
            victim = user_at(a, company, own_domain())
        case _:
            victim = user_at(a, company, domain)
    if case == "nobody":
        victim.delete()
    name = uuid4().hex
    server.add_person(name, victim.email, verified=case != "unverified")
    count = User.objects.count()
    # when somebody comes with that word
    answer = sign_in(client, server, provider, name)
    # then she stays outside, is told why, and nothing was made or linked
    assert answer.status_code == 403
    assert "You are not signed in" in answer.content.decode()
    assert who(client) == ""
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == count


@pytest.mark.requirement("A4")
def test_a_link_doesnt_outlive_the_account_or_the_company(a: Builders, client: Client, server: Provider) -> None:
    # given Maya came in by the provider once
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    server.add_person(name := uuid4().hex, maya.email)
    sign_in(client, server, provider, name)
    assert is_in(client)
    # when her account is closed, then her session ends, and the provider's word opens nothing
    users.deactivate(maya, by=None)
    assert not is_in(client)
    assert sign_in(client, server, provider, name).status_code == 403
    # nor when she is another company's
    users.reactivate(maya, by=None)
    maya.company = a.company()
    maya.save()
    assert sign_in(client, server, provider, name).status_code == 403
    assert not is_in(client)


@pytest.mark.requirement("A4")
def test_a_second_subject_with_the_same_email_is_somebody_else(a: Builders, client: Client, server: Provider) -> None:
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    server.add_person(first := uuid4().hex, maya.email)
    server.add_person(second := uuid4().hex, maya.email)
    sign_in(client, server, provider, first)
    client.logout()
    assert sign_in(client, server, provider, second).status_code == 403
    # until the admin forgets the first one
    identity_providers.unlink(maya, by=None)
    sign_in(client, server, provider, second)
    assert who(client) == str(maya.pk)


@pytest.mark.requirement("A4")
def test_a_signed_in_user_is_never_joined_with_somebody_elses_subject(
    a: Builders, client: Client, server: Provider
) -> None:
    """`process=connect` would link the subject to whoever is signed in; it is not offered."""
    company, domain = a.company(), own_domain()
    provider = provide(server, company, domain=domain)
    mallory = a.user()
    server.add_person(name := uuid4().hex, f"nobody@{domain}")
    client.force_login(mallory)
    come_back(client, server.way_back(start(client, provider, process="connect"), name))
    assert not SocialAccount.objects.exists()


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("tampered", ["state", "code", "nonce", "another browser", "repeated", "another provider"])
def test_an_answer_that_was_tampered_with_opens_nothing(
    a: Builders, client: Client, server: Provider, tampered: str
) -> None:
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    server.add_person(name := uuid4().hex, maya.email)
    out = start(client, provider)
    if tampered == "nonce":
        out = out.replace("nonce=", "nonce=x")
    back = server.way_back(out, name)
    match tampered:
        case "state":
            back = back.replace("state=", "state=x")
        case "code":
            back = back.replace("code=", "code=x")
        case "another browser":
            client = Client()
        case "repeated":
            come_back(client, back)
            client.logout()
        case "another provider":
            other = provide(server, a.company(), domain=own_domain())
            back = back.replace(provider.key, other.key)
    answer = come_back(client, back)
    assert answer.status_code == 403
    assert "You are not signed in" in answer.content.decode()
    assert who(client) == ""


def test_no_is_no_and_a_provider_that_is_down_is_explained(a: Builders, client: Client, server: Provider) -> None:
    company, domain = a.company(), own_domain()
    provider = provide(server, company, domain=domain)
    state = parse_qs(urlsplit(start(client, provider)).query)["state"][0]
    callback = reverse("openid_connect_callback", args=[provider.key])
    assert client.get(callback, {"error": "access_denied", "state": state}).status_code == 403
    IdentityProvider.objects.filter(pk=provider.pk).update(server_url="http://127.0.0.1:9")
    answer = client.get(reverse("openid_connect_login", args=[provider.key]))
    assert answer.status_code == 403
    assert "doesn&#x27;t answer" in answer.content.decode()
    assert client.get(reverse("openid_connect_login", args=["nobody"])).status_code == 404
    assert client.get(reverse("openid_connect_callback", args=["nobody"])).status_code == 404


def test_the_email_leads_to_the_companys_provider_whoever_has_it(a: Builders, client: Client, server: Provider) -> None:
    # given a company with a provider
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    # when a user's email is entered, or one that nobody has, then the page is the same
    pages = [
        client.post(reverse("company_sign_in"), {"email": email}).content.decode()
        for email in (maya.email, f"nobody@{domain.upper()}")
    ]
    assert reverse("openid_connect_login", args=[provider.key]) in pages[0]
    assert pages[0] == pages[1]
    # and another domain is answered in a sentence
    page = client.post(reverse("company_sign_in"), {"email": "anna@nowhere.example"})
    assert page.status_code == 422
    assert "Nobody signs in this way with an address at nowhere.example." in page.content.decode()


def test_where_it_is_required_nothing_else_signs_in_but_for_admins(
    a: Builders, client: Client, server: Provider
) -> None:
    # given a member who is signed in by password, an admin, and a contractor with an address elsewhere
    company, domain = a.company(), own_domain()
    maya, ada = user_at(a, company, domain), user_at(a, company, domain, is_company_admin=True)
    contractor = user_at(a, company, own_domain())
    client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD})
    assert is_in(client)
    # when the company demands its provider
    provider = provide(server, company, domain=domain, is_required=True)
    # then the session of the member ends, and her password leads to the provider
    assert not is_in(client)
    page = client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD}).content.decode()
    assert "signs its people in with its own accounts" in page
    assert not is_in(client)
    # nor does a mail let her in; it says how to get in
    client.post(reverse("account_reset_password"), {"email": maya.email})
    body = OutgoingMail.objects.get(to=maya.email).body
    assert "/login/link/" not in body
    assert reverse("company_sign_in") in body
    # but the provider does, and the admin and the contractor keep their passwords
    server.add_person(name := uuid4().hex, maya.email)
    sign_in(client, server, provider, name)
    assert is_in(client)
    for user in (ada, contractor):
        other = Client()
        other.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        assert is_in(other)
    # and who is invited now is told the way
    invited = invitations.invite(company, email=f"new@{domain}", name="New One", is_company_admin=False, by=ada)
    assert reverse("company_sign_in") in OutgoingMail.objects.get(to=invited.email).body


@pytest.mark.requirement("S4")
def test_a_domain_of_other_companies_people_cant_be_taken(a: Builders, server: Provider) -> None:
    # given a domain that another company signs in with, one that its people merely have, and the operator's
    taken, used, operators = own_domain(), own_domain(), own_domain()
    provide(server, a.company(), domain=taken)
    user_at(a, a.company(), used)
    User.objects.create_superuser(f"{uuid4().hex}@{operators}", PASSWORD, name="Operator")
    company = a.company()
    for domain in (taken, used, operators):
        with pytest.raises(CannotBeUsed) as refused:
            provide(server, company, domain=domain)
        assert refused.value.field == "email_domains"
        assert not IdentityProvider.objects.filter(company=company).exists()


@pytest.mark.requirement("A5")
def test_setting_up_changing_and_removing_are_in_the_audit_trail(a: Builders, client: Client, server: Provider) -> None:
    company, domain = a.company(), own_domain()
    maya, provider = user_at(a, company, domain), provide(server, company, domain=domain)
    assert SECRET not in provider.sealed_secret
    server.add_person(name := uuid4().hex, maya.email)
    sign_in(client, server, provider, name)
    # when another client is named, then links to the former one are void
    changed = identity_providers.configure(
        company,
        server_url=f"{server.issuer}/",
        client_id="another",
        secret="",
        email_domains=[f"@{domain}"],
        is_required=False,
        by=maya,
    )
    assert changed.key == provider.key
    assert not SocialAccount.objects.exists()
    # when it is removed, then nobody is led there
    identity_providers.remove(company, by=maya)
    assert identity_providers.of_email(maya.email) is None
    assert client.get(reverse("openid_connect_login", args=[provider.key])).status_code == 404
    trail = AuditEntry.objects.filter(company=company, action=AuditAction.SIGN_IN_CHANGED)
    assert trail.count() == 3


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("http://login.example.com", "server_url"),
        ("https://127.0.0.1:{port}/o", "server_url"),
        ("https://localhost:{port}/o", "server_url"),
        ("https://169.254.169.254/latest", "server_url"),
        ("https://[::1]:{port}/o", "server_url"),
        ("https://user@login.example.com", "server_url"),
        ("file:///etc/passwd", "server_url"),
        ("not an address", "server_url"),
    ],
)
def test_in_production_our_own_network_is_not_asked(
    a: Builders, server: Provider, settings: object, url: str, field: str
) -> None:
    """A company's admin could otherwise have us call what only we can reach."""
    settings.DEMO = False  # type: ignore[attr-defined]
    port = urlsplit(server.url).port
    with pytest.raises(CannotBeUsed) as refused:
        identity_providers.configure(
            a.company(),
            server_url=url.format(port=port),
            client_id="x",
            secret="y",
            email_domains=[own_domain()],
            is_required=False,
            by=None,
        )
    assert refused.value.field == field


def test_who_was_reached_is_looked_at_and_not_what_a_name_said(server: Provider, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    port = urlsplit(server.url).port
    with CarefulSession() as session:
        with pytest.raises(requests.ConnectionError, match="not a public address"):
            session.get(f"https://localhost:{port}/o/.well-known/openid-configuration")
        with pytest.raises(requests.exceptions.InvalidSchema):
            session.get(f"{server.issuer}/.well-known/openid-configuration")


def test_a_place_that_is_no_provider_is_refused_in_words(a: Builders, server: Provider) -> None:
    with pytest.raises(CannotBeUsed, match="no OpenID Connect provider at this address"):
        identity_providers.usable_server(server.url)
