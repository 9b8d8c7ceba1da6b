"""Behind the real proxy: pages, events and webhooks from one origin, with the product's own configuration for it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from smartmessage.stack.ports import free_port
from smartmessage.stack.supervisor import Stack
from tests.flows.conftest import Simulator, until
from tests.flows.stacks import demo_of_its_own

CADDYFILE = Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile"


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Stack]:
    """The demo's people, served through Caddy on one port."""
    caddy = shutil.which("caddy")
    assert caddy, "this story needs Debian's caddy"
    origin = f"http://127.0.0.1:{free_port()}"
    with demo_of_its_own(PUBLIC_BASE_URL=origin, LIVE_URL="", BEHIND_PROXY="") as stack:
        upstreams = {
            "WEB_UPSTREAM": f"127.0.0.1:{stack.ports.web}",
            "LIVE_UPSTREAM": f"127.0.0.1:{stack.ports.live}",
        }
        proxy = subprocess.Popen(
            [caddy, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            env={**os.environ, **upstreams, "SITE_ADDRESS": origin, "XDG_DATA_HOME": str(tmp_path)},
            stderr=subprocess.DEVNULL,
        )
        try:
            stack.wait_until_healthy()
            until(lambda: _answers(origin))
            yield stack
        finally:
            proxy.kill()  # gracefully it would wait for the open stream


def _answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/livez").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.requirement("O3", "N2")
def test_pages_events_and_webhooks_share_one_origin(proxied: Stack, browser: Browser) -> None:
    # given Maya signs in through the proxy and opens Marcus Hill's messages
    origin = proxied.environment["PUBLIC_BASE_URL"]
    simulator = Simulator(proxied.environment["TWILIO_API_BASE_URL"])
    page = browser.new_context(base_url=origin).new_page()
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url) if "/live/events" in request.url else None)
    page.goto("/login/")
    page.get_by_label("Email").fill("maya@northwind.example")
    page.get_by_label("Password").fill("smartmessage-demo")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Marcus Hill").click()
    expect(page.get_by_role("log")).to_contain_text("See you then!")

    # when Marcus writes; the simulator signs for the proxy's address and posts there
    [answer] = simulator.text("On my way", sender="+14151234567", recipient="+14155550100")["answers"]

    # then it is taken, and appears in the open page by the stream that came from the same origin
    assert answer["status"] == 200
    expect(page.get_by_role("log")).to_contain_text("On my way")
    assert streams
    assert all(url.startswith(origin) for url in streams)
    page.context.close()
