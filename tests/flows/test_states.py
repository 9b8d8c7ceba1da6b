"""Every state of the SMS window and of a text: the right sentence, the one thing that helps, nothing axe objects to.

Each state is looked at in full and phone width, in light and in dark.
"""

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from channels_sms import routes
from channels_sms.models import Route
from inbox import sending
from inbox.models import Conversation, DeliveryAttempt, Message
from inbox.outcomes import Reason, Sent
from inbox.rules import RANKS, AttemptStatus, Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS: list[dict[str, Any]] = [
    {"viewport": size, "color_scheme": scheme} for size in (WIDE, PHONE) for scheme in ("light", "dark")
]
FAR = timedelta(days=1)


@dataclass(frozen=True)
class State:
    """A state of the window: how it comes about, and what it must show."""

    make: Callable[[Builders, User], Conversation]
    heading: str
    sentence: str
    buttons: tuple[str, ...] = ()
    has_check: bool = False
    query: str = ""
    company: tuple[tuple[str, Any], ...] = ()


def with_standing(standing: str, **person: Any) -> Callable[[Builders, User], Conversation]:
    return lambda a, maya: a.conversation(team=[maya], sms=standing, **person)


def invited_three_times(a: Builders, maya: User) -> Conversation:
    chat = a.conversation(team=[maya], sms="first consent")
    for _time in range(3):
        invitation = sending.send_invitation(
            conversation_id=chat.pk, author=maya, channel_key="sms", client_token=uuid4()
        )
        assert isinstance(invitation, Sent)
    until(lambda: chat.messages.filter(status=Status.DELIVERED).count() == 3)
    return chat


def blocked_by_the_carrier(a: Builders, maya: User) -> Conversation:
    chat = a.conversation(team=[maya])
    routes.reserve(chat, chat.person.phone)
    Route.objects.filter(conversation=chat).update(blocked_at=timezone.now())
    return chat


def without_consent_to_whatsapp(a: Builders, maya: User) -> Conversation:
    a.whatsapp_sender()
    return a.conversation(team=[maya])


def read_without_a_seat(a: Builders, maya: User) -> Conversation:
    maya.seat.delete()
    a.user(company=maya.company, seat=False, name="Ada Novak", is_company_admin=True)
    return a.conversation(team=[maya])


STATES = {
    "no number": State(
        with_standing("nothing", phone=""),
        "No phone number",
        "Add Anna's number to text. Consent starts with the number.",
        ("Edit Contact Info", "Write an email"),
    ),
    "bad number": State(
        with_standing("nothing", phone="0412-CALL-JACK", name="Jack Wilson"),
        "This number can't receive texts",
        "0412-CALL-JACK contains the letter “C”. Write the international code first, then digits, "
        "for example +1 415 123 4567 (United States).",
        ("Edit Contact Info", "Write an email"),
    ),
    "no first consent": State(
        with_standing("nothing"),
        "No consent to text",
        "Anna didn't agree to texts on the application form",
        ("Write an email",),
    ),
    "never invited": State(
        with_standing("first consent"),
        "Anna has not opted in to SMS",
        "Send an invitation. Texting opens when Anna replies “Yes”.",
        ("Send Invite", "Write an email"),
    ),
    "invited": State(
        with_standing("invited"),
        "Waiting for Anna",
        "Your invite has been sent but the candidate has not yet opted-in. "
        "You can send another invite by clicking here",
        ("clicking here", "Write an email"),
    ),
    "invited three times": State(
        invited_three_times,
        "Waiting for Anna",
        "It was sent as often as a week allows. The next invite is possible on",
        ("Write an email",),
    ),
    "opted in": State(with_standing("opted in"), "No texts yet", "from +1", ("Send SMS",), has_check=True),
    "opted out": State(
        with_standing("opted out"),
        "Anna opted out of SMS",
        "SMS to Anna is closed. It opens again when Anna texts “Start”. Email still works.",
        ("Write an email",),
    ),
    "blocked by the carrier": State(
        blocked_by_the_carrier,
        "The carrier blocks this number",
        "Texting opens when Anna texts START to +1",
        ("Write an email",),
    ),
    "no number of ours": State(
        with_standing("opted in"),
        "No sending number is free",
        "already texts Anna in another conversation, or there is none.",
        ("Write an email",),
        company=(("sender_countries", ()),),
    ),
    "no seat": State(
        read_without_a_seat,
        "You can read, but not send",
        "Texting needs a SmartMessage seat. Your admin Ada Novak can give you one.",
        ("Write an email",),
        has_check=True,
    ),
    "whatsapp": State(
        without_consent_to_whatsapp,
        "No consent to WhatsApp",
        "Anna didn't agree to WhatsApp on the application form. Ask by email: it carries a link.",
        ("Ask for consent by email", "Write an email"),
        has_check=True,
        query="?channel=whatsapp",
        company=(("texts_by_whatsapp", True),),
    ),
    "email only": State(
        with_standing("nothing"),
        "Your company doesn't text",
        "SmartMessage isn't part of your subscription. Email works for everyone.",
        ("Write an email",),
        company=(("has_smartmessage", False),),
    ),
}


