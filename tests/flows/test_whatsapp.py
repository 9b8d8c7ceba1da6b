"""WhatsApp through the real processes: the invitation, the answer, the open window, its end; Stop and a block."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.models import Company, User
from channels_whatsapp import templates
from channels_whatsapp.models import Template, TemplateState, WhatsAppSender
from inbox import receiving
from inbox.models import Conversation, Message
from inbox.receiving import Inbound
from inbox.rules import Status
from smartmessage.stack.supervisor import Stack
from tests.builders import Builders
from tests.flows.conftest import Simulator, Site, until, violations
from tests.flows.faults import Clicks


@pytest.fixture
def platform(a: Builders, simulator: Simulator) -> WhatsAppSender:
    """The platform's own sender with its approved invitation, here and at the stand-in."""
    sender = a.whatsapp_sender()
    template = Template.objects.get(sender=sender, language="en")
    simulator.own(f"whatsapp:{sender.number}")
    numbered = template.body.replace("{company}", "{{1}}").replace("{about}", "{{2}}")
    simulator.control("POST", "templates", sid=template.content_sid, language="en", body=numbered)
    return sender


@pytest.fixture
def company(a: Builders, platform: WhatsAppSender) -> Company:
    return a.company(texts_by_whatsapp=True)


class Phone:
    """A person's WhatsApp, by the stand-in's control API."""

    def __init__(self, simulator: Simulator, chat: Conversation, ours: WhatsAppSender) -> None:
        self.simulator, self.address = simulator, f"whatsapp:{chat.person.phone}"
        self.ours = f"whatsapp:{ours.number}"

    def says(self, body: str, **more: Any) -> Any:
        return self.simulator.text(body, sender=self.address, recipient=self.ours, **more)

    def received(self) -> list[dict[str, Any]]:
        path = f"phones/{httpx.QueryParams({'n': self.address})['n'].replace(':', '%3A').replace('+', '%2B')}"
        found: list[dict[str, Any]] = self.simulator.control("GET", path)["received"]
        return found

    def looks(self) -> None:
        self.simulator.control("POST", "seen", person=self.address, sender=self.ours)

    def blocks(self, *, blocked: bool) -> None:
        person = self.address.removeprefix("whatsapp:")
        self.simulator.control("POST", "blocks", person=person, sender=self.ours, blocked=blocked)


@pytest.fixture
def maya(a: Builders, company: Company) -> User:
    return a.user(company=company)


def messages_of(site: Site, user: User, chat: Conversation, **context: Any) -> Page:
    page = site.page_of(user, **context)
    page.clock.install()
    page.goto(f"{chat.record.messages_url()}?channel=whatsapp")
    return page


@pytest.mark.requirement("W1", "W2", "W3", "W4", "W5", "F5", "O12")
def test_the_invitation_opens_the_window_live_and_ticks_turn_to_read(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender, maya: User
) -> None:
    # given Sophie agreed to WhatsApp and has not written
    chat = a.whatsapp_conversation(team=[maya], name="Sophie Dekker")
    phone = Phone(simulator, chat, platform)
    page = messages_of(site, maya, chat)
    log = page.get_by_role("log", name="Messages with Sophie Dekker")
    box = page.get_by_role("textbox", name="Message")
    tab = page.get_by_role("tab", name="WhatsApp")
    words = f"SmartRecruiters would like to reach you on behalf of {chat.company.name} about Field Engineer. Since"
    expect(page.get_by_role("heading", name="Sophie has not written yet")).to_be_visible()
    expect(page.locator("#writing")).to_contain_text(words)
    expect(tab.get_by_role("img", name="opted in and reachable")).to_be_visible()
    expect(tab.get_by_role("img", name="invitation first")).to_be_visible()
    expect(box).to_have_count(0)
    assert violations(page) == []

    # when Maya sends it, then it arrives as the template and is waited for
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("heading", name="Waiting for Sophie to reply")).to_be_visible()
    (arrived,) = until(phone.received)
    assert arrived["body"].startswith(words)
    assert violations(page) == []

    # when Sophie answers, then free texting is open, and says for how long
    phone.says("Yes, gladly")
    expect(box).to_be_visible()
    expect(log).to_contain_text("Yes, gladly")
    expect(page.locator("#window")).to_contain_text("23 h")
    assert violations(page) == []

    # when Maya writes, then it arrives with the company's name before it
    box.fill("Is Thursday at 10:00 fine?")
    box.press("Control+Enter")
    until(lambda: len(phone.received()) == 2)
    assert phone.received()[1]["body"] == f"{chat.company.name}: Is Thursday at 10:00 fine?"
    expect(log.get_by_role("article").last).to_contain_text("Delivered")

    # when Sophie looks, then both of Maya's messages are read
    phone.looks()
    expect(log.locator(".dstate", has_text="Read")).to_have_count(2)

    # when the day is over, on the server and on Maya's desk, then it is shut again without a reload
    for message in chat.messages.all():
        Message.objects.filter(pk=message.pk).update(created_at=message.created_at - timedelta(hours=25))
    page.clock.fast_forward("24:00:00")
    expect(page.get_by_role("heading", name="Sophie last wrote 1 day ago")).to_be_visible()
    expect(box).to_have_count(0)

    # and a Stop locks it before her eyes, a Start opens it
    phone.says("Stop")
    expect(page.get_by_role("heading", name="Sophie opted out of WhatsApp")).to_be_visible()
    phone.says("Start")
    expect(box).to_be_visible()


