"""Forgotten and changed passwords; nobody learns here who has an account (A4)."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import users
from accounts.models import OutgoingMail, User
from tests.accounts.test_invitations import choose, is_in, link_in
from tests.builders import PASSWORD, Builders

NEW = "three other words"


def ask(client: Client, email: str) -> HttpResponse:
    return client.post(reverse("account_reset_password"), {"email": email})  # type: ignore[return-value]


def test_a_forgotten_password_is_chosen_anew(a: Builders, client: Client) -> None:
    # given Maya, signed in on another device
    maya = a.user()
    other = Client()
    other.force_login(maya)
    # when she asks, her email written as people write it, and follows the link
    ask(client, maya.email.upper())
    page = client.get(client.get(link_in(maya))["Location"]).content.decode()
    assert "Choose a new password" in page
    choose(client, link_in(maya), NEW)
    # then she is in with it, elsewhere she is out, and the former one opens nothing
    assert is_in(client)
    assert not is_in(other)
    client.post(reverse("logout"))
    client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD})
    assert not is_in(client)
    client.post(reverse("account_login"), {"login": maya.email, "password": NEW})
    assert is_in(client)


@pytest.mark.requirement("A4")
def test_the_answer_is_the_same_whoever_asks_for_whom(a: Builders, client: Client) -> None:
    maya, former = a.user(), a.user()
    users.deactivate(former, by=None)
    answers = [ask(client, email) for email in (maya.email, former.email, "nobody@nowhere.example")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, reverse("account_reset_password_done"))
    }
    # and only who has an account that is open gets a mail
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == [maya.email]


@pytest.mark.requirement("A4")
def test_asking_is_limited_alike_for_known_and_unknown(a: Builders, client: Client) -> None:
    for email in (a.user().email, "nobody@nowhere.example"):
        statuses = [ask(client, email).status_code for _each in range(5)]
        assert statuses == [302, 302, 302, 429, 429]
        assert "Too many tries" in ask(client, email).content.decode()


def test_the_links_host_is_ours_whatever_the_request_says(a: Builders, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    maya = a.user()
    Client(headers={"host": "evil.example"}).post(reverse("account_reset_password"), {"email": maya.email})
    assert "evil.example" not in OutgoingMail.objects.get(to=maya.email).body
    link_in(maya)


def test_a_password_is_changed_by_who_knows_the_present_one(a: Builders, client: Client) -> None:
    maya = a.user()
    other = Client()
    for browser in (client, other):
        browser.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD})
    maya.refresh_from_db()
    typed = {"oldpassword": "a guess, surely", "password1": NEW, "password2": NEW}
    page = client.post(reverse("account_change_password"), typed)
    assert "isn&#x27;t your present password" in page.content.decode()
    # when it is changed, then this session stays and others end, and a mail tells of it
    client.post(reverse("account_change_password"), {**typed, "oldpassword": PASSWORD})
    assert is_in(client)
    assert not is_in(other)
    assert "password was changed" in OutgoingMail.objects.get(to=maya.email).body
    assert User.objects.get(pk=maya.pk).check_password(NEW)


@pytest.mark.requirement("A4")
def test_a_deactivated_user_is_outside_at_once(a: Builders, client: Client) -> None:
    # given Maya signed in, with a reset link in her inbox
    maya = a.user()
    client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD})
    ask(Client(), maya.email)
    path = link_in(maya)
    assert is_in(client)
    # when her account is closed
    users.deactivate(maya, by=None)
    # then her next request leads to the door, fragments too, and neither link nor password opens it
    assert client.get(reverse("home")).status_code == 302
    assert client.get(reverse("home"), headers={"HX-Request": "true"}).status_code == 401
    assert choose(client, path, NEW) == 200
    client.post(reverse("account_login"), {"login": maya.email, "password": PASSWORD})
    assert not is_in(client)


def test_pages_of_ones_account_are_for_who_is_signed_in(a: Builders, client: Client) -> None:
    names = ("account", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn")
    for name in names:
        assert client.get(reverse(name)).status_code == 302
    client.post(reverse("account_login"), {"login": a.user().email, "password": PASSWORD})
    for name in names:
        assert client.get(reverse(name)).status_code == 200
