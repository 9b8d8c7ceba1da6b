"""Mails as people's programs really write them, by the provider's webhook into the thread that a recruiter reads."""

import base64
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from channels_email import addresses
from channels_email.models import MailRequest
from channels_email.reading import Kind as MailKind
from inbox import channels
from inbox.models import Direction, Kind, Message, UnmatchedReply
from tests.builders import Builders
from tests.channels_email.reading.post import NAMES, raw
from tests.channels_email.reading.test_mails import TABLE
from tests.flows.conftest import Simulator, Site, violations

pytestmark = pytest.mark.requirement("Q4", "I7")

FORGED = ("forged-dmarc-fail", "forged-results-of-another", "name-shows-another-address")
BY_MACHINES = {MailKind.BOUNCE: Kind.BOUNCE, MailKind.NORMAL: Kind.TEXT}
WITHOUT_WORDS = ("only-an-attachment", "pgp-encrypted", "invite-accepted", "invite-outlook-cancelled")


def of_its_own(name: str) -> bytes:
    """The mail with a Message-ID that no other test's has: the same mail twice would be one."""
    return raw(name).replace(b"Message-ID: <", f"Message-ID: <{uuid4().hex[:8]}.".encode())


def post(simulator: Simulator, mail: bytes, *, to: str) -> list[int]:
    """The provider's webhook carries it to us; what we answered."""
    letter = {"from": "anna@example.com", "to": to, "raw_base64": base64.b64encode(mail).decode()}
    return [each["status"] for each in simulator.control("POST", "mail", **letter)["answers"]]


def watched(page: Page) -> list[str]:
    """The addresses beyond our own origins that a page asks for, as it goes on, and the policy's complaints."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "//127.0.0.1" not in request.url else None)
    page.on("console", lambda line: asked.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    return asked


def spoken(messages: Sequence[Message]) -> list[str]:
    return [message.body for message in messages]


def test_fifty_shapes_of_mail_are_right_messages_in_the_right_thread(
    a: Builders, site: Site, simulator: Simulator
) -> None:
    # given a conversation, and another one that must hear nothing of it
    maya = a.user()
    chat, other = a.conversation(team=[maya]), a.conversation(team=[maya])
    address = addresses.reply_address(chat)

    # when a mail of each shape comes to its reply address
    assert len(NAMES) > 50
    for name in NAMES:
        assert post(simulator, of_its_own(name), to=address) == [200], name

    # then each is there, in the order in which they came, with its author's words alone
    heard = list(chat.messages.filter(direction=Direction.IN).order_by("pk"))
    assert len(heard) == len(NAMES)
    for name, message in zip(NAMES, heard, strict=True):
        if name in TABLE and name not in WITHOUT_WORDS:
            assert message.body == TABLE[name].words, name
            kind = TABLE[name].kind
            assert message.kind == BY_MACHINES.get(kind, Kind.AUTO_REPLY), name
    letters = channels.get("email").letters(heard)
    files = {name: len(letters[message.pk].files) for name, message in zip(NAMES, heard, strict=True)}
    assert files["winmail"] >= 1
    assert files["only-an-attachment"] >= 1
    assert not other.messages.exists()
    assert not Message.objects.filter(conversation=chat, direction=Direction.OUT).exists(), "no machine answers"

    # and whoever reads them runs nothing and asks nobody else for anything
    page = site.page_of(maya)
    asked = watched(page)
    page.goto(f"/inbox/{chat.pk}/")
    expect(page.get_by_role("log").get_by_role("article").last).to_be_visible()
    for fold in page.get_by_role("log").locator("details").all():
        fold.evaluate("each => { each.open = true; }")
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_role("log").get_by_role("article")).to_have_count(len(NAMES))
    assert page.evaluate("Boolean(window.ran)") is False
    assert asked == []
    assert violations(page) == []


@pytest.mark.parametrize("name", FORGED)
def test_a_sender_who_may_be_another_is_marked(a: Builders, simulator: Simulator, name: str) -> None:
    chat = a.conversation(team=[a.user()])
    mail = base64.b64encode(of_its_own(name)).decode()
    letter = {"from": "anna@example.com", "to": addresses.reply_address(chat), "raw_base64": mail}
    if name == "forged-dmarc-fail":
        letter["authentication"] = "fail"
    simulator.control("POST", "mail", **letter)
    message = chat.messages.get()
    assert channels.get("email").letters([message])[message.pk].remark


@pytest.mark.parametrize("name", ["gmail-web-reply", "without-message-id", "shift-jis", "out-of-office-gmail"])
def test_a_mail_that_belongs_nowhere_is_kept_for_the_operator(simulator: Simulator, name: str) -> None:
    before = MailRequest.objects.count()
    nowhere = f"{uuid4().hex}@{settings.EMAIL_INBOUND_DOMAIN}"
    mail = of_its_own(name).replace(b"\r\nSubject:", f"\r\nX-Story: {uuid4()}\r\nSubject:".encode(), 1)
    assert post(simulator, mail, to=nowhere) == [200]
    kept = UnmatchedReply.objects.filter(channel="email", company=None, recipient__contains=nowhere)
    assert kept.count() == 1
    assert MailRequest.objects.count() > before


@pytest.mark.requirement("I3")
@pytest.mark.parametrize("name", NAMES[::6])
def test_the_same_mail_again_is_no_second_message(a: Builders, simulator: Simulator, name: str) -> None:
    chat = a.conversation(team=[a.user()])
    mail, address = of_its_own(name), addresses.reply_address(chat)
    for _ in range(3):
        assert post(simulator, mail, to=address) == [200]
    assert chat.messages.filter(direction=Direction.IN).count() == 1
