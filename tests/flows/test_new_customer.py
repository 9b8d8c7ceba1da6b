"""From "customer signs" to "recruiter texts", by people in a browser alone: no shell, no fixture."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from candidates.models import ConsentEvent
from smartmessage.stack.supervisor import Stack
from tests.builders import new_number
from tests.flows.conftest import Simulator, Site, until, violations

PASSWORD = "a long way to the lab"


class Newcomers:
    """People who have nothing but a browser and a mailbox; the mailbox is the simulator's page."""

    def __init__(self, site: Site, stack: Stack, simulator: Simulator) -> None:
        self.site, self.stack, self.simulator = site, stack, simulator

    def browser(self, *, width: int = 1440) -> Page:
        return self.site.page(viewport={"width": width, "height": 844}, locale="en-GB")

    def signs_in(self, email: str, password: str) -> Page:
        page = self.browser()
        page.goto("/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).not_to_have_url(re.compile("/login/"))
        return page

    def follows_invitation(self, email: str) -> Page:
        """Opens the mail, follows its link and chooses a password."""
        page = self.browser()
        mail = page.locator("article", has_text=f"to {email}").filter(has_text="invites you")

        def has_come() -> bool:
            page.goto(f"{self.simulator.url}/mail")
            return mail.count() > 0

        until(has_come, why=f"no invitation came to {email}")
        mail.first.get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Welcome to SmartMessage")).to_be_visible()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("The same once more").fill(PASSWORD)
        page.get_by_role("button", name="Save and sign in").click()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()
        return page


@pytest.fixture
def newcomers(site: Site, stack: Stack, simulator: Simulator) -> Newcomers:
    return Newcomers(site, stack, simulator)


def to_settings(page: Page) -> None:
    page.locator("summary.me").click()
    page.get_by_role("link", name="Settings / Admin").click()


@pytest.mark.requirement("S1", "A5", "F1", "O1", "O2", "O3", "O11", "Q3", "Q9", "P1")
def test_a_customer_signs_and_a_recruiter_texts_a_candidate(newcomers: Newcomers, simulator: Simulator) -> None:
    word = uuid.uuid4().hex[:6]
    company, title, person = f"Fir Labs {word}", f"Lab Assistant {word}", f"Nadia Petit {word}"
    operator_mail, admin_mail, recruiter_mail = (f"{who}.{word}@firlabs.example" for who in ("op", "ada", "rita"))
    our_number, her_number = new_number("US"), new_number("FR")
    User.objects.create_superuser(operator_mail, PASSWORD, name="Olga Operator")  # as `createsuperuser` does

    # the operator buys a number at the provider and sets the company up
    shop = newcomers.browser()
    shop.goto(f"{simulator.url}/numbers")
    shop.get_by_label("Number").fill(our_number)
    shop.get_by_role("button", name="Buy the number").click()
    page = newcomers.signs_in(operator_mail, PASSWORD)
    page.goto("/admin/")
    page.get_by_role("link", name="Companies").first.click()
    page.get_by_role("link", name="Add company").click()
    page.get_by_label("Name:", exact=True).fill(company)
    page.get_by_label("Time zone").select_option("Europe/Paris")
    page.get_by_label("Country:").select_option("FR")
    for box in ("SmartMessage", "Texts by SMS", "Texts by WhatsApp"):
        page.get_by_label(box, exact=True).check()
    page.get_by_label("SmartMessage seats bought").fill("1")
    page.get_by_label("Name of the first admin").fill("Ada Admin")
    page.get_by_label("Email of the first admin").fill(admin_mail)
    page.locator("input[name$='-0-number']").fill(our_number)
    page.locator("input[name$='-0-wish']").fill("Any, please")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#content-start, main")).to_contain_text("was added successfully")

    # its admin follows the invitation, and invites a recruiter
    admin = newcomers.follows_invitation(admin_mail)
    to_settings(admin)
    admin.get_by_role("link", name="User Management").click()
    admin.get_by_role("link", name="Add user").click()
    admin.get_by_label("Name").fill("Rita Recruiter")
    admin.get_by_label("Email").fill(recruiter_mail)
    admin.get_by_role("main").get_by_role("button", name="Send invitation").click()

    # makes a job with its team
    admin.get_by_role("navigation", name="Settings / Admin").get_by_role("link", name="Jobs").click()
    admin.get_by_role("link", name="Add job").click()
    admin.get_by_label("Title").fill(title)
    admin.get_by_label("Rita Recruiter").check()
    admin.get_by_role("main").get_by_role("button", name="Save").click()

    # and gives the seat, by the way that is written down (S1)
    to_settings(admin)
    expect(admin.get_by_role("heading", name="Permission")).to_be_visible()
    admin.get_by_role("link", name="User Management").click()
    admin.get_by_role("link", name="Edit User Rita Recruiter").click()
    expect(admin.get_by_role("heading", name="Edit User")).to_be_visible()
    admin.get_by_label("SmartMessage", exact=True).check()
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("1 of 1 in use").first).to_be_visible()
    assert violations(admin) == []

    # the recruiter comes in; a person finds the form, on a phone, and ticks SMS alone
    recruiter = newcomers.follows_invitation(recruiter_mail)
    recruiter.get_by_role("link", name="Jobs").click()
    recruiter.get_by_role("link", name=title).click()
    form_url = recruiter.get_by_role("link", name="Public form").get_attribute("href")
    assert form_url
    phone = newcomers.browser(width=390)
    phone.goto(form_url)
    phone.get_by_label("Name").fill(person)
    phone.get_by_label("Email").fill(f"nadia.{word}@example.com")
    phone.get_by_label("Phone").fill(her_number)
    phone.get_by_label(re.compile("receive text messages")).check()
    phone.get_by_label(re.compile("privacy policy")).check()
    expect(phone.get_by_label(re.compile("WhatsApp"))).not_to_be_checked()
    phone.get_by_role("button", name="Apply").click()
    one_more = phone.get_by_role("button", name="Yes, send my application")
    expect(one_more.or_(phone.get_by_text("You agreed")).first).to_be_visible()
    if one_more.is_visible():  # a browser that is steered types faster than people do
        one_more.click()
    expect(phone).to_have_url(re.compile("/received/"))
    expect(phone.locator("main")).to_contain_text("STOP")
    assert violations(phone) == []

    # what she agreed to is in the ledger: words, version, form, address, time (O11)
    (event,) = ConsentEvent.objects.filter(consent__company__name=company)
    assert (event.consent.channel, event.consent.address, event.kind) == ("sms", her_number, "first consent")
    assert event.text
    assert event.words == event.text.words
    assert (event.text.version, event.details["form"], event.details["ip"]) == (1, "application", "127.0.0.1")

    # the recruiter invites, the handset answers, and they text
    recruiter.reload()
    recruiter.get_by_role("link", name=person).click()
    recruiter.get_by_role("button", name="Send Invite").click()
    until(lambda: simulator.received(her_number))
    handset = newcomers.browser()
    handset.goto(simulator.url)
    handset.get_by_role("button", name="Add a phone").click()
    handset.get_by_label("Name").fill(person)
    handset.locator("#add-number").fill(her_number)
    handset.get_by_role("button", name="Add", exact=True).click()
    handset.get_by_role("group", name="Quick replies of Nadia").get_by_role("button", name="YES").click()
    message = recruiter.get_by_role("textbox", name="Message")
    expect(message).to_be_visible()
    message.fill("Hello Nadia, welcome to Fir Labs")
    recruiter.get_by_role("button", name="Send SMS").click()
    expect(handset.get_by_text("Hello Nadia, welcome to Fir Labs")).to_be_visible()
    expect(recruiter.get_by_role("log")).to_contain_text("Delivered")
