"""What the tests of this folder see of the machine's processes."""

import os
from collections.abc import Callable
from pathlib import Path

from smartmessage.stack.programs import group_members, is_true_within


def living(pid_file: Path) -> list[int]:
    """The processes of the group that a pid file names."""
    return list(group_members(int(pid_file.read_text())))


def eventually(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until the condition holds, or fail."""
    assert is_true_within(seconds, condition), "It did not come to that in time."


def is_gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path("/proc").exists() and _state(pid) in ("Z", "X", None)


def _state(pid: int) -> str | None:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
