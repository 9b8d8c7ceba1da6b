"""The door: who gets in, and what a page shows of it (A4)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Company, Seat, User
from tests.builders import PASSWORD, Builders


def sign_in(client: Client, email: str, password: str = PASSWORD, **query: str) -> int:
    url = reverse("account_login") + (f"?next={query['next']}" if query else "")
    return client.post(url, {"login": email, "password": password, **query}).status_code


@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title, "  {}  ".format])
def test_the_email_opens_in_any_case(a: Builders, client: Client, spelling: object) -> None:
    maya = a.user()
    assert callable(spelling)
    assert sign_in(client, spelling(maya.email)) == 302
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.requirement("A4")
def test_a_wrong_password_and_an_unknown_email_are_told_alike(a: Builders, client: Client) -> None:
    maya = a.user()
    answers = []
    for email in (maya.email, f"{uuid4().hex}@example.com"):
        page = client.post(reverse("account_login"), {"login": email, "password": "wrong-password"}).content.decode()
        answers.append([line for line in page.splitlines() if "callout" in line])
    assert answers[0] == answers[1] != []
    assert client.get(reverse("home")).status_code == 302


def test_an_inactive_user_does_not_get_in(a: Builders, client: Client) -> None:
    gus = a.user(is_active=False)
    sign_in(client, gus.email)
    assert client.get(reverse("home")).status_code == 302


def test_nobody_signs_up_here(db: None, client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/signup/").status_code == 404


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_behind_the_door_is_ours(a: Builders, client: Client, target: str) -> None:
    answer = client.post(reverse("account_login"), {"login": a.user().email, "password": PASSWORD, "next": target})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(a: Builders, client: Client) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    wanted = chat.record.messages_url()
    there = client.get(wanted)["Location"]
    answer = client.post(there, {"login": maya.email, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted


def test_signing_out_takes_a_post(a: Builders, client: Client) -> None:
    client.force_login(a.user())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 302
    assert client.get(reverse("home")).status_code == 302


def test_one_account_per_email_whatever_its_case(a: Builders) -> None:
    maya = a.user()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=maya.email.upper(), name="Another")


@pytest.mark.requirement("A3")
def test_a_seat_holds_or_is_gone_at_once(a: Builders) -> None:
    maya = a.user()
    assert maya.has_seat()
    Seat.objects.filter(user=maya).delete()
    assert not maya.has_seat()


@pytest.mark.requirement("F4", "Q3")
@pytest.mark.parametrize(
    ("smartmessage", "sms", "whatsapp", "keys"),
    [
        (True, True, False, ["sms"]),
        (True, False, True, ["whatsapp"]),
        (True, True, True, ["sms", "whatsapp"]),
        (True, False, False, []),
        (False, True, True, []),
    ],
)
def test_a_companys_channels(smartmessage: bool, sms: bool, whatsapp: bool, keys: list[str]) -> None:
    company = Company(has_smartmessage=smartmessage, texts_by_sms=sms, texts_by_whatsapp=whatsapp)
    assert company.texting_channels() == keys


def test_times_are_the_companys(a: Builders, client: Client) -> None:
    maya = a.user(company=a.company(time_zone="Pacific/Auckland"))
    chat = a.conversation(team=[maya])
    since = chat.record.since
    type(chat.record).objects.update(since=since.replace(year=2026, month=1, day=31, hour=23))
    client.force_login(maya)
    assert "1 Feb 2026" in client.get(chat.record.get_absolute_url()).content.decode()
