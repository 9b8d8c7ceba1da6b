"""Live pages: what happens appears in every page that may see it, nothing is missed and nothing shows twice."""

import os
import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import User
from channels_sms import routes
from inbox.models import Conversation, Notice
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations

SLOW = 60_000  # milliseconds: a browser's pauses before it connects again grow


def our_number(chat: Conversation) -> str:
    """The number of ours that this conversation keeps."""
    route = routes.reserve(chat, chat.person.phone)
    assert route is not None
    return route.sender_number.number


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with")


def tray_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Inbox")


def badge(page: Page) -> Locator:
    return tray_button(page).locator(".badge")


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.keyboard.press("Control+Enter")


def shows_each_once(page: Page, chat: Conversation) -> None:
    """The thread has every message of the conversation, in order, and none twice."""
    ids = [f"m{pk}" for pk in chat.messages.order_by("pk").values_list("pk", flat=True)]
    until(lambda: log_of(page).locator("article").evaluate_all("found => found.map(each => each.id)") == ids)


def taken_part(author: User, chat: Conversation) -> None:
    """The author has sent a text in this conversation, which has arrived."""
    ours = our_number(chat)
    chat.messages.create(
        channel="sms",
        direction="out",
        author=author,
        body="Hello",
        sender=ours,
        recipient=chat.person.phone,
        status="delivered",
        created_version=1,
        version=1,
    )
    Conversation.objects.filter(pk=chat.pk).update(version=1)


