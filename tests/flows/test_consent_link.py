"""Consent by email: asked for on the lock, given on a page, taken back on another; the team's open page follows."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from accounts.models import OutgoingMail
from candidates import contact
from candidates.consent_rules import Standing
from candidates.models import ConsentLink, Purpose, Record, Submission
from candidates.public import links, submissions, withdrawals
from channels_sms.receiving import InboundSms, receive_sms
from inbox.models import Conversation
from smartmessage.stack.supervisor import Stack
from tests import steps
from tests.builders import Builders
from tests.candidates import form_steps as forms
from tests.flows.conftest import Site, at_once, violations

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


@pytest.mark.requirement("O15")
def test_two_answers_at_the_same_instant_use_the_link_once(chat: Conversation) -> None:
    token = mailed_address(chat.record).strip("/").split("/")[-1]
    answer = forms.filled(chat.company, Purpose.SMS, phone=chat.person.phone, email=chat.person.email)
    outcomes: list[Submission | None] = []
    at_once(*[lambda: outcomes.append(links.use(token, answer))] * 4)
    assert [outcome is None for outcome in outcomes].count(False) == 1
    assert len(forms.ledger(chat.company)) == 1


@pytest.mark.requirement("O13", "I2")
def test_forms_withdrawals_and_stops_at_the_same_instant_end_in_a_stop(chat: Conversation) -> None:
    """Nobody waits for the other in a circle, and whatever the order, the STOP stands."""
    person, group = chat.person, chat.record.group
    ours = steps.our_number(chat)
    form = forms.filled(chat.company, Purpose.SMS, phone=person.phone, email=person.email)
    submission = submissions.submit(group, form)
    for number in range(15):
        stop = InboundSms(person.phone, ours, "STOP", f"SM{uuid4().hex}", "", [])

        def texts_stop(stop: InboundSms = stop) -> None:
            with transaction.atomic():
                receive_sms(stop, reference=stop.message_sid)

        at_once(
            lambda: submissions.submit(group, form),
            lambda: withdrawals.withdraw(submission, "sms", ip=None),
            texts_stop,
            partial(contact.change_name, person, f"Anna {number}"),
        )
        assert steps.standing(chat) == Standing.OPTED_OUT
