"""The second factor in the browser: demanded and set up, by app and by passkey, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.test_second_factor import code_of
from tests.builders import PASSWORD, Builders
from tests.flows.conftest import Site, violations
from tests.flows.test_sign_in import sign_in, stranger


def with_a_device(page: Page) -> None:
    """The browser's device has a fingerprint reader, and its owner is there."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.get_by_text("account menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.requirement("A4")
@pytest.mark.parametrize("javascript", [True, False])
def test_where_it_is_demanded_one_sets_it_up_first(a: Builders, site: Site, javascript: bool) -> None:
    # given a company that demands a second factor, and Maya who has none
    maya = a.user(company=a.company(demands_second_factor=True))
    page = stranger(site, maya, java_script_enabled=javascript)
    page.goto("/login/")
    if not javascript:
        assert "<noscript>" in page.content()  # which Chromium draws where its user switched scripts off, not we
        assert "Passkeys need JavaScript" in page.content()
    sign_in(page, maya.email, PASSWORD)
    # then she is led to it, whatever she asks for
    for address in ("", "/", "/jobs/", "/account/"):
        if address:
            page.goto(address)
        expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
        expect(page.get_by_role("navigation")).to_have_count(0)
    if javascript:
        assert violations(page) == []
    # when she sets up her app
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name=re.compile("A code to scan"))).to_be_visible()
    if javascript:
        assert violations(page) == []
    secret = page.locator(".qr__key").inner_text()
    page.get_by_label("Code").fill("12")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("That didn't match")).to_be_visible()
    page.get_by_label("Code").fill(code_of(secret, ago=1))
    page.get_by_role("button", name="Set up").click()
    # then she gets her recovery codes, and all is open
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    spare = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()
    # and the next time she is asked for a code; a recovery code will do
    sign_out(page)
    sign_in(page, maya.email, PASSWORD)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    if javascript:
        assert violations(page) == []
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()


@pytest.mark.requirement("A4")
def test_a_passkey_is_added_signs_in_and_is_removed(a: Builders, site: Site) -> None:
    # given Maya at a device with a fingerprint reader; passkeys need a name, so she uses one
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = stranger(site, maya, base_url=site.stack.url.replace("127.0.0.1", "localhost"))
    with_a_device(page)
    page.goto("/account/")
    sign_in(page, maya.email, PASSWORD)
    # when she adds a passkey
    page.get_by_role("link", name="Set up your second factor").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Its name in your list").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status").filter(has_text="Your passkey is set up.")).to_be_visible()
    sign_out(page)
    # then it is her second factor
    sign_in(page, maya.email, PASSWORD)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()
    sign_out(page)
    # and alone it is both, and leads to where she wanted
    page.goto(chat.record.messages_url())
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Anna Bauer", level=1)).to_be_visible()
    # when she removes it, then it opens nothing
    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status").filter(has_text="The passkey is removed.")).to_be_visible()
    assert violations(page) == []
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="didn't match")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_where_a_passkey_cant_be_the_page_says_so(a: Builders, site: Site) -> None:
    page = stranger(site, a.user())
    page.goto("/login/")
    expect(page.get_by_text("This browser can't use passkeys at this address.")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
