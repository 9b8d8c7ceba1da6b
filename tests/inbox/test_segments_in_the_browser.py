"""The counter in the browser says what the server says (Q8), in one page of a real Chromium."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright

from inbox.segments import cheaper, measure, split
from tests.inbox import sized_texts
from tests.inbox.test_segments import EXAMPLES, TYPED, made_texts

CHROME = os.environ.get("CHROME") or "/usr/bin/chromium"
MODULE = Path(settings.BASE_DIR, "static/js/segments.js")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page that has the module at hand as `segments`."""
    if not Path(CHROME).exists():
        pytest.skip("There is no Chromium here; `make test` brings one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROME, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        address = "`data:text/javascript,${encodeURIComponent(source)}`"
        opened.evaluate(f"async (source) => {{ window.segments = await import({address}); }}", MODULE.read_text())
        yield opened
        browser.close()


def in_the_browser(page: Page, text: str, most: int) -> Any:
    return page.evaluate(
        "([text, most]) => [segments.measure(text), segments.cheaper(text), segments.split(text, most)]", [text, most]
    )


def on_the_server(text: str, most: int) -> Any:
    offer = cheaper(text)
    return [
        asdict(measure(text)),
        offer and asdict(offer) | {"swaps": [asdict(swap) for swap in offer.swaps]},
        split(text, most),
    ]


@pytest.mark.requirement("Q8")
def test_published_examples_have_the_same_size_in_the_browser(page: Page) -> None:
    for text in (*EXAMPLES, *TYPED):
        assert in_the_browser(page, text, 100) == on_the_server(text, 100), text


@pytest.mark.requirement("Q8")
def test_five_hundred_texts_have_the_standards_size_on_the_server_and_in_the_browser(page: Page) -> None:
    # given the sizes that the standard's codec and the published examples give
    assert len(sized_texts.TEXTS) == 500
    expected = [sized_texts.size(text) for text in sized_texts.TEXTS]
    assert [expected[sized_texts.TEXTS.index(text)] for text in EXAMPLES] == list(EXAMPLES.values())
    # then the server says the same
    sizes = [measure(text) for text in sized_texts.TEXTS]
    assert [(size.encoding, size.units, size.segments) for size in sizes] == expected
    # and so does the browser
    in_browser = page.evaluate("(texts) => texts.map(segments.measure)", list(sized_texts.TEXTS))
    assert in_browser == [asdict(size) for size in sizes]


@pytest.mark.requirement("Q8")
@hypothesis_settings(max_examples=500)
@given(text=made_texts(), most=st.integers(2, 300))
def test_any_text_has_the_same_size_twin_and_parts_in_the_browser(page: Page, text: str, most: int) -> None:
    assert in_the_browser(page, text, most) == on_the_server(text, most)


@pytest.mark.requirement("Q8")
def test_each_character_is_of_the_same_kind_in_the_browser(page: Page) -> None:
    every = [*range(0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0100)]
    kinds = page.evaluate(
        "(every) => every.map((one) => segments.measure(String.fromCodePoint(one)).expensive?.kind)", every
    )
    for code, kind in zip(every, kinds, strict=True):
        expensive = measure(chr(code)).expensive
        assert (expensive and expensive.kind) == kind, hex(code)
