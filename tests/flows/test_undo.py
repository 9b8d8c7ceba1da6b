"""A few seconds to undo: a message waits in view, and its author takes it back by a click, a key or a plain form."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from inbox import delivery, taking_back
from inbox.models import Message
from inbox.outcomes import Refused, TakenBack
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, at_once, until, violations
from tests.flows.faults import all_settled, texting


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def texts_in(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with").get_by_role("article")


def send(page: Page, words: str) -> None:
    box_of(page).fill(words)
    page.get_by_role("button", name="Send SMS").click()


@pytest.mark.requirement("I1", "I9")
def test_a_text_counts_down_and_leaves_or_comes_back(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya has five seconds, and Jonas looks on
    company = a.company()
    maya, jonas = a.user(company=company, undo_seconds=5), a.user(company=company, name="Jonas Weber")
    chat = a.conversation(team=[maya, jonas])
    page, jonas_page = site.open(maya, chat), site.open(jonas, chat)

    # when she sends, then it stands there with its seconds, and only she may undo
    send(page, "Hello Ana")
    text = texts_in(page).filter(has_text="Hello Ana")
    expect(text).to_contain_text(re.compile("Leaves in [345] s"))
    expect(text).to_contain_text(re.compile("Leaves in [12] s"))
    assert violations(page) == []
    expect(texts_in(jonas_page)).to_contain_text("Queued")
    expect(jonas_page.get_by_role("button", name="Undo")).to_have_count(0)

    # when she undoes it and has begun the next line, then the words are before it, and the text is gone everywhere
    box_of(page).fill("See you!")
    page.get_by_role("button", name="Undo").click()
    expect(box_of(page)).to_have_value("Hello Ana\nSee you!")
    expect(box_of(page)).to_be_focused()
    expect(texts_in(page)).to_have_count(0)
    expect(texts_in(jonas_page)).to_have_count(0)

    # when she corrects and sends it, and nobody undoes, then it goes
    send(page, "Hello Anna")
    sent_at = timezone.now()
    until(lambda: simulator.received(chat.person.phone) == ["Hello Anna"])
    assert timedelta(seconds=4) < timezone.now() - sent_at < timedelta(seconds=9)
    expect(texts_in(page)).to_contain_text("Delivered")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.reload()
    expect(texts_in(page)).to_have_count(1)
    expect(box_of(page)).to_have_value("")


@pytest.mark.requirement("F3")
def test_a_key_undoes_in_the_inbox_also_from_another_channel(a: Builders, site: Site, simulator: Simulator) -> None:
    # given
    maya = a.user(undo_seconds=30)
    chat = a.conversation(team=[maya])
    page = site.page_of(maya)
    page.goto(f"/inbox/{chat.pk}/")
    send(page, "Hello Anna")
    expect(texts_in(page)).to_have_count(1)

    # when she goes on to an email and presses z
    page.get_by_role("radio", name="Email").check()
    expect(page.get_by_role("button", name="Send Email")).to_be_visible()
    page.get_by_role("heading", name="Anna Bauer").focus()
    page.keyboard.press("z")

    # then the SMS is a draft again
    expect(texts_in(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Send SMS")).to_be_visible()
    expect(box_of(page)).to_have_value("Hello Anna")
    expect(page.locator("#rows")).to_contain_text("No messages yet")
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()


def test_without_javascript_there_is_a_button(a: Builders, site: Site, simulator: Simulator) -> None:
    maya = a.user(undo_seconds=30)
    chat = a.conversation(team=[maya])
    page = site.page_of(maya, java_script_enabled=False)
    page.goto(chat.record.messages_url())
    send(page, "Hello Anna")
    expect(texts_in(page)).to_contain_text("Leaves in")
    page.get_by_role("button", name="Undo").click()
    expect(texts_in(page)).to_have_count(0)
    expect(box_of(page)).to_have_value("Hello Anna")


@pytest.mark.requirement("I1")
def test_undo_and_the_worker_at_the_same_moment_one_of_them_wins(
    a: Builders, stack: Stack, simulator: Simulator
) -> None:
    # given texts whose grace ends just now
    chats = texting(a, simulator, how_many=8)
    maya = chats[0].user
    type(maya).objects.filter(pk=maya.pk).update(undo_seconds=30)
    maya.refresh_from_db()
    messages = [chat.send("Hello") for chat in chats]
    for message in messages:
        Message.objects.filter(pk=message.pk).update(due_at=timezone.now(), asked_at=timezone.now())
    outcomes: dict[int, TakenBack | Refused] = {}

    # when she undoes each while workers are asked for it
    def undo(message: Message) -> None:
        outcomes[message.pk] = taking_back.take_back(message_id=message.pk, author=maya)

    for message in messages:
        at_once(partial(undo, message), partial(delivery.deliver_message, message.pk))

    # then what she was told is so
    left = [message for message in messages if isinstance(outcomes[message.pk], Refused)]
    all_settled(left)
    for chat, message in zip(chats, messages, strict=True):
        message.refresh_from_db()
        assert chat.handed_over() == (["Hello"] if message in left else [])
        assert message.status == (Status.DELIVERED if message in left else Status.RECEIVED)


def test_who_wants_no_seconds_says_so_in_her_account(a: Builders, site: Site) -> None:
    maya = a.user(undo_seconds=5)
    page = site.page_of(maya)
    page.goto(reverse("account"))
    page.get_by_role("link", name="Change sending and notices").click()
    page.get_by_label("Seconds to undo a message").fill("0")
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Seconds to undo a message")).to_have_value("0")
    maya.refresh_from_db()
    assert maya.undo_seconds == 0
