"""The Inbox in a browser: by keyboard alone, live, on a phone, without texting, and by plain forms."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from channels_sms import routes
from inbox import doing, marks, receiving
from inbox.models import Conversation, Message
from inbox.receiving import Inbound
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.faults import Clicks

PEOPLE = ["Anna Bauer", "Marcus Hill", "Elise Laurent", "Oskar Lind", "Olivia Clarke", "Liam Tremblay", "Grace Turner"]


@transaction.atomic
def hear(chat: Conversation, body: str, *, channel: str = "sms", ours: str = "") -> Message:
    """The person wrote, a moment ago."""
    if channel == "sms" and not ours:
        route = routes.reserve(chat, chat.person.phone)
        assert route is not None
        ours = route.sender_number.number
    sender = chat.person.email if channel == "email" else chat.person.phone
    inbound = Inbound(channel, sender, ours or "r-x@reply.example", body, f"SM{uuid.uuid4().hex}")
    return receiving.receive(chat.pk, inbound)


@pytest.fixture
def maya(a: Builders) -> User:
    return a.user(company=a.company(texts_by_whatsapp=True, sender_countries=["US", "US"]))


def ten_conversations(a: Builders, simulator: Simulator, maya: User) -> list[Conversation]:
    """Four by SMS, three by WhatsApp, three by email; the last one is at the head of the list."""
    sender = a.whatsapp_sender(maya.company)
    simulator.own(f"whatsapp:{sender.number}")
    chats = []
    for number in range(10):
        name = f"{PEOPLE[number % len(PEOPLE)].split()[0]} Number{number}"
        if number < 4:
            chats.append(a.conversation(team=[maya], sms="opted in", name=name))
            hear(chats[-1], f"Question {number}?")
        elif number < 7:
            chats.append(a.whatsapp_conversation(team=[maya], name=name))
            hear(chats[-1], f"Question {number}?", channel="whatsapp", ours=sender.number)
            simulator.text(
                f"Question {number}?",
                sender=f"whatsapp:{chats[-1].person.phone}",
                recipient=f"whatsapp:{sender.number}",
            )
        else:
            chats.append(a.conversation(team=[maya], sms="nothing", name=name))
            hear(chats[-1], f"Question {number}?", channel="email")
    return chats


def rows(page: Page) -> list[str]:
    return page.locator("#rows .conv__name").all_inner_texts()


@pytest.mark.requirement("F3", "Q4", "Q5")
def test_ten_conversations_on_three_channels_without_touching_the_mouse(
    a: Builders, site: Site, simulator: Simulator, maya: User
) -> None:
    # given ten people who wait for an answer
    chats = ten_conversations(a, simulator, maya)
    names = [chat.person.name for chat in reversed(chats)]
    page = site.page_of(maya)
    page.goto("/inbox/?view=needs-reply")
    assert rows(page) == names
    press = page.keyboard.press

    # when she opens one after the other, writes and sends, by keys alone
    for at, name in enumerate(names):
        press("j")
        press("Enter")
        expect(page.get_by_role("heading", name=name, level=2)).to_be_focused()
        press("r")
        box = page.get_by_role("textbox", name="Message", exact=True)
        expect(box).to_be_focused()
        page.keyboard.type(f"Answer {9 - at}")
        press("Control+Enter")
        expect(page.get_by_role("log")).to_contain_text(f"Answer {9 - at}")
        expect(box).to_have_value("")
        press("Escape")
        expect(page.get_by_role("heading", name=name, level=2)).to_be_focused()
        press("Escape")  # back to the list, where she was
        expect(page.locator(".conv:focus")).to_contain_text(name)
    # then each answer went out once, on the channel that the person used last
    answers = Message.objects.filter(conversation__in=chats, direction="out")
    until(lambda: answers.count() == 10, why="what is shown at once is stored a moment later")
    for number, chat in enumerate(chats):
        sent = chat.messages.get(direction="out")
        assert sent.body.endswith(f"Answer {number}")
        assert sent.channel == ("sms" if number < 4 else "whatsapp" if number < 7 else "email")
    until(lambda: not Message.objects.filter(conversation__in=chats, status=Status.QUEUED).exists())
    assert violations(page) == []

    # when she is done with one, takes that back, puts one off, stars one, and searches
    page.goto("/inbox/")
    first = rows(page)[0]
    press("j")
    press("o")
    expect(page.get_by_role("heading", name=first, level=2)).to_be_focused()
    press("e")
    expect(page.get_by_text(f"Done with {first}")).to_be_visible()
    expect(page.locator("#rows").get_by_text(first)).to_have_count(0)
    press("z")
    expect(page.locator("#rows").get_by_text(first)).to_have_count(1)
    opened = page.locator("#conversation-title").inner_text()
    press("h")
    expect(page.get_by_role("button", name="In 2 hours")).to_be_focused()
    press("Enter")
    expect(page.locator("#rows").get_by_text(opened)).to_have_count(0)
    press("/")
    page.keyboard.type("question 3")
    press("Enter")
    expect(page.locator("#rows mark").first).to_have_text(re.compile("Question|3"))
    until(lambda: rows(page) == [chats[3].person.name])
    assert violations(page) == []


@pytest.mark.requirement("N2", "F3")
def test_a_reply_shows_live_and_moves_nothing_that_is_read(
    a: Builders, site: Site, simulator: Simulator, maya: User
) -> None:
    # given Maya reads a long thread, scrolled up, and the list beside it
    chat, other = a.conversation(team=[maya], name="Marcus Hill"), a.conversation(team=[maya], name="Anna Bauer")
    for number in range(30):
        hear(chat, f"Line {number} " + "of a long thread " * 8)
    hear(other, "Good morning")
    page = site.page_of(maya)
    page.goto(f"/inbox/{chat.pk}/")
    thread = page.locator("#thread")
    thread.evaluate("each => { each.scrollTop = 300; }")
    assert rows(page) == ["Anna Bauer", "Marcus Hill"]
    # when Marcus writes
    route = routes.reserve(chat, chat.person.phone)
    assert route
    simulator.text("One more thing", sender=chat.person.phone, recipient=route.sender_number.number)
    # then it is there, his row is first, and she is where she was
    expect(page.get_by_role("log")).to_contain_text("One more thing")
    expect(page.get_by_role("button", name="1 new message")).to_be_visible()
    assert thread.evaluate("each => each.scrollTop") == 300
    expect(page.locator("#rows .conv__name").first).to_have_text("Marcus Hill")
    # and what isn't open is marked as unread, and counted
    other_route = routes.reserve(other, other.person.phone)
    assert other_route
    simulator.text("Hello?", sender=other.person.phone, recipient=other_route.sender_number.number)
    row = page.locator(f"#c{other.pk}")
    expect(row).to_have_attribute("data-unread", "")
    expect(page.get_by_role("link", name=re.compile("^Unread"))).to_contain_text("1")


@pytest.mark.requirement("F3", "N2")
def test_after_a_lost_connection_the_list_is_whole_again(a: Builders, stack: Stack, site: Site, maya: User) -> None:
    # given Maya's list, and a live process that dies
    shown, off = a.conversation(team=[maya], name="Anna Bauer"), a.conversation(team=[maya], name="Marcus Hill")
    back = a.conversation(team=[maya], name="Liam Tremblay")
    for chat in (shown, off, back):
        hear(chat, "Hello")
    marks.snooze(maya, back.pk, until=timezone.now() + timedelta(hours=1))
    page = site.page_of(maya)
    page.goto("/inbox/")
    assert rows(page) == ["Marcus Hill", "Anna Bauer"]
    stack.kill("live")
    # when meanwhile one person writes anew, a colleague is done with another, and what was put off is due
    doing.set_done(off, is_done=True, by=maya)
    marks.snooze(maya, back.pk, until=None)
    hear(shown, "Are you there?")
    stack.start("live")
    # then the page finds out by itself
    expect(page.locator("#rows .conv__name")).to_have_text(["Anna Bauer", "Liam Tremblay"], timeout=60_000)


@pytest.mark.requirement("F3")
def test_what_is_marked_as_unread_stays_so_while_it_is_open(a: Builders, site: Site, maya: User) -> None:
    chat = a.conversation(team=[maya], name="Anna Bauer")
    hear(chat, "Hello")
    page = site.page_of(maya)
    page.goto(f"/inbox/{chat.pk}/")
    row = page.locator(f"#c{chat.pk}")
    expect(row).not_to_have_attribute("data-unread", "")
    page.keyboard.press("u")
    expect(page.get_by_text("Anna Bauer is unread")).to_be_visible()
    expect(row).to_have_attribute("data-unread", "")
    expect(page.get_by_role("link", name=re.compile("^Unread"))).to_contain_text("1")
    # and what was taken back is so at once
    page.keyboard.press("z")
    expect(row).not_to_have_attribute("data-unread", "")


@pytest.mark.requirement("Q4", "Q3", "F4")
def test_without_texting_there_is_email_and_no_trace_of_more(a: Builders, stack: Stack, site: Site) -> None:
    # given a company without SmartMessage
    company = a.company(has_smartmessage=False, texts_by_sms=False, sender_countries=[], seats_bought=0)
    sam = a.user(company=company, seat=False, name="Sam Okafor")
    chat = a.conversation(team=[sam], sms="nothing", name="Ben Osei")
    hear(chat, "Is the shop open on Sunday?", channel="email")
    page = site.page_of(sam)
    # when
    page.goto("/inbox/")
    page.get_by_role("link", name=re.compile("Ben Osei")).click()
    page.get_by_role("textbox", name="Message", exact=True).fill("From ten to four.")
    page.get_by_role("button", name="Send Email").click()
    # then
    expect(page.get_by_role("log").get_by_role("article").last).to_contain_text("Sent")
    words = page.locator("main").inner_text()
    assert not re.search(r"SMS|WhatsApp|opt", words), words
    assert [each.strip() for each in page.locator("[data-picker] label").all_inner_texts()] == ["Email", "Note"]
    assert violations(page) == []
    # and crafted requests get nowhere
    clicks = Clicks(stack, sam)
    for channel in ("sms", "whatsapp"):
        assert clicks.post(f"/conversations/{chat.pk}/send/{channel}/", body="Hi").status_code == 422
        assert clicks.post(f"/conversations/{chat.pk}/invite/{channel}/").status_code == 422
    assert set(chat.messages.values_list("channel", flat=True)) == {"email"}


@pytest.mark.requirement("F3", "Q5", "F6")
def test_a_locked_channel_is_chosen_to_see_why_and_drafts_stay_with_their_channel(
    a: Builders, site: Site, maya: User
) -> None:
    a.whatsapp_sender(maya.company)
    chat = a.conversation(team=[maya], sms="opted in", name="Marcus Hill")
    hear(chat, "Hello")
    page = site.page_of(maya)
    page.goto(f"/inbox/{chat.pk}/")
    page.get_by_role("textbox", name="Message", exact=True).fill("half a text")
    # when she looks at WhatsApp, then at email, then comes back
    page.get_by_role("radio", name=re.compile("WhatsApp")).check(force=True)
    expect(page.get_by_role("heading", name="No consent to WhatsApp")).to_be_visible()
    page.get_by_role("radio", name="Email").check(force=True)
    page.get_by_role("textbox", name="Subject").fill("Your portfolio")
    expect(page).to_have_url(re.compile("on=email"))
    page.get_by_role("radio", name=re.compile("^SMS")).check(force=True)
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("half a text")


@pytest.mark.requirement("F3")
def test_address_back_and_forward_say_what_is_open(a: Builders, site: Site, maya: User) -> None:
    first, second = a.conversation(team=[maya], name="Anna Bauer"), a.conversation(team=[maya], name="Marcus Hill")
    for chat in (first, second):
        hear(chat, "Hello")
    page = site.page_of(maya)
    page.goto("/inbox/?view=unread")
    page.locator(f"#c{first.pk}").click()
    expect(page).to_have_url(re.compile(rf"/inbox/{first.pk}/\?view=unread$"))
    page.locator(f"#c{second.pk}").click()
    expect(page.get_by_role("heading", name="Marcus Hill", level=2)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Anna Bauer", level=2)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="Marcus Hill", level=2)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Marcus Hill", level=2)).to_be_visible()
    expect(page).to_have_title(re.compile("Marcus Hill · Inbox"))


@pytest.mark.requirement("F3")
def test_on_a_phone_there_is_one_column_at_a_time(a: Builders, site: Site, maya: User) -> None:
    chat = a.conversation(team=[maya], name="Anna Bauer")
    hear(chat, "Hello")
    page = site.page_of(maya, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto("/inbox/")
    assert violations(page) == []
    page.locator(f"#c{chat.pk}").tap()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    expect(page.locator("#rows")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []
    page.get_by_role("link", name="Back to the list").tap()
    expect(page.locator(f"#c{chat.pk}")).to_be_visible()


@pytest.mark.requirement("F3")
def test_it_works_without_javascript(a: Builders, site: Site, maya: User) -> None:
    chat = a.conversation(team=[maya], name="Anna Bauer")
    hear(chat, "Hello")
    page = site.page_of(maya, java_script_enabled=False)
    page.goto("/inbox/")
    page.get_by_role("link", name=re.compile("Anna Bauer")).click()
    page.get_by_role("textbox", name="Message", exact=True).fill("Good morning")
    page.get_by_role("button", name=re.compile("^Send SMS")).click()
    expect(page).to_have_url(re.compile(rf"/inbox/{chat.pk}/\?on=sms"))
    expect(page.get_by_role("log")).to_contain_text("Good morning")
    page.get_by_role("button", name="Done").click()
    expect(page).to_have_url(re.compile("/inbox/$"))
    expect(page.get_by_text("Anna Bauer")).to_have_count(0)
    page.get_by_role("link", name="Done").first.click()
    page.get_by_role("link", name=re.compile("Anna Bauer")).click()
    page.get_by_role("button", name="Not done").click()
    page.goto("/inbox/?q=good")
    expect(page.locator("mark").first).to_have_text("Good")
