"""What the Inbox weighs and when it can be seen: a cold browser on a slow line, through the proxy of production."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from accounts.models import Company
from smartmessage.stack.ports import LOOPBACK, free_port
from smartmessage.stack.supervisor import ROOT, Stack
from tests.bench import inbox, scene

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 768_000 / 8}
"""Lighthouse's "slow 4G": 150 ms to an answer's first byte, 1.6 Mbit a second down."""
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
MESSAGES = 10_000
PAUSE, MOST_PAUSES = 1_000, 10  # milliseconds
ROUNDS, MOST_KB, MOST_SECONDS = 7, 100, 1.0
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True)
class Weight:
    """Of a page: kilobytes over the line by kind of file, requests, and seconds to its first paint."""

    page: str
    kilobytes: dict[str, float]
    requests: int
    slow: float
    fast: float

    @property
    def total(self) -> float:
        return sum(self.kilobytes.values())


def measure(stack: Stack) -> list[Weight]:
    """The Inbox with a full list, and with a conversation beside it, as a browser that was never here gets them."""
    if not Company.objects.filter(name=inbox.name_of(MESSAGES)).exists():
        inbox.make(stack, MESSAGES)
    recruiter = inbox.busiest(MESSAGES)
    pages = {"Inbox": "/inbox/", "Inbox with a conversation": f"/inbox/{recruiter.conversations[0]}/"}
    chrome, cookie = os.environ.get("CHROME") or None, scene.cookie_of(recruiter.user)
    with behind_proxy(stack) as port, sync_playwright() as playwright:
        # At the product's own address, so that it gets its stream of events, and all it asks for then.
        through = f"--host-resolver-rules=MAP {LOOPBACK}:{stack.ports.web} {LOOPBACK}:{port}"
        browser = playwright.chromium.launch(executable_path=chrome, args=["--no-sandbox", "--disable-gpu", through])
        found = [weigh(browser, stack.url, cookie, name, url) for name, url in pages.items()]
        browser.close()
    return found


def weigh(browser: Browser, origin: str, cookie: str, name: str, url: str) -> Weight:
    rounds = [opened(browser, origin, cookie, url, SLOW_4G) for _ in range(ROUNDS)]
    kilobytes, requests, _painted = rounds[-1]  # the first stream of a live process has each page look at all twice
    slow = median(painted for *_, painted in rounds)
    fast = median(opened(browser, origin, cookie, url, FAST)[2] for _ in range(ROUNDS))
    return Weight(name, kilobytes, requests, slow, fast)


def opened(
    browser: Browser, origin: str, cookie: str, url: str, line: Mapping[str, float]
) -> tuple[dict[str, float], int, float]:
    """Kilobytes by kind, requests, and seconds to the first paint."""
    context = browser.new_context(base_url=origin, viewport={"width": 1440, "height": 900})
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": origin}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", dict(line))
    kinds: dict[str, str] = {}
    kilobytes: dict[str, float] = {}
    asked = set[str]()

    def answered(event: dict[str, str]) -> None:
        kinds[event["requestId"]] = event["type"]
        if event["type"] == "EventSource":
            asked.discard(event["requestId"])  # it goes on

    def loaded(event: dict[str, object]) -> None:
        asked.discard(str(event["requestId"]))
        kind = kinds.get(str(event["requestId"]), "Other")
        kilobytes[kind] = kilobytes.get(kind, 0) + float(str(event["encodedDataLength"])) / 1000

    session.on("Network.requestWillBeSent", lambda event: asked.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", loaded)
    page.goto(url, wait_until="load")
    page.wait_for_function(PAINTED)
    for _ in range(MOST_PAUSES):  # what the page asks for once it is there counts as well
        before = sum(kilobytes.values())
        page.wait_for_timeout(PAUSE)
        if not asked and sum(kilobytes.values()) == before:
            break
    painted = float(page.evaluate(PAINTED)) / 1000
    context.close()
    return kilobytes, len(kinds), painted


@contextmanager
def behind_proxy(stack: Stack) -> Iterator[int]:
    """The port of Caddy, with the configuration of production; without Caddy, the bare web process's."""
    caddy = shutil.which("caddy")
    if caddy is None:
        yield stack.ports.web
        return
    port = free_port()
    origin = f"http://{LOOPBACK}:{port}"
    config = [caddy, "run", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"]
    with tempfile.TemporaryDirectory() as folder:
        named = {
            "SITE_ADDRESS": origin,
            "WEB_UPSTREAM": f"{LOOPBACK}:{stack.ports.web}",
            "LIVE_UPSTREAM": f"{LOOPBACK}:{stack.ports.live}",
            "XDG_DATA_HOME": folder,
        }
        with scene.running(stack, "caddy", config, port=port, env=named):
            yield port
