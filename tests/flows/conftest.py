"""Stories through real processes: web, live, worker, sweeper, PostgreSQL, Redis, the Twilio simulator, Chromium.

Each story makes a company of its own in the stack's database, so nothing is shared but the processes.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import User
from channels_whatsapp import rules
from channels_whatsapp.models import Template, WhatsAppSender
from inbox.models import Conversation, DeliveryAttempt
from smartmessage.stack.supervisor import Stack
from tests import environment
from tests.builders import Builders

expect.set_options(timeout=15_000)
CHROME_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The database is the stack's own."""


@pytest.fixture(scope="session", autouse=True)
def committed(django_db_blocker: Any) -> Iterator[None]:
    """Stories commit: other processes must see them."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def stack() -> Stack:
    assert environment.stack is not None, "flows run with FLOWS=1: `make e2e`"
    return environment.stack


@pytest.fixture(autouse=True)
def all_processes_run(stack: Stack, no_message_goes_out_on_two_channels: None) -> Iterator[None]:
    """A story may kill what it likes; the next one finds everything running."""
    yield
    for name in (*stack.servers, *stack.names):
        if not stack.program(name).is_running:
            stack.start(name)
    stack.wait_until_healthy()


class Simulator:
    """The stand-in for Twilio, by its control API (simulator/README.md)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30)

    def control(self, method: str, path: str, **json: Any) -> Any:
        answer = self.http.request(method, f"/control/{path}", json=json if method != "GET" else None)
        answer.raise_for_status()
        return answer.json()

    def own(self, *numbers: str) -> None:
        """Make these our numbers there."""
        for number in numbers:
            self.control("POST", "numbers", number=number)

    def text(self, body: str, *, sender: str, recipient: str, **more: Any) -> Any:
        """A person texts us; what our webhook answered."""
        return self.control("POST", "inbound", **{"from": sender, "to": recipient, "body": body, **more})

    def arrived(self, number: str) -> list[dict[str, Any]]:
        """What arrived on a phone, in order; without the carrier's own replies to keywords."""
        phone = self.control("GET", f"phones/{quote(number)}")
        return [text for text in phone["received"] if text["direction"] != "outbound-reply"]

    def received(self, number: str) -> list[str]:
        """The words of what arrived."""
        return [text["body"] for text in self.arrived(number)]


@pytest.fixture
def simulator(stack: Stack) -> Simulator:
    return Simulator(stack.environment["TWILIO_API_BASE_URL"])


class Handovers:
    """The stand-in's journal of requests to send, read on from where the last story ended."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.since = simulator, 0

    def new(self) -> list[dict[str, Any]]:
        read = self.simulator.control("GET", f"journal?kind=request&since={self.since}")
        self.since = read["next"]
        return [
            line for line in read["lines"] if line["what"].startswith("POST") and "StatusCallback" in line["params"]
        ]


@pytest.fixture(scope="session")
def handovers_of_all(stack: Stack) -> Handovers:
    return Handovers(Simulator(stack.environment["TWILIO_API_BASE_URL"]))


@pytest.fixture(autouse=True)
def no_message_goes_out_on_two_channels(handovers_of_all: Handovers) -> Iterator[None]:
    """Whatever a story repeats or kills (Q5): each attempt was handed over to the one address, from the one sender and
    on the one channel that its message has. Attempts that a story erased are left out."""
    yield
    ways: dict[str, set[tuple[str, str]]] = {}
    for line in handovers_of_all.new():
        ways.setdefault(attempt_of(line), set()).add((line["from"], line["to"]))
    for attempt in DeliveryAttempt.objects.filter(uuid__in=ways).select_related("message"):
        channel, sender, recipient = attempt.message.channel, attempt.message.sender, attempt.message.recipient
        assert ways[str(attempt.uuid)] == {(on_the_wire(channel, sender), on_the_wire(channel, recipient))}, attempt


@pytest.fixture
def a(simulator: Simulator) -> Builders:
    class Registering(Builders):
        """Numbers it makes are ours at the simulator too."""

        def sender_number(self, *args: Any, **kwargs: Any) -> Any:
            made = super().sender_number(*args, **kwargs)
            simulator.own(made.number)
            return made

    return Registering()


@pytest.fixture
def platform(a: Builders, simulator: Simulator) -> WhatsAppSender:
    """The platform's own WhatsApp sender, which all stories of this stack share, with its approved invitation."""
    sender = a.whatsapp_sender()
    template = Template.objects.get(sender=sender, language="en")
    simulator.own(f"whatsapp:{sender.number}")
    words, _places = rules.numbered(template.body)
    simulator.control("POST", "templates", sid=template.content_sid, language="en", body=words)
    return sender


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chrome = os.environ.get("CHROME") or None
        yield playwright.chromium.launch(executable_path=chrome, args=CHROME_ARGUMENTS)


class Site:
    """The product in a browser, as its users have it."""

    def __init__(self, stack: Stack, browser: Browser) -> None:
        self.stack, self.browser = stack, browser
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def page(self, **context: Any) -> Page:
        """A new browser in which nobody is signed in."""
        options = {"viewport": {"width": 1440, "height": 900}, "base_url": self.stack.url, **context}
        opened = self.browser.new_context(**options)
        self.contexts.append(opened)
        page = opened.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note_refusals)
        return page

    def page_of(self, user: User, **context: Any) -> Page:
        """A new browser in which the user is signed in."""
        page = self.page(**context)
        self.sign_in(page, user)
        return page

    def sign_in(self, page: Page, user: User) -> None:
        """Whoever the page was shown to before: from its next request on it is this user's."""
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": self.stack.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    def _note_refusals(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def open(self, user: User, conversation: Conversation, *, channel: str = "", **context: Any) -> Page:
        """The Messages tab of a conversation, with its stream of events open; `channel`: not the usual one."""
        page = self.page_of(user, **context)
        self.show(page, conversation, channel=channel)
        return page

    def show(self, page: Page, conversation: Conversation, *, channel: str = "") -> None:
        """The Messages tab of a conversation, in a page that is open."""
        page.goto(f"{conversation.record.messages_url()}{f'?channel={channel}' if channel else ''}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.errors == []


@pytest.fixture
def site(stack: Stack, browser: Browser) -> Iterator[Site]:
    opened = Site(stack, browser)
    yield opened
    opened.close()


def session_of(user: User) -> str:
    """A session of the user, as signing in makes it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


AT_REST = """() => Promise.all(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => {})))"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is once nothing fades in any more, in words."""
    page.evaluate(AT_REST)
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']} ({each['nodes'][0]['html'][:120]})" for each in found]


def on_the_wire(channel: str, address: str) -> str:
    """An address as Twilio writes it."""
    return f"whatsapp:{address}" if channel == "whatsapp" else address


def attempt_of(line: dict[str, Any]) -> str:
    """The attempt's UUID, as a request to send carries it; `line`: of the stand-in's journal."""
    [uuid] = parse_qs(urlsplit(str(line["params"]["StatusCallback"])).query)["m"]
    return uuid


def until(is_so: Callable[[], Any], *, within: float = 30, why: str = "") -> Any:
    """Wait for a condition; its value. Fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (value := is_so()):
        assert time.monotonic() < deadline, why or "waited in vain"
        time.sleep(0.02)
    return value


def at_once(*actions: Callable[[], object]) -> None:
    """Each in a thread of its own, started together; what one of them raises fails the story."""
    barrier, failures = threading.Barrier(len(actions)), list[Exception]()

    def run(action: Callable[[], object]) -> None:
        try:
            barrier.wait()
            action()
        except Exception as problem:
            failures.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
