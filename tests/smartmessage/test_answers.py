"""What every answer has: headers that protect its reader, and a page that says what went wrong."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from inbox.models import Conversation
from smartmessage import errors
from tests import steps
from tests.builders import PASSWORD, Builders


def policy(header: str) -> dict[str, list[str]]:
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name: values for name, *values in parts}


@pytest.fixture
def chat(a: Builders, client: Client) -> Conversation:
    maya = a.user()
    client.force_login(maya)
    return a.conversation(team=[maya])


def pages(chat: Conversation) -> list[str]:
    record = chat.record
    places = [record.get_absolute_url(), record.emails_url(), record.messages_url(), record.contact_url()]
    return [*places, reverse("home"), reverse("tray"), "/no/such/page"]


def test_no_script_or_style_runs_but_our_own(chat: Conversation, client: Client) -> None:
    for page in pages(chat):
        answer = client.get(page)
        found = policy(answer["Content-Security-Policy"])
        assert found["default-src"] == ["'none'"]
        assert found["script-src"] == found["style-src"] == found["form-action"] == ["'self'"]
        assert found["base-uri"] == found["frame-ancestors"] == ["'none'"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        html = answer.content.decode()
        for inline in (" style=", "<style", " onclick=", "javascript:", "<script>"):
            assert inline not in html, page


def test_the_other_headers_that_protect(chat: Conversation, client: Client) -> None:
    for page in pages(chat):
        answer = client.get(page)
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_sessions_cookie_is_not_for_scripts(a: Builders, client: Client) -> None:
    client.post(reverse("account_login"), {"login": a.user().email, "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_what_changes_live_is_kept_by_no_cache(chat: Conversation, client: Client) -> None:
    assert client.get(reverse("since", args=[chat.pk, "sms"]))["Cache-Control"] == "no-store"


@pytest.mark.requirement("Q7")
def test_what_people_wrote_is_text_on_every_page(a: Builders, client: Client) -> None:
    evil = "<script>alert(1)</script>"
    maya = a.user(name=evil)
    client.force_login(maya)
    chat = a.conversation(team=[maya], name=f"{evil} Bauer")
    steps.write(chat, maya, evil)
    chat.record.job.title = evil  # type: ignore[attr-defined]
    chat.record.job.save()  # type: ignore[attr-defined]
    for page in pages(chat):
        assert "<script>alert" not in client.get(page).content.decode(), page


@pytest.mark.requirement("A4")
def test_the_page_for_nothing_is_the_same_signed_in_or_not(a: Builders, client: Client) -> None:
    out = client.get("/no/such/page")
    assert out.status_code == 404
    assert "There is no such page, or it isn't yours to see." in out.content.decode()
    client.force_login(a.user())
    assert client.get("/no/such/page").status_code == 404


def test_our_own_fault_is_said_without_the_database() -> None:
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something failed on our side" in answer.content


def test_a_fault_shows_nothing_of_ours(a: Builders, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: HttpRequest) -> None:
        raise RuntimeError("a secret of ours")

    client.force_login(a.user())
    client.raise_request_exception = False
    monkeypatch.setattr("inbox.views.notices.mark_all_read", fail)
    answer = client.post(reverse("tray-read"))
    assert answer.status_code == 500
    assert b"secret" not in answer.content


def test_a_form_from_another_session_gives_the_words_back(chat: Conversation, a: Builders) -> None:
    # given a browser in which a token is checked
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(a.user())
    url = reverse("send", args=[chat.pk, "sms"])
    # when
    form = {"body": "My long & careful words", "token": str(uuid4()), "back": chat.record.messages_url()}
    answer = browser.post(url, form)
    fragment = browser.post(url, form, headers={"HX-Request": "true"})
    # then
    assert answer.status_code == 403
    assert "My long &amp; careful words" in answer.content.decode()
    assert f"?next={chat.record.messages_url()}" in answer.content.decode()
    assert fragment.status_code == 403
    assert not chat.messages.exists()


def test_an_expired_session_gives_the_words_back(chat: Conversation, client: Client) -> None:
    client.logout()
    answer = client.post(reverse("send", args=[chat.pk, "sms"]), {"body": "My words", "back": "/applications/1/"})
    assert answer.status_code == 401
    assert "My words" in answer.content.decode()
    assert "Sign in again" in answer.content.decode()
    assert not chat.messages.exists()
