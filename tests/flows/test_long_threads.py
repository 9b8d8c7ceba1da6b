"""A long thread: its newest page first, older ones on scrolling without a jump, each day's heading once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Locator, Page, Route, expect

from channels_sms import routes
from inbox.models import Conversation
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations

MESSAGES, PAGE = 130, 50
APART = timedelta(minutes=35)  # so that three days are within and across the pages


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with")


def articles(page: Page) -> Locator:
    return log_of(page).locator("article")


def long_thread(chat: Conversation) -> str:
    """Fill the thread, the newest text an hour ago. Returns our number in it."""
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    ours, theirs = route.sender_number.number, chat.person.phone
    newest = timezone.now() - timedelta(hours=1)
    for number in range(MESSAGES):
        chat.messages.create(
            channel="sms",
            direction="in",
            body=f"Text {number} " + "and some more words " * (number % 5),
            sender=theirs,
            recipient=ours,
            status="received",
            created_at=newest - APART * (MESSAGES - 1 - number),
            created_version=number + 1,
            version=number + 1,
        )
    Conversation.objects.filter(pk=chat.pk).update(version=MESSAGES)
    return ours


def days_of(times: list[datetime]) -> list[str]:
    """The heading of each day once, in order."""
    return list(dict.fromkeys(date_format(timezone.localtime(at), "D j M") for at in times))


def top_of(page: Page, number: int) -> float:
    """Where a text's words stand on the screen."""
    box = log_of(page).get_by_text(f"Text {number} ").bounding_box()
    assert box is not None
    return box["y"]


def scroll_to(page: Page, pixels: int) -> None:
    page.locator("#thread").evaluate("(thread, pixels) => { thread.scrollTop = pixels }", pixels)


@pytest.mark.requirement("A1")
def test_older_pages_come_on_scrolling_and_nothing_jumps(a: Builders, site: Site) -> None:
    # given a thread of 130 texts over three days
    maya = a.user()
    chat = a.conversation(team=[maya])
    long_thread(chat)
    stored = list(chat.messages.order_by("pk").values_list("pk", "created_at"))
    page = site.open(maya, chat)

    # then the newest page is there, and its end in view
    expect(articles(page)).to_have_count(PAGE)
    expect(log_of(page).get_by_text(f"Text {MESSAGES - 1} ")).to_be_in_viewport()
    assert violations(page) == []

    # when Maya scrolls up, the older pages come one by one, whether she is at the very top or near it
    held: list[Route] = []
    page.route("**/older/**", lambda route: held.append(route))
    for loaded, offset in ((PAGE, 0), (2 * PAGE, 120)):
        scroll_to(page, offset)
        until(lambda: page.title() and held)
        first_shown = MESSAGES - loaded
        before = top_of(page, first_shown)
        held.pop().continue_()
        expect(articles(page)).to_have_count(min(loaded + PAGE, MESSAGES))

        # then what she reads stays where it is
        assert abs(top_of(page, first_shown) - before) <= 2

    # and at last everything is there, once and in order, with a heading for each day
    ids = articles(page).evaluate_all("found => found.map(each => each.id)")
    assert ids == [f"m{pk}" for pk, _at in stored]
    expect(log_of(page).locator("h3.day")).to_have_text(days_of([at for _pk, at in stored]))
    for day in days_of([at for _pk, at in stored]):
        first = next(pk for pk, at in stored if days_of([at]) == [day])
        expect(page.locator(f"#m{first} h3.day")).to_have_text(day)
    expect(page.get_by_role("link", name="Earlier messages")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.requirement("A1", "N2")
def test_a_text_that_comes_while_reading_above_does_not_move_the_page(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya reads further up
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = long_thread(chat)
    page = site.open(maya, chat)
    expect(log_of(page).get_by_text(f"Text {MESSAGES - 1} ")).to_be_in_viewport()
    scroll_to(page, 900)
    seen = next(number for number in range(MESSAGES - PAGE, MESSAGES) if top_of(page, number) > 300)
    before = top_of(page, seen)

    # when texts come in, then a button says how many, and the page stays
    simulator.text("One more", sender=chat.person.phone, recipient=ours)
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    simulator.text("And one more", sender=chat.person.phone, recipient=ours)
    expect(page.get_by_role("button", name="2 new messages")).to_be_visible()
    assert abs(top_of(page, seen) - before) <= 2

    # when she presses it, then she is at the end
    page.get_by_role("button", name="2 new messages").click()
    expect(log_of(page).get_by_text("And one more")).to_be_in_viewport()
    expect(page.get_by_role("button", name="2 new messages")).to_be_hidden()


@pytest.mark.requirement("A1")
def test_older_pages_are_plain_links_without_javascript(a: Builders, site: Site) -> None:
    # given a browser without JavaScript
    maya = a.user()
    chat = a.conversation(team=[maya])
    long_thread(chat)
    page = site.open(maya, chat, java_script_enabled=False)

    # when Maya follows the links, then each page has its part of the thread, and the whole is complete
    seen: list[str] = []
    for count in (PAGE, PAGE, MESSAGES - 2 * PAGE):
        expect(articles(page)).to_have_count(count)
        found = articles(page)
        seen[:0] = [found.nth(index).get_attribute("id") or "" for index in range(count)]
        if count == PAGE:
            page.get_by_role("link", name="Earlier messages").click()
    assert seen == [f"m{pk}" for pk in chat.messages.order_by("pk").values_list("pk", flat=True)]
    expect(page.get_by_role("link", name="Earlier messages")).to_have_count(0)

    # and there is a way back
    page.get_by_role("link", name="To the newest messages").click()
    expect(log_of(page)).to_contain_text(f"Text {MESSAGES - 1} ")
    expect(page.get_by_role("link", name="To the newest messages")).to_have_count(0)