@pytest.mark.requirement("O8")
def test_a_block_locks_nothing_and_alerts_nobody(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender, maya: User
) -> None:
    # given an open window, and a person who blocks the business
    chat = a.whatsapp_conversation(team=[maya])
    phone = Phone(simulator, chat, platform)
    page = messages_of(site, maya, chat)
    page.get_by_role("button", name="Send invitation").click()
    until(phone.received)
    phone.says("Hi")
    box = page.get_by_role("textbox", name="Message")
    expect(box).to_be_visible()
    phone.blocks(blocked=True)

    # when Maya writes, then it stays at sent, nothing locks, and no alert comes
    box.fill("Hello?")
    box.press("Control+Enter")
    until(lambda: chat.messages.filter(body__endswith="Hello?", status=Status.SENT).exists())
    expect(box).to_be_visible()
    expect(page.get_by_role("button", name="Inbox").locator(".badge")).to_have_count(0)

    # when half a day has passed, then the page says what silence may mean
    for message in chat.messages.all():
        Message.objects.filter(pk=message.pk).update(created_at=message.created_at - timedelta(hours=13))
    page.reload()
    expect(page.locator("#writing")).to_contain_text("That may mean a block: WhatsApp doesn't tell us.")
    assert violations(page) == []

    # and once she lifts it, texts arrive again
    phone.blocks(blocked=False)
    box.fill("Still there?")
    box.press("Control+Enter")
    until(lambda: any(each["body"].endswith("Still there?") for each in phone.received()))


@pytest.mark.requirement("F4", "Q5")
@pytest.mark.parametrize(
    ("switches", "tabs"),
    [
        ({"texts_by_sms": True, "texts_by_whatsapp": False}, ["SMS"]),
        ({"texts_by_sms": False, "texts_by_whatsapp": True}, ["WhatsApp"]),
        ({"texts_by_sms": True, "texts_by_whatsapp": True}, ["SMS", "WhatsApp"]),
    ],
)
def test_a_company_has_the_channels_that_it_bought_in_pages_and_in_crafted_requests(
    a: Builders, site: Site, stack: Stack, platform: WhatsAppSender, switches: dict[str, Any], tabs: list[str]
) -> None:
    # given a person who opted in to both, and a window that is open
    maya = a.user(company=a.company(**switches))
    chat = a.conversation(team=[maya])
    a.consent(chat.company, chat.person.phone, "first consent", channel="whatsapp")
    with transaction.atomic():
        inbound = Inbound("whatsapp", chat.person.phone, platform.number, "Hi", f"SM{uuid.uuid4().hex}")
        receiving.receive(chat.pk, inbound)

    # then the page has those tabs, and a request for the others sends nothing
    page = site.open(maya, chat)
    expect(page.get_by_role("tablist", name="Channel").get_by_role("tab")).to_have_text(tabs)
    keys = {tab.lower() for tab in tabs}
    clicks = Clicks(stack, maya)
    for channel in ("sms", "whatsapp"):
        answer = clicks.send(chat, f"by {channel}", channel=channel)
        assert answer.status_code == (302 if channel in keys else 422), channel
    sent = chat.messages.filter(direction="out").values_list("channel", flat=True)
    assert set(sent) == keys


@pytest.mark.requirement("Q7", "W2")
def test_a_picture_and_a_place_and_a_quoted_answer_are_told_in_the_thread(
    a: Builders, site: Site, simulator: Simulator, platform: WhatsAppSender, maya: User
) -> None:
    # given an invitation that arrived
    chat = a.whatsapp_conversation(team=[maya])
    phone = Phone(simulator, chat, platform)
    page = messages_of(site, maya, chat)
    page.get_by_role("button", name="Send invitation").click()
    (arrived,) = until(phone.received)
    log = page.get_by_role("log", name="Messages with Anna Bauer")

    # when Anna answers it by name with a picture, and sends a place
    picture = {"content_type": "image/jpeg", "bytes": 2_200_000}
    phone.says("My robot", media=[picture], reply_to=arrived["sid"])
    phone.says("", location={"latitude": "52.5", "longitude": "13.4", "label": "Café Robot"})

    # then the picture is noted with its kind and size, and what it answers; the place is a link
    expect(log).to_contain_text("Picture, 2.1\xa0MB. Not supported by text, so it isn't shown.")
    expect(log.locator(".msg__quote")).to_contain_text("SmartRecruiters would like to reach you")
    expect(log.get_by_role("link", name="https://www.openstreetmap.org/?mlat=52.5&mlon=13.4")).to_be_visible()
    assert violations(page) == []


@pytest.mark.requirement("W4")
def test_an_invitation_is_handed_in_and_approved(a: Builders, simulator: Simulator, platform: WhatsAppSender) -> None:
    # given the operator's words in another language
    body = "SmartRecruiters schreibt für {company} wegen {about}. Bitte antworten Sie."
    language = f"de-{uuid.uuid4().hex[:5]}"
    template = Template.objects.create(sender=platform, language=language, body=body)
    operator = User.objects.create_superuser(f"{uuid.uuid4().hex}@platform.example", "x", name="Olga Operator")

    # when they are handed in, then WhatsApp has them, and after a while has approved them
    templates.submit(template, by=operator)
    assert template.content_sid.startswith("HX")

    def is_approved() -> bool:
        templates.ask(template)
        return template.state == TemplateState.APPROVED

    until(is_approved)
    listed = simulator.control("GET", "templates")["templates"]
    (known,) = [each for each in listed if each["sid"] == template.content_sid]
    words = body.replace("{company}", "{{1}}").replace("{about}", "{{2}}")
    assert (known["category"], known["body"]) == ("UTILITY", words)
