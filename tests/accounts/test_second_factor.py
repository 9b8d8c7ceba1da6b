"""The second factor: set up, asked for, demanded, lost (A4). Codes are those that a phone's app would show."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import invitations, second_factor, users
from accounts.models import AuditAction, AuditEntry, OutgoingMail, User
from tests.accounts.test_invitations import choose, is_in, link_in
from tests.builders import PASSWORD, Builders


def code_of(secret: str, *, ago: int = 0) -> str:
    """What the app shows now, or showed some half minutes ago."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago)))


def sign_in(client: Client, user: User) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})  # type: ignore[return-value]


def set_up_app(client: Client) -> str:
    """As one does it on the page; the secret that the app now has."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'qr__key">([A-Z2-7]+)<', page)
    assert found is not None, page
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1], ago=1)})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def enter(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("mfa_authenticate"), {"code": code})  # type: ignore[return-value]


def codes_of(client: Client) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode())


def test_with_an_app_a_password_alone_opens_nothing(
    a: Builders, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    # given Maya who set up her app
    maya = a.user()
    sign_in(client, maya)
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_app(client)
    assert secret not in str(Authenticator.objects.filter(user=maya).values_list("data", flat=True))
    assert "authenticator app was set up" in OutgoingMail.objects.get(to=maya.email).body
    # when somebody has her password
    other = Client()
    assert sign_in(other, maya)["Location"] == reverse("mfa_authenticate")
    assert not is_in(other)
    # then a wrong code doesn't open, the app's does, and once only
    assert enter(other, "000000").status_code == 200
    assert not is_in(other)
    code = code_of(secret)  # this very one again: the app may have gone on to the next meanwhile
    assert enter(other, code).status_code == 302
    assert is_in(other)
    third = Client()
    sign_in(third, maya)
    assert enter(third, code).status_code == 200
    assert not is_in(third)


def test_one_is_led_where_one_wanted_after_the_code(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    sign_in(client, maya)
    secret = set_up_app(client)
    client.post(reverse("logout"))
    wanted = chat.record.messages_url()
    client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD, "next": wanted})
    assert enter(client, code_of(secret))["Location"] == wanted


def test_recovery_codes_work_once_each_and_guesses_are_limited(a: Builders, client: Client) -> None:
    maya = a.user()
    sign_in(client, maya)
    set_up_app(client)
    first, second, *_rest = codes_of(client)
    # when a code was used, then it is gone
    for expected in (True, False):
        other = Client()
        sign_in(other, maya)
        enter(other, first)
        assert is_in(other) is expected
    # when somebody guesses, then after five tries even a right code waits
    guesser = Client()
    sign_in(guesser, maya)
    for _guess in range(5):
        enter(guesser, "12345678")
    assert "Too many failed login attempts" in enter(guesser, second).content.decode()
    assert not is_in(guesser)


def test_a_link_from_a_mail_asks_for_the_second_factor_too(a: Builders, client: Client) -> None:
    maya = a.user()
    sign_in(client, maya)
    secret = set_up_app(client)
    other = Client()
    other.post(reverse("account_reset_password"), {"email": maya.email})
    assert choose(other, link_in(maya)) == 302
    assert not is_in(other)
    enter(other, code_of(secret))
    assert is_in(other)


def test_what_protects_the_account_asks_again_after_a_while(a: Builders, client: Client) -> None:
    maya = a.user()
    sign_in(client, maya)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    again = client.post(answer["Location"], {"password": PASSWORD})
    assert again["Location"] == reverse("mfa_activate_totp")
    assert client.get(again["Location"]).status_code == 200


@pytest.mark.requirement("A4")
def test_who_owes_one_sees_nothing_else_until_it_is_set_up(a: Builders, client: Client) -> None:
    # given a company that demands it, and Maya who has none
    maya = a.user(company=a.company(demands_second_factor=True), is_company_admin=True)
    chat = a.conversation(team=[maya])
    sign_in(client, maya)
    # then every page leads to setting one up, fragments are refused, and nothing is sent
    for name in ("home", "tray", "settings:index", "account", "account_change_password"):
        assert client.get(reverse(name))["Location"] == reverse("mfa_index")
        assert client.get(reverse(name), headers={"HX-Request": "true"}).status_code == 401
    assert client.post(reverse("send", args=[chat.pk, "sms"]), {"body": "Hi"})["Location"] == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "asks everybody for a second factor" in page
    assert 'class="topbar"' not in page
    # when it is set up, then all is open
    set_up_app(client)
    assert is_in(client)
    assert client.get(reverse("settings:index")).status_code == 200


@pytest.mark.requirement("A4")
def test_the_live_stream_is_closed_to_who_owes_one(a: Builders, client: Client) -> None:
    from smartmessage import live

    maya = a.user(company=a.company(demands_second_factor=True))
    sign_in(client, maya)
    user_of = live.user_of.func  # type: ignore[attr-defined]  # without the thread of its own, in this transaction
    monkey = pytest.MonkeyPatch()
    monkey.setattr(live, "close_old_connections", lambda: None)
    monkey.setattr(live, "connection", type("Kept", (), {"close": staticmethod(lambda: None)}))
    try:
        assert user_of(client.session.session_key) is None
        set_up_app(client)
        assert user_of(client.session.session_key) == maya.pk
        users.deactivate(maya, by=None)
        assert user_of(client.session.session_key) is None
    finally:
        monkey.undo()


def test_people_at_public_forms_owe_nothing(a: Builders, client: Client) -> None:
    a.company(demands_second_factor=True)
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get("/healthz").status_code in {200, 503}


def test_who_is_invited_to_such_a_company_sets_one_up_first(a: Builders, client: Client) -> None:
    company = a.company(demands_second_factor=True)
    priya = invitations.invite(company, email="priya@new.example", name="P N", is_company_admin=False, by=None)
    assert choose(client, link_in(priya)) == 302
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")
    set_up_app(client)
    assert is_in(client)


def test_the_last_one_removed_is_owed_again(a: Builders, client: Client) -> None:
    maya = a.user(company=a.company(demands_second_factor=True))
    sign_in(client, maya)
    set_up_app(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=maya).exists()
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")


@pytest.mark.requirement("A5")
def test_an_admin_resets_what_was_lost(a: Builders, client: Client) -> None:
    # given Maya, signed in with her app
    ada = a.user(is_company_admin=True)
    maya = a.user(company=ada.company)
    sign_in(client, maya)
    set_up_app(client)
    # when her admin resets it
    second_factor.forget(maya, by=ada)
    # then her sessions end, her password is enough, and the trail tells of it
    assert not is_in(client)
    sign_in(client, maya)
    assert is_in(client)
    entry = AuditEntry.objects.get(action=AuditAction.SIGN_IN_CHANGED)
    assert (entry.by, entry.about, entry.words) == (ada, maya, "second factor reset")
    second_factor.forget(maya, by=ada)
    assert AuditEntry.objects.filter(action=AuditAction.SIGN_IN_CHANGED).count() == 1


@pytest.mark.requirement("A4")
def test_a_user_who_is_deactivated_between_password_and_code_stays_outside(a: Builders, client: Client) -> None:
    maya = a.user()
    sign_in(client, maya)
    secret = set_up_app(client)
    other = Client()
    sign_in(other, maya)
    users.deactivate(maya, by=None)
    enter(other, code_of(secret))
    assert "_auth_user_id" not in other.session


def test_the_operator_owes_one_in_production(a: Builders, client: Client, settings: Any) -> None:
    boss = User.objects.create_superuser("boss@platform.example", PASSWORD, name="Boss")
    sign_in(client, boss)
    assert client.get(reverse("admin:index")).status_code == 200
    settings.OPERATOR_NEEDS_SECOND_FACTOR = True
    assert client.get(reverse("admin:index"))["Location"] == reverse("mfa_index")
    secret = set_up_app(client)
    assert client.get(reverse("admin:index")).status_code == 200
    client.post(reverse("logout"))
    assert sign_in(client, boss)["Location"] == reverse("mfa_authenticate")
    enter(client, code_of(secret))
    assert client.get(reverse("admin:index")).status_code == 200


def test_passkeys_are_throttled_and_a_made_up_one_opens_nothing(a: Builders, client: Client) -> None:
    maya = a.user()
    sent = {"credential": '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}'}
    statuses = [client.post(reverse("mfa_login_webauthn"), sent).status_code for _try in range(12)]
    assert statuses == [302] * 10 + [429] * 2
    assert "_auth_user_id" not in client.session
    assert "didn&#x27;t match" in client.get(reverse("account_login")).content.decode()
    assert maya.pk


def test_django_allauth_keeps_no_addresses_of_its_own(a: Builders, client: Client) -> None:
    """A stale row in its table would open an account by an email that is no longer hers."""
    maya = a.user()
    sign_in(client, maya)
    set_up_app(client)
    client.post(reverse("account_reset_password"), {"email": maya.email})
    assert not EmailAddress.objects.exists()
    assert settings.ACCOUNT_EMAIL_VERIFICATION == "none"
