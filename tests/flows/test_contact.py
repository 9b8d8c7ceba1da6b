"""Edit Contact Info: what a new number does is said before it is saved, and shows at once afterwards."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, Route, expect

from candidates import phone_numbers
from candidates.models import Consent
from tests.builders import PASSWORD, Builders, new_number
from tests.flows.conftest import Simulator, Site, until, violations


def edit_button(page: Page) -> Locator:
    return page.get_by_role("banner").or_(page.locator("#person")).get_by_role("button", name="Edit Contact Info")


def opened(page: Page) -> Locator:
    """The dialog, opened by the button in the record's header."""
    edit_button(page).click()
    dialog = page.get_by_role("dialog", name="Edit Contact Info")
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.requirement("P1", "P3")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0412-CALL-JACK", "for example +1 415 123 4567 (United States)"),
        ("030 123487007", "The international code is missing. For United States, write it like +1 415 123 4567."),
        ("+49 30 12x", "The number contains the letter “x”. Write the international code first, then digits, for"),
        ("+49 30 1", "for example +49 30 123487007 (Germany)"),
        ("+33 1 23 45 67 89 01 23", "for example +33 93 376 1346 (France)"),
        ("+44/1632/960947", "The number contains “/”."),
    ],
)
def test_a_refused_number_is_kept_with_the_right_example(a: Builders, site: Site, typed: str, sentence: str) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    before = chat.person.phone

    # when Maya saves a number that can't be one
    dialog = opened(page)
    expect(dialog.get_by_role("textbox", name="Phone")).to_be_focused()
    dialog.get_by_role("textbox", name="Phone").fill(typed)
    dialog.get_by_role("button", name="Save").click()

    # then it is refused where it stands, with the example of its country
    expect(dialog.get_by_role("alert")).to_contain_text(sentence)
    expect(dialog.get_by_role("textbox", name="Phone")).to_have_value(typed)
    expect(dialog.get_by_role("textbox", name="Phone")).to_be_focused()
    assert violations(page) == []
    chat.person.refresh_from_db()
    assert chat.person.phone == before


@pytest.mark.requirement("P1")
def test_a_click_that_is_faster_than_the_line_still_opens_the_dialog(a: Builders, site: Site) -> None:
    # given a page on a slow line, on which htmx hasn't come yet
    maya = a.user()
    chat = a.conversation(team=[maya])
    page, waiting = site.open(maya, chat), list[Route]()
    page.route("**/htmx-2.min.js", lambda route: waiting.append(route))

    # when Maya clicks, and it comes only then
    with page.expect_request("**/htmx-2.min.js"):
        edit_button(page).click()
    address = page.url
    dialog = page.get_by_role("dialog", name="Edit Contact Info")
    expect(dialog).to_be_hidden()
    waiting[0].continue_()

    # then the dialog opens on the page that she is on, and the focus is in it
    expect(dialog.get_by_role("textbox", name="Phone")).to_be_focused()
    assert page.url == address

    # and if it never comes, the form has a page of its own
    page.reload()
    page.unroute("**/htmx-2.min.js")
    page.route("**/htmx-2.min.js", lambda route: route.abort())
    edit_button(page).click()
    expect(page).to_have_url(re.compile(r"/contact/$"))
    expect(page.get_by_role("textbox", name="Phone")).to_be_visible()


@pytest.mark.requirement("P1")
def test_the_form_on_a_page_of_its_own_leads_back_to_the_messages(a: Builders, site: Site) -> None:
    # given Maya opened the form in another tab
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.page_of(maya)
    page.goto(chat.record.contact_url())
    page.wait_for_function("window.htmx")

    # when she saves another number there
    number = new_number("DE")
    page.get_by_role("textbox", name="Phone").fill(number)
    page.get_by_role("button", name="Save new number").click()

    # then she is at the messages, and it is the person's
    expect(page).to_have_url(re.compile(f"{chat.record.messages_url()}$"))
    chat.person.refresh_from_db()
    assert chat.person.phone == number


@pytest.mark.requirement("P3")
def test_what_a_new_number_will_do_is_still_said_when_the_email_is_refused(a: Builders, site: Site) -> None:
    maya = a.user()
    page = site.open(maya, a.conversation(team=[maya]))
    dialog = opened(page)
    dialog.get_by_role("textbox", name="Phone").fill(new_number("DE"))
    dialog.get_by_role("textbox", name="Email").fill("no address")
    dialog.get_by_role("button", name="Save new number").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Enter a valid email address.")
    expect(dialog.get_by_text("A new number starts without consent.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Save new number")).to_be_visible()


