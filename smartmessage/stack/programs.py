"""One child process: its log, its process group, and a leash, so that it never outlives us unnoticed."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
PAUSE = 0.05  # seconds between two looks
_libc = ctypes.CDLL(None) if LINUX else None


class StartError(RuntimeError):
    """A program did not come up; the message says which one, and shows the end of its log."""


@dataclass
class Program:
    """A command that runs in a process group of its own and writes to a log.

    When we die, even by SIGKILL, Linux sends it `stop_signal`. Elsewhere, and for its own children, the next start
    finds what is left by the pid file and ends it.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    log_file: Path
    pid_file: Path
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self.is_running else None

    def start(self) -> None:
        """Start it, unless it runs. The log begins anew with us and goes on over restarts."""
        if self.is_running:
            return
        self.end_leftovers()
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab" if self._process else "wb") as log:
            self._process = popen_leashed(
                self.command,
                cwd=self.folder,
                env=self.env,
                user=self.user,
                death_signal=self.stop_signal,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.pid_file.write_text(str(self._process.pid))

    def ask_to_stop(self) -> None:
        """Send the polite signal and don't wait."""
        if self._process and self.is_running:
            self._process.send_signal(self.stop_signal)

    def stop(self, *, timeout: float = 10) -> None:
        """Ask politely, wait, then end the whole group."""
        self.ask_to_stop()
        is_true_within(timeout, lambda: not self.is_running)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole group, at once."""
        if self._process is None:
            return
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.pid_file.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what an earlier run left behind: the processes of the recorded group that work in our folder."""
        group = _read_pid(self.pid_file)
        if group is None or not self._is_alive(group):
            return
        for sign, patience in ((self.stop_signal, 5.0), (signal.SIGKILL, 5.0)):
            _signal_group(group, sign)
            if is_true_within(patience, lambda: not self._is_alive(group)):
                return
        raise StartError(f"{self.name}: process group {group} of an earlier run does not end.")

    def _is_alive(self, group: int) -> bool:
        return any(working_folder(pid) == self.folder.resolve() for pid in group_members(group))

    def tail(self, lines: int = 20) -> str:
        """The end of its log."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])


def popen_leashed(
    command: Sequence[str],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a command that Linux ends when the calling thread is gone. `user`: drop root's rights for that user's.

    The function between fork and exec takes no lock and imports nothing, so it is safe beside other threads.
    """
    return subprocess.Popen(
        command,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        preexec_fn=_leash(death_signal, parent=os.getpid()),
        **options,
    )


def _leash(death_signal: signal.Signals, *, parent: int) -> Callable[[], None] | None:
    """What a child does before it becomes the command: ask for a signal at its parent's death. Survives exec."""
    if _libc is None:
        return None

    def ask_for_signal() -> None:
        leash_to_parent(death_signal)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask_for_signal


def leash_to_parent(death_signal: signal.Signals = signal.SIGTERM) -> None:
    """Be sent a signal when the process that started us dies, where the system can do that."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """A signal handler that lets every `finally` run."""
    raise SystemExit(128 + number)


def is_true_within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Look again and again until the condition holds; False if it didn't in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def _signal_group(group: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says the latter for zombies
        os.killpg(group, sign)


def _read_pid(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def is_alive(pid: int) -> bool:
    """Whether there is such a process, of whatever user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def group_members(group: int) -> Iterator[int]:
    """The living processes of a group, zombies left out."""
    if LINUX:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                state, _parent, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue  # gone meanwhile
            if int(its_group) == group and state != "Z":
                yield int(folder.name)
        return
    listing = subprocess.run(["ps", "-axo", "pid=,pgid=,state="], capture_output=True, text=True, check=True).stdout
    for pid, its_group, state in (line.split() for line in listing.splitlines()):
        if int(its_group) == group and not state.startswith("Z"):
            yield int(pid)


def working_folder(pid: int) -> Path | None:
    """Where a process works; None if that can't be seen."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            return None
    answer = subprocess.run(["lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn"], capture_output=True, text=True).stdout
    return next((Path(line[1:]) for line in answer.splitlines() if line.startswith("n")), None)
