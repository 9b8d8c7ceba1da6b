"""The door: signing in by the form, what a wrong password says, where one is led, and signing out."""

import re
from typing import Any

import httpx
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts import invitations, links, users
from accounts.models import User
from tests.builders import PASSWORD, Builders
from tests.flows.conftest import Site, session_of, violations


def stranger(site: Site, user: User, **context: Any) -> Page:
    """A new browser in which nobody is signed in."""
    page = site.page_of(user, **context)
    page.context.clear_cookies()
    return page


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.requirement("A4")
def test_one_signs_in_and_is_led_to_the_record(a: Builders, site: Site) -> None:
    # given Maya follows a link to a record
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = stranger(site, maya)
    page.goto(f"{chat.record.messages_url()}?channel=sms")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert violations(page) == []

    # when she signs in, her email written as people write it, then she is there
    sign_in(page, f" {maya.email.upper()} ", PASSWORD)
    expect(page.get_by_role("heading", name="Anna Bauer", level=1)).to_be_visible()
    assert page.url.endswith(f"{chat.record.messages_url()}?channel=sms")

    # when she signs out, then the record is closed again, in this tab and by the back button
    page.get_by_text("Maya Chen, account menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(chat.record.messages_url())
    expect(page).to_have_url(re.compile("/login/"))


@pytest.mark.requirement("A4")
def test_a_wrong_password_is_told_and_the_email_stays(a: Builders, site: Site) -> None:
    maya = a.user()
    page = stranger(site, maya)
    page.goto("/login/")

    # when the password is wrong, or there is no such account, then the sentence is the same
    for email in (maya.email, "nobody@example.com"):
        sign_in(page, email, "not-the-password")
        expect(page.get_by_role("alert")).to_have_text("This email or this password is not correct.")
        expect(page.get_by_label("Email")).to_have_value(email)
        expect(page.get_by_label("Password")).to_have_value("")
        assert violations(page) == []

    # and the right one still works
    sign_in(page, maya.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()


@pytest.mark.requirement("A4")
def test_guessing_is_slowed_down(a: Builders, site: Site) -> None:
    # given somebody who guesses Maya's password
    maya = a.user()
    page = stranger(site, maya)
    page.goto("/login/")
    for _guess in range(5):
        sign_in(page, maya.email, "not-the-password")
        expect(page.get_by_role("alert")).to_contain_text("not correct")
        page.goto("/login/")

    # when there were five, then even the right one is refused for a while, and the page says why
    sign_in(page, maya.email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Too many failed login attempts. Try again later.")

    # and others sign in as usual
    priya = a.user(name="Priya Nair")
    sign_in(page, priya.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(a: Builders, site: Site, address: str) -> None:
    maya = a.user()
    page = stranger(site, maya)
    page.goto(f"/login/?next={address}")
    sign_in(page, maya.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()
    assert page.url.startswith(site.stack.url)


@pytest.mark.requirement("A4")
def test_who_was_deactivated_stays_outside(a: Builders, site: Site) -> None:
    # given Maya's account was switched off
    maya = a.user()
    maya.is_active = False
    maya.save()
    page = stranger(site, maya)
    page.goto("/login/")
    sign_in(page, maya.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your people")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("phone", [False, True])
def test_who_is_invited_chooses_a_password_and_is_in(a: Builders, site: Site, phone: bool) -> None:
    # given Priya, who was invited
    ada = a.user(name="Ada Novak", is_company_admin=True)
    assert ada.company is not None
    email = f"priya.{ada.pk}@new.example"
    priya = invitations.invite(ada.company, email=email, name="Priya Nair", is_company_admin=False, by=ada)
    link = links.choose_password(priya)
    page = stranger(site, ada, **({"viewport": {"width": 390, "height": 844}} if phone else {}))
    # when she follows the link and mistypes, then the page says what, and the link stays good
    page.goto(link)
    expect(page.get_by_role("heading", name="Welcome to SmartMessage, choose a password")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Password").fill("three plain words")
    page.get_by_label("The same once more").fill("three plain worlds")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_text("You must type the same password each time.")).to_be_visible()
    page.get_by_label("Password").fill("three plain words")
    page.get_by_label("The same once more").fill("three plain words")
    page.get_by_role("button", name="Save and sign in").click()
    # then she is in, and the link is used up
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()
    again = stranger(site, ada)
    again.goto(link)
    expect(again.get_by_role("heading", name="This link doesn't work any more")).to_be_visible()
    assert violations(again) == []


@pytest.mark.requirement("A4")
def test_a_forgotten_password(a: Builders, site: Site) -> None:
    maya = a.user()
    page = stranger(site, maya)
    page.goto("/login/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(maya.email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look in your inbox")).to_be_visible()
    page.goto(links.choose_password(maya))
    page.get_by_label("Password").fill("three other words")
    page.get_by_label("The same once more").fill("three other words")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()


@pytest.mark.requirement("A4")
def test_a_deactivated_users_stream_ends_at_once(a: Builders, site: Site) -> None:
    # given Maya with an open stream of events
    maya = a.user()
    cookies = {settings.SESSION_COOKIE_NAME: session_of(maya)}
    url = f"{site.stack.environment['LIVE_URL']}/live/events"
    with httpx.stream("GET", url, cookies=cookies, timeout=10) as stream:
        assert stream.status_code == 200
        said = stream.iter_text()
        assert "hello" in next(said)
        # when her account is closed, then the stream ends, and no other one opens
        users.deactivate(maya, by=None)
        assert "account" not in "".join(said)
    assert httpx.get(url, cookies=cookies).status_code == 401
