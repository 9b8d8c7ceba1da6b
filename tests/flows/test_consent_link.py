"""Consent by email: asked for on the lock, given on a page, taken back on another; the team's open page follows."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from accounts.models import OutgoingMail
from candidates.models import ConsentLink, Record, Submission
from candidates.public import links, withdrawals
from inbox.models import Conversation
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.candidates import form_steps as forms
from tests.flows.conftest import Site, violations

NO_SCRIPT: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


@transaction.atomic
def mailed_address(record: Record) -> str:
    """The page of a link that a colleague has sent; read before a worker sends the mail and forgets its body."""
    sender = record.team.first()
    assert sender
    assert isinstance(links.ask_for_consent(record, by=sender), ConsentLink)
    mail = OutgoingMail.objects.filter(to=record.candidate.email).order_by("-pk").first()
    assert mail
    return forms.link_in(mail)


@pytest.fixture
def chat(a: Builders) -> Conversation:
    company = forms.company_with(a, "separated", texts_by_whatsapp=False)
    return a.conversation(team=[a.user(company=company)], sms="nothing")


@pytest.mark.requirement("O15")
def test_the_lock_asks_by_email_and_says_who_did_when(a: Builders, site: Site, chat: Conversation) -> None:
    maya = chat.record.team.get()
    page = site.open(maya, chat)
    expect(page.get_by_text("Ask by email: it carries a link.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Ask for consent by email").click()
    expect(page.get_by_text("Maya Chen asked by email on")).to_be_visible()
    assert OutgoingMail.objects.filter(to=chat.person.email).count() == 1


@pytest.mark.requirement("O15", "O11", "N2")
def test_agreeing_and_taking_it_back_show_on_the_teams_open_page(
    a: Builders, site: Site, chat: Conversation, stack: Stack, browser: Browser
) -> None:
    # given the team looks at the lock, and she has the mail, on a phone without JavaScript
    maya = chat.record.team.get()
    address = mailed_address(chat.record)
    team = site.open(maya, chat)
    expect(team.get_by_role("heading", name="No consent to text")).to_be_visible()
    hers = browser.new_context(base_url=stack.url, **NO_SCRIPT)
    page = hers.new_page()
    page.goto(address)
    expect(page.get_by_label("Phone")).to_have_value(chat.person.phone_typed)
    # when
    page.locator("label", has_text="I agree to receive").click(position={"x": 3, "y": 3})
    page.locator("label", has_text="I have read").click(position={"x": 3, "y": 3})
    page.get_by_role("button", name="I agree").click()
    # then
    expect(page.get_by_role("heading", name="Thank you, that is noted")).to_be_visible()
    expect(team.get_by_role("button", name="Send Invite")).to_be_visible()
    expect(team.get_by_role("region", name="Proof of consent")).to_contain_text("consent link")
    page.goto(address)
    expect(page.get_by_role("heading", name="This link was used already")).to_be_visible()
    # when she takes it back
    submission = Submission.objects.get(company=chat.company)
    page.goto(withdrawals.link_for(submission).removeprefix(stack.url))
    page.get_by_role("button", name="Withdraw my consent to SMS").click()
    # then
    expect(page.get_by_text("Nothing is agreed to")).to_be_visible()
    expect(team.get_by_role("heading", name="No consent to text")).to_be_visible()
    expect(team.get_by_role("log")).to_contain_text("took the consent to SMS back")
    hers.close()


def test_the_pages_behind_the_links_are_accessible(chat: Conversation, stack: Stack, browser: Browser) -> None:
    context = browser.new_context(base_url=stack.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    address = mailed_address(chat.record)
    page.goto(address)
    assert violations(page) == []
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick what you agree to")
    assert violations(page) == []
    page.locator("label", has_text="I agree to receive").click(position={"x": 3, "y": 3})
    page.locator("label", has_text="I have read").click(position={"x": 3, "y": 3})
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("heading", name="Thank you, that is noted")).to_be_visible()
    submission = Submission.objects.get(company=chat.company)
    page.goto(withdrawals.link_for(submission).removeprefix(stack.url))
    assert violations(page) == []
    context.close()