@pytest.mark.requirement("F4", "F5", "F6", "A3", "O3", "O4", "O6", "O13", "O16", "P1")
@pytest.mark.parametrize("name", STATES)
def test_each_state_of_the_window(a: Builders, site: Site, name: str) -> None:
    # given
    state = STATES[name]
    maya = a.user(company=a.company(**dict(state.company)))
    chat = state.make(a, maya)

    # when Maya looks, at her desk and on her phone, by day and by night
    for look in LOOKS:
        page = site.open(maya, chat, **look)
        page.goto(f"{chat.record.messages_url()}{state.query}")

        # then the window says what is so, why, and what helps
        window = page.get_by_role("tabpanel", name="Messages")
        expect(window.get_by_role("heading", name=state.heading)).to_be_visible()
        expect(window.locator(".conversation")).to_contain_text(state.sentence)
        for button in state.buttons:
            found = window.get_by_role("button", name=button).or_(window.get_by_role("link", name=button))
            expect(found.first).to_be_visible()
        is_open = "Send SMS" in state.buttons
        expect(page.get_by_role("textbox", name="Message")).to_have_count(int(is_open))
        expect(page.get_by_role("button", name="Send Invite")).to_have_count(int("Send Invite" in state.buttons))

        # and the check mark stands where opt-in is in place, and nowhere else
        expect(page.get_by_role("img", name="opted in and reachable")).to_have_count(int(state.has_check))
        expect(page.locator('#reach [data-state="ok"]')).to_have_count(int(state.has_check))
        looks_right(page, f"{name}")
        page.context.close()


