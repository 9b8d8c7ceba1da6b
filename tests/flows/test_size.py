"""The size of a text while it is typed: segments, the cheaper twin with its way back, and a long text in parts (Q8)."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.test_composer import box_of, log_of, send_button, sent

DEAR = "We’d love to meet you on Thursday at nine in our office – is that fine with you?"
CHEAP = "We'd love to meet you on Thursday at nine in our office - is that fine with you?"
LONG = "This sentence has fifty characters, blank included. " * 40


@pytest.mark.requirement("Q8")
def test_the_counter_names_what_is_expensive_and_a_click_makes_it_cheaper(a: Builders, site: Site) -> None:
    # given Maya types a curly quote into a text that would fit into one segment
    maya = a.user()
    page = site.open(maya, a.conversation(team=[maya]))
    box, counter, advice = box_of(page), page.locator("#count"), page.locator("#size")
    box.fill(CHEAP)
    expect(counter).to_contain_text(f"{len(CHEAP)} / 1600 · 1 segment")
    expect(advice).to_be_hidden()
    box.fill(DEAR)
    expect(counter).to_contain_text("2 segments")
    expect(advice.locator("[data-words]")).to_have_text(
        "This takes 2 segments because of “’” (curly quote). With plain characters it takes 1 segment."
    )
    assert violations(page) == []

    # when she takes the offer, by keyboard, then it is cheaper, and the way back is beside it
    advice.get_by_role("button", name="Use plain characters").press("Enter")
    expect(box).to_have_value(CHEAP)
    expect(box).to_be_focused()
    expect(counter).to_contain_text("1 segment")
    expect(advice.locator("[data-words]")).to_have_text("Plain characters now: 1 segment instead of 2 segments.")
    advice.get_by_role("button", name="Undo").click()
    expect(box).to_have_value(DEAR)

    # and the browser's own undo knows it too
    advice.get_by_role("button", name="Use plain characters").click()
    expect(box).to_have_value(CHEAP)
    box.press("Control+z")
    expect(box).to_have_value(DEAR)

    # and where nothing cheaper looks the same, it says why
    box.fill("See you on Thursday 👍 " * 4)
    expect(advice).to_contain_text("because of “👍” (emoji): with it, a segment holds 67 characters instead of 153.")
    expect(advice.get_by_role("button")).to_have_count(0)


@pytest.mark.requirement("Q8")
def test_an_email_counts_characters_only(a: Builders, site: Site) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.page_of(maya)
    page.goto(chat.record.emails_url())
    box_of(page).fill(DEAR)
    expect(page.locator("#count")).to_contain_text(f"{len(DEAR)} / ")
    expect(page.locator("#count")).not_to_contain_text("segment")
    expect(page.locator("#size")).to_have_count(0)


def offered(page: Page) -> list[str]:
    return page.locator("#split li").all_inner_texts()


@pytest.mark.requirement("Q8", "I9")
def test_a_long_text_is_split_looked_at_and_sent_in_order(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya types more than a text holds
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    box = box_of(page)
    box.fill(LONG)
    expect(send_button(page)).to_have_attribute("aria-disabled", "true")

    # when she looks at the offer, then the parts end with sentences
    page.get_by_text("Split it into 2 texts").click()
    parts = offered(page)
    assert [part[-9:] for part in parts] == ["included.", "included."]
    assert violations(page) == []
    box.fill(LONG * 9)
    expect(page.get_by_text("This would be more than 9 texts. Shorten it, or write an email.")).to_be_visible()
    expect(page.locator("#split summary")).to_be_hidden()
    box.fill(LONG * 2)
    expect(page.locator("#split summary")).to_have_text("Split it into 3 texts")
    parts = offered(page)

    # and once sent, twice in a hurry, each arrives once and in order
    page.locator("#split").get_by_role("button", name="Send 3 texts").dblclick()
    expect(log_of(page).get_by_role("article")).to_have_count(3)
    expect(box).to_have_value("")
    until(lambda: simulator.received(chat.person.phone) == parts)
    assert sent(chat) == parts
    expect(log_of(page)).not_to_contain_text("Storing…")

    # and who sends the next ones by keyboard writes on
    box.fill(LONG)
    page.locator("#split summary").press("Enter")
    page.locator("#split").get_by_role("button", name="Send 2 texts").press("Enter")
    expect(box).to_be_focused()
    expect(log_of(page).get_by_role("article")).to_have_count(5)
