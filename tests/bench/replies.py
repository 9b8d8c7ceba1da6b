"""From a reply's webhook to its words in a colleague's open page, in a real Chromium, with 500 other pages open."""

import os
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Page, sync_playwright

from accounts.models import Seat, User
from smartmessage.stack.ports import LOOPBACK
from tests.bench import load
from tests.bench.figures import Times
from tests.bench.scene import Chat, Scene, cookie_of, webhook

OTHERS, ROUNDS, REPLIES = 500, 6, 20

# Notes when words come into the log: Date.now() is the machine's own clock, which time.time() reads too.
WATCH = """() => {
  window.seen = {};
  new MutationObserver(() => {
    const now = Date.now();
    for (const entry of document.querySelectorAll("#log .entry")) window.seen[entry.id] ??= [now, entry.innerText];
  }).observe(document.getElementById("log"), { childList: true, subtree: true });
}"""
SEEN = "words => Object.values(window.seen).find(([, text]) => text.includes(words))?.[0]"
ASK = """async () => {
  const { since, version } = document.querySelector("[data-since]").dataset;
  const began = performance.now();
  await (await fetch(`${since}?version=${version}`, { headers: { "HX-Request": "true" } })).text();
  return performance.now() - began;
}"""


def measure(scene: Scene) -> Times:
    figure = Times("reply to visible", "the page's own question, alone", aim=0.3)
    chat = scene.chats[0]
    with other_pages(scene), open_page(scene, chat) as page:
        for number in range(ROUNDS + 1):
            shown = [time_to_visible(scene, page, chat, f"Reply {number}.{each}.") for each in range(REPLIES)]
            asked = [page.evaluate(ASK) / 1000 for _ in range(REPLIES)]
            if number:  # the first round only warms up
                figure.product.extend(shown)
                figure.bare.extend(asked)
    return figure


def time_to_visible(scene: Scene, page: Page, chat: Chat, words: str) -> float:
    time.sleep(random.uniform(0.02, 0.08))
    request = webhook(scene.stack.ports.web, chat, words)
    with socket.create_connection((LOOPBACK, scene.stack.ports.web)) as line:
        began = time.time()
        line.sendall(request)
        answer = line.recv(4096)
    assert b" 200 " in answer[:20], answer
    seen = page.wait_for_function(SEEN, arg=words, timeout=10_000).json_value()
    return float(seen) / 1000 - began


@contextmanager
def open_page(scene: Scene, chat: Chat) -> Iterator[Page]:
    name, _, value = cookie_of(scene.team[1]).partition("=")
    with sync_playwright() as playwright:
        chrome = os.environ.get("CHROME") or None
        browser = playwright.chromium.launch(executable_path=chrome, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=scene.stack.url, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": scene.stack.url}])
        page = context.new_page()
        with page.expect_response("**/live/events"):
            page.goto(chat.conversation.record.messages_url())
        page.wait_for_timeout(1_000)  # so that what the stream's opening asked for is over
        page.evaluate(WATCH)
        yield page
        browser.close()


@contextmanager
def other_pages(scene: Scene) -> Iterator[None]:
    """The streams of 500 other users' pages, each signed in, all open."""
    model = scene.team[0]  # one password for all: to hash 500 takes minutes
    made = [
        User(email=f"{number}@example.com", name=f"User {number}", company=scene.company) for number in range(OTHERS)
    ]
    for user in made:
        user.password = model.password
    User.objects.bulk_create(made)
    Seat.objects.bulk_create([Seat(company=scene.company, user=user) for user in made])
    with ExitStack() as open_streams:
        lines = [open_streams.enter_context(stream_of(scene, user)) for user in made]
        for line in lines:
            answer = b""
            while b": hello" not in answer:
                answer += line.recv(4096)
            assert b" 200 " in answer[:20], answer
        yield


def stream_of(scene: Scene, user: User) -> socket.socket:
    line = socket.create_connection((LOOPBACK, scene.stack.ports.live), timeout=60)
    line.sendall(load.get(scene.stack.ports.live, "/live/events", cookie=cookie_of(user)))
    return line
