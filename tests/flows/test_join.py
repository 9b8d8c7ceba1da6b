"""A person joins a community on her phone, in her language."""

import pytest
from playwright.sync_api import Browser, expect

from candidates.models import Prospect, Purpose
from candidates.public import consent_texts
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders, new_number
from tests.candidates import form_steps as forms
from tests.flows.conftest import violations


@pytest.mark.requirement("O15", "O11", "F2")
def test_a_person_joins_in_german_and_the_ledger_has_the_german_words(
    a: Builders, stack: Stack, browser: Browser
) -> None:
    # given
    company = forms.company_with(a, "separated", languages=["en", "de"], country="DE")
    ada = a.user(company=company, is_company_admin=True)
    german = consent_texts.publish(company, Purpose.WHATSAPP, "de", "Ja, bitte über WhatsApp.", by=ada)
    community = forms.community_of(company)
    number = new_number("DE")
    context = browser.new_context(base_url=stack.url, locale="de-DE", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(community.form_url())
    assert violations(page) == []
    # when
    page.get_by_label("Name").fill("Nina Huber")
    page.get_by_label("Email").fill("nina@example.com")
    page.get_by_label("Phone").fill(number)
    expect(page.get_by_role("status").filter(has_text="Germany")).to_be_visible()
    page.get_by_text("Ja, bitte über WhatsApp.").click()
    page.locator("label", has_text="I have read").click(position={"x": 3, "y": 3})
    page.get_by_role("button", name="Join").click()
    if page.get_by_text("One more click").is_visible():
        page.get_by_role("button", name="Yes, join").click()
    # then
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    expect(page.locator("li[lang=de]")).to_have_text("Ja, bitte über WhatsApp.")
    (event,) = forms.ledger(company)
    assert (event.text, event.consent.channel, event.consent.address) == (german, "whatsapp", number)
    assert event.details["community"] == Prospect.objects.get(candidate__company=company).community_id
    context.close()