@pytest.mark.requirement("O4", "O16")
def test_an_invitation_is_sent_again_by_clicking_here_until_the_week_is_full(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given Anna was invited
    maya = a.user()
    chat = a.conversation(team=[maya], sms="first consent")
    page = site.open(maya, chat)
    page.get_by_role("button", name="Send Invite").click()
    sentence = page.locator("#writing form p")
    expect(sentence).to_have_text(
        "Your invite has been sent but the candidate has not yet opted-in. You can send another invite by clicking here"
    )

    # when Maya clicks there, then another one goes out; a third time, too
    for count in (2, 3):
        page.get_by_role("button", name="clicking here").click()
        until(partial(has_received, simulator, chat, count))

    # then the page says when the next one is possible, and a stale page can't send it either
    first = chat.messages.order_by("pk")[0]
    when = date_format(first.created_at + timedelta(days=7), "D j M, H:i")
    expect(page.locator("#writing")).to_contain_text(f"The next invite is possible on {when}.")
    expect(page.get_by_role("button", name="clicking here")).to_have_count(0)
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(f"/conversations/{chat.pk}/invite/sms/", headers={"X-CSRFToken": token})
    assert answer.status == 422
    assert f"The next invite is possible on {when}." in answer.text()
    assert len(simulator.received(chat.person.phone)) == 3

    # and "Yes" still counts
    simulator.text("Yes", sender=chat.person.phone, recipient=first.sender)
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.requirement("O13", "F5")
def test_an_opt_out_that_only_the_carrier_knows(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Anna has blocked our number at her carrier
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control("POST", "rules", on="create", to=chat.person.phone, answer={"type": "error", "code": 21610})
    page = site.open(maya, chat)

    # when Maya texts her, then the window locks, and the text stands as failed with its reason
    say(page, "Hello Anna")
    expect(page.get_by_role("heading", name="Anna opted out of SMS")).to_be_visible()
    expect(log_of(page)).to_contain_text("Anna opted out of SMS: the carrier blocks our texts.")
    text = log_of(page).get_by_role("article", name="Maya Chen")
    expect(text).to_contain_text("Not delivered")
    expect(text).to_contain_text("The person opted out of texts from our number.")
    expect(text.get_by_role("button", name="Retry")).to_have_count(0)
    expect(page.get_by_role("img", name="opted in and reachable")).to_have_count(0)
    looks_right(page, "opted out reported")
    assert simulator.received(chat.person.phone) == []


@pytest.mark.requirement("F5")
def test_every_delivery_state_at_a_glance(a: Builders, site: Site) -> None:
    # given a thread with a text in each state
    maya = a.user()
    chat = a.conversation(team=[maya])
    for status, attempt, code, given_up in (
        (Status.DELIVERED, AttemptStatus.DELIVERED, None, False),
        (Status.SENT, AttemptStatus.SENT, None, False),
        (Status.FAILED, AttemptStatus.UNDELIVERED, 30003, False),
        (Status.FAILED, AttemptStatus.UNDELIVERED, 30005, False),
        (Status.FAILED, AttemptStatus.FAILED, None, False),
        (Status.UNKNOWN, AttemptStatus.UNKNOWN, None, True),
        (Status.CANCELED, None, None, False),
        (Status.UNKNOWN, AttemptStatus.UNKNOWN, None, False),
        (Status.SENDING, AttemptStatus.ACCEPTED, None, False),
        (Status.QUEUED, None, None, False),
    ):
        stored(chat, maya, status, attempt=attempt, code=code, given_up=given_up)

    # then each says its state in a word
    for look in LOOKS:
        page = site.open(maya, chat, **look)
        articles = log_of(page).get_by_role("article")
        expect(articles).to_contain_text(
            [
                "Delivered",
                "Sent",
                "The phone is off or out of reach.",
                "This number doesn't exist any more.",
                "Not delivered",
                "Still no trace of it. Sending again may deliver it twice.",
                "Not sent: the person opted out a moment before.",
                "The carrier hasn't confirmed this text. We're asking, and don't send it twice. Next look at ",
                "Sending",
                "Queued",
            ]
        )
        expect(articles.get_by_role("button", name="Retry").first).to_be_visible()
        expect(articles.get_by_role("button", name="Send again")).to_have_count(1)
        looks_right(page, "delivery states")
        page.context.close()


@pytest.mark.requirement("I4")
@pytest.mark.parametrize(("word", "shown"), [("queued", "Sending"), ("sent", "Sent"), ("delivered", "Delivered")])
def test_a_text_shows_how_far_the_provider_got(
    a: Builders, site: Site, simulator: Simulator, word: str, shown: str
) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control("POST", "rules", to=chat.person.phone, outcome={"status": word})
    page = site.open(maya, chat)
    say(page, "Hello")
    expect(log_of(page).get_by_role("article", name=re.compile(f"Maya Chen, .*, {shown}$"))).to_be_visible()


@pytest.mark.requirement("N1", "I1")
def test_a_failed_text_says_why_and_retry_arrives_once(a: Builders, site: Site, simulator: Simulator) -> None:
    # given Anna's phone is off
    maya = a.user()
    chat = a.conversation(team=[maya])
    off = {"status": "undelivered", "code": 30003}
    simulator.control("POST", "rules", to=chat.person.phone, outcome=off, times=1)
    page = site.open(maya, chat)
    say(page, "Are you there?")

    # then the thread says so in plain words
    text = log_of(page).get_by_role("article", name="Maya Chen")
    expect(text).to_contain_text("Not delivered")
    expect(text).to_contain_text("The phone is off or out of reach.")
    assert simulator.received(chat.person.phone) == []

    # when Maya clicks Retry, and clicks again out of habit, then it arrives once and stays one message
    text.get_by_role("button", name="Retry").dblclick()
    expect(text).to_contain_text("Delivered")
    expect(text).not_to_contain_text("out of reach")
    expect(text.get_by_role("button", name="Retry")).to_have_count(0)
    expect(log_of(page).get_by_role("article")).to_have_count(1)
    assert simulator.received(chat.person.phone) == ["Are you there?"]


@pytest.mark.requirement("P3", "N1")
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"outcome": {"status": "undelivered", "code": 30005}}, "This number doesn't exist any more."),
        ({"answer": {"type": "error", "code": 21614}}, "This number can't receive texts; it may be a landline."),
    ],
    ids=["reported later", "refused at once"],
)
def test_where_the_number_is_at_fault_it_can_be_edited(
    a: Builders, site: Site, simulator: Simulator, fault: dict[str, Any], sentence: str
) -> None:
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control("POST", "rules", on="create", to=chat.person.phone, **fault)
    page = site.open(maya, chat)
    say(page, "Are you there?")
    text = log_of(page).get_by_role("article", name="Maya Chen")
    expect(text).to_contain_text(sentence)
    expect(text.get_by_role("button", name="Retry")).to_have_count(0)
    text.get_by_role("button", name="Edit Contact Info").or_(text.get_by_role("link", name="Edit Contact Info")).click()
    expect(page.get_by_role("dialog", name="Edit Contact Info")).to_be_visible()


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("fault", ["hold", "reset"])
def test_a_text_without_an_answer_is_found_at_the_providers(
    a: Builders, site: Site, simulator: Simulator, fault: str
) -> None:
    # given Twilio takes the text, but neither its answer nor its reports reach us
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control(
        "POST",
        "rules",
        on="create",
        to=chat.person.phone,
        answer={"type": fault, "taken": True},
        callbacks={"drop": True},
    )
    page = site.open(maya, chat)
    say(page, "Did it arrive?")
    text = log_of(page).get_by_role("article", name="Maya Chen")

    # then it settles by itself, and nothing is offered that could send it twice
    expect(text.get_by_role("button")).to_have_count(0)
    expect(text).to_have_accessible_name(re.compile("(Sent|Delivered)$"))
    expect(text).not_to_contain_text("hasn't confirmed")
    assert simulator.received(chat.person.phone) == ["Did it arrive?"]


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("fault", ["hold", "reset"])
def test_a_text_without_a_trace_can_be_sent_again(a: Builders, site: Site, simulator: Simulator, fault: str) -> None:
    # given the connection breaks before Twilio takes the text
    maya = a.user()
    chat = a.conversation(team=[maya])
    simulator.control(
        "POST", "rules", on="create", to=chat.person.phone, times=1, answer={"type": fault, "taken": False}
    )
    page = site.open(maya, chat)
    say(page, "Did it arrive?")
    text = log_of(page).get_by_role("article", name="Maya Chen")

    # when it was looked for in vain, then sending again is a person's decision
    expect(text).to_contain_text("Still no trace of it. Sending again may deliver it twice.", timeout=30_000)
    assert simulator.received(chat.person.phone) == []
    text.get_by_role("button", name="Send again").click()
    expect(text).to_contain_text("Delivered")
    assert simulator.received(chat.person.phone) == ["Did it arrive?"]


