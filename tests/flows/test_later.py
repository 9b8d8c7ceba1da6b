"""Write now, it leaves when it may, in a browser and under fire: scheduled, edited, sent now, canceled; killed."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from inbox import scheduling
from inbox.models import ScheduledMessage, ScheduledState
from inbox.outcomes import Scheduled
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests import steps
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, at_once, until, violations
from tests.flows.faults import CHANNELS, HeldRow, Texting, all_settled, texting


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True).last


def waiting_in(page: Page) -> Locator:
    return page.get_by_role("region", name="Not sent yet").get_by_role("article")


def texts_in(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with").get_by_role("article")


def schedule(chat: Texting, body: str) -> ScheduledMessage:
    outcome = scheduling.schedule(
        conversation_id=chat.conversation.pk,
        author=chat.user,
        channel_key=chat.channel,
        body=body,
        client_token=uuid4(),
        when=timezone.now() + timedelta(hours=1),
    )
    assert isinstance(outcome, Scheduled), outcome
    return outcome.row


def are_due(rows: list[ScheduledMessage]) -> None:
    ScheduledMessage.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=timezone.now())


@pytest.mark.requirement("V1", "F3", "I1")
def test_a_text_is_scheduled_edited_and_goes_at_its_time(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Maya writes, and Priya looks on
    company = a.company()
    maya, priya = a.user(company=company), a.user(company=company, name="Priya Rao")
    chat = a.conversation(team=[maya, priya])
    page, others = site.page_of(maya), site.open(priya, chat)
    page.goto(f"/inbox/{chat.pk}/")
    box_of(page).fill("See you on Thursday!")

    # when she opens the menu, then it is all reachable by keyboard, and Enter in the date sends nothing
    page.get_by_label("Send later").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="In 2 hours")).to_be_visible()
    assert violations(page) == []
    page.get_by_label(re.compile("^Date and time in")).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose a date and a time first.")
    expect(box_of(page)).to_have_value("See you on Thursday!")

    # when she chooses a time, then it waits below the thread, for all of the team
    page.get_by_role("button", name="In 2 hours").click()
    expect(waiting_in(page)).to_contain_text("See you on Thursday!")
    expect(waiting_in(page)).to_contain_text("Goes out at")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.locator("#body")).to_have_value("")
    expect(waiting_in(others)).to_contain_text("Goes out at")
    expect(others.get_by_role("button", name="Stop, and tell Maya")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name=re.compile("Scheduled")).first.click()
    expect(page.locator("#rows .conv")).to_have_count(1)
    page.goto(f"/inbox/{chat.pk}/")

    # when she edits, and what she types outlives what comes meanwhile
    waiting_in(page).get_by_text("Edit").click()
    words = waiting_in(page).get_by_role("textbox", name="Message")
    words.fill("See you on Friday!")
    simulator.text("Which day?", sender=chat.person.phone, recipient=steps.our_number(chat))
    expect(texts_in(page)).to_contain_text("Which day?")
    expect(words).to_have_value("See you on Friday!")
    words.fill("x" * 1601)
    waiting_in(page).get_by_role("button", name="Save").click()
    expect(waiting_in(page).get_by_role("alert")).to_contain_text("1 character too many")
    assert violations(page) == []
    waiting_in(page).get_by_role("textbox", name="Message").fill("See you on Friday!")
    waiting_in(page).get_by_role("button", name="Save").click()
    expect(waiting_in(page).get_by_role("button", name="Save")).to_be_hidden()
    expect(waiting_in(others)).to_contain_text("See you on Friday!")

    # when its time comes, then it goes, once, and all pages show it in the thread
    are_due(list(ScheduledMessage.objects.filter(conversation=chat)))
    until(lambda: simulator.received(chat.person.phone) == ["See you on Friday!"])
    for each in (page, others):
        expect(waiting_in(each)).to_have_count(0)
        expect(texts_in(each).last).to_contain_text("Delivered")


@pytest.mark.requirement("O3", "F6")
def test_what_was_written_before_the_yes_goes_with_it(a: Builders, site: Site, simulator: Simulator) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    page = site.open(maya, chat)
    page.get_by_role("button", name="Send Invite").click()
    expect(page.get_by_role("heading", name="Waiting for Anna")).to_be_visible()

    # when she writes now
    page.get_by_role("link", name="Write now, it leaves when Anna says yes").click()
    expect(page.get_by_text("leaves by itself when Anna says “Yes”")).to_be_visible()
    assert violations(page) == []
    box_of(page).fill("Hello Anna, is Thursday fine?")
    box_of(page).press("Control+Enter")

    # then it waits, and the lock is back
    expect(waiting_in(page)).to_contain_text("Goes out when Anna says “Yes”.")
    expect(page.get_by_role("heading", name="Waiting for Anna")).to_be_visible()
    assert violations(page) == []

    # when Anna says so, then it goes by itself
    simulator.text("Yes", sender=chat.person.phone, recipient=chat.messages.latest("pk").sender)
    until(lambda: "Hello Anna, is Thursday fine?" in simulator.received(chat.person.phone))
    expect(waiting_in(page)).to_have_count(0)
    expect(texts_in(page).last).to_contain_text("Delivered")
    expect(box_of(page)).to_have_value("")


def test_canceled_with_a_way_back_and_sent_now_without_javascript_too(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    maya = a.user()
    chat = Texting(maya, a.conversation(team=[maya]), "", simulator)
    schedule(chat, "See you!")
    page = site.open(maya, chat.conversation)
    plain = site.open(maya, chat.conversation, java_script_enabled=False)
    for each in (page, plain):
        waiting_in(each).get_by_role("button", name="Cancel").click()
        expect(each.get_by_text("Canceled. It won’t go out.")).to_be_visible()
        expect(waiting_in(each)).to_have_count(0)
        assert each is plain or violations(each) == []
        each.get_by_role("button", name="Undo").click()
        expect(waiting_in(each)).to_contain_text("See you!")
    waiting_in(plain).get_by_role("button", name="Send now").click()
    expect(texts_in(plain)).to_contain_text("See you!")
    until(lambda: simulator.received(chat.phone) == ["See you!"])
    expect(waiting_in(page)).to_have_count(0)


@pytest.mark.requirement("O6", "I2")
def test_what_may_not_go_any_more_tells_its_author_and_is_hers_to_repair(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given
    maya = a.user()
    chat = a.conversation(team=[maya])
    texting_chat = Texting(maya, chat, steps.our_number(chat), simulator)
    row = schedule(texting_chat, "See you!")
    page = site.open(maya, chat)
    texting_chat.says("Stop")
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    # when its time comes
    are_due([row])
    # then
    expect(waiting_in(page)).to_contain_text("Held back. Anna opted out of SMS.")
    expect(texts_in(page).last).to_contain_text("held back")
    assert violations(page) == []
    waiting_in(page).get_by_role("button", name="Send now").click()
    expect(page.locator("#writing").get_by_role("alert")).to_contain_text("opted out")
    texting_chat.says("Start")
    expect(box_of(page)).to_be_visible()
    waiting_in(page).get_by_role("button", name="Send now").click()
    until(lambda: simulator.received(texting_chat.phone) == ["See you!"])


# --- killed, frozen, raced ---


@pytest.mark.requirement("I1", "I9")
@pytest.mark.parametrize("channel", CHANNELS)
def test_worker_and_sweeper_killed_around_the_due_moment_each_goes_once(
    a: Builders, stack: Stack, simulator: Simulator, channel: str
) -> None:
    # given eight conversations with three texts each, all due at once
    chats = texting(a, simulator, how_many=8, channel=channel)
    words = ["one", "two", "three"]
    rows = [schedule(chat, word) for word in words for chat in chats]
    are_due(rows)
    # when both are killed while they go
    for wanted in (2, 8, 16):
        until(partial(has_sent, rows, wanted))
        for name in ("worker", "sweeper"):
            stack.kill(name)
        for name in ("worker", "sweeper"):
            stack.start(name)
    until(partial(has_sent, rows, len(rows)), within=90)
    all_settled([message for chat in chats for message in chat.sent], within=90)
    # then each was handed over once at most, in order, and none is lost
    for chat in chats:
        handed = chat.handed_over()
        assert len(handed) == len(set(handed))
        statuses = chat.statuses()
        assert set(statuses) >= set(words)
        assert all(statuses[word] in {Status.DELIVERED, Status.UNKNOWN} for word in words)
        arrived = [word for word in chat.received() if word in words]
        assert arrived == [word for word in words if word in arrived]


def has_sent(rows: list[ScheduledMessage], wanted: int) -> bool:
    sent = ScheduledMessage.objects.filter(pk__in=[row.pk for row in rows], state=ScheduledState.SENT)
    return sent.count() >= wanted


@pytest.mark.requirement("I1")
def test_a_worker_killed_within_the_transaction_leaves_nothing_half_done(
    a: Builders, stack: Stack, simulator: Simulator
) -> None:
    # given a worker that is caught in the middle
    [chat] = texting(a, simulator)
    row = schedule(chat, "See you!")
    held = HeldRow(chat.conversation)
    are_due([row])
    until(held.is_waited_for, why="the worker wants the conversation")
    # when it is killed
    stack.kill("worker")
    held.let_go()
    row.refresh_from_db()
    assert row.state == ScheduledState.WAITING
    assert chat.statuses() == {}
    # then another one does it
    stack.start("worker")
    until(lambda: chat.received() == ["See you!"])
    assert chat.handed_over() == ["See you!"]


@pytest.mark.requirement("I1")
def test_many_workers_edits_and_cancels_at_once_each_is_one_thing_only(
    a: Builders, stack: Stack, simulator: Simulator
) -> None:
    chats = texting(a, simulator, how_many=6)
    maya = chats[0].user
    rows = [schedule(chat, "See you!") for chat in chats]
    stack.kill("sweeper")  # so that only these ask
    are_due(rows)
    for row in rows:
        at_once(
            partial(scheduling.send_due, row.conversation_id),
            partial(scheduling.send_due, row.conversation_id),
            partial(scheduling.cancel, scheduled_id=row.pk, by=maya),
            partial(scheduling.send_now, scheduled_id=row.pk, by=maya),
        )
    stack.start("sweeper")
    for chat, row in zip(chats, rows, strict=True):
        row.refresh_from_db()
        sent = list(chat.sent)
        assert row.state in {ScheduledState.SENT, ScheduledState.CANCELED}
        assert len(sent) == (1 if row.state == ScheduledState.SENT else 0)
        all_settled(sent)
        assert chat.handed_over() == ["See you!"] * len(sent)
