"""Notes in the thread: written beside the channels, seen live by the team, and never by the person."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import steps
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.test_composer import box_of, log_of, send_button
from tests.flows.test_without_javascript import signed_in


def note_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Note")


def colleagues(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Colleagues on the team")


def write_a_note(page: Page) -> None:
    page.get_by_role("radio", name="Note").check(force=True)
    expect(note_box(page)).to_be_visible()


@pytest.mark.requirement("A2", "Q7")
def test_a_note_is_written_by_keyboard_mentions_a_colleague_and_reaches_no_phone(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya and Priya, who holds no seat, have the same thread open, and Maya has begun to text
    company = a.company()
    maya, priya = a.user(company=company), a.user(company=company, seat=False, name="Priya Nair")
    chat = a.conversation(team=[maya, priya])
    page, hers = site.open(maya, chat), site.page_of(priya)
    hers.goto(chat.record.messages_url())
    elsewhere = site.page_of(priya)
    elsewhere.goto("/")
    box_of(page).fill("Hello An")

    # when she goes over to a note, by keyboard, and mentions Priya
    page.get_by_role("radio", name="SMS").focus()
    page.keyboard.press("ArrowRight")
    expect(note_box(page)).to_be_visible()
    note_box(page).focus()
    page.keyboard.type("Can you call her, @pri")
    expect(colleagues(page).get_by_role("option", selected=True)).to_contain_text("Priya Nair")
    expect(page.locator("#announcer")).to_have_text("1 colleague")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.keyboard.type("please?")
    expect(note_box(page)).to_have_value("Can you call her, @Priya Nair please?")
    page.keyboard.press("Control+Enter")

    # then it stands in both threads at once, as what it is, and Priya is told where she isn't looking
    for each in (page, hers):
        shown = log_of(each).get_by_role("article", name="Note, Maya Chen")
        expect(shown).to_contain_text("only the team sees it")
        expect(shown.locator(".mention")).to_have_text("@Priya Nair")
    expect(elsewhere.get_by_role("button", name="Inbox")).to_be_visible()
    expect(note_box(page)).to_have_value("")
    assert violations(page) == []

    # and what she had begun to text is still there, and is all that the phone gets
    page.get_by_role("radio", name="SMS").check(force=True)
    expect(box_of(page)).to_have_value("Hello An")
    box_of(page).fill("Hello Anna")
    send_button(page).click()
    until(lambda: simulator.received(chat.person.phone) == ["Hello Anna"])

    # when she deletes the note, then it is gone for both, and Undo brings it back
    log_of(page).get_by_role("button", name="Delete note").click()
    expect(log_of(hers)).to_contain_text("Maya Chen deleted a note.")
    expect(log_of(hers).get_by_role("button", name="Undo")).to_have_count(0)
    log_of(page).get_by_role("button", name="Undo").click()
    expect(log_of(hers).get_by_role("article", name="Note, Maya Chen")).to_contain_text("please?")


@pytest.mark.requirement("N1", "A4")
def test_the_tray_leads_to_the_note_and_a_stranger_cannot_be_mentioned(a: Builders, site: Site) -> None:
    # given a team of two, and Carl who is on another one
    company = a.company()
    maya, priya = a.user(company=company), a.user(company=company, seat=False, name="Priya Nair")
    a.user(company=company, name="Carl Colleague")
    chat = a.conversation(team=[maya, priya])
    steps.write(chat, maya)
    page = site.page_of(maya, viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"/inbox/{chat.pk}/?on=note")

    # when Maya mentions Carl from her phone, then it says why that can't be, and her words are kept
    note_box(page).fill("@Carl Colleague, look")
    page.get_by_role("button", name="Save note").tap()
    expect(page.get_by_role("alert").filter(has_text="Carl Colleague isn't on this team")).to_be_visible()
    expect(note_box(page)).to_have_value("@Carl Colleague, look")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # and when she mentions Priya instead, by touch, then Priya's tray leads to it
    note_box(page).fill("Look, ")
    page.get_by_role("button", name="Mention").tap()
    colleagues(page).get_by_role("option", name="Priya Nair").tap()
    expect(note_box(page)).to_have_value("Look, @Priya Nair ")
    page.get_by_role("button", name="Save note").tap()
    expect(log_of(page).get_by_role("article", name="Note, Maya Chen")).to_be_visible()
    hers = site.page_of(priya)
    hers.goto("/tray/")
    hers.get_by_role("link", name="Maya Chen mentioned you about Anna Bauer").click()
    expect(log_of(hers).get_by_role("article", name="Note, Maya Chen")).to_contain_text("Look, @Priya Nair")


def test_who_goes_over_to_a_note_by_a_key_or_the_mouse_writes_at_once(a: Builders, site: Site) -> None:
    # given the Inbox, where each letter does something outside a field
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.page_of(maya)
    page.goto(f"/inbox/{chat.pk}/?on=sms")
    page.get_by_role("heading", name="Anna Bauer").focus()
    # when
    page.keyboard.press("n")
    # then
    expect(note_box(page)).to_be_focused()
    page.keyboard.type("use her desk number")
    expect(note_box(page)).to_have_value("use her desk number")
    # and back, while she writes
    page.keyboard.press("Alt+2")
    expect(box_of(page)).to_be_focused()
    page.locator("[data-picker] label").filter(has_text="Note").click()
    expect(note_box(page)).to_be_focused()
    expect(note_box(page)).to_have_value("use her desk number")


@pytest.mark.requirement("A2")
def test_a_note_without_javascript(a: Builders, site: Site) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = signed_in(site, maya)
    page.goto(chat.record.messages_url())
    page.get_by_role("radio", name="Note").check(force=True)
    page.get_by_role("button", name="Write there").click()
    note_box(page).fill("Nice CV.\nCall her.")
    page.get_by_role("button", name="Save note").click()
    expect(log_of(page).get_by_role("article", name="Note, Maya Chen")).to_contain_text("Nice CV.")
    page.get_by_role("button", name="Delete note").click()
    page.get_by_role("button", name="Undo").click()
    expect(log_of(page).get_by_role("article", name="Note, Maya Chen")).to_contain_text("Call her.")