@pytest.mark.requirement("I2", "O6")
def test_a_text_that_a_stop_overtook_is_canceled_and_kept(
    a: Builders, site: Site, simulator: Simulator, stack: Stack, paused_worker: None
) -> None:
    # given a text that waits
    maya = a.user()
    chat = a.conversation(team=[maya])
    page = site.open(maya, chat)
    say(page, "A question")
    text = log_of(page).get_by_role("article", name="Maya Chen")
    expect(text).to_contain_text("Queued")

    # when Anna texts STOP before it goes out
    simulator.text("STOP", sender=chat.person.phone, recipient=chat.messages.get().sender)
    os.kill(stack.pid("worker") or 0, signal.SIGCONT)

    # then it stands there with its words and its reason, and was never handed over
    expect(text).to_contain_text("Canceled")
    expect(text).to_contain_text("Not sent: the person opted out a moment before.")
    expect(text).to_contain_text("A question")
    expect(text.get_by_role("button")).to_have_count(0)
    assert simulator.received(chat.person.phone) == []


@pytest.fixture
def paused_worker(stack: Stack) -> Iterator[None]:
    os.kill(stack.pid("worker") or 0, signal.SIGSTOP)
    yield
    os.kill(stack.pid("worker") or 0, signal.SIGCONT)


def stored(
    chat: Conversation,
    author: User,
    status: Status,
    *,
    attempt: AttemptStatus | None,
    code: int | None = None,
    given_up: bool = False,
) -> Message:
    """A text in a state, which nobody moves on: it isn't due, and looked for only tomorrow."""
    later = timezone.now() + FAR
    message = Message.objects.create(
        conversation=chat,
        channel="sms",
        direction="out",
        author=author,
        body=f"A text that is {status.label.lower()}",
        sender="+14155550100",
        recipient=chat.person.phone,
        status=status,
        refusal=Reason.OPTED_OUT if status == Status.CANCELED else "",
        created_version=1,
        version=1,
        due_at=later,
    )
    if attempt:
        DeliveryAttempt.objects.create(
            message=message,
            status=attempt,
            rank=RANKS[attempt],
            error_code=code,
            lease_until=later,
            trace_at=None if given_up else later,
            given_up=given_up,
        )
    return message


def has_received(simulator: Simulator, chat: Conversation, count: int) -> bool:
    return len(simulator.received(chat.person.phone)) == count


def log_of(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages with")


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.keyboard.press("Control+Enter")


def looks_right(page: Page, name: str) -> None:
    """Nothing that axe objects to, and nothing to scroll sideways."""
    assert violations(page) == [], name
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
