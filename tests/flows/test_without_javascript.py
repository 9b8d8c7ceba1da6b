"""The plain path, as forms and links: sign in, read, invite, send, edit contact info, the tray."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from channels_sms import routes
from tests.builders import PASSWORD, Builders
from tests.flows.conftest import Simulator, Site, until


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with")


def signed_in(site: Site, user: User) -> Page:
    """A new browser without JavaScript, in which the user has signed in through the form."""
    page = site.page_of(user, java_script_enabled=False)
    page.context.clear_cookies()
    page.goto("/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


@pytest.mark.requirement("F1", "O3", "O4", "O5")
def test_the_main_job_without_javascript(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya signs in and opens Anna's record from her list
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    page = signed_in(site, maya)
    page.get_by_role("link", name="Anna Bauer").click()
    expect(page.get_by_role("heading", name="Anna has not opted in to SMS")).to_be_visible()

    # when she invites, and once more by clicking here
    page.get_by_role("button", name="Send Invite").click()
    expect(page.locator("#writing")).to_contain_text(
        "Your invite has been sent but the candidate has not yet opted-in."
    )
    page.get_by_role("button", name="clicking here").click()
    until(lambda: len(simulator.received(chat.person.phone)) == 2)

    # and Anna answers
    simulator.text("Yes", sender=chat.person.phone, recipient=chat.messages.latest("pk").sender)

    # then the tray leads back to the record, and she writes
    page.goto("/")
    page.get_by_role("button", name="Inbox").click()
    expect(page.get_by_role("heading", name="Inbox tray").first).to_be_visible()
    page.get_by_role("link", name="Anna Bauer opted in to SMS").click()
    page.get_by_role("textbox", name="Message").fill("Hello Anna,\nis Thursday fine?")
    page.get_by_role("button", name="Send SMS").click()
    expect(log_of(page).get_by_role("article").last).to_contain_text("is Thursday fine?")
    until(lambda: "Hello Anna,\nis Thursday fine?" in simulator.received(chat.person.phone))
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")

    # and the answer and the state are there after a reload
    simulator.text("Fine!", sender=chat.person.phone, recipient=chat.messages.latest("pk").sender)
    page.goto(chat.record.messages_url())
    expect(log_of(page)).to_contain_text("Fine!")
    expect(log_of(page)).to_contain_text("Delivered")

    # and the other tabs are links
    page.get_by_role("tab", name="Emails").click()
    expect(page).to_have_url(re.compile("/emails/$"))
    page.get_by_role("tab", name="Profile").click()
    expect(page.get_by_role("heading", name="Hiring team")).to_be_visible()


@pytest.mark.requirement("Q8", "O6", "I1")
def test_a_refused_form_keeps_the_words(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya has a text that is too long
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = signed_in(site, maya)
    page.goto(chat.record.messages_url())
    box, words = page.get_by_role("textbox", name="Message"), "too many words " * 110
    box.fill(words)
    page.get_by_role("button", name="Send SMS").click()

    # then she is told by how much, and her words are there
    expect(page.get_by_role("alert")).to_contain_text("50 characters too many.")
    expect(box).to_have_value(words)

    # when the form was sent already, from another tab with other words, then both texts are safe
    box.fill("Thursday?")
    second = page.context.new_page()
    second.goto(chat.record.messages_url())
    second.get_by_role("textbox", name="Message").fill("Friday?")
    second.get_by_role("button", name="Send SMS").click()
    expect(log_of(second)).to_contain_text("Friday?")
    page.get_by_role("button", name="Send SMS").click()
    expect(page.get_by_role("alert")).to_contain_text("Another text was just sent from this draft")
    expect(box).to_have_value("Thursday?")
    until(lambda: simulator.received(chat.person.phone) == ["Friday?"])

    # when consent was withdrawn meanwhile, then the window is locked, says why, and keeps the words
    simulator.text("STOP", sender=chat.person.phone, recipient=chat.messages.latest("pk").sender)
    page.get_by_role("button", name="Send SMS").click()
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    expect(page.locator("#writing")).to_contain_text("Thursday?")
    assert simulator.received(chat.person.phone) == ["Friday?"]


def test_an_expired_session_gives_the_words_back(a: Builders, site: Site) -> None:
    # given Maya's session ends while she writes
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = signed_in(site, maya)
    page.goto(chat.record.messages_url())
    page.get_by_role("textbox", name="Message").fill("Half a <sentence>")
    page.context.clear_cookies(name="smartmessage_session")

    # when she sends, then nothing was sent, and her words are there to copy
    page.get_by_role("button", name="Send SMS").click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your words, to copy")).to_have_value("Half a <sentence>")
    assert not chat.messages.exists()

    # and signing in leads back to where she was
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(maya.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.requirement("P1", "P3")
def test_contact_info_is_edited_on_a_page_of_its_own(a: Builders, site: Site, simulator: Simulator) -> None:
    # given a number that came in by import
    maya = a.user()
    chat = a.conversation(team=[maya], phone="0412-CALL-JACK", name="Jack Wilson")
    page = signed_in(site, maya)
    page.goto(chat.record.messages_url())
    expect(page.get_by_role("heading", name="This number can't receive texts")).to_be_visible()

    # when Maya types another bad one, then it is refused with the example, and kept
    page.get_by_role("button", name="Edit Contact Info").first.click()
    phone = page.get_by_role("textbox", name="Phone")
    phone.fill("+49 30 12x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("for example +49 30 123487007 (Germany)")
    expect(phone).to_have_value("+49 30 12x")
    chat.person.refresh_from_db()
    assert chat.person.phone == ""

    # when she types a good one, then it is saved, and the page says what it changed
    phone.fill("+49 (30) 1234-87007")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="No consent to text")).to_be_visible()
    expect(page.locator("#person")).to_contain_text("+49 30 123487007")
    expect(page.locator("#reach")).to_contain_text("No consent")


@pytest.mark.requirement("N1", "N2")
def test_the_tray_is_a_page(a: Builders, site: Site, simulator: Simulator) -> None:
    # given two replies of one person
    maya = a.user()
    chat = a.conversation(team=[maya])
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    for text in ("One", "Two"):
        simulator.text(text, sender=chat.person.phone, recipient=route.sender_number.number)
    page = signed_in(site, maya)
    tray = page.get_by_role("button", name="Inbox")
    expect(tray).to_contain_text("1")

    # when Maya marks them as read on the tray's own page
    tray.click()
    expect(page).to_have_url(re.compile("/tray/$"))
    expect(page.get_by_role("link", name="Anna Bauer replied Two and 1 more")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()

    # then none counts any more
    expect(page.get_by_role("button", name="Inbox").locator(".badge")).to_have_count(0)