@pytest.mark.requirement("A2", "N2", "O5", "O6", "O7")
def test_whatever_happens_appears_in_every_open_page(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya and a colleague of her team have the same conversation open
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    chat = a.conversation(team=[maya, priya], sms="invited")
    anna, ours = chat.person.phone, our_number(chat)
    pages = [site.open(maya, chat), site.open(priya, chat)]

    # when Anna opts in, then both unlock
    simulator.text("Yes", sender=anna, recipient=ours)
    for page in pages:
        expect(log_of(page)).to_contain_text("Anna opted in to SMS by replying “Yes”")
        expect(page.get_by_role("textbox", name="Message")).to_be_visible()
        expect(page.locator("#reach")).to_contain_text("Opted in")
        expect(page.locator("#proof")).to_contain_text("Yes")

    # when each writes, then the other sees it, with its author and its states
    for page, name in zip(pages, ("Maya Chen", "Priya Nair"), strict=True):
        say(page, f"This is {name}")
        for each in pages:
            expect(log_of(each).get_by_role("article", name=name)).to_contain_text(f"This is {name}")
            expect(log_of(each).get_by_role("article", name=name)).to_contain_text("Delivered")

    # when Anna answers, opts out and in again, then both follow
    simulator.text("Nice to meet you both", sender=anna, recipient=ours)
    simulator.text("STOP", sender=anna, recipient=ours)
    for page in pages:
        expect(log_of(page)).to_contain_text("Nice to meet you both")
        expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    simulator.text("START", sender=anna, recipient=ours)
    for page in pages:
        expect(page.get_by_role("textbox", name="Message")).to_be_visible()
        shows_each_once(page, chat)


@pytest.mark.requirement("N1", "N2", "O5")
@pytest.mark.parametrize("elsewhere", ["home", "another record", "another tab of this record"])
def test_the_tray_counts_what_happened_elsewhere(a: Builders, site: Site, simulator: Simulator, elsewhere: str) -> None:
    # given Maya has invited Anna and gone on to something else
    maya = a.user()
    chat = a.conversation(team=[maya], sms="invited")
    other = a.conversation(team=[maya], name="Marcus Hill")
    taken_part(maya, chat)
    address = {
        "home": "/",
        "another record": other.record.messages_url(),
        "another tab of this record": chat.record.get_absolute_url(),
    }[elsewhere]
    page = site.page_of(maya)
    page.goto(address)
    expect(badge(page)).to_have_count(0)

    # when Anna opts in, then the tray says so
    simulator.text("Yes", sender=chat.person.phone, recipient=our_number(chat))
    tray_button(page).click()
    expect(page.get_by_role("link", name="Anna Bauer opted in to SMS by replying")).to_be_visible()
    page.keyboard.press("Escape")

    # when she writes, too
    simulator.text("When shall we talk?", sender=chat.person.phone, recipient=our_number(chat))

    # then the tray and the title count the conversation
    expect(badge(page)).to_contain_text("1")
    expect(tray_button(page)).to_have_accessible_name("Inbox 1 new")
    until(lambda: page.title().startswith("(1) "))

    # when she opens the tray, then its entry says what happened and leads to the record
    tray_button(page).click()
    tray = page.get_by_role("region", name="Inbox tray")
    entry = tray.get_by_role("link", name="Anna Bauer replied When shall we talk? and 1 more: opted in")
    expect(entry).to_be_visible()
    assert violations(page) == []
    entry.click()
    expect(page.get_by_role("heading", name="Anna Bauer", level=1)).to_be_visible()
    expect(log_of(page)).to_contain_text("Anna opted in to SMS by replying “Yes”")

    # and they are read now
    expect(badge(page)).to_have_count(0)
    assert not page.title().startswith("(")
    assert not Notice.objects.filter(user=maya, read_at=None).exists()


@pytest.mark.requirement("N2")
def test_no_alert_where_the_conversation_is_in_front(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya has the conversation in front of her, and her home page in another tab of the same browser
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = our_number(chat)
    background = site.page_of(maya)
    background.goto("/")
    page = background.context.new_page()
    page.goto(chat.record.messages_url())
    page.bring_to_front()

    # when Anna writes, then it is in the thread, its notice is read, and no tab keeps a count
    for text in ("One", "Two", "Three"):
        simulator.text(text, sender=chat.person.phone, recipient=ours)
        expect(log_of(page)).to_contain_text(text)
    until(lambda: Notice.objects.filter(user=maya).count() == 3)
    until(lambda: not Notice.objects.filter(user=maya, read_at=None).exists())
    for each in (page, background):
        expect(badge(each)).to_have_count(0)
        expect(each).not_to_have_title(re.compile(r"^\("))


@pytest.mark.requirement("N1")
def test_only_those_who_took_part_are_alerted_else_the_seat_holders(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a team of Maya, who has written to Anna, Priya, who hasn't, and Jonas without a seat
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    jonas = a.user(company=maya.company, name="Jonas Weber", seat=False)
    team = [maya, priya, jonas]
    anna, marcus = a.conversation(team=team), a.conversation(team=team, name="Marcus Hill")
    taken_part(maya, anna)
    pages = {user.first_name: site.page_of(user) for user in team}
    for page in pages.values():
        page.goto("/")

    # when Anna writes, then Maya is alerted alone
    simulator.text("Hello Maya", sender=anna.person.phone, recipient=our_number(anna))
    expect(badge(pages["Maya"])).to_contain_text("1")

    # when Marcus writes, with whom nobody has spoken, then those with a seat are
    simulator.text("Hello everybody", sender=marcus.person.phone, recipient=our_number(marcus))
    expect(badge(pages["Maya"])).to_contain_text("2")
    expect(badge(pages["Priya"])).to_contain_text("1")
    tray_button(pages["Priya"]).click()
    expect(pages["Priya"].locator("#tray")).to_contain_text("Hello everybody")
    expect(pages["Priya"].locator("#tray")).not_to_contain_text("Hello Maya")
    expect(badge(pages["Jonas"])).to_have_count(0)
    assert not Notice.objects.filter(user=jonas).exists()


@pytest.mark.requirement("N1")
def test_a_failure_is_alerted_and_the_tray_can_be_cleared(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Anna's number is gone, and Maya has her home page open in two browsers
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control("POST", "rules", to=chat.person.phone, outcome={"status": "undelivered", "code": 30005})
    page, other = site.page_of(maya), site.page_of(maya)
    for each in (page, other):
        each.goto("/")

    # when a text of hers fails while she looks elsewhere
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    address, headers = f"/conversations/{chat.pk}/send/sms/", {"X-CSRFToken": token}
    page.request.post(address, form={"body": "Hello?"}, headers=headers, max_redirects=0)
    for each in (page, other):
        expect(badge(each)).to_contain_text("1")
    tray_button(page).click()
    expect(page.locator("#tray")).to_contain_text("SMS to Anna Bauer was not delivered")

    # and she marks all as read, then no page counts it any more
    page.get_by_role("button", name="Mark all as read").click()
    expect(badge(page)).to_have_count(0)
    expect(badge(other)).to_have_count(0)
    expect(page.locator("#tray")).to_be_visible()


@pytest.mark.requirement("N2", "I3")
@pytest.mark.parametrize("victim", ["live", "redis"])
def test_a_page_catches_up_after_a_process_was_killed(
    a: Builders, site: Site, simulator: Simulator, stack: Stack, victim: str
) -> None:
    # given an open conversation, and a home page
    maya = a.user()
    chat = a.conversation(team=[maya])
    taken_part(maya, chat)
    ours = our_number(chat)
    page, home = site.open(maya, chat), site.page_of(maya)
    home.goto("/")
    simulator.text("Before", sender=chat.person.phone, recipient=ours)
    expect(log_of(page)).to_contain_text("Before")

    # when the process dies, Anna writes, and it comes back
    stack.kill(victim)
    for text in ("Meanwhile", "And again"):
        simulator.text(text, sender=chat.person.phone, recipient=ours)
    stack.start(victim)
    stack.wait_until_healthy()

    # then the pages catch up by themselves
    expect(log_of(page)).to_contain_text("And again", timeout=SLOW)
    expect(page.get_by_text("Connection lost.")).to_be_hidden(timeout=SLOW)

    # and follow again, each message once
    simulator.text("Afterwards", sender=chat.person.phone, recipient=ours)
    expect(log_of(page)).to_contain_text("Afterwards")
    shows_each_once(page, chat)
    until(lambda: not Notice.objects.filter(user=maya, read_at=None).exists())
    expect(badge(home)).to_have_count(0, timeout=SLOW)


@pytest.mark.requirement("N2")
def test_a_laptop_that_slept_catches_up(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya's laptop has gone to sleep
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = our_number(chat)
    page = site.open(maya, chat)
    simulator.text("Before", sender=chat.person.phone, recipient=ours)
    expect(log_of(page)).to_contain_text("Before")
    page.context.set_offline(True)

    # when much happens meanwhile
    texts = [f"Number {number}" for number in range(1, 13)]
    for text in texts:
        simulator.text(text, sender=chat.person.phone, recipient=ours)
    simulator.text("STOP", sender=chat.person.phone, recipient=ours)
    until(lambda: chat.messages.filter(direction="note").exists())
    expect(log_of(page)).not_to_contain_text("Number 12")

    # then it is all there when the laptop is back, in order, and the window is locked
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible(timeout=SLOW)
    for text in texts:
        expect(log_of(page)).to_contain_text(text)
    shows_each_once(page, chat)
    expect(page.get_by_text("Connection lost.")).to_be_hidden(timeout=SLOW)


@pytest.mark.requirement("N2")
def test_many_tabs_share_one_stream_and_all_follow(a: Builders, site: Site, simulator: Simulator, stack: Stack) -> None:
    # given seven tabs of one browser, one more than a browser opens connections to one origin
    maya = a.user()
    chat = a.conversation(team=[maya])
    ours = our_number(chat)
    first = site.page_of(maya)
    streams: list[str] = []
    first.context.on("request", lambda request: streams.extend(re.findall("/live/events", request.url)))
    first.goto(chat.record.messages_url())
    tabs = [first, *more_tabs(first.context, chat, count=6)]

    # when Anna writes, then each tab shows it
    simulator.text("Hello to all seven", sender=chat.person.phone, recipient=ours)
    for tab in tabs:
        expect(log_of(tab)).to_contain_text("Hello to all seven")
    assert len(streams) == 1

    # when the tab that holds the stream is closed, then another one takes over
    tabs.pop(0).close()
    until(lambda: tabs[0].title() and len(streams) == 2)
    simulator.text("Hello to all six", sender=chat.person.phone, recipient=ours)
    for tab in tabs:
        expect(log_of(tab)).to_contain_text("Hello to all six")
        shows_each_once(tab, chat)


@pytest.mark.requirement("A4", "A2")
def test_who_leaves_the_team_sees_nothing_more(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Jonas reads along
    maya = a.user()
    jonas = a.user(company=maya.company, name="Jonas Weber", seat=False)
    chat = a.conversation(team=[maya, jonas])
    ours = our_number(chat)
    page = site.open(jonas, chat)
    simulator.text("For the team", sender=chat.person.phone, recipient=ours)
    expect(log_of(page)).to_contain_text("For the team")

    # when he is taken off the team, and his page asks for news
    chat.application.job.team.remove(jonas)  # type: ignore[union-attr]
    simulator.text("For Maya only", sender=chat.person.phone, recipient=ours)
    page.context.set_offline(True)
    page.context.set_offline(False)

    # then the record is gone for him
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_text("For Maya only")).to_have_count(0)


@pytest.mark.requirement("I1", "I4")
def test_a_slow_status_still_arrives_in_the_page(
    a: Builders, site: Site, simulator: Simulator, stack: Stack, paused_worker: None
) -> None:
    # given the worker stands still
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)

    # when Maya sends, then her text is safe and says that it waits
    say(page, "Patience")
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_contain_text("Queued")
    assert simulator.received(chat.person.phone) == []

    # when the worker goes on, then the page follows to the end
    os.kill(stack.pid("worker") or 0, signal.SIGCONT)
    expect(log_of(page).get_by_role("article", name="Maya Chen")).to_contain_text("Delivered")
    assert simulator.received(chat.person.phone) == ["Patience"]


@pytest.fixture
def paused_worker(stack: Stack) -> Iterator[None]:
    os.kill(stack.pid("worker") or 0, signal.SIGSTOP)
    yield
    os.kill(stack.pid("worker") or 0, signal.SIGCONT)


def more_tabs(context: BrowserContext, chat: Conversation, *, count: int) -> list[Page]:
    tabs = [context.new_page() for _tab in range(count)]
    for tab in tabs:
        tab.goto(chat.record.messages_url())
    return tabs
