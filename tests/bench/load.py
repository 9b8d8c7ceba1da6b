"""Load from a process of its own: each connection sends its next request as soon as the last one was answered.

The requests were made beforehand and the answers are hardly looked at, so the load itself takes little of the machine.
"""

import pickle
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from smartmessage.stack.ports import LOOPBACK

PATIENCE = 60  # seconds for one answer


@dataclass(frozen=True)
class Answers:
    """How many requests were answered with each status, and in what time."""

    statuses: Counter[int]
    seconds: float

    @property
    def a_second(self) -> float:
        return self.statuses.total() / self.seconds


def post(port: int, path: str, body: str, *, signature: str) -> bytes:
    """A webhook's request, as bytes."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\nUser-Agent: TwilioProxy/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def get(port: int, path: str, *, cookie: str = "") -> bytes:
    """A page's request, as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nCookie: {cookie}\r\n\r\n".encode()


def send(port: int, requests: Sequence[bytes], *, connections: int) -> Answers:
    """Send all requests from another process, over so many connections at once."""
    sent = pickle.dumps((port, requests, connections))
    child = subprocess.run([sys.executable, "-m", __name__], input=sent, stdout=subprocess.PIPE, check=True)
    answers: Answers = pickle.loads(child.stdout)
    return answers


def send_from_here(port: int, requests: Sequence[bytes], connections: int) -> Answers:
    waiting, statuses = iter(requests), Counter[int]()
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    for _, request in zip(range(connections), waiting, strict=False):
        opened = socket.create_connection((LOOPBACK, port), timeout=PATIENCE)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(opened, selectors.EVENT_READ, bytearray())
        opened.sendall(request)
    while selector.get_map():
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"No answer within {PATIENCE} seconds.")
        for key, _events in ready:
            assert isinstance(key.fileobj, socket.socket)
            line, answer = key.fileobj, key.data
            chunk = line.recv(1 << 20)
            if not chunk:
                raise ConnectionError(f"The server closed the connection: {bytes(answer)!r}")
            answer += chunk
            if not is_complete(answer):
                continue
            statuses[int(answer[9:12])] += 1
            answer.clear()
            if (request := next(waiting, b"")) == b"":
                selector.unregister(line)
                line.close()
            else:
                line.sendall(request)
    return Answers(statuses, time.perf_counter() - began)


def is_complete(answer: bytes | bytearray) -> bool:
    """Whether a whole HTTP/1.1 answer has come."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    _before, named, value = head.lower().partition(b"\r\ncontent-length:")
    return len(body) >= int(value.split(b"\r\n", 1)[0]) if named else body.endswith(b"0\r\n\r\n")


if __name__ == "__main__":
    from tests.bench import load  # so that the answers are of the class that the parent process knows

    sys.stdout.buffer.write(pickle.dumps(load.send_from_here(*pickle.load(sys.stdin.buffer))))
