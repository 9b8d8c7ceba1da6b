"""The recipient's clock beside the composer goes on by itself, and the server is asked when a good time ends (V1)."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect, sync_playwright

CHROME = os.environ.get("CHROME") or "/usr/bin/chromium"
MODULE = Path(settings.BASE_DIR, "static/js/hour.js")
BEGINS = """async ([source, zones, words, now, changes]) => {
    const { showHour } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const place = document.createElement("p");
    place.id = "local-time";
    Object.assign(place.dataset, { zones, words, now, changes });
    place.innerHTML = "<span data-said></span>";
    document.body.replaceChildren(place);
    window.asked = 0;
    showHour({ ask: () => { window.asked += 1; } }, new AbortController().signal);
}"""
SERVER = datetime(2026, 11, 23, 19, 59, 30, tzinfo=UTC)  # 20:59:30 in Berlin
NINE = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
def page() -> Iterator[Page]:
    """An empty page on a machine whose own clock is a day late."""
    if not Path(CHROME).exists():
        pytest.skip("There is no Chromium here; `make test` brings one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROME, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.clock.install(time=datetime(2026, 11, 22, 19, 59, 30, tzinfo=UTC))
        opened.clock.pause_at(datetime(2026, 11, 22, 19, 59, 30, tzinfo=UTC))
        yield opened
        browser.close()


def begin(page: Page, zones: str, words: str) -> None:
    given = [zones, words, int(SERVER.timestamp()), int(NINE.timestamp())]
    page.evaluate(BEGINS, [MODULE.read_text(), *given])


@pytest.mark.requirement("V1")
def test_the_clock_is_the_servers_and_goes_on(page: Page) -> None:
    begin(page, "Europe/Berlin", "# for Anna, Berlin")
    expect(page.get_by_text("20:59 for Anna, Berlin")).to_be_attached()
    page.clock.run_for(29_000)
    expect(page.get_by_text("20:59 for Anna, Berlin")).to_be_attached()
    assert page.evaluate("asked") == 0
    # at nine the server is asked, once, and again only if it said nothing
    page.clock.run_for(3_000)
    expect(page.get_by_text("21:00 for Anna, Berlin")).to_be_attached()
    assert page.evaluate("asked") == 1
    page.clock.run_for(11_000)
    assert page.evaluate("asked") == 2


@pytest.mark.requirement("V1")
def test_several_zones_have_their_earliest_and_latest_clock(page: Page) -> None:
    begin(page, "America/Los_Angeles America/New_York", "# for Marcus, United States")
    expect(page.get_by_text("11:59–14:59 for Marcus, United States")).to_be_attached()
    page.clock.run_for(31_000)
    expect(page.get_by_text("12:00–15:00 for Marcus, United States")).to_be_attached()
