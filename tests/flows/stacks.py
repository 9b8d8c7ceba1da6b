"""Stacks beside the pytest worker's own, for stories that change what all others share: the address, the time."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from smartmessage.stack import processes
from smartmessage.stack.supervisor import Stack
from tests.environment import IMPATIENT
from tests.flows.conftest import Simulator

OWN = (  # what the worker's own stack left in the environment, and another one chooses for itself
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "TWILIO_API_BASE_URL", "PUBLIC_BASE_URL", "LIVE_URL"),
    *("DATA_DIR", "SECRET_KEY", "PORT", "LIVE_PORT", "SIMULATOR_PORT"),
)


@contextmanager
def demo_of_its_own(**env: str) -> Iterator[Stack]:
    """The demo's people in a new stack, every process started; whether it is healthy is still to be waited for.

    `env` comes on top of what all tests' stacks have.
    """
    folder = Path(tempfile.mkdtemp(prefix="smartmessage-apart-"))
    folder.chmod(0o755)  # PostgreSQL's own user must get through
    with pytest.MonkeyPatch.context() as patch:
        for name in OWN:
            patch.delenv(name, raising=False)
        made = Stack(folder / "data", env={**IMPATIENT, **env}, fast=True)
    try:
        with made as stack:
            stack.start(*stack.servers)
            stack.prepare()
            stack.run(*processes.SEED)
            stack.start(*stack.names)
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Clock:
    """The one clock of a stack's processes, of its stand-in for Twilio, and of pages; it only moves forward."""

    def __init__(self, file: Path) -> None:
        self.file, self.ahead = file, timedelta(0)
        self._write()

    @property
    def env(self) -> dict[str, str]:
        """What makes the product's processes read it."""
        return {"DJANGO_SETTINGS_MODULE": "tests.flows.movable_time", "SECONDS_AHEAD_FILE": str(self.file)}

    def _write(self) -> None:
        draft = self.file.with_suffix(".new")
        draft.write_text(str(self.ahead.total_seconds()))
        draft.replace(self.file)  # nobody reads half of it

    def move(self, by: timedelta, simulator: Simulator, *pages: Page) -> None:
        """Let so much time pass for everybody. Pages must have Playwright's clock installed."""
        self.ahead += by
        self._write()
        simulator.control("POST", "clock", advance_s=by.total_seconds())
        for page in pages:
            page.clock.fast_forward(int(by.total_seconds() * 1000))
