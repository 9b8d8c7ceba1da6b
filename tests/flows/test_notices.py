"""How one hears of what happens elsewhere: the tray, the tab's icon, the desktop, and an email to who is away."""

import re
from datetime import timedelta
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import OutgoingMail, User
from inbox.models import Conversation, Digest, Notice, NoticeSettings
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.test_live import badge, log_of, our_number, taken_part, tray_button

A_SWEEP = 100  # seconds: digests are looked for once a minute

FAKE_NOTIFICATIONS = """
window.shown = [];
window.Notification = class {
  static permission = "PERMISSION";
  static async requestPermission() { window.asked = true; return Notification.permission = "granted"; }
  constructor(title, options) { window.shown.push({ title, ...options }); window.last = this; }
  close() {}
};
"""


def writes(simulator: Simulator, chat: Conversation, text: str) -> None:
    simulator.text(text, sender=chat.person.phone, recipient=our_number(chat))


@pytest.mark.requirement("N1", "O5")
def test_the_tray_has_one_row_for_each_conversation_and_the_tabs_icon_says_so(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya looks at her jobs
    maya = a.user()
    anna, marcus = a.conversation(team=[maya]), a.conversation(team=[maya], name="Marcus Hill")
    page = site.page_of(maya)
    page.goto("/jobs/")
    icon = page.locator("#favicon")
    expect(icon).to_have_attribute("href", re.compile("favicon.svg"))

    # when Anna writes thrice, and Marcus once
    for text in ("One", "Two", "Three"):
        writes(simulator, anna, text)
    writes(simulator, marcus, "Hello")

    # then two conversations are counted, in the badge, the title and the icon
    expect(badge(page)).to_contain_text("2")
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    expect(icon).to_have_attribute("href", re.compile("favicon-news.svg"))
    tray_button(page).click()
    tray = page.locator("#tray")
    expect(tray.locator("li").get_by_role("link")).to_have_count(2)
    expect(tray.get_by_role("link", name="Anna Bauer")).to_contain_text("and 2 more")
    assert violations(page) == []

    # when she opens Anna's, then she is where it was said, and one is left
    tray.get_by_role("link", name="Anna Bauer").click()
    expect(log_of(page)).to_contain_text("Three")
    expect(badge(page)).to_contain_text("1")
    tray_button(page).click()
    tray.get_by_role("link", name="Marcus Hill").click()
    expect(log_of(page)).to_contain_text("Hello")
    expect(badge(page)).to_have_count(0)
    expect(icon).to_have_attribute("href", re.compile("favicon.svg"))


def wants_desktop(user: User, *, text: bool = False) -> None:
    NoticeSettings.objects.update_or_create(user=user, defaults={"desktop": True, "desktop_shows_text": text})


def tab_of(site: Site, user: User, *, permission: str = "granted", beside: Page | None = None) -> Page:
    """A tab whose desktop notifications are counted instead of shown."""
    page = beside.context.new_page() if beside else site.page_of(user)
    page.add_init_script(FAKE_NOTIFICATIONS.replace("PERMISSION", permission))
    return page


def shown(*pages: Page) -> list[str]:
    """What these tabs put on the desktop."""
    said = [each for page in pages for each in page.evaluate("window.shown")]
    return [f"{each['title']}|{each['body']}" for each in said]


@pytest.mark.requirement("N1", "N2")
def test_the_desktop_is_told_once_for_all_tabs_and_not_of_what_is_in_front(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya wants desktop notifications, and has Anna's conversation in front and two other tabs
    maya = a.user()
    wants_desktop(maya)
    anna, marcus = a.conversation(team=[maya]), a.conversation(team=[maya], name="Marcus Hill")
    front = tab_of(site, maya)
    front.goto(anna.record.messages_url())
    tabs = [front, tab_of(site, maya, beside=front), tab_of(site, maya, beside=front)]
    for tab in tabs[1:]:
        tab.goto("/jobs/")
    front.bring_to_front()

    # when both write, then the desktop shows Marcus alone, without a word of his
    writes(simulator, anna, "In front of you")
    writes(simulator, marcus, "My salary is 93000")
    until(lambda: shown(*tabs))
    expect(log_of(front)).to_contain_text("In front of you")
    until(lambda: not Notice.objects.filter(conversation=anna, read_at=None).exists())
    writes(simulator, marcus, "Are you there?")
    until(lambda: len(shown(*tabs)) == 2)
    assert shown(*tabs) == ["Marcus Hill replied|"] * 2

    # when she clicks it, then that tab has the conversation
    [tab] = [each for each in tabs if each.evaluate("Boolean(window.last)")][:1]
    tab.evaluate("window.last.onclick()")
    expect(log_of(tab)).to_contain_text("Are you there?")


def test_who_wants_the_words_gets_them_and_who_wants_nothing_gets_nothing(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Maya wants the words too, and Priya has asked for nothing, though her browser would allow it
    maya = a.user()
    priya = a.user(company=maya.company, name="Priya Nair")
    wants_desktop(maya, text=True)
    chat = a.conversation(team=[maya, priya])
    mayas, priyas = tab_of(site, maya), tab_of(site, priya)
    for page in (mayas, priyas):
        page.goto("/jobs/")
    writes(simulator, chat, "Is Tuesday fine?")
    until(lambda: shown(mayas) == ["Anna Bauer replied|Is Tuesday fine?"])
    expect(badge(priyas)).to_contain_text("1")
    assert shown(priyas) == []


def test_turning_them_on_in_ones_account_asks_the_browser(a: Builders, site: Site) -> None:
    # given a browser that was never asked
    maya = a.user()
    page = tab_of(site, maya, permission="default")
    page.goto("/account/")
    page.get_by_role("link", name="Change sending and notices").click()
    assert violations(page) == []
    box = page.get_by_role("checkbox", name="Show desktop notifications")
    expect(box).not_to_be_checked()

    # when she turns them on, then the browser asks, and it is kept
    box.check()
    until(lambda: page.evaluate("Boolean(window.asked)"))
    page.get_by_role("radio", name="Never").check()
    page.get_by_role("checkbox", name="Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    kept = NoticeSettings.objects.get(user=maya)
    assert (kept.desktop, kept.digest, kept.shortcuts) == (True, Digest.NEVER, False)
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")

    # and where a browser forbids it, the page says so
    denied = tab_of(site, maya, permission="denied")
    denied.goto("/account/notices/")
    expect(denied.get_by_text("Your browser forbids it.")).to_be_visible()
    assert violations(denied) == []


@pytest.fixture
def letters(stack: Stack) -> Path:
    """Where the platform's mail goes here."""
    return Path(stack.environment["DATA_DIR"]) / "mail"


@pytest.mark.requirement("N1")
def test_who_was_away_gets_one_mail_and_ends_them_with_one_click(
    a: Builders, site: Site, letters: Path, stack: Stack
) -> None:
    # given Maya hasn't been here since Marcus and Anna wrote, and wants to hear by the hour
    maya = a.user()
    NoticeSettings.objects.create(user=maya, digest=Digest.HOURLY)
    chats = [a.conversation(team=[maya], name=name) for name in ("Marcus Hill", "Anna Bauer")]
    for chat in chats:
        taken_part(maya, chat)
        message = chat.messages.create(
            channel="sms", direction="in", body="Secret", status="received", created_version=2, version=2
        )
        hours_ago = timezone.now() - timedelta(hours=3)
        Notice.objects.create(user=maya, conversation=chat, message=message, kind="reply", at=hours_ago)

    # then the sweeper posts one mail, though it dies and comes back
    stack.kill("sweeper")
    stack.start("sweeper")
    until(lambda: OutgoingMail.objects.filter(to=maya.email, sent_at__isnull=False).exists(), within=A_SWEEP)
    stack.kill("sweeper")
    stack.start("sweeper")
    stack.wait_until_healthy()
    assert OutgoingMail.objects.filter(to=maya.email).count() == 1
    mail = mail_to(maya, letters)
    for words in ("Marcus Hill (Field Engineer): 1 reply", "Anna Bauer (Field Engineer): 1 reply"):
        assert words in mail.get_payload()
    assert "Secret" not in mail.get_payload()

    # when she follows its link to a conversation, then she is there
    page = site.page_of(maya)
    page.goto(chats[0].record.messages_url())
    assert f"{stack.url}{chats[0].record.messages_url()}?channel=sms" in mail.get_payload()

    # when she, or anybody she forwards it to, follows the way out, then a page asks, and a click does it
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = mail["List-Unsubscribe"].replace("\n", "").strip("<> ")
    stranger = site.browser.new_context()
    site.contexts.append(stranger)
    page = stranger.new_page()
    page.goto(way_out)
    assert violations(page) == []
    page.get_by_role("button", name="Turn these mails off").click()
    expect(page.get_by_role("heading", name="No more mails of news")).to_be_visible()
    assert violations(page) == []
    assert NoticeSettings.objects.get(user=maya).digest == Digest.NEVER


def mail_to(user: User, letters: Path) -> Message:
    texts = [text for file in letters.iterdir() for text in file.read_text().split("-" * 79 + "\n")]
    [found] = [text for text in texts if f"To: {user.email}" in text]
    return message_from_string(found.lstrip())
