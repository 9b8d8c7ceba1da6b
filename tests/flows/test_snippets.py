"""Snippets while writing: found by keyboard, by mouse and by touch, filled, and never sent with a hole in them."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from inbox.snippets.models import Audience, Snippet
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.test_composer import box_of, log_of, send_button
from tests.flows.test_without_javascript import signed_in


def listbox(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Snippets")


def chosen(page: Page) -> Locator:
    return listbox(page).get_by_role("option", selected=True)


def some_snippets(a: Builders, site: Site, **context: Any) -> tuple[Page, str]:
    """Maya's composer, with four snippets to choose from; and the person's phone."""
    maya = a.user()
    chat = a.conversation(team=[maya])
    assert chat.application
    known: dict[str, Any] = {"company": maya.company, "author": maya}
    Snippet.objects.create(title="Hello", body="Hi {first_name}, {sender} here.", **known)
    Snippet.objects.create(title="Interview", body="About {job}, {first_name}: when?", **known)
    team: dict[str, Any] = {"audience": Audience.TEAM, "job": chat.application.job}
    Snippet.objects.create(title="Über uns", body="We build robots.", **team, **known)
    Snippet.objects.create(title="Book a time", body="Here: {booking_link}", **known)
    return site.open(maya, chat, **context), chat.person.phone


def test_where_there_are_none_it_says_so(a: Builders, site: Site) -> None:
    maya = a.user()
    page = site.open(maya, a.conversation(team=[maya]))
    box_of(page).press("/")
    expect(page.get_by_text("There are no snippets yet.")).to_be_visible()
    expect(page.get_by_role("link", name="Manage snippets")).to_be_visible()


def test_a_slash_finds_them_by_keyboard_alone(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya types a slash at the start of her text
    page, phone = some_snippets(a, site)
    box = box_of(page)
    box.press("/")
    expect(listbox(page).get_by_role("option")).to_have_count(4)
    expect(page.locator("#announcer")).to_have_text("4 snippets")
    expect(box).to_be_focused()
    assert violations(page) == []

    # when she goes on, then the list narrows, whatever the accents, and the arrows go through it
    expect(chosen(page)).to_contain_text("Hello")  # the first that can be filled
    box.press("ArrowDown")
    expect(chosen(page)).to_contain_text("Interview")
    expect(box).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id") or "")
    box.type("uber")
    expect(chosen(page)).to_contain_text("Über uns")
    expect(listbox(page).get_by_role("option")).to_have_count(1)
    box.type("x")
    expect(page.get_by_text("No snippet has these words.")).to_be_visible()

    # and Esc leaves it, with what she typed and where she was
    box.press("Escape")
    expect(listbox(page)).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("/uberx")

    # when she takes one, then it is filled, can be changed, and goes
    box.fill("")
    box.type("/inter")
    expect(chosen(page)).to_contain_text("Interview")
    box.press("Enter")
    expect(box).to_have_value("About Field Engineer, Anna: when?")
    expect(listbox(page)).to_be_hidden()
    box.type(" Thursday?")
    box.press("Control+Enter")
    until(lambda: simulator.received(phone) == ["About Field Engineer, Anna: when? Thursday?"])


def test_a_slash_within_a_text_finds_them_and_leaves_prose_alone(a: Builders, site: Site) -> None:
    # given Maya is in the middle of her text
    page, _phone = some_snippets(a, site)
    box = box_of(page)
    box.type("Good news! /inter")
    expect(chosen(page)).to_contain_text("Interview")
    # when she takes one, then it stands there
    box.press("Enter")
    expect(box).to_have_value("Good news! About Field Engineer, Anna: when?")
    # and on a new line several words look for one
    box.type("\n/hi anna")
    expect(chosen(page)).to_contain_text("Hello")
    box.press("Escape")
    # and what is no snippet is a text
    box.fill("")
    box.type("On site /remote, 24 / 7, and/or")
    expect(listbox(page)).to_be_hidden()
    box.press("Enter")
    expect(box).to_have_value("On site /remote, 24 / 7, and/or\n")


def test_what_cannot_be_filled_says_why_and_is_not_taken(a: Builders, site: Site) -> None:
    page, _phone = some_snippets(a, site)
    box = box_of(page)
    box.type("/book")
    expect(chosen(page)).to_contain_text("You have no booking link yet. Add it under Manage snippets")
    box.press("Enter")
    expect(box).to_have_value("/book")

    # and a hole that she types herself is refused, by its name, with the words kept
    box.fill("Hi {{first_name}}!")
    send_button(page).click()
    expect(page.get_by_role("alert").filter(has_text="{{first_name}} is not filled in")).to_be_visible()
    expect(box).to_have_value("Hi {{first_name}}!")
    expect(log_of(page).get_by_role("article")).to_have_count(0)


def test_a_button_opens_them_for_mouse_and_touch_on_a_phone(a: Builders, site: Site) -> None:
    # given Maya is on her phone, and has begun to write
    page, _phone = some_snippets(a, site, viewport={"width": 390, "height": 844}, has_touch=True)
    box = box_of(page)
    box.fill("Good morning! ")
    page.get_by_role("button", name="Snippets").tap()
    expect(listbox(page).get_by_role("option")).to_have_count(4)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # when she taps one, then it stands where she was, and the browser's undo takes it back
    listbox(page).get_by_role("option", name="Hello").tap()
    expect(box).to_have_value("Good morning! Hi Anna, Maya Chen here.")
    expect(box).to_be_focused()
    box.press("Control+z")
    expect(box).to_have_value("Good morning! ")


@pytest.mark.requirement("Q4", "F4")
def test_they_are_kept_and_used_without_javascript(a: Builders, site: Site) -> None:
    # given a company that writes emails only
    maya = a.user(company=a.company(has_smartmessage=False), seat=False)
    chat = a.conversation(team=[maya], sms="nothing")
    page = signed_in(site, maya)

    # when Maya makes a snippet in her account
    page.goto("/account/")
    page.get_by_role("link", name="Manage snippets").click()
    page.get_by_role("link", name="New snippet").click()
    page.get_by_label("Title").fill("Hello")
    page.get_by_label("Text", exact=True).fill("Dear {first_name}")
    page.get_by_label("Who can use it").select_option("Field Engineer")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="For Anna it reads")).to_contain_text("Dear Anna")
    page.get_by_role("button", name="Save").click()

    # then it goes into her email, behind what she typed
    page.goto(chat.record.emails_url())
    box_of(page).fill("Good morning,")
    page.get_by_role("button", name="Snippets").click()
    page.get_by_role("button", name="Use “Hello”").click()
    expect(box_of(page)).to_have_value("Good morning,\nDear Anna")

    # and once deleted, it can be had back
    page.goto("/account/snippets/")
    page.get_by_role("button", name="Delete Hello").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Edit Hello")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_that_keep_them_are_fit_for_everybody(a: Builders, site: Site, width: int) -> None:
    maya = a.user()
    known: dict[str, Any] = {"company": maya.company, "author": maya}
    snippet = Snippet.objects.create(title="Hello", body="Hi {first_name}", **known)
    page = site.page_of(maya, viewport={"width": width, "height": 844})
    for path in ("/account/snippets/", "/account/snippets/new/", f"/account/snippets/{snippet.pk}/"):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="For Anna it reads")).to_contain_text("Hi Anna")
    assert violations(page) == []
