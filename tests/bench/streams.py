"""A thousand open Inbox pages on one live process: what a page costs while it waits, how soon it hears of a text."""

import os
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from accounts.models import Seat, User
from smartmessage.stack.ports import LOOPBACK
from tests.bench import load
from tests.bench.scene import Scene, cookie_of, webhook

PAGES, TEXTS, WARM_UP = 1_000, 300, 30
MOST_KB, MOST_MS = 50, 300
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Streams:
    """`…_kb`: the live process's memory for each page. `alone`, `among_all`: seconds from a webhook to its event at the
    one page that it concerns, with no other page open and with all of them. `cpu_ms`: the live process's for an event.
    """

    page_kb: float = 0
    cpu_ms: float = 0
    cpu_ms_alone: float = 0
    alone: list[float] = field(default_factory=list)
    among_all: list[float] = field(default_factory=list)


def measure(scene: Scene) -> Streams:
    found, live = Streams(), scene.stack.pid("live")
    assert live
    with stream_of(scene, scene.team[1]) as concerned:
        found.alone, found.cpu_ms_alone = heard(scene, concerned, live)
        with ExitStack() as others:
            users, before = strangers(scene), resident_kb(live)
            for user in users:
                others.enter_context(stream_of(scene, user))
            found.page_kb = (resident_kb(live) - before) / PAGES
            found.among_all, found.cpu_ms = heard(scene, concerned, live)
    return found


def heard(scene: Scene, concerned: socket.socket, live: int) -> tuple[list[float], float]:
    """Seconds from each webhook to its event at the page, and the live process's milliseconds for one."""
    times, busy = [], 0.0
    chat = scene.chats[0]
    for number in range(WARM_UP + TEXTS):
        if number == WARM_UP:
            busy = cpu_seconds(live)
        request = webhook(scene.stack.ports.web, chat, f"Text {number}: is Monday fine?")
        with socket.create_connection((LOOPBACK, scene.stack.ports.web)) as line:
            began = time.perf_counter()
            line.sendall(request)
            wait_for(concerned, b"event: conversation")
            times.append(time.perf_counter() - began)
            assert b" 200 " in line.recv(4096)[:20]
        wait_for_silence(concerned)
    return times[WARM_UP:], (cpu_seconds(live) - busy) / TEXTS * 1000


def strangers(scene: Scene) -> list[User]:
    """Colleagues on none of the teams that are texted."""
    model = scene.team[0]  # one password for all: to hash a thousand takes minutes
    made = [
        User(email=f"page{number}@example.com", name=f"Page {number}", company=scene.company, password=model.password)
        for number in range(PAGES)
    ]
    User.objects.bulk_create(made)
    Seat.objects.bulk_create([Seat(company=scene.company, user=user) for user in made])
    return made


def stream_of(scene: Scene, user: User) -> socket.socket:
    """An open page's stream that has said hello."""
    line = socket.create_connection((LOOPBACK, scene.stack.ports.live), timeout=60)
    line.sendall(load.get(scene.stack.ports.live, "/live/events", cookie=cookie_of(user)))
    wait_for(line, b": hello")
    return line


def wait_for(line: socket.socket, words: bytes) -> None:
    answer = b""
    while words not in answer:
        more = line.recv(65536)
        assert more, "the stream ended"
        answer += more


def wait_for_silence(line: socket.socket) -> None:
    """The tray's event comes right after the conversation's; it is no part of what is measured."""
    line.settimeout(0.02)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        pass
    finally:
        line.settimeout(60)


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS:")).split()[1])


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
