"""A company signs its people in with its own identity provider, set up by its admin in the browser."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from accounts.models import IdentityProvider
from tests.builders import PASSWORD, Builders
from tests.flows.conftest import Site, violations
from tests.flows.test_sign_in import sign_in, stranger
from tests.identity_provider.running import SECRET, Provider, running_provider


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


def sign_in_at_the_provider(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name="Sign in at the provider")).to_be_visible()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Secret").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.requirement("A4")
def test_an_admin_sets_it_up_and_her_people_come_in_by_it(a: Builders, site: Site, server: Provider) -> None:
    # given Ada, admin of a company, and Maya, one of its users
    domain = f"{uuid4().hex[:8]}.example"
    ada = a.user(name="Ada Novak", is_company_admin=True, seat=False)
    maya = a.user(company=ada.company)
    maya.email = f"maya@{domain}"
    maya.save()
    page = site.page_of(ada)

    # when she types an address where no provider is, then the page says so, and keeps what she typed
    page.goto("/settings/")
    page.get_by_role("link", name="Sign-in", exact=True).click()
    page.get_by_label("Address of your identity provider").fill(server.url)
    page.get_by_label("Client ID").fill("smartmessage-flow")
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_label("Domains of your people's email addresses").fill(domain)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is no OpenID Connect provider at this address")).to_be_visible()
    expect(page.get_by_label("Client ID")).to_have_value("smartmessage-flow")
    assert violations(page) == []

    # when the address is right, then it is saved, and she registers what the page names
    page.get_by_label("Address of your identity provider").fill(server.issuer)
    page.get_by_label("Everybody with such an address signs in there").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    address = page.locator("dd code").inner_text()
    assert (
        address == f"{site.stack.url}/login/company/{IdentityProvider.objects.get(company=ada.company).key}/callback/"
    )
    assert violations(page) == []
    server.add_client("smartmessage-flow", address)
    server.add_person(name := uuid4().hex, maya.email)

    # when Maya follows a link to a record, then her password leads to the company's way in
    chat = a.conversation(team=[maya])
    hers = stranger(site, maya)
    hers.goto(chat.record.messages_url())
    sign_in(hers, maya.email, PASSWORD)
    expect(hers.get_by_role("alert")).to_contain_text("signs its people in with its own accounts")
    assert violations(hers) == []

    # and she comes in by it, to where she wanted
    hers.goto(chat.record.messages_url())
    hers.get_by_role("link", name="Sign in with your company").click()
    assert violations(hers) == []
    hers.get_by_label("Email").fill(maya.email)
    hers.get_by_role("button", name="Continue").click()
    sign_in_at_the_provider(hers, name)
    expect(hers.get_by_role("heading", name="Anna Bauer", level=1)).to_be_visible()

    # and Ada's password still lets her in, and the provider can be removed
    page.get_by_role("button", name="Remove the provider").click()
    expect(page.get_by_role("status").filter(has_text="Removed.")).to_be_visible()
    page.get_by_text("Ada Novak, account menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, ada.email, PASSWORD)
    expect(page.get_by_role("heading", name="Your people")).to_be_visible()


@pytest.mark.requirement("A4")
def test_who_has_no_account_is_told_so_on_our_page(a: Builders, site: Site, server: Provider) -> None:
    from accounts import identity_providers

    # given a company whose provider knows more people than SmartMessage
    domain = f"{uuid4().hex[:8]}.example"
    maya = a.user()
    assert maya.company is not None
    client_id = uuid4().hex
    provider = identity_providers.configure(
        maya.company,
        server_url=server.issuer,
        client_id=client_id,
        secret=SECRET,
        email_domains=[domain],
        is_required=False,
        by=None,
    )
    server.add_client(client_id, identity_providers.callback_url(provider))
    server.add_person(name := uuid4().hex, f"gus@{domain}")
    page = stranger(site, maya)
    page.goto("/login/company/")
    page.get_by_label("Email").fill("gus@nowhere.example")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Nobody signs in this way with an address at nowhere.example.")).to_be_visible()
    page.get_by_label("Email").fill(f"gus@{domain}")
    page.get_by_role("button", name="Continue").click()
    sign_in_at_the_provider(page, name)
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text(
        f"{maya.company.name} has no active SmartMessage account for you. Ask your admin for one."
    )
    assert violations(page) == []
