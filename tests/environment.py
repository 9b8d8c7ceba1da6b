"""Loaded before Django's settings: what the tests run against.

Rules and actions run in this process, on the servers that `bin/test` started. Flows (`FLOWS=1`) run through real
processes: each pytest worker starts a stack of its own, with its own PostgreSQL, Redis and Twilio simulator.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartmessage.stack.supervisor import Stack

os.environ.setdefault("DEMO", "1")
ANY_HOUR = {"DJANGO_SETTINGS_MODULE": "tests.any_hour.settings"}  # here and in the processes of the flows
os.environ.update(ANY_HOUR)

IMPATIENT = {  # the product's own times, shortened so that a test needn't wait a minute for what takes a minute
    "CALL_DEADLINE_SECONDS": "4",
    "LEASE_SLACK_SECONDS": "1",
    "TRACE_AFTER_SECONDS": "1",
    "TRACE_UNTIL_SECONDS": "4",
    "UNKNOWN_HOLDS_UP_SECONDS": "3",
    "ASK_AGAIN_AFTER_SECONDS": "1",
    "PROBE_AFTER_SECONDS": "0.5",
    "SWEEP_EVERY_SECONDS": "0.25",
    **ANY_HOUR,
}

stack: "Stack | None" = None


def is_controller() -> bool:
    """Whether this process only hands tests out to pytest's workers."""
    return "PYTEST_XDIST_WORKER" not in os.environ and any(argument.startswith("-n") for argument in sys.argv)


def start_stack() -> "Stack":
    """All processes of the product, for this pytest worker alone."""
    from smartmessage.stack.supervisor import Stack

    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "TWILIO_API_BASE_URL", "LIVE_URL"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="smartmessage-flows-"))
    folder.chmod(0o755)
    started = Stack(folder / "data", env=IMPATIENT, fast=True)
    atexit.register(end_stack, started, folder)
    started.start(*started.servers)
    started.prepare()
    started.start("simulator", "web", "live", "worker", "sweeper")
    started.wait_until_healthy()
    os.environ.update(started.environment)
    return started


def end_stack(started: "Stack", folder: Path) -> None:
    started.stop()
    shutil.rmtree(folder, ignore_errors=True)


if os.environ.get("FLOWS"):
    # Playwright's synchronous API keeps an event loop in this thread; the stories use the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if not is_controller():
        stack = start_stack()
elif "DATABASE_OWNER_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]  # pytest-django makes its own database
