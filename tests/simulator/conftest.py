"""One simulator and one recording product for all of these tests; each test starts with both of them empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.stage import Product, Simulator, running_product


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
