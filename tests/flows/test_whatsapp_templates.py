"""An admin keeps her company's WhatsApp invitations, through the real processes and the simulator (W3, W4, A5)."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Company, User
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations

DUTCH = "Noordwind wil u graag bereiken namens {company} over {about}. Antwoord als u verder bericht wilt."


@pytest.fixture
def company(a: Builders) -> Company:
    return a.company(texts_by_whatsapp=True, languages=["nl", "en"])


@pytest.fixture
def sender(a: Builders, simulator: Simulator, company: Company) -> WhatsAppSender:
    """The company's own number on WhatsApp, with its approved invitation in English, here and at the stand-in."""
    sender = a.whatsapp_sender(company)
    english = Template.objects.get(sender=sender, language="en")
    simulator.own(f"whatsapp:{sender.number}")
    numbered = english.body.replace("{company}", "{{1}}").replace("{about}", "{{2}}")
    simulator.control("POST", "templates", sid=english.content_sid, language="en", body=numbered)
    return sender


@pytest.fixture
def ada(a: Builders, company: Company) -> User:
    return a.user(company=company, name="Ada Novak", seat=False, is_company_admin=True)


def the_page(page: Page) -> None:
    page.goto("/settings/")
    page.get_by_role("list", name="Messaging").get_by_role("link", name="WhatsApp").click()
    expect(page.get_by_role("heading", name="WhatsApp", level=1)).to_be_visible()


def invitation_in(page: Page, language: str) -> Locator:
    return page.get_by_role("article", name=language)


@pytest.mark.requirement("W3", "W4", "A5")
def test_a_dutch_invitation_is_added_handed_in_approved_and_sent(
    a: Builders, site: Site, simulator: Simulator, company: Company, sender: WhatsAppSender, ada: User
) -> None:
    # given an admin on the way to the company's invitations
    page = site.page_of(ada)
    the_page(page)
    expect(page.get_by_role("heading", name="You write from your own number")).to_be_visible()
    expect(invitation_in(page, "English")).to_contain_text("Approved")
    assert violations(page) == []

    # when she adds one that WhatsApp would refuse, then it says so beside the field, and nothing typed is lost
    page.get_by_role("link", name="Add invitation").click()
    page.get_by_label("Language").select_option(label="Dutch")
    words = page.get_by_role("textbox", name="Words")
    words.fill("{company} schrijft u over {about}, antwoord graag.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(words).to_be_focused()
    expect(words).to_have_accessible_description(re.compile("WhatsApp takes no words that begin or end with"))
    expect(words).to_have_value("{company} schrijft u over {about}, antwoord graag.")
    assert violations(page) == []

    # when she saves better words, then she reads them as they will arrive
    words.fill(DUTCH)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved. Read the preview")).to_be_visible()
    expect(page.get_by_role("figure")).to_contain_text(f"bereiken namens {company.name} over Field Engineer.")
    assert violations(page) == []

    # when she hands it in, then WhatsApp judges it, and after a while has approved it
    page.get_by_role("button", name="Save and hand in").click()
    expect(page.get_by_role("status").filter(has_text="in Dutch was handed in")).to_be_visible()
    dutch = invitation_in(page, "Dutch")
    expect(dutch).to_contain_text("Meanwhile people who speak Dutch get the invitation in English.")
    assert violations(page) == []

    def is_approved() -> bool:
        page.get_by_role("button", name="Ask how it stands in Dutch").click()
        said = page.get_by_role("status").filter(has_text="The invitation in Dutch:")
        expect(said).to_be_visible()
        return "Approved" in said.inner_text()

    until(is_approved)
    expect(dutch.locator(".reach")).to_have_text("Approved")
    listed = simulator.control("GET", "templates")["templates"]
    (known,) = [each for each in listed if each["language"] == "nl" and "Noordwind wil u" in each["body"]]
    assert (known["category"], known["places"]) == ("UTILITY", ["1", "2"])

    # and a recruiter invites with it
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya], name="Sophie Dekker")
    thread = site.page_of(maya)
    thread.goto(f"{chat.record.messages_url()}?channel=whatsapp")
    expect(thread.locator("#writing")).to_contain_text(f"Noordwind wil u graag bereiken namens {company.name}")
    thread.get_by_role("button", name="Send invitation").click()
    (arrived,) = until(lambda: simulator.received(f"whatsapp:{chat.person.phone}"))
    assert arrived == DUTCH.format(company=company.name, about="Field Engineer")

    # and the trail tells of it
    page.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("cell", name="WhatsApp invitation in Dutch handed in")).to_be_visible()


@pytest.mark.requirement("W4", "A5")
def test_an_invitation_that_whatsapp_pauses_tells_the_recruiter_plainly_and_the_admin_in_detail(
    a: Builders, site: Site, simulator: Simulator, company: Company, sender: WhatsAppSender, ada: User
) -> None:
    # given WhatsApp pauses the invitation after we have asked for its state, so we don't know yet
    english = Template.objects.get(sender=sender, language="en")
    until(lambda: Template.objects.filter(pk=english.pk).exclude(asked_at=None).exists())
    simulator.control("POST", "templates", sid=english.content_sid, status="paused")
    maya = a.user(company=company)
    chat = a.whatsapp_conversation(team=[maya], name="Sophie Dekker")
    thread = site.page_of(maya)
    thread.goto(f"{chat.record.messages_url()}?channel=whatsapp")
    # when Maya invites with it
    thread.get_by_role("button", name="Send invitation").click()
    # then she reads why it failed, and that there is none now
    expect(thread.get_by_role("log")).to_contain_text("WhatsApp has paused the invitation's template.")
    expect(thread.locator("#writing")).to_contain_text("Your admin can see why in Settings / Admin, under WhatsApp.")
    # and her admin reads what it means and what helps, on a phone and in the dark
    page = site.page_of(ada, viewport={"width": 390, "height": 844}, color_scheme="dark")
    the_page(page)
    paused = invitation_in(page, "English")
    expect(paused.locator(".reach")).to_have_text("Paused by WhatsApp")
    expect(paused).to_contain_text("Too many people blocked or reported it.")
    expect(paused).to_contain_text("(Code 63041)")
    expect(page.get_by_text("No invitation is approved.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.requirement("W4")
def test_changing_an_approved_one_is_explained_first_and_works_without_javascript(
    site: Site, sender: WhatsAppSender, ada: User
) -> None:
    english = Template.objects.get(sender=sender, language="en")
    page = site.page_of(ada, java_script_enabled=False)
    the_page(page)
    page.get_by_role("link", name="Edit the invitation in English").click()
    expect(page.get_by_text("Other words are judged anew.")).to_be_visible()
    expect(page.get_by_text("so nobody can be invited by WhatsApp meanwhile")).to_be_visible()
    # when she looks first, then nothing is changed yet
    words = page.get_by_role("textbox", name="Words")
    words.fill("We write for {company} about {about}. Please reply.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("status").filter(has_text="Not saved yet.")).to_be_visible()
    expect(page.get_by_role("figure")).to_contain_text("about Field Engineer. Please reply.")
    english.refresh_from_db()
    assert english.state == TemplateState.APPROVED
    # when she saves, then it is with WhatsApp at once
    page.get_by_role("button", name="Save and hand in").click()
    expect(page.get_by_role("status").filter(has_text="WhatsApp judges it now.")).to_be_visible()
    english.refresh_from_db()
    assert english.body == "We write for {company} about {about}. Please reply."