@pytest.mark.requirement("P3", "O10")
def test_a_new_number_changes_every_open_page_at_once(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Anna is opted in; Maya and a colleague have her record open
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat = a.conversation(team=[maya, priya])
    old, new = chat.person.phone, new_number("DE")
    page, colleagues = site.open(maya, chat), site.open(priya, chat)
    page.get_by_role("textbox", name="Message").fill("A draft")

    # when Maya types another number, then the dialog says what saving it will do
    dialog = opened(page)
    warning = dialog.get_by_text("A new number starts without consent.")
    expect(warning).to_be_hidden()
    dialog.get_by_role("textbox", name="Phone").fill(new)
    expect(warning).to_be_visible()
    expect(dialog).to_contain_text(f"Consent for {phone_numbers.display(old)} stays with that number.")
    assert violations(page) == []

    # and the old number, written in another way, is no new one
    dialog.get_by_role("textbox", name="Phone").fill(f"{old[:2]} ({old[2:5]}) {old[5:]}")
    expect(warning).to_be_hidden()
    expect(dialog.get_by_role("button", name="Save", exact=True)).to_be_visible()

    # when she saves, then header, reach card, proof and lock follow, in her page and in the colleague's
    dialog.get_by_role("textbox", name="Phone").fill(new)
    dialog.get_by_role("button", name="Save new number").click()
    expect(dialog).to_be_hidden()
    expect(edit_button(page)).to_be_focused()
    for each in (page, colleagues):
        expect(each.locator("#person")).to_contain_text(phone_numbers.display(new))
        expect(each.locator("#reach")).to_contain_text("No consent")
        expect(each.locator("#proof")).to_contain_text("Nothing was agreed to with the present number.")
        expect(each.get_by_role("heading", name="No consent to text")).to_be_visible()
        expect(each.get_by_role("textbox", name="Message")).to_have_count(0)
        expect(each.get_by_role("img", name="opted in and reachable")).to_have_count(0)
    expect(page.locator("#writing")).to_contain_text("A draft")
    expect(edit_button(page)).to_be_focused()
    assert violations(page) == []

    # and the old number's consent stays with it: back to it, and texting is open, the draft in its box
    assert Consent.objects.get(company=maya.company, address=old).standing == "opted in"
    dialog = opened(page)
    dialog.get_by_role("textbox", name="Phone").fill(phone_numbers.display(old))
    dialog.get_by_role("button", name="Save").click()
    for each in (page, colleagues):
        expect(each.get_by_role("textbox", name="Message")).to_be_visible()
        expect(each.locator("#reach")).to_contain_text("Opted in")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("A draft")


@pytest.mark.requirement("P3")
def test_the_dialog_can_be_left_without_saving(a: Builders, site: Site) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    before = chat.person.phone_typed

    # when Maya leaves it by Escape, Cancel or the cross, then nothing changed and the focus is where it was
    for leave in ("Escape", "Cancel", "Close"):
        dialog = opened(page)
        dialog.get_by_role("textbox", name="Phone").fill("+1 415 000 0000")
        if leave == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("link", name=leave).or_(dialog.get_by_role("button", name=leave)).click()
        expect(dialog).to_be_hidden()
        expect(edit_button(page)).to_be_focused()
    dialog = opened(page)
    expect(dialog.get_by_role("textbox", name="Phone")).to_have_value(before)
    chat.person.refresh_from_db()
    assert chat.person.phone_typed == before


@pytest.mark.requirement("P3")
def test_the_lock_leads_to_the_dialog_and_texting_to_the_first_invitation(a: Builders, site: Site) -> None:
    # given Grace has no number; the number that Maya will type agreed on a form of another record
    maya = a.user()
    chat = a.conversation(team=[maya], phone="", name="Grace Turner")
    number = new_number()
    assert maya.company is not None
    a.consent(maya.company, number, "first consent")
    page = site.open(maya, chat)

    # when she follows the lock's own button
    page.locator("#writing").get_by_role("button", name="Edit Contact Info").click()
    dialog = page.get_by_role("dialog", name="Edit Contact Info")
    dialog.get_by_role("textbox", name="Phone").fill(number)
    page.keyboard.press("Enter")

    # then the window offers the next step at once, and the focus isn't lost
    expect(page.get_by_role("heading", name="Grace has not opted in to SMS")).to_be_visible()
    expect(page.get_by_role("button", name="Send Invite")).to_be_visible()
    until(lambda: page.evaluate("document.activeElement !== document.body"))


def test_a_session_that_ended_is_told_in_the_dialog(a: Builders, site: Site) -> None:
    # given Maya's session ends while she types
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    dialog = opened(page)
    dialog.get_by_role("textbox", name="Phone").fill("+49 30 123487007")
    keys = [cookie["value"] for cookie in page.context.cookies()]
    Session.objects.filter(session_key__in=keys).delete()

    # when she saves, then she is told, and what she typed is still there
    save = dialog.get_by_role("button", name="Save new number")
    save.click()
    expect(dialog.get_by_role("alert")).to_contain_text("You were signed out, and nothing was saved.")
    expect(dialog.get_by_role("textbox", name="Phone")).to_have_value("+49 30 123487007")

    # when she signs in again in another tab, then it can be saved from here
    tab = page.context.new_page()
    tab.goto("/login/")
    tab.get_by_label("Email").fill(maya.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("heading", name="Your people")).to_be_visible()
    save.click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#person")).to_contain_text("+49 30 123487007")

    # and where the session had ended before the dialog was opened, the button leads to the sign-in page
    page.context.clear_cookies()
    edit_button(page).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
