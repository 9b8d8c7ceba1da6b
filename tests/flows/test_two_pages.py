"""A draft that is open in two places: what was typed last is kept, and an empty page takes it over."""

import json

from playwright.sync_api import Page, expect

from inbox.models import ComposerDraft
from tests.builders import Builders
from tests.flows.conftest import Site, until
from tests.flows.test_composer import box_of, send_button


def is_kept(page: Page) -> bool:
    """The page knows that the server has what stands in its box."""
    kept = page.evaluate("() => Object.entries(sessionStorage).find(([key]) => key.startsWith('draft:'))?.[1]")
    return bool(kept) and json.loads(kept).get("isStored", False)


def looks_again(page: Page) -> None:
    """As when the page comes to the front."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_a_reload_takes_no_words_away_that_were_typed_elsewhere(a: Builders, site: Site) -> None:
    # given Maya began on one machine, and wrote more on the other
    maya = a.user()
    chat = a.conversation(team=[maya])
    desk, phone = site.open(maya, chat), site.open(maya, chat)
    box_of(desk).fill("Hi Anna")
    until(lambda: is_kept(desk))
    phone.reload()
    expect(box_of(phone)).to_have_value("Hi Anna")
    box_of(phone).fill("Hi Anna, about Thursday")
    until(lambda: is_kept(phone))
    # when she is back at the first one, then nothing is lost
    desk.reload()
    expect(box_of(desk)).to_have_value("Hi Anna, about Thursday")
    # and what was emptied there is no reason to empty the other
    box_of(desk).fill("")
    until(lambda: is_kept(desk))
    box_of(phone).fill("Hi Anna, about Friday")
    until(lambda: is_kept(phone))
    desk.reload()
    expect(box_of(desk)).to_have_value("Hi Anna, about Friday")
    assert ComposerDraft.objects.get(user=maya).body == "Hi Anna, about Friday"


def test_an_empty_page_takes_over_what_was_begun_elsewhere_but_nothing_that_was_sent(a: Builders, site: Site) -> None:
    # given two pages, opened before the first word
    maya = a.user()
    chat = a.conversation(team=[maya])
    desk, phone = site.open(maya, chat), site.open(maya, chat)
    box_of(phone).fill("Are you free")
    until(lambda: is_kept(phone))
    # when she comes back to the other, then she goes on there
    looks_again(desk)
    expect(box_of(desk)).to_have_value("Are you free")
    box_of(desk).fill("Are you free on Thursday?")
    send_button(desk).click()
    until(lambda: chat.messages.filter(body="Are you free on Thursday?").exists())
    # then no page brings back what was sent
    expect(box_of(desk)).to_have_value("")
    looks_again(desk)
    box_of(desk).fill("PS")
    expect(box_of(desk)).to_have_value("PS")
