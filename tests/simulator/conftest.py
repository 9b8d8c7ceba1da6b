"""One simulator and one recording product for all of these tests; each test starts with both of them empty."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.simulator.stage import Product, Simulator, running_product

CHROME = os.environ.get("CHROME") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def shared_product() -> Iterator[Product]:
    with running_product() as product:
        yield product


@pytest.fixture(scope="session")
def shared_simulator(tmp_path_factory: pytest.TempPathFactory, shared_product: Product) -> Iterator[Simulator]:
    simulator = Simulator(tmp_path_factory.mktemp("simulator"), shared_product.url)
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(shared_simulator: Simulator, shared_product: Product) -> Simulator:
    shared_simulator.control("reset")
    shared_simulator.control(
        "settings", sent_after_ms=0, delivered_after_ms=10, retry_pause_ms=10, mail_retry_pauses_ms=[10, 10]
    )
    shared_product.forget()
    return shared_simulator


@pytest.fixture
def product(shared_product: Product, simulator: Simulator) -> Product:
    return shared_product


@pytest.fixture
def own_simulator(tmp_path: Path, shared_product: Product) -> Iterator[Simulator]:
    """One that a test may kill."""
    shared_product.forget()
    simulator = Simulator(tmp_path, shared_product.url)
    yield simulator
    simulator.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROME).exists():
        pytest.skip("There is no Chromium here; `make test` brings one.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROME, args=ARGUMENTS)


@pytest.fixture
def opened(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    """A page that may have no error."""
    errors: list[str] = []
    made = browser.new_page(base_url=simulator.url, viewport={"width": 1440, "height": 900})
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield made
    made.close()
    assert errors == []
