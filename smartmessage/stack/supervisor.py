"""The product's processes as one thing: start, watch, kill, start again, stop."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from smartmessage.stack import processes
from smartmessage.stack.data import DataDir
from smartmessage.stack.embedded import Server, addresses, missing_servers
from smartmessage.stack.ports import LOOPBACK, is_free
from smartmessage.stack.processes import Command, Ports
from smartmessage.stack.programs import Program, StartError, is_true_within, popen_leashed

ROOT = Path(__file__).resolve().parents[2]
STOP_PATIENCE = 10.0  # seconds until what does not end by itself is killed
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that died is started again; doubles each time
ENVIRONMENT_FILE = Path("run", "environment.json")  # in the data folder: for a shell beside the running processes
STEADY = 30.0  # seconds after which a start counts as good


@dataclass
class Restarts:
    """When a process that died may be started again."""

    pause: float = FIRST_PAUSE
    started_at: float = field(default_factory=time.monotonic)
    due_at: float | None = None

    def is_due(self, *, now: float) -> bool:
        """Asked while the process is dead: the first time sets the pause, later it says whether that is over."""
        if self.due_at is None:
            self.pause = FIRST_PAUSE if now - self.started_at > STEADY else self.pause
            self.due_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return now >= self.due_at

    def note_start(self, *, now: float) -> None:
        self.started_at, self.due_at = now, None


class Stack:
    """All processes of one product on this machine, in one data folder, with one environment.

    PostgreSQL and Redis are among them unless the environment names others. Names: postgres, redis, simulator, web,
    live, worker, sweeper; a second worker or sweeper is called `worker:2`, `sweeper:2`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        ports: Ports | None = None,
        env: Mapping[str, str] | None = None,
        commands: Mapping[str, Command] | None = None,
        fast: bool = False,
    ) -> None:
        """`env` comes on top of our own environment; `commands` instead of the product's; `fast`: see embedded."""
        self.data_dir = DataDir(data_dir)
        self.data_dir.claim()
        self.ports = ports or Ports.free()
        given = {**os.environ, **(env or {})}
        servers = missing_servers(self.data_dir, given, fast=fast)
        self.servers: dict[str, Server] = {server.program.name: server for server in servers}
        self.environment = processes.environment(self.data_dir, self.ports, {**given, **addresses(servers, given)})
        self.commands = commands or processes.commands(self.ports, worker=f"worker-{self.ports.web}")
        self.names = [name for name in self.commands if name != "simulator" or not given.get("TWILIO_API_BASE_URL")]
        self._write_environment()
        self._programs: dict[str, Program] = {}
        self._restarts: dict[str, Restarts] = {}

    def _write_environment(self) -> None:
        file = self.data_dir.path / ENVIRONMENT_FILE
        file.parent.mkdir(exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(self.environment))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.data_dir.release()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.web}"

    def start(self, *names: str) -> None:
        """Start these, or all of them. PostgreSQL and Redis are then ready; for the rest see `wait_until_healthy`."""
        for name in names or (*self.servers, *self.names):
            self._start(name)

    def _start(self, name: str) -> None:
        restarts = self._restarts.setdefault(name, Restarts())
        if name in self.servers:
            self.servers[name].start()
        else:
            self.check_ports(name)
            self._program(name).start()
        restarts.note_start(now=time.monotonic())

    def check_ports(self, *names: str) -> None:
        """End what an earlier run left on these processes' ports. Raises StartError if somebody else has one."""
        for name in names:
            program = self._program(name)
            if program.is_running:
                continue
            program.end_leftovers()
            setting = processes.PORT_SETTINGS.get(name)
            if setting and not is_free(port := getattr(self.ports, name)):
                raise StartError(
                    f"Port {port} is in use by another program, and {name} needs it.\n"
                    f"End that program, or choose another port: {setting}={port + 100} make demo"
                )

    def prepare(self) -> None:
        """Migrate and grant. Repeatable."""
        self.run(*processes.PREPARE)

    def run(self, *command: str) -> None:
        """Run a command to its end in the processes' environment. Raises StartError with its output."""
        child = popen_leashed(
            _resolved(command),
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            output, _ = child.communicate()
        finally:
            child.kill()
        if child.returncode:
            raise StartError(f"{' '.join(command)} failed.\n{output.decode(errors='replace')}")

    def revive(self) -> list[str]:
        """Start again what died and whose pause is over; a sentence about each. Call it again and again."""
        news = []
        for name, restarts in self._restarts.items():
            if self.program(name).is_running or not restarts.is_due(now=time.monotonic()):
                continue
            try:
                self._start(name)
                news.append(f"{name} had died and was started again.")
            except StartError as failure:
                restarts.note_start(now=time.monotonic())
                news.append(f"{name} had died and could not be started; another try follows. {failure}")
        return news

    def is_healthy(self) -> bool:
        """Whether /healthz says so. Raises StartError, with the end of its log, if a process is dead."""
        for name in self._restarts:
            if not self.program(name).is_running:
                raise StartError(f"{name} died at the start.\n{self.program(name).tail()}")
        return self.health()[0] == 200

    def health(self) -> tuple[int, str]:
        """What /healthz answers: status and text; status 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError as error:
            return 0, str(error)

    def wait_until_healthy(self, *, timeout: float = 90) -> None:
        if not is_true_within(timeout, self.is_healthy):
            raise StartError(f"Not ready after {timeout:.0f} seconds: {self.health()[1]}")

    def kill(self, name: str) -> None:
        """SIGKILL to the process and its whole group."""
        self.program(name).kill()

    def stop(self, *names: str) -> None:
        """End these, or everything: the product first, all at once, and then its servers."""
        chosen = names or (*self._programs, *self.servers)
        self._end([self._programs[name] for name in chosen if name in self._programs])
        for name in chosen:
            if name in self.servers:
                self.servers[name].stop()
            self._restarts.pop(name, None)

    def _end(self, programs: Sequence[Program]) -> None:
        for program in programs:
            program.ask_to_stop()
        is_true_within(STOP_PATIENCE, lambda: not any(program.is_running for program in programs))
        for program in programs:
            program.kill()

    def pid(self, name: str) -> int | None:
        return self.program(name).pid

    def log(self, name: str) -> str:
        """All that it has written since this stack first started it."""
        return self.program(name).tail(lines=1_000_000)

    def program(self, name: str) -> Program:
        return self.servers[name].program if name in self.servers else self._program(name)

    def _program(self, name: str) -> Program:
        if name not in self._programs:
            folder, file_name = self.data_dir.path, name.replace(":", "-")
            self._programs[name] = Program(
                name=name,
                command=_resolved(self._command(name)),
                env=self.environment,
                folder=ROOT,
                log_file=folder / "logs" / f"{file_name}.log",
                pid_file=folder / "run" / f"{file_name}.pid",
            )
        return self._programs[name]

    def _command(self, name: str) -> Command:
        kind, _, number = name.partition(":")
        command = self.commands[kind]
        if number and kind == "worker":  # Celery wants a name of its own for each
            return tuple(f"{number}-{part}" if part.endswith("@%h") else part for part in command)
        return command


def _resolved(command: Iterable[str]) -> list[str]:
    """The command with its program taken from this very environment, activated or not."""
    name, *arguments = command
    if name == "python":
        return [sys.executable, *arguments]
    beside = Path(sys.executable).parent / name
    return [str(beside) if beside.exists() else name, *arguments]
